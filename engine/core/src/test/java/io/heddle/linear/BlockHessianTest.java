package io.heddle.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.linear.FeatureTransform.Scaling;
import io.heddle.matrix.ByteMatrix;
import io.heddle.matrix.FloatMatrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Estimates from all rows against the Hessian of plain sums. */
class BlockHessianTest {
    private static final double L2 = 0.25;
    private static final double DAMPING = 1.5;

    /** The Hessian plus the squares, its diagonal damped and raised by a millionth of its largest element. */
    private static void agrees(BlockHessian h, double[][] hessian, int width) {
        int[] at = h.coordinates();
        double largest = Arrays.stream(at).mapToDouble(i -> hessian[i][i]).max().orElseThrow();
        for (int i = 0; i < at.length; i++) {
            for (int j = 0; j < at.length; j++) {
                double expected = hessian[at[i]][at[j]];
                if (i == j) {
                    double l2 = at[i] % width == width - 1 ? 0 : L2;
                    expected = DAMPING * (expected + l2) + Math.max(1e-6 * largest, 1e-12);
                }
                assertThat((double) h.matrix().get(i, j))
                        .as("element %d, %d", at[i], at[j])
                        .isCloseTo(expected, within(5e-6 * Math.max(largest, 0.1)));
            }
        }
    }

    private static void agreesOnAllRows(SmallRows small, List<int[]> groups) {
        Penalty penalty = small.elasticNet(0.1, L2);
        double[] w = small.point(0.4);
        double[][] hessian = new PlainSums(small.rows, w, 1).hessian();
        try (ExactLoss loss = ExactLoss.of(small.rows, SmallRows.POOL)) {
            loss.evaluate(w, new double[w.length]);
            List<BlockHessian> result = BlockHessian.build(loss, groups, penalty, DAMPING, 1e12, SmallRows.POOL);
            assertThat(result).hasSameSizeAs(groups);
            for (int g = 0; g < groups.size(); g++) {
                assertThat(result.get(g).coordinates()).isEqualTo(groups.get(g));
                agrees(result.get(g), hessian, small.rows.width());
                result.get(g).close();
            }
        }
    }

    /** Up to 600 rows, more than are multiplied at a time. */
    @ParameterizedTest
    @CsvSource({"40, 3, 3, false", "600, 5, 4, true", "256, 2, 2, true", "257, 2, 2, false"})
    void couplesAllClasses(int rows, int columns, int classes, boolean weighted) {
        try (SmallRows small = new SmallRows(rows, columns, classes, Scaling.STANDARDIZE, true, weighted)) {
            agreesOnAllRows(small, List.of(IntStream.range(0, small.size()).toArray()));
        }
    }

    /** Intercepts have no penalty: without a floor, the step of such a class would be far too long. */
    @Test
    void aClassWithoutSampledRowsHasItsShareAsCurvature() {
        try (SmallRows small = new SmallRows(600, 3, 3, Scaling.STANDARDIZE, true, false)) {
            double[] weights = new double[600];
            for (int i = 0; i < weights.length; i++) {
                weights[i] = small.rows.labels()[i] == 2 ? 1e-6 : 1;
            }
            TrainingRows rows =
                    new TrainingRows(small.rows.x(), small.rows.labels(), weights, 3, small.rows.transform());
            double share = rows.classWeights()[2] / Arrays.stream(weights).sum();
            double[] at = new double[small.size()];
            at[at.length - 1] = Math.log(share);
            try (ExactLoss loss = ExactLoss.of(rows, SmallRows.POOL)) {
                loss.evaluate(at, new double[at.length]);
                int[] all = IntStream.range(0, at.length).toArray();
                List<int[]> groups = CoordinateGroups.byClass(all, rows.width());
                List<BlockHessian> result =
                        BlockHessian.build(loss, groups, small.elasticNet(0.1, L2), 1, 1e4, SmallRows.POOL);
                int intercept = rows.width() - 1;
                assertThat((double) result.get(2).matrix().get(intercept, intercept))
                        .isCloseTo(share, within(share / 100));
                assertThat(result.get(1).matrix().get(intercept, intercept)).isGreaterThan(0.1f);
                result.forEach(BlockHessian::close);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"40, 3, 3, false", "600, 5, 4, true"})
    void estimatesEachClassAlone(int rows, int columns, int classes, boolean weighted) {
        try (SmallRows small = new SmallRows(rows, columns, classes, Scaling.ALWAYS, true, weighted)) {
            int[] all = IntStream.range(0, small.size()).toArray();
            agreesOnAllRows(small, CoordinateGroups.byClass(all, columns + 1));
        }
    }

    /** Groups of some columns and classes: with both coupled and single classes. */
    @Test
    void estimatesSomeCoordinates() {
        try (SmallRows small = new SmallRows(300, 6, 4)) {
            agreesOnAllRows(small, List.of(new int[] {0, 3, 6, 7, 9, 20, 22}, new int[] {1, 2}, new int[] {14, 16}));
        }
    }

    /** Constant columns have a curvature of 0, and the smallest step length keeps their diagonal above 0. */
    @Test
    void aColumnWithoutCurvatureHasAPositiveDiagonal() {
        try (SmallRows small = new SmallRows(30, 2, 2)) {
            FeatureTransform t = new FeatureTransform(new double[2], new double[2], new double[] {1, 1}, 1, false);
            TrainingRows rows = new TrainingRows(small.x, small.rows.labels(), null, 2, t);
            Penalty none = small.elasticNet(0, 0);
            try (ExactLoss loss = ExactLoss.of(rows, SmallRows.POOL)) {
                loss.evaluate(new double[6], new double[6]);
                try (BlockHessian h = BlockHessian.build(
                                loss, List.of(new int[] {0, 1, 2}), none, 1, 1e12, SmallRows.POOL)
                        .getFirst()) {
                    assertThat((double) h.matrix().get(0, 0)).isCloseTo(0.25e-6, within(1e-12));
                    assertThat((double) h.matrix().get(2, 2)).isCloseTo(0.25, within(1e-6));
                }
                try (BlockHessian h = BlockHessian.build(loss, List.of(new int[] {0, 1}), none, 1, 1e12, SmallRows.POOL)
                        .getFirst()) {
                    assertThat((double) h.matrix().get(1, 1)).isCloseTo(1e-12, within(1e-18));
                }
            }
        }
    }

    @Test
    void readsBytes() {
        int n = 80;
        SplittableRandom random = new SplittableRandom(5);
        int[] labels = IntStream.range(0, n).map(i -> i % 3).toArray();
        try (Arena arena = Arena.ofShared()) {
            MemorySegment bytes = arena.allocate(n * 2L);
            for (int i = 0; i < 2 * n; i++) {
                bytes.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt(256));
            }
            ByteMatrix x = ByteMatrix.wrap(bytes, n, 2, 1 / 255f);
            FeatureTransform t = FeatureTransform.of(x, null, Scaling.STANDARDIZE, true, 0, SmallRows.POOL);
            TrainingRows rows = new TrainingRows(x, labels, null, 3, t);
            double[] w = random.doubles(9, -1, 1).toArray();
            double[][] hessian = new PlainSums(rows, w, 1).hessian();
            PenaltyScale scale = new PenaltyScale(new double[] {1, 1}, new double[] {1, 1});
            Penalty penalty = new ElasticNetPenalty(0, L2, scale);
            try (ExactLoss loss = ExactLoss.of(rows, SmallRows.POOL)) {
                loss.evaluate(w, new double[9]);
                for (List<int[]> groups :
                        List.of(List.of(IntStream.range(0, 9).toArray()), List.of(new int[] {0, 2}, new int[] {7}))) {
                    for (BlockHessian h : BlockHessian.build(loss, groups, penalty, DAMPING, 1e12, SmallRows.POOL)) {
                        agrees(h, hessian, 3);
                        h.close();
                    }
                }
            }
        }
    }

