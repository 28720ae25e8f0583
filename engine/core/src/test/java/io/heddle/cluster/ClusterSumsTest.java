package io.heddle.cluster;

import static io.heddle.matrix.ScaledColumns.toDoubles;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heddle.internal.rows.RowWeights;
import io.heddle.matrix.ByteMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sums, centres and their shifts against loops in double over all rows. */
class ClusterSumsTest {
    private static final WorkerPool POOL = WorkerPool.shared();
    private static final int ROWS = 150;
    /** Three stripes, the last of 8 columns. */
    private static final int COLUMNS = 40;

    private static final int CLUSTERS = 5;

    private final SplittableRandom random = new SplittableRandom(3);

    /** The last cluster has no rows. */
    private int[] labels(int rows) {
        return random.ints(rows, 0, CLUSTERS - 1).toArray();
    }

    /** Zeros, ones and fractions. */
    private double[] weights(int rows) {
        double[] weights = new double[rows];
        for (int i = 0; i < rows; i++) {
            weights[i] = i % 4 == 0 ? 0 : i % 4 == 1 ? 1 : random.nextDouble(0.5, 3);
        }
        return weights;
    }

    private static double[] ones(int rows) {
        double[] ones = new double[rows];
        Arrays.fill(ones, 1);
        return ones;
    }

    private record Expected(double[][] sums, double[] masses, long[] counts) {
        static Expected of(double[][] x, int[] labels, double[] weights) {
            Expected e = new Expected(new double[CLUSTERS][x[0].length], new double[CLUSTERS], new long[CLUSTERS]);
            for (int i = 0; i < x.length; i++) {
                e.masses[labels[i]] += weights[i];
                e.counts[labels[i]] += weights[i] > 0 ? 1 : 0;
                for (int j = 0; j < x[i].length; j++) {
                    e.sums[labels[i]][j] += weights[i] * x[i][j];
                }
            }
            return e;
        }
    }

    private static void add(ClusterSums sums, FloatMatrix x, int[] labels) {
        int[] all = IntStream.range(0, labels.length).toArray();
        int[] none = new int[labels.length];
        Arrays.fill(none, -1);
        sums.move(x, all, labels.length, none, labels);
    }

    private static void assertCounted(ClusterSums sums, Expected expected) {
        for (int c = 0; c < CLUSTERS; c++) {
            assertThat(sums.count(c)).isEqualTo(expected.counts[c]);
            assertThat(sums.mass(c)).isCloseTo(expected.masses[c], within(1e-9));
        }
    }

    /** The means of the rows, and how far each centre was from it. */
    private static void assertMoved(double[][] start, Expected expected, FloatMatrix moved, double[] shifts) {
        for (int c = 0; c < CLUSTERS; c++) {
            double shift = 0;
            for (int j = 0; j < start[c].length; j++) {
                double mean = expected.counts[c] == 0 ? start[c][j] : expected.sums[c][j] / expected.masses[c];
                assertThat((double) moved.get(c, j)).isCloseTo(mean, within(1e-6));
                shift += Math.pow(mean - start[c][j], 2);
            }
            assertThat(shifts[c]).isCloseTo(shift, within(1e-5 * shift));
        }
    }

    /** More rows than are converted at a time. */
    @ParameterizedTest
    @CsvSource({"2120, 3, true", "2120, 3, false", "150, 40, true"})
    void movedRowsGiveTheSumsOfTheirNewClusters(int rows, int columns, boolean weighted) {
        byte[] bytes = new byte[rows * columns];
        random.nextBytes(bytes);
        double[] weights = weighted ? weights(rows) : ones(rows);
        RowWeights given = weighted ? RowWeights.of(weights, rows) : RowWeights.NONE;
        int[] all = new int[rows];
        int[] none = new int[rows];
        Arrays.setAll(all, i -> i);
        Arrays.fill(none, -1);
        try (ByteMatrix x = ByteMatrix.wrap(MemorySegment.ofArray(bytes), rows, columns, 1 / 16f);
                FloatMatrix floats = x.gather(all)) {
            ClusterSums ofBytes = new ClusterSums(CLUSTERS, columns, given, false, POOL);
            ClusterSums ofFloats = new ClusterSums(CLUSTERS, columns, given, false, POOL);
            int[] labels = labels(rows);
            ofBytes.move(x, all, rows, none, labels);
            ofFloats.move(floats, all, rows, none, labels);
            Expected first = Expected.of(toDoubles(floats), labels, weights);
            assertCounted(ofBytes, first);
            assertCounted(ofFloats, first);
            int[] previous = labels.clone();
            int[] changed = new int[rows];
            int[] from = new int[rows];
            int count = 0;
            for (int i = 5; i < rows; i++) {
                if (i % 50 != 0) {
                    labels[i] = random.nextInt(CLUSTERS);
                    changed[count] = i;
                    from[count++] = previous[i];
                }
            }
            ofBytes.move(x, changed, count, from, labels);
            ofFloats.move(floats, changed, count, from, labels);
            Expected then = Expected.of(toDoubles(floats), labels, weights);
            for (ClusterSums sums : new ClusterSums[] {ofBytes, ofFloats}) {
                assertCounted(sums, then);
                try (FloatMatrix centers = KMeansTest.cloud(CLUSTERS, columns, 0, 5)) {
                    double[][] start = toDoubles(centers);
                    double[] shifts = sums.moveCenters(centers);
                    assertMoved(start, then, centers, shifts);
                }
            }
        }
    }

