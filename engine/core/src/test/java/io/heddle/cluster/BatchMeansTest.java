package io.heddle.cluster;

import static io.heddle.matrix.ScaledColumns.toDoubles;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Centres and their shifts against loops in double over all rows. */
class BatchMeansTest {
    private static final WorkerPool POOL = WorkerPool.shared();

    private final SplittableRandom random = new SplittableRandom(3);

    /** The last of several clusters has no rows. */
    private int[] labels(int rows, int clusters) {
        return random.ints(rows, 0, Math.max(1, clusters - 1)).toArray();
    }

    /** The means of the positions and the rows, and how far each centre was from it. */
    private static void assertMoved(
            double[][] x, int[] labels, double[][] start, double[] before, FloatMatrix moved, double[] shifts) {
        for (int c = 0; c < start.length; c++) {
            int cluster = c;
            double[][] own = IntStream.range(0, x.length)
                    .filter(i -> labels[i] == cluster)
                    .mapToObj(i -> x[i])
                    .toArray(double[][]::new);
            double shift = 0;
            for (int j = 0; j < start[c].length; j++) {
                int column = j;
                double sum = Arrays.stream(own).mapToDouble(row -> row[column]).sum();
                double mean =
                        own.length == 0 ? start[c][j] : (before[c] * start[c][j] + sum) / (before[c] + own.length);
                assertThat((double) moved.get(c, j)).isCloseTo(mean, within(1e-6));
                shift += Math.pow(mean - start[c][j], 2);
            }
            assertThat(shifts[c]).isCloseTo(shift, within(1e-5 * shift));
        }
    }

    /** A few clusters of many columns are divided; the columns may end within a part. */
    @ParameterizedTest
    @CsvSource({"5, 40", "1, 1", "1, 2000", "3, 777", "20, 300", "40, 3"})
    void centersMoveToTheMeanOfTheirPositionAndRows(int clusters, int columns) {
        double[] before = random.doubles(clusters, 0, 10).toArray();
        before[0] = 0;
        try (FloatMatrix x = KMeansTest.cloud(150, columns, 1, 4);
                FloatMatrix centers = KMeansTest.cloud(clusters, columns, 0, 5)) {
            BatchMeans means = new BatchMeans(clusters, columns, false, POOL);
            // Sums of the batch before are discarded.
            for (int rows : new int[] {60, 150, 90}) {
                int[] labels = labels(rows, clusters);
                double[][] start = toDoubles(centers);
                double[] shifts = means.move(x, rows, labels, centers, before);
                for (int c = 0; c < clusters; c++) {
                    int cluster = c;
                    assertThat((long) means.count(c))
                            .isEqualTo(Arrays.stream(labels)
                                    .filter(l -> l == cluster)
                                    .count());
                }
                try (FloatMatrix batch = x.rows(0, rows)) {
                    assertMoved(toDoubles(batch), labels, start, before, centers, shifts);
                }
            }
        }
    }

    @Test
    void theBitsDoNotDependOnTheNumberOfThreads() {
        int[] labels = labels(500, 4);
        try (FloatMatrix x = KMeansTest.cloud(500, 1000, 1, 4);
                FloatMatrix one = KMeansTest.cloud(4, 1000, 0, 5);
                FloatMatrix several = one.copy();
                WorkerPool single = WorkerPool.of(1);
                WorkerPool four = WorkerPool.of(4)) {
            double[] ofOne = new BatchMeans(4, 1000, false, single).move(x, 500, labels, one, new double[4]);
            double[] ofFour = new BatchMeans(4, 1000, false, four).move(x, 500, labels, several, new double[4]);
            assertThat(ofFour).containsExactly(ofOne);
            assertThat(several.segment().mismatch(one.segment())).isEqualTo(-1);
        }
    }

    /** Rows of unit length: the first cluster is ordinary, the second has opposite rows, the third has no rows. */
    @Test
    void unitCentersHaveTheDirectionOfTheMean() {
        float[] rows = {1, 0, 0, 1, 0, 1, -1, 0, 1, 0};
        float[] start = {0.6f, 0.8f, 0, 1, 1, 0};
        int[] labels = {0, 0, 0, 1, 1};
        double[] before = {2, 0, 4};
        try (FloatMatrix x = FloatMatrix.copyOf(rows, 5, 2);
                FloatMatrix centers = FloatMatrix.copyOf(start, 3, 2)) {
            double[] shifts = new BatchMeans(3, 2, true, POOL).move(x, 5, labels, centers, before);
            double length = Math.hypot(2 * 0.6 + 1, 2 * 0.8 + 2);
            double first = (2 * 0.6 + 1) / length;
            double second = (2 * 0.8 + 2) / length;
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
