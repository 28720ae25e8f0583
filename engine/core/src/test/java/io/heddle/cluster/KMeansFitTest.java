package io.heddle.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.matrix.ByteMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Mini-batches of so many rows that a sample of them is measured before the fit. */
class KMeansFitTest {
    private static final WorkerPool POOL = WorkerPool.shared();
    private static final int ROWS = 17_000;

    private static KMeans.Options options(int clusters) {
        return KMeans.Options.defaults()
                .withClusters(clusters)
                .withAlgorithm(KMeans.Algorithm.MINI_BATCH)
                .withBatchSize(512)
                .withSeed(7);
    }

    private static float[][] rows(FloatMatrix x) {
        float[][] rows = new float[(int) x.rows()][x.columns()];
        for (int i = 0; i < rows.length; i++) {
            x.getRow(i, rows[i]);
        }
        return rows;
    }

    private static void assertNearest(FloatMatrix x, KMeansModel model) {
        FloatMatrix centers = model.centroids();
        int[] labels = model.labels();
        double inertia = 0;
        for (int i = 0; i < ROWS; i++) {
            double found = NearestCenter.squaredDistance(x, i, centers, labels[i]);
            int nearest = DifferenceNearestCenter.nearest(x, i, centers);
            double minimum = NearestCenter.squaredDistance(x, i, centers, nearest);
            if (!(found <= 1.01 * minimum)) {
                throw new AssertionError("row %d: %s instead of %s".formatted(i, found, minimum));
            }
            inertia += found;
        }
        assertThat(model.inertia()).isCloseTo(inertia, within(1e-5 * inertia));
    }

    @ParameterizedTest
    @CsvSource({
        "3, 0, NaN",
        "3, 5011, NaN",
        "3, 16999, Infinity",
        "3, 9000, -Infinity",
        "3, 12345, NaN",
        "60, 5012, NaN",
        "60, 16998, Infinity"
    })
    void aValueThatIsNotFiniteIsFoundInAnyRow(int clusters, int row, float value) {
        int d = clusters == 60 ? 130 : 4;
        try (FloatMatrix x = KMeansTest.cloud(ROWS, d, 3, 5)) {
            x.set(row, 1, value);
            assertThatThrownBy(() -> KMeans.fit(x, options(clusters), POOL))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageStartingWith("the data holds %s in row %d, column 1;", value, row);
        }
    }

    @Test
    void aBatchWithSuchAValueEndsTheFit() {
        AtomicInteger steps = new AtomicInteger();
        KMeans.Options counting = options(3)
                .withMaxNoImprovement(0)
                .withTolerance(0)
                .withMaxIterations(20)
                .withProgress(p -> steps.incrementAndGet());
        try (FloatMatrix x = KMeansTest.cloud(ROWS, 4, 3, 5)) {
            x.set(5011, 1, Float.NaN);
            assertThatThrownBy(() -> KMeans.fit(x, counting, POOL)).isInstanceOf(InvalidInputException.class);
            // All steps would be 664, and a batch has 3 % of the rows.
            assertThat(steps.get()).isLessThan(600);
        }
    }