    @Test
    void aClusterWithoutRowsHasNoMass() {
        double[] weights = {0.1, 0.2, 0.3, 0};
        try (FloatMatrix x = KMeansTest.cloud(4, 2, 0, 1)) {
            ClusterSums sums = new ClusterSums(2, 2, RowWeights.of(weights, 4), false, POOL);
            int[] rows = {0, 1, 2, 3};
            int[] labels = {0, 0, 0, 0};
            sums.move(x, rows, 4, new int[] {-1, -1, -1, -1}, labels);
            assertThat(sums.count(0)).isEqualTo(3);
            sums.move(x, rows, 4, new int[4], new int[] {1, 1, 1, 1});
            assertThat(sums.count(0)).isZero();
            // Exactly, not 2e-17.
            assertThat(sums.mass(0)).isZero();
            assertThat(sums.mass(1)).isCloseTo(0.6, within(1e-15));
        }
    }

    @Test
    void spreadAndLengthsAreThoseOfTheSums() {
        double[] weights = weights(ROWS);
        int[] labels = labels(ROWS);
        try (FloatMatrix x = KMeansTest.cloud(ROWS, COLUMNS, 1, 4);
                FloatMatrix m = KMeansTest.cloud(1, COLUMNS, 0, 6)) {
            ClusterSums sums = new ClusterSums(CLUSTERS, COLUMNS, RowWeights.of(weights, ROWS), false, POOL);
            add(sums, x, labels);
            Expected expected = Expected.of(toDoubles(x), labels, weights);
            double spread = 0;
            double lengths = 0;
            for (int c = 0; c < CLUSTERS - 1; c++) {
                double squares = 0;
                for (int j = 0; j < COLUMNS; j++) {
                    double mean = expected.sums[c][j] / expected.masses[c];
                    spread += expected.masses[c] * Math.pow(mean - m.get(0, j), 2);
                    squares += Math.pow(expected.sums[c][j], 2);
                }
                lengths += Math.sqrt(squares);
            }
            assertThat(sums.spreadOfMeans(m)).isCloseTo(spread, within(1e-9 * spread));
            assertThat(sums.sumOfLengths()).isCloseTo(lengths, within(1e-9 * lengths));
        }
    }

    /** Rows of unit length: the first cluster is ordinary, the second has opposite rows, the third has no rows. */
    @Test
    void unitCentersHaveTheDirectionOfTheMean() {
        float[] rows = {1, 0, 0, 1, 0, 1, -1, 0, 1, 0};
        float[] start = {0.6f, 0.8f, 0, 1, 1, 0};
        int[] labels = {0, 0, 0, 1, 1};
        try (FloatMatrix x = FloatMatrix.copyOf(rows, 5, 2);
                FloatMatrix centers = FloatMatrix.copyOf(start, 3, 2)) {
            ClusterSums sums = new ClusterSums(3, 2, RowWeights.NONE, true, POOL);
            add(sums, x, labels);
            double[] shifts = sums.moveCenters(centers);
            double first = 1 / Math.sqrt(5);
            double second = 2 / Math.sqrt(5);
            assertThat((double) centers.get(0, 0)).isCloseTo(first, within(1e-7));
            assertThat((double) centers.get(0, 1)).isCloseTo(second, within(1e-7));
            double shift = Math.pow(first - 0.6, 2) + Math.pow(second - 0.8, 2);
            assertThat(shifts[0]).isCloseTo(shift, within(1e-6 * shift));
            assertThat(centers.get(1, 0)).isZero();
            assertThat(centers.get(1, 1)).isEqualTo(1);
            assertThat(centers.get(2, 0)).isEqualTo(1);
            assertThat(centers.get(2, 1)).isZero();
            assertThat(shifts[1]).isZero();
            assertThat(shifts[2]).isZero();
        }
    }
}
