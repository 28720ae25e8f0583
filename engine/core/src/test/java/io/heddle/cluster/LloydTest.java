package io.heddle.cluster;

import static io.heddle.cluster.PlainDistances.nearest;
import static io.heddle.cluster.PlainDistances.squares;
import static io.heddle.matrix.ScaledColumns.toDoubles;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heddle.cluster.KMeans.Algorithm;
import io.heddle.cluster.KMeans.Distance;
import io.heddle.internal.columns.ColumnMoments;
import io.heddle.internal.rows.RowSample;
import io.heddle.internal.rows.RowWeights;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lloyd's algorithm against plain loops in double from the same seeds. */
class LloydTest {
    private static final WorkerPool POOL = WorkerPool.shared();
    private static final int ROWS = 300;
    private static final int COLUMNS = 4;

    private final List<KMeans.Progress> progress = new ArrayList<>();

    private KMeans.Options options(int clusters) {
        return KMeans.Options.defaults()
                .withClusters(clusters)
                .withAlgorithm(Algorithm.LLOYD)
                .withProgress(progress::add);
    }

    /** The algorithm in double, for data on which at most one cluster is empty at a time. */
    private static final class Reference {
        final double[][] x;
        final double[] weights;
        final double[][] centers;
        final boolean cosine;
        final List<Double> inertias = new ArrayList<>();
        int[] labels;
        boolean converged;
        int relocated;

        Reference(FloatMatrix x, double[] weights, FloatMatrix centers, boolean cosine) {
            this.x = toDoubles(x);
            this.weights = weights;
            this.centers = toDoubles(centers);
            this.cosine = cosine;
            labels = new int[this.x.length];
            Arrays.fill(labels, -1);
        }

        private boolean assign() {
            int[] before = labels.clone();
            for (int i = 0; i < x.length; i++) {
                labels[i] = nearest(x[i], centers);
            }
            return !Arrays.equals(labels, before);
        }

        /** The empty cluster takes the farthest row with a weight that is not alone. */
        private boolean relocate() {
            int[] counts = new int[centers.length];
            for (int i = 0; i < x.length; i++) {
                counts[labels[i]] += weights[i] > 0 ? 1 : 0;
            }
            int empty = -1;
            for (int c = 0; c < counts.length; c++) {
                if (counts[c] == 0) {
                    assertThat(empty).isEqualTo(-1);
                    empty = c;
                }
            }
            int farthest = -1;
            double largest = 0;
            for (int i = 0; i < x.length && empty >= 0; i++) {
                double squares = squares(x[i], centers[labels[i]]);
                if (squares > largest && weights[i] > 0 && counts[labels[i]] > 1) {
                    largest = squares;
                    farthest = i;
                }
            }
            if (farthest >= 0) {
                labels[farthest] = empty;
                relocated++;
            }
            return farthest >= 0;
        }

        /** Returns Σ ‖shift‖². */
        private double move() {
            double[][] sums = new double[centers.length][x[0].length];
            double[] masses = new double[centers.length];
            for (int i = 0; i < x.length; i++) {
                masses[labels[i]] += weights[i];
                for (int j = 0; j < x[i].length; j++) {
                    sums[labels[i]][j] += weights[i] * x[i][j];
                }
            }
            double shift = 0;
            for (int c = 0; c < centers.length; c++) {
                assertThat(masses[c]).isPositive();
                double length = cosine ? Math.sqrt(squares(sums[c], new double[sums[c].length])) : masses[c];
                for (int j = 0; j < sums[c].length; j++) {
                    double to = sums[c][j] / length;
                    shift += Math.pow(to - centers[c][j], 2);
                    centers[c][j] = to;
                }
            }
            return shift;
        }

        double inertia() {
            double total = 0;
            for (int i = 0; i < x.length; i++) {
                total += weights[i] * squares(x[i], centers[labels[i]]);
            }
            return total;
        }

        void run(int maximum, double tolerance) {
            while (inertias.size() < maximum && !converged) {
                boolean changed = assign();
                if (relocate() || changed) {
                    converged = move() <= tolerance && tolerance > 0;
                } else {
                    converged = true;
                }
                inertias.add(inertia());
            }
            assign();
        }
    }

