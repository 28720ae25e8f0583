package io.heddle.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Inverses of estimates against Gaussian elimination in double. */
class PreconditionerTest {
    private static final int CLASSES = 3;
    private static final int WIDTH = 5;
    private static final int SIZE = CLASSES * WIDTH;

    private SmallRows small;
    private ExactLoss loss;
    private double[] w;
    private double[] r;

    @BeforeEach
    void setUp() {
        small = new SmallRows(60, WIDTH - 1, CLASSES);
        loss = ExactLoss.of(small.rows, SmallRows.POOL);
        w = small.point(0.5);
        loss.evaluate(w, new double[SIZE]);
        r = new double[SIZE];
        Arrays.setAll(r, i -> Math.cos(3 * i));
    }

    @AfterEach
    void tearDown() {
        loss.close();
        small.close();
    }

    private List<BlockHessian> build(List<int[]> groups, Penalty penalty) {
        return BlockHessian.build(loss, groups, penalty, 1.1, 1e12, SmallRows.POOL);
    }

    private static int[] all() {
        return IntStream.range(0, SIZE).toArray();
    }

    private static double[][] matrix(BlockHessian h) {
        int m = h.coordinates().length;
        double[][] a = new double[m][m];
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < m; j++) {
                a[i][j] = h.matrix().get(i, j);
            }
        }
        return a;
    }

    /** Writes the solution for a group's coordinates. */
    private void solve(double[][] a, int[] coordinates, double[] z) {
        double[] right = new double[coordinates.length];
        Arrays.setAll(right, i -> r[coordinates[i]]);
        double[] solution = ReferenceOptimum.eliminate(a, right);
        for (int i = 0; i < coordinates.length; i++) {
            z[coordinates[i]] = solution[i];
        }
    }

    private static void subtractClassMeans(double[] z) {
        for (int j = 0; j < WIDTH; j++) {
            double mean = 0;
            for (int c = 0; c < CLASSES; c++) {
                mean += z[c * WIDTH + j] / CLASSES;
            }
            for (int c = 0; c < CLASSES; c++) {
                z[c * WIDTH + j] -= mean;
            }
        }
    }

    private void inverts(Preconditioner preconditioner, double[] expected) {
        double[] z = new double[SIZE];
        Arrays.fill(z, 9);
        preconditioner.apply(r, z);
        double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
        assertThat(z).containsExactly(expected, within(2e-5 * largest));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void invertsTheEstimateOfEachClass(boolean projected) {
        Penalty penalty = small.elasticNet(0, 0.3);
        List<BlockHessian> estimates = build(CoordinateGroups.byClass(all(), WIDTH), penalty);
        double[] expected = new double[SIZE];
        estimates.forEach(h -> solve(matrix(h), h.coordinates(), expected));
        if (projected) {
            subtractClassMeans(expected);
        }
        try (Preconditioner p = Preconditioner.consuming(estimates, CLASSES, projected, SmallRows.POOL)) {
            inverts(p, expected);
        }
        assertThat(estimates).allSatisfy(PreconditionerTest::isClosed);
    }

    private static void isClosed(BlockHessian h) {
        assertThatThrownBy(() -> h.matrix().get(0, 0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void invertsACoupledEstimate() {
        List<BlockHessian> estimates = build(List.of(all()), small.elasticNet(0, 0.3));
        double[] expected = new double[SIZE];
        solve(matrix(estimates.getFirst()), all(), expected);
        Preconditioner p = Preconditioner.consuming(estimates, CLASSES, false, SmallRows.POOL);
        inverts(p, expected);
        p.close();
        assertThatThrownBy(() -> p.apply(r, new double[SIZE])).hasMessageContaining("closed");
    }

    @Test
    void oneFactorForAllClasses() {
        BlockHessian first = build(List.of(IntStream.range(0, WIDTH).toArray()), small.elasticNet(0, 0.3))
                .getFirst();
        double[][] a = matrix(first);
        double[] expected = new double[SIZE];
        for (int c = 0; c < CLASSES; c++) {
            double[][] copy = Arrays.stream(a).map(double[]::clone).toArray(double[][]::new);
            int from = c * WIDTH;
            solve(copy, IntStream.range(from, from + WIDTH).toArray(), expected);
        }
        subtractClassMeans(expected);
        try (Preconditioner p = Preconditioner.shared(first, CLASSES, SmallRows.POOL)) {
            inverts(p, expected);
        }
        isClosed(first);
    }

    @Test
    void dividesByTheDiagonal() {
        List<BlockHessian> estimates = build(CoordinateGroups.byClass(all(), WIDTH), small.elasticNet(0, 0.3));
        double[] expected = new double[SIZE];
        for (BlockHessian h : estimates) {
            for (int i = 0; i < WIDTH; i++) {
                int at = h.coordinates()[i];
                expected[at] = r[at] / h.matrix().get(i, i);
            }
        }
        try (Preconditioner p = Preconditioner.diagonal(estimates, CLASSES, SmallRows.POOL)) {
            inverts(p, expected);
        }
        assertThat(estimates).allSatisfy(PreconditionerTest::isClosed);
    }

    /** Zeros are divided by their own curvature, and coordinates without an estimate are copied. */
    @Test
    void invertsThePartOfTheNonZeros() {
        Penalty penalty = small.elasticNet(0.1, 0.3);
        for (int i : new int[] {0, 3, 6}) {
            w[i] = 0;
        }
        int[] some = {0, 1, 2, 4, 5, 6, 9, 10, 14};
        List<BlockHessian> estimates = build(List.of(some), penalty);
        double[][] a = matrix(estimates.getFirst());
        int[] kept = {1, 2, 3, 4, 6, 7, 8}; // positions of those that are not zero
        double[][] part = new double[kept.length][kept.length];
        for (int i = 0; i < kept.length; i++) {
            for (int j = 0; j < kept.length; j++) {
                part[i][j] = a[kept[i]][kept[j]];
            }
        }
        double[] expected = r.clone();
        expected[0] = r[0] / a[0][0];
        expected[6] = r[6] / a[5][5];
        solve(part, Arrays.stream(kept).map(i -> some[i]).toArray(), expected);
        Iterate at = new Iterate(loss, penalty, w);
        try (Preconditioner p = Preconditioner.of(estimates, at, SmallRows.POOL)) {
            inverts(p, expected);
        }
        assertThat(estimates.getFirst().matrix().get(0, 0)).as("stays open").isPositive();
        estimates.forEach(BlockHessian::close);
    }

    /** The Hessian of l1 ‖w‖ is l1 / ‖w‖ (I − w wᵀ / ‖w‖²). */
    @Test
    void addsTheCurvatureOfNorms() {
        double l1 = 0.4;
        Penalty penalty = small.grouped(l1, 0.3);
        List<BlockHessian> estimates = build(List.of(all()), penalty);
        double[][] a = matrix(estimates.getFirst());
        for (int j = 0; j < WIDTH - 1; j++) {
            double length = 0;
            for (int c = 0; c < CLASSES; c++) {
                length = Math.hypot(length, w[c * WIDTH + j]);
            }
            for (int c = 0; c < CLASSES; c++) {
                for (int e = 0; e < CLASSES; e++) {
                    double along = w[c * WIDTH + j] * w[e * WIDTH + j] / (length * length);
                    a[c * WIDTH + j][e * WIDTH + j] += l1 / length * ((c == e ? 1 : 0) - along);
                }
            }
        }
        double[] expected = new double[SIZE];
        solve(a, all(), expected);
        Iterate at = new Iterate(loss, penalty, w);
        try (Preconditioner p = Preconditioner.of(estimates, at, SmallRows.POOL)) {
            inverts(p, expected);
        }
        estimates.forEach(BlockHessian::close);
    }

    @Test
    void estimatesOfZerosOnlyHaveNoFactor() {
        Penalty penalty = small.elasticNet(10, 0.3);
        Arrays.fill(w, 0);
        int[] some = {1, 2};
        List<BlockHessian> estimates = build(List.of(some), penalty);
        double[] expected = r.clone();
        expected[1] = r[1] / estimates.getFirst().matrix().get(0, 0);
        expected[2] = r[2] / estimates.getFirst().matrix().get(1, 1);
        try (Preconditioner p = Preconditioner.of(estimates, new Iterate(loss, penalty, w), SmallRows.POOL)) {
            inverts(p, expected);
        }
        estimates.forEach(BlockHessian::close);
    }
}
