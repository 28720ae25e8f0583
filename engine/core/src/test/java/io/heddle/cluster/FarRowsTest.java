package io.heddle.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heddle.internal.rows.RowWeights;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Data with a few rows far from all others, such as a missing value that is written as 10⁹. */
class FarRowsTest {
    private static final WorkerPool POOL = WorkerPool.shared();

    private static double squares(FloatMatrix x, long row, FloatMatrix centers, int center) {
        return NearestCenter.squaredDistance(x, row, centers, center);
    }

    private static void assertNearest(FloatMatrix x, FloatMatrix centers, int[] labels) {
        for (int i = 0; i < labels.length; i++) {
            double minimum = squares(x, i, centers, DifferenceNearestCenter.nearest(x, i, centers));
            assertThat(squares(x, i, centers, labels[i])).as("row %d", i).isLessThanOrEqualTo(1.01 * minimum);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "MINI_BATCH, 1e4",
        "MINI_BATCH, 1e6",
        "MINI_BATCH, 1e7",
        "MINI_BATCH, 1e8",
        "MINI_BATCH, 1e12",
        "MINI_BATCH, 1e25",
        "MINI_BATCH, 1e30",
        "LLOYD, 1e7",
        "LLOYD, 1e25",
        "LLOYD, 1e30",
    })
    void everyRowHasItsNearestCenter(KMeans.Algorithm algorithm, double distance) {
        var options = KMeans.Options.defaults()
                .withClusters(8)
                .withAlgorithm(algorithm)
                .withBatchSize(256)
                .withSeed(3);
        try (FloatMatrix x = NearestCenterTest.withFarRows(2500, 3, distance, 5);
                KMeansModel model = KMeans.fit(x, options, POOL)) {
            assertNearest(x, model.centroids(), model.labels());
            assertNearest(x, model.centroids(), model.predict(x, POOL));
            assertNearest(x, model.centroids(), rowByRow(model, x));
            double inertia = NearestCenter.inertia(x, RowWeights.NONE, model.centroids(), model.labels(), POOL);
            assertThat(model.inertia()).isCloseTo(inertia, within(1e-6 * inertia));
        }
    }

    /** With so many centres and columns, rows are compared by sketches, whose margin holds for a block of rows. */
    @ParameterizedTest
    @CsvSource({"1e6", "1e15", "1e20", "1e38"})
    void aFarRowDoesNotChangeThePredictionsOfItsNeighbors(double distance) {
        var options = KMeans.Options.defaults()
                .withClusters(60)
                .withAlgorithm(KMeans.Algorithm.MINI_BATCH)
                .withBatchSize(256);
        try (FloatMatrix x = KMeansTest.cloud(3000, 150, 0, 5);
                KMeansModel model = KMeans.fit(x, options, POOL)) {
            x.set(1234, 7, (float) distance);
            assertNearest(x, model.centroids(), model.predict(x, POOL));
        }
    }

    /** Scaled by the far row, squared distances of the others are 0 in float. Many columns have sketches. */
    @ParameterizedTest
    @CsvSource({"600, 3, 1e20", "600, 3, -3.4e38", "4000, 130, -3.4e38", "40000, 3, -3.4e38"})
    void aRowAtTheEndOfTheRangeLeavesTheOthersTheirClusters(int rows, int columns, double distance) {
        var options =
                KMeans.Options.defaults().withClusters(9).withInitializations(3).withAlgorithm(KMeans.Algorithm.LLOYD);
        try (FloatMatrix x = KMeansTest.blobs(rows, columns, 8, 0, 1)) {
            for (int j = 0; j < columns; j++) {
                x.set(rows / 2, j, (float) distance);
            }
            try (KMeansModel model = KMeans.fit(x, options, POOL)) {
                assertNearest(x, model.centroids(), model.labels());
                assertThat(model.inertia()).isLessThan(rows * columns * 0.1 * 0.1 * 1.2);
            }
        }
    }

    /** Centres of denormal numbers are rounded. */
    @ParameterizedTest
    @CsvSource({"MINI_BATCH", "LLOYD"})
    void theInertiaIsThatOfTheRoundedCenters(KMeans.Algorithm algorithm) {
        var options = KMeans.Options.defaults()
                .withClusters(5)
                .withAlgorithm(algorithm)
                .withBatchSize(256);
        try (FloatMatrix x = NearestCenterTest.withFarRows(2500, 2, 0, 5)) {
            for (int i = 0; i < 2500; i++) {
                x.set(i, 0, x.get(i, 0) * 1e-44f);
                x.set(i, 1, x.get(i, 1) * 1e-44f);
            }
            try (KMeansModel model = KMeans.fit(x, options, POOL)) {
                double inertia = 0;
                for (int i = 0; i < 2500; i++) {
                    for (int j = 0; j < 2; j++) {
                        inertia += Math.pow(
                                (double) x.get(i, j) - model.centroids().get(model.labels()[i], j), 2);
                    }
                }
                assertNearest(x, model.centroids(), model.labels());
                assertThat(model.inertia() / inertia).isCloseTo(1, within(1e-6));
            }
        }
    }