    /** Runs to the fixed point, to a tolerance and to the limit of iterations, with weights and by the cosine. */
    @ParameterizedTest
    @CsvSource({
        "300, 0, false, false, true",
        "300, 1e-2, false, false, true",
        "3, 0, false, false, false",
        "1, 0, true, false, false",
        "300, 0, true, false, true",
        "300, 0, true, true, true",
        "4, 1e-4, false, true, false"
    })
    void iterationsAreThoseOfPlainLoops(
            int maximum, double tolerance, boolean weighted, boolean cosine, boolean converged) {
        double[] weights = new double[ROWS];
        Arrays.setAll(weights, i -> weighted ? i % 3 * 0.5 : 1);
        RowWeights given = weighted ? RowWeights.of(weights, ROWS) : RowWeights.NONE;
        KMeans.Options options = options(6)
                .withMaxIterations(maximum)
                .withTolerance(tolerance)
                .withDistance(cosine ? Distance.COSINE : Distance.EUCLIDEAN);
        try (FloatMatrix cloud = KMeansTest.cloud(ROWS, COLUMNS, 1, 3);
                FloatMatrix x = cosine ? UnitRows.of(cloud, "x", POOL) : cloud.copy();
                FloatMatrix centers = x.rows(1, 7).copy()) {
            ColumnMoments moments = ColumnMoments.of(x, "x", POOL);
            Reference expected = new Reference(x, weights, centers, cosine);
            expected.run(maximum, tolerance * moments.squaredDeviations() / (ROWS * COLUMNS));
            try (FloatMatrix mean = moments.meanRow()) {
                Outcome found = Lloyd.from(centers, false, 7, x, given, mean, null, null, moments, options, POOL);
                assertThat(found.iterations()).isEqualTo(expected.inertias.size());
                assertThat(found.converged()).isEqualTo(expected.converged).isEqualTo(converged);
                assertThat(found.labels()).isEqualTo(expected.labels);
                assertThat(found.inertia()).isCloseTo(expected.inertia(), within(1e-5 * expected.inertia()));
                assertThat(progress).hasSize(found.iterations());
                for (int i = 0; i < progress.size(); i++) {
                    double inertia = expected.inertias.get(i);
                    assertThat(progress.get(i).initialization()).isEqualTo(7);
                    assertThat(progress.get(i).iteration()).isEqualTo(i + 1);
                    assertThat(progress.get(i).inertia()).isCloseTo(inertia, within(1e-5 * inertia));
                }
                for (int c = 0; c < 6; c++) {
                    for (int j = 0; j < COLUMNS; j++) {
                        assertThat((double) centers.get(c, j)).isCloseTo(expected.centers[c][j], within(1e-5));
                    }
                }
            }
        }
    }

    /**
     * The empty cluster takes the row at (0, 10) from the first cluster. Then the rows at (9, 12) join it, and the row
     * is nearer to its first centre again, which has moved as well.
     */
    @Test
    void relocatedRowsAreAssignedAgain() {
        float[] start = {0, 0, 18, 14, 1000, 0};
        double[] ones = new double[163];
        Arrays.fill(ones, 1);
        try (FloatMatrix x = FloatMatrix.allocate(163, 2);
                FloatMatrix centers = FloatMatrix.copyOf(start, 3, 2)) {
            x.setRow(0, new float[] {0, 10});
            x.setRow(1, new float[] {0, 5});
            x.setRow(2, new float[] {0, 6});
            for (int i = 3; i < 163; i++) {
                x.setRow(i, i < 53 ? new float[] {9, 12} : new float[] {27, 16});
            }
            ColumnMoments moments = ColumnMoments.of(x, "x", POOL);
            Reference expected = new Reference(x, ones, centers, false);
            expected.run(300, 0);
            assertThat(expected.relocated).isEqualTo(1);
            assertThat(expected.labels).startsWith(0, 0, 0, 2).endsWith(1);
            try (FloatMatrix mean = moments.meanRow()) {
                KMeans.Options options = options(3).withTolerance(0);
                Outcome found =
                        Lloyd.from(centers, false, 1, x, RowWeights.NONE, mean, null, null, moments, options, POOL);
                assertThat(found.labels()).isEqualTo(expected.labels);
                assertThat(found.iterations()).isEqualTo(expected.inertias.size());
                assertThat(found.inertia()).isCloseTo(expected.inertia(), within(1e-5 * expected.inertia()));
            }
        }
    }