    /** Half of the values are not finite, so that some are in every sample and every batch. */
    @Test
    void theFirstOfManySuchValuesIsNamed() {
        try (FloatMatrix x = KMeansTest.cloud(ROWS, 4, 3, 5)) {
            for (int i = 77; i < ROWS; i += 2) {
                x.set(i, 2, Float.POSITIVE_INFINITY);
            }
            assertThatThrownBy(() -> KMeans.fit(x, options(3), POOL))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageStartingWith("the data holds Infinity in row 77, column 2;");
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e3, 1e6, 1e9, 1e13, 1e15, 1e19, 1e25, 3e38})
    void aFarRowOutsideOfTheSampleIsAssignedAndAllOthersToo(double distance) {
        for (int row : new int[] {4444, 4445}) {
            try (FloatMatrix x = KMeansTest.blobs(ROWS, 3, 5, 0, 5)) {
                x.set(row, 2, (float) distance);
                try (KMeansModel model = KMeans.fit(x, options(4), POOL)) {
                    assertNearest(x, model);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-40, 1e-22, 1e-12, 1, 1e9, 1e13, 1e20, 1e36})
    void rowsOfAnyMagnitudeAreAssigned(double scale) {
        try (FloatMatrix x = KMeansTest.blobs(ROWS, 3, 5, 0, 5)) {
            for (int i = 0; i < ROWS; i++) {
                for (int j = 0; j < 3; j++) {
                    x.set(i, j, (float) (x.get(i, j) * scale));
                }
            }
            try (KMeansModel model = KMeans.fit(x, options(5), POOL)) {
                assertNearest(x, model);
            }
        }
    }

    /** Most samples have no spread at all. */
    @ParameterizedTest
    @ValueSource(doubles = {1e-30, 1, 1e30})
    void almostConstantRowsAreAssigned(double value) {
        try (FloatMatrix x = FloatMatrix.allocate(ROWS, 3)) {
            x.set(123, 0, (float) value);
            x.set(9999, 1, (float) value);
            try (KMeansModel model = KMeans.fit(x, options(2), POOL)) {
                assertNearest(x, model);
            }
        }
    }

    @Test
    void theBitsAreTheSameForAnyNumberOfThreads() {
        try (FloatMatrix x = KMeansTest.cloud(ROWS, 20, 2, 5)) {
            List<float[][]> centers = new ArrayList<>();
            for (int threads : new int[] {1, 2, 5}) {
                try (WorkerPool pool = WorkerPool.of(threads);
                        KMeansModel model = KMeans.fit(x, options(6), pool)) {
                    assertNearest(x, model);
                    centers.add(rows(model.centroids()));
                }
            }
            assertThat(centers.get(1)).isDeepEqualTo(centers.get(0));
            assertThat(centers.get(2)).isDeepEqualTo(centers.get(0));
        }
    }

    @Test
    void bytesGiveTheSameClustersAsTheirFloats() {
        byte[] values = new byte[ROWS * 5];
        IntStream.range(0, values.length).forEach(i -> values[i] = (byte) (i * 7919L % 251 + 40L * (i % 3)));
        try (ByteMatrix bytes = ByteMatrix.wrap(MemorySegment.ofArray(values), ROWS, 5, 1f / 255);
                FloatMatrix floats = bytes.gather(IntStream.range(0, ROWS).toArray());
                KMeansModel model = KMeans.fit(bytes, options(6), POOL);
                KMeansModel expected = KMeans.fit(floats, options(6), POOL)) {
            assertThat(rows(model.centroids())).isDeepEqualTo(rows(expected.centroids()));
            assertThat(model.labels()).isEqualTo(expected.labels());
        }
    }

    private static int steps(FloatMatrix x, double[] weights) {
        KMeans.Options options = options(3).withTolerance(1e-3).withMaxNoImprovement(0);
        try (KMeansModel model =
                weights == null ? KMeans.fit(x, options, POOL) : KMeans.fit(x, weights, options, POOL)) {
            return model.iterations();
        }
    }

    /**
     * If all rows are measured, one that is far from all others makes the tolerance so large that the fit ends early.
     */
    @Test
    void theToleranceFollowsASampleIfThereAreManyRowsWithoutWeights() {
        double[] ones = new double[ROWS];
        Arrays.fill(ones, 1);
        try (FloatMatrix x = KMeansTest.cloud(ROWS, 4, 3, 5)) {
            x.set(4444, 2, 5e3f);
            assertThat(steps(x, null)).isGreaterThan(5);
            assertThat(steps(x.rows(0, 16_384), null)).isGreaterThan(5);
            assertThat(steps(x.rows(0, 16_383), null)).isLessThan(5);
            assertThat(steps(x, ones)).isLessThan(5);
        }
    }

    /** How often the fit reports its first step. */
    private static int starts(FloatMatrix x) {
        AtomicInteger starts = new AtomicInteger();
        KMeans.Options counting = options(4).withProgress(p -> starts.addAndGet(p.iteration() == 1 ? 1 : 0));
        try (KMeansModel model = KMeans.fit(x, counting, POOL)) {
            assertNearest(x, model);
        }
        return starts.get();
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1e5, 1", "1e9, 1", "6e13, 1", "8e13, 2", "1e17, 2"})
    void theFitStartsAgainForARowThatTheSampleDoesNotTellOf(double value, int expected) {
        try (FloatMatrix x = KMeansTest.blobs(ROWS, 3, 5, 0, 5)) {
            x.set(4444, 2, (float) value);
            assertThat(starts(x)).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-30, 1e-12, 1, 1e4, 1e9, 1e13, 1e16})
    void theFitStartsOnceIfTheSampleTellsTheMagnitude(double scale) {
        try (FloatMatrix x = KMeansTest.cloud(ROWS, 3, 2, 5)) {
            for (int i = 0; i < ROWS; i++) {
                for (int j = 0; j < 3; j++) {
                    x.set(i, j, (float) (x.get(i, j) * scale));
                }
            }
            assertThat(starts(x)).isEqualTo(1);
        }
    }

    @Test
    void columnsWithoutSpreadAreRefused() {
        try (FloatMatrix x = KMeansTest.cloud(ROWS, 2, 2e7, 5)) {
            assertThatThrownBy(() -> KMeans.fit(x, options(3), POOL))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageStartingWith("the data: rounding to float has cost column 0");
        }
    }

    @Test
    void anExceptionOfTheCallbackEndsTheFit() {
        try (FloatMatrix x = KMeansTest.cloud(ROWS, 4, 3, 5)) {
            KMeans.Options ending = options(3).withProgress(progress -> {
                throw new IllegalStateException("enough");
            });
            assertThatThrownBy(() -> KMeans.fit(x, ending, POOL))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("enough");
            x.set(16_000, 0, Float.NaN);
            assertThatThrownBy(() -> KMeans.fit(x, ending, POOL))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("NaN in row 16000")
                    .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
        }
    }
}