    /** The data are not scaled, because of the far rows, and squares of the others are too small for float. */
    @ParameterizedTest
    @CsvSource({"MINI_BATCH, 1", "MINI_BATCH, 9", "LLOYD, 1", "LLOYD, 9"})
    void rowsNearZeroBesideFarOnesHaveTheirNearestCenters(KMeans.Algorithm algorithm, int far) {
        var options = KMeans.Options.defaults()
                .withClusters(6)
                .withAlgorithm(algorithm)
                .withBatchSize(256);
        try (FloatMatrix x = KMeansTest.blobs(2500, 3, 5, 0, 5)) {
            for (int i = 0; i < 2500; i++) {
                for (int j = 0; j < 3; j++) {
                    x.set(i, j, i % 271 == 0 && i < 271 * far ? (i + 1) * 1e10f : x.get(i, j) * 1e-33f);
                }
            }
            try (KMeansModel model = KMeans.fit(x, options, POOL)) {
                assertNearest(x, model.centroids(), model.labels());
                assertNearest(x, model.centroids(), model.predict(x, POOL));
            }
        }
    }

    /** Few clusters are compared by products, many by sketches. The mean and the spread are those of ordinary rows. */
    @ParameterizedTest
    @CsvSource({
        "8, 6, 2, 1e-24, 1",
        "8, 6, 2, 1e-20, 1",
        "48, 140, 140, 1e-24, 0.1",
        "48, 140, 2, 1e-24, 0.5",
        "48, 140, 2, 1e-22, 0.5"
    })
    void rowsNearZeroBesideOrdinaryOnesHaveTheirNearestCenters(
            int clusters, int columns, int tiny, double scale, double reassignmentRatio) {
        SplittableRandom random = new SplittableRandom(7);
        var options = KMeans.Options.defaults()
                .withClusters(clusters)
                .withReassignmentRatio(reassignmentRatio)
                .withBatchSize(256);
        try (FloatMatrix x = FloatMatrix.allocate(4000, columns)) {
            for (int i = 0; i < 4000; i++) {
                for (int j = 0; j < columns; j++) {
                    double value = random.nextGaussian();
                    x.set(i, j, (float) (i % 5 == 0 ? value : j < tiny ? scale * value : 0));
                }
            }
            try (KMeansModel model = KMeans.fit(x, options, POOL)) {
                assertNearest(x, model.centroids(), model.labels());
                assertNearest(x, model.centroids(), model.predict(x, POOL));
                assertNearest(x, model.centroids(), rowByRow(model, x));
            }
        }
    }

    /** The sample from which a fit starts does not contain the far row. */
    @ParameterizedTest
    @CsvSource({"1e6", "1e7", "1e8", "1e12"})
    void oneFarRowDoesNotChangePredictions(double distance) {
        var options = KMeans.Options.defaults()
                .withClusters(4)
                .withAlgorithm(KMeans.Algorithm.MINI_BATCH)
                .withBatchSize(256);
        try (FloatMatrix x = NearestCenterTest.withFarRows(2500, 2, 0, 5)) {
            x.set(1234, 0, (float) distance);
            x.set(1234, 1, (float) distance);
            try (KMeansModel model = KMeans.fit(x, options, POOL)) {
                assertNearest(x, model.centroids(), model.labels());
                assertNearest(x, model.centroids(), model.predict(x, POOL));
                assertNearest(x, model.centroids(), rowByRow(model, x));
            }
        }
    }

    /** A row of weight 0 is as if it were not there, except that it has a label. */
    @ParameterizedTest
    @CsvSource({"MINI_BATCH, 1e3", "MINI_BATCH, 1e30", "LLOYD, 1e3", "LLOYD, 1e30"})
    void rowsOfWeightZeroDoNotCount(KMeans.Algorithm algorithm, double distance) {
        var options = KMeans.Options.defaults()
                .withClusters(4)
                .withAlgorithm(algorithm)
                .withBatchSize(256);
        int rows = 2500;
        double[] weights = new double[rows];
        Arrays.fill(weights, 2);
        weights[1234] = 0;
        double[] others = new double[rows - 1];
        Arrays.fill(others, 2);
        try (FloatMatrix x = NearestCenterTest.withFarRows(rows, 2, 0, 5);
                FloatMatrix without = FloatMatrix.allocate(rows - 1, 2)) {
            x.set(1234, 0, (float) distance);
            for (int i = 0; i < rows - 1; i++) {
                x.copyRow(i < 1234 ? i : i + 1, without, i);
            }
            try (KMeansModel model = KMeans.fit(x, weights, options, POOL);
                    KMeansModel expected = KMeans.fit(without, others, options, POOL)) {
                assertNearest(x, model.centroids(), model.labels());
                assertThat(model.inertia()).isEqualTo(expected.inertia());
                assertThat(model.weights()).isEqualTo(expected.weights());
                for (int i = 0; i < rows - 1; i++) {
                    assertThat(model.labels()[i < 1234 ? i : i + 1]).isEqualTo(expected.labels()[i]);
                }
            }
        }
    }

    @Test
    void productsMisleadOnlyAmongCentersThatAreNearForTheirDistanceFromTheFirst() {
        try (FloatMatrix centers = FloatMatrix.copyOf(new float[] {0, 0, 3, 0, 0, 4}, 3, 2)) {
            assertThat(ProductError.misleadsAmong(centers)).isFalse();
            centers.set(0, 0, 1e4f);
            assertThat(ProductError.misleadsAmong(centers)).isTrue();
            // Equal centres are equally near.
            centers.set(1, 0, 0);
            centers.set(2, 1, 0);
            assertThat(ProductError.misleadsAmong(centers)).isFalse();
        }
    }

    private static int[] rowByRow(KMeansModel model, FloatMatrix x) {
        int[] labels = new int[(int) x.rows()];
        Arrays.setAll(labels, i -> {
            float[] row = new float[x.columns()];
            x.getRow(i, row);
            return model.predict(row);
        });
        return labels;
    }
}