    /** So many clusters that sketches replace bounds, if there are any. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void manyClustersEndAtAFixedPoint(boolean sketched) {
        int clusters = 256;
        double[] ones = new double[600];
        Arrays.fill(ones, 1);
        KMeans.Options options = options(clusters).withTolerance(0);
        try (FloatMatrix x = KMeansTest.cloud(600, 40, 0, 3);
                FloatMatrix centers = x.rows(0, clusters).copy();
                FloatMatrix mean = ColumnMoments.of(x, "x", POOL).meanRow();
                Sketch sketch = sketched ? CenterAssignmentTest.sketchOf(x, mean) : null;
                Sketch.Sketches sketches = sketched ? sketch.projectAll(x, POOL) : null) {
            ColumnMoments moments = ColumnMoments.of(x, "x", POOL);
            Reference expected = new Reference(x, ones, centers, false);
            expected.run(300, 0);
            Outcome found =
                    Lloyd.from(centers, false, 1, x, RowWeights.NONE, mean, sketch, sketches, moments, options, POOL);
            assertThat(found.converged()).isTrue();
            assertThat(found.labels()).isEqualTo(expected.labels);
            assertThat(found.iterations()).isEqualTo(expected.inertias.size());
        }
    }

    /** Of several runs, the first with the lowest inertia is kept; their seeds are drawn one after the other. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theBestOfSeveralRunsIsKept(long seed) {
        KMeans.Options options = options(9).withInitializations(4).withMaxIterations(3);
        try (FloatMatrix x = KMeansTest.cloud(ROWS, 2, 1, 3);
                FloatMatrix best = FloatMatrix.allocate(9, 2);
                FloatMatrix centers = FloatMatrix.allocate(9, 2)) {
            ColumnMoments moments = ColumnMoments.of(x, "x", POOL);
            try (FloatMatrix mean = moments.meanRow()) {
                Outcome found = Lloyd.fit(
                        x, RowWeights.NONE, moments, mean, null, best, options, new SplittableRandom(seed), POOL);
                SplittableRandom random = new SplittableRandom(seed);
                double lowest = Double.POSITIVE_INFINITY;
                for (int run = 1; run <= 4; run++) {
                    GreedySeeding.seed(x, RowWeights.NONE, centers, random, POOL);
                    Outcome one = Lloyd.from(
                            centers, false, run, x, RowWeights.NONE, mean, null, null, moments, options, POOL);
                    if (one.inertia() < lowest) {
                        lowest = one.inertia();
                        assertThat(best.segment().mismatch(centers.segment()) == -1)
                                .isEqualTo(found.inertia() == lowest);
                    }
                }
                assertThat(found.inertia()).isEqualTo(lowest);
                assertThat(progress)
                        .extracting(KMeans.Progress::initialization)
                        .startsWith(1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4);
            }
        }
    }

    /**
     * Centres without rows take the rows farthest from their centres, the first of equal ones, with a weight above 0.
     */
    @Test
    void emptyClustersTakeTheFarthestRows() {
        float[] values = {0, 8, -8, 1, 9, 30, 31, -8, 40};
        double[] weights = {1, 1, 1, 1, 0, 1, 1, 1, 1};
        float[] start = {0, 30, 1000, 2000, 49.5f};
        try (FloatMatrix x = FloatMatrix.copyOf(values, 9, 1);
                FloatMatrix centers = FloatMatrix.copyOf(start, 5, 1)) {
            ColumnMoments moments = ColumnMoments.of(x, "x", POOL);
            try (FloatMatrix mean = moments.meanRow()) {
                KMeans.Options options = options(5).withMaxIterations(1);
                Outcome found = Lloyd.from(
                        centers, false, 1, x, RowWeights.of(weights, 9), mean, null, null, moments, options, POOL);
                // Rows 1, 2 and 7 are equally far. Row 4 is farther, but has no weight; row 8 is alone.
                int right = centers.get(2, 0) > 0 ? 2 : 3;
                int left = 5 - right;
                assertThat(centers.get(right, 0)).isEqualTo(8);
                assertThat(centers.get(left, 0)).isEqualTo(-8);
                assertThat(centers.get(0, 0)).isEqualTo((0 + 1 - 8) / 3f);
                assertThat(centers.get(1, 0)).isEqualTo(30.5f);
                assertThat(centers.get(4, 0)).isEqualTo(40);
                // Then all rows are assigned again.
                assertThat(found.labels()).containsExactly(0, right, left, 0, right, 1, 1, left, 4);
                assertThat(found.converged()).isFalse();
            }
        }
    }