    /** A fifth of the rows: the estimate is near the Hessian, but not the same. */
    @Test
    void aSmallBudgetGivesANearbyEstimate() {
        try (SmallRows small = new SmallRows(4_000, 2, 3)) {
            Penalty penalty = small.elasticNet(0, L2);
            double[] w = small.point(0.4);
            double[][] hessian = new PlainSums(small.rows, w, 1).hessian();
            int[] all = IntStream.range(0, 9).toArray();
            try (ExactLoss loss = ExactLoss.of(small.rows, SmallRows.POOL)) {
                loss.evaluate(w, new double[9]);
                // A row costs 256 · 3 to gather and 9 to multiply in each of three classes, and 18 in each of three
                // pairs; weights add up to about 0.7 n.
                double budget = 0.2 * 0.7 * 4_000 * 3 * (256 * 3 + 9);
                try (BlockHessian h = BlockHessian.build(loss, List.of(all), penalty, 1, budget, SmallRows.POOL)
                        .getFirst()) {
                    double error = 0;
                    for (int i = 0; i < 9; i++) {
                        for (int j = 0; j < i; j++) {
                            error = Math.max(error, Math.abs(h.matrix().get(i, j) - hessian[i][j]));
                        }
                    }
                    assertThat(error).isBetween(1e-4, 0.05);
                }
            }
        }
    }

    @Test
    void copiesTheLowerHalfOfASubmatrix() {
        try (SmallRows small = new SmallRows(60, 130, 2);
                ExactLoss loss = ExactLoss.of(small.rows, SmallRows.POOL)) {
            int[] all = IntStream.range(0, small.size()).toArray();
            loss.evaluate(small.point(0.1), new double[small.size()]);
            try (BlockHessian h = BlockHessian.build(
                                    loss, List.of(all), small.elasticNet(0, L2), 1, 1e12, SmallRows.POOL)
                            .getFirst();
                    FloatMatrix part = h.submatrix(IntStream.range(1, 262).toArray(), SmallRows.POOL)) {
                assertThat(part.rows()).isEqualTo(261);
                for (int i = 0; i < 261; i++) {
                    float[] expected = new float[i + 1];
                    float[] actual = new float[i + 1];
                    for (int j = 0; j <= i; j++) {
                        expected[j] = h.matrix().get(i + 1, j + 1);
                        actual[j] = part.get(i, j);
                    }
                    assertThat(actual).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void closesItsMatrix() {
        try (SmallRows small = new SmallRows(20, 2, 2);
                ExactLoss loss = ExactLoss.of(small.rows, SmallRows.POOL)) {
            loss.evaluate(new double[6], new double[6]);
            BlockHessian h = BlockHessian.build(
                            loss, List.of(new int[] {0}), small.elasticNet(0, L2), 1, 1e12, SmallRows.POOL)
                    .getFirst();
            h.close();
            assertThatThrownBy(() -> h.matrix().get(0, 0)).isInstanceOf(IllegalStateException.class);
        }
    }
}