    /** No row can be moved: each is its centre, or alone in its cluster. */
    @Test
    void rowsOnTheirCentersStay() {
        try (FloatMatrix x = FloatMatrix.copyOf(new float[] {3, 3, 3, 5}, 4, 1);
                FloatMatrix centers = FloatMatrix.copyOf(new float[] {3, 4, 100}, 3, 1)) {
            ColumnMoments moments = ColumnMoments.of(x, "x", POOL);
            try (FloatMatrix mean = moments.meanRow()) {
                Outcome found = Lloyd.from(
                        centers,
                        false,
                        1,
                        x,
                        RowWeights.NONE,
                        mean,
                        null,
                        null,
                        moments,
                        options(3).withTolerance(0),
                        POOL);
                assertThat(found.labels()).containsExactly(0, 0, 0, 1);
                assertThat(found.converged()).isTrue();
                assertThat(found.iterations()).isEqualTo(2);
                assertThat(centers.get(2, 0)).isEqualTo(100);
                assertThat(found.inertia()).isZero();
            }
        }
    }

    /**
     * From 32,768 rows on, the seeds come from a sample: a quarter of the rows, at least 16,384. Up to 50 clusters are
     * found in the sample first.
     */
    @ParameterizedTest
    @CsvSource({"32767, 3, 0", "32768, 3, 16384", "80000, 3, 20000", "32768, 50, 16384", "32768, 51, 16384"})
    void seedsOfManyRowsComeFromASample(int rows, int clusters, int sampled) {
        KMeans.Options options = options(clusters).withMaxIterations(1);
        try (FloatMatrix x = KMeansTest.cloud(rows, 1, 0, 3);
                FloatMatrix found = FloatMatrix.allocate(clusters, 1);
                FloatMatrix expected = FloatMatrix.allocate(clusters, 1)) {
            ColumnMoments moments = ColumnMoments.of(x, "x", POOL);
            try (FloatMatrix mean = moments.meanRow()) {
                Lloyd.fit(x, RowWeights.NONE, moments, mean, null, found, options, new SplittableRandom(4), POOL);
                SplittableRandom random = new SplittableRandom(4);
                if (sampled > 0 && clusters <= 50) {
                    long[] sample = RowSample.choose(rows, sampled, random);
                    assertThat(RefinedSeeds.find(x, sample, null, false, expected, random, POOL))
                            .isTrue();
                } else {
                    try (FloatMatrix sample = sampled == 0 ? x.copy() : RowSample.draw(x, sampled, random, POOL)) {
                        GreedySeeding.seed(sample, RowWeights.NONE, expected, random, POOL);
                    }
                }
                Lloyd.from(expected, false, 1, x, RowWeights.NONE, mean, null, null, moments, options, POOL);
                assertThat(found.segment().mismatch(expected.segment())).isEqualTo(-1);
            }
        }
    }

    /** A sample with fewer distinct rows than clusters: the seeds come from all rows. */
    @Test
    void aSampleOfEqualRowsIsNotUsed() {
        try (FloatMatrix x = FloatMatrix.allocate(40_000, 1);
                FloatMatrix found = FloatMatrix.allocate(3, 1)) {
            x.set(17, 0, 1);
            x.set(29_000, 0, 2);
            ColumnMoments moments = ColumnMoments.of(x, "x", POOL);
            for (long seed = 0; seed < 3; seed++) {
                try (FloatMatrix mean = moments.meanRow()) {
                    Outcome outcome = Lloyd.fit(
                            x,
                            RowWeights.NONE,
                            moments,
                            mean,
                            null,
                            found,
                            options(3).withMaxIterations(1),
                            new SplittableRandom(seed),
                            POOL);
                    assertThat(outcome.inertia()).isZero();
                    assertThat(new float[] {found.get(0, 0), found.get(1, 0), found.get(2, 0)})
                            .containsExactlyInAnyOrder(0, 1, 2);
                }
            }
        }
    }
}
