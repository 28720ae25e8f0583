package io.heddle.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heddle.cluster.KMeans.Algorithm;
import io.heddle.cluster.KMeans.Distance;
import io.heddle.cluster.KMeans.Options;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.ScaledColumns;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares values from the smallest floats to the largest with means and squares in float64. */
class MagnitudeKMeansTest {
    private static double[][] means(double[][] rows) {
        double[][] means = new double[2][2];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < 2; j++) {
                means[i / ScaledColumns.HALF][j] += rows[i][j] / ScaledColumns.HALF;
            }
        }
        return means;
    }

    private static double squares(double[] a, double[] b) {
        return Math.pow(a[0] - b[0], 2) + Math.pow(a[1] - b[1], 2);
    }

    @ParameterizedTest
    @CsvSource({
        "LLOYD, 1e-40",
        "LLOYD, 1e-30",
        "LLOYD, 1e-22",
        "LLOYD, 1",
        "LLOYD, 1e15",
        "LLOYD, 1e20",
        "LLOYD, 1e37",
        "MINI_BATCH, 1e-40",
        "MINI_BATCH, 1e-22",
        "MINI_BATCH, 1",
        "MINI_BATCH, 1e20",
        "MINI_BATCH, 1e37"
    })
    void findsTheClustersOfEveryMagnitude(Algorithm algorithm, double magnitude) {
        double[] reported = new double[1];
        Options options = Options.defaults()
                .withClusters(2)
                .withAlgorithm(algorithm)
                .withBatchSize(16)
                .withProgress(p -> reported[0] = p.inertia());
        try (FloatMatrix x = ScaledColumns.of(magnitude);
                KMeansModel model = KMeans.fit(x, options);
                FloatMatrix distances = model.distances(x);
                KMeansModel read = KMeansModel.of(model.centroids().copy(), Double.NaN, 1, true)) {
            double[][] rows = ScaledColumns.toDoubles(x);
            double[][] means = means(rows);
            double expected = 0;
            int[] labels = model.labels();
            double tolerance = algorithm == Algorithm.LLOYD ? 1e-4 : 0.1;
            for (int i = 0; i < rows.length; i++) {
                expected += squares(rows[i], means[i / ScaledColumns.HALF]);
                assertThat(labels[i]).isEqualTo(labels[i / ScaledColumns.HALF * ScaledColumns.HALF]);
                for (int j = 0; j < 2; j++) {
                    assertThat((double) model.centroids().get(labels[i], j))
                            .isCloseTo(means[i / ScaledColumns.HALF][j], within(3 * tolerance * magnitude));
                }
                double[] center = {
                    model.centroids().get(labels[i], 0), model.centroids().get(labels[i], 1)
                };
                assertThat((double) distances.get(i, labels[i]))
                        .isCloseTo(Math.sqrt(squares(rows[i], center)), within(1e-5 * magnitude));
            }
            assertThat(labels[0]).isNotEqualTo(labels[ScaledColumns.HALF]);
            assertThat(model.inertia()).isCloseTo(expected, within(tolerance * expected));
            assertThat(reported[0]).isBetween(0.5 * expected, 2 * expected);
            assertThat(model.predict(x)).isEqualTo(labels);
            assertThat(read.predict(x)).isEqualTo(labels);
            float[] row = new float[2];
            for (int i = 0; i < rows.length; i++) {
                x.getRow(i, row);
                assertThat(model.predict(row)).isEqualTo(labels[i]);
                assertThat(read.predict(MemorySegment.ofArray(row))).isEqualTo(labels[i]);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-40, 1e-22, 1, 1e20, 1e37})
    void streamsOfEveryMagnitude(double magnitude) {
        try (FloatMatrix x = ScaledColumns.of(magnitude);
                StreamingKMeans stream = StreamingKMeans.of(2, 0)) {
            int[] halves = new int[2 * ScaledColumns.HALF];
            for (int i = 0; i < halves.length; i++) {
                halves[i] = i / 2 + (i % 2) * ScaledColumns.HALF;
            }
            try (FloatMatrix mixed = x.gather(halves)) {
                stream.partialFit(mixed.rows(0, 50));
                stream.partialFit(mixed.rows(50, 80));
            }
            double[][] means = means(ScaledColumns.toDoubles(x));
            try (KMeansModel model = stream.model()) {
                int first = model.predict(x)[0];
                for (int j = 0; j < 2; j++) {
                    assertThat((double) model.centroids().get(first, j))
                            .isCloseTo(means[0][j], within(magnitude / 100));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-40, 1e-22, 1, 1e20, 1e37})
    void directionsHaveNoMagnitude(double magnitude) {
        Options options = Options.defaults()
                .withClusters(2)
                .withAlgorithm(Algorithm.LLOYD)
                .withDistance(Distance.COSINE);
        try (FloatMatrix x = ScaledColumns.of(magnitude);
                FloatMatrix one = ScaledColumns.of(1);
                KMeansModel model = KMeans.fit(x, options);
                KMeansModel expected = KMeans.fit(one, options)) {
            assertThat(model.inertia()).isCloseTo(expected.inertia(), within(1e-4 * expected.inertia()));
        }
    }

    /** Products of floats cannot rank centres so near to each other and so far from zero. */
    @ParameterizedTest
    @ValueSource(doubles = {0, 1e3, 1e6})
    void rowsGetTheClusterThatABatchGets(double offset) {
        try (FloatMatrix centers = FloatMatrix.allocate(4, 3);
                FloatMatrix x = FloatMatrix.allocate(200, 3)) {
            for (int c = 0; c < 4; c++) {
                // Two pairs on either side of zero, so that their mean is near zero.
                centers.set(c, 0, (float) ((c < 2 ? 1 : -1) * (1e6 + offset)));
                centers.set(c, 1, c % 2);
            }
            for (int i = 0; i < 200; i++) {
                x.set(i, 0, centers.get(i % 4, 0));
                x.set(i, 1, i % 2 + (i % 7 - 3) / 10f);
            }
            try (KMeansModel model = KMeansModel.of(centers.copy(), Double.NaN, 1, true)) {
                int[] labels = model.predict(x);
                float[] row = new float[3];
                for (int i = 0; i < 200; i++) {
                    x.getRow(i, row);
                    assertThat(labels[i]).isEqualTo(i % 4);
                    assertThat(model.predict(row)).isEqualTo(labels[i]);
                    assertThat(model.predict(MemorySegment.ofArray(row))).isEqualTo(labels[i]);
                }
            }
        }
    }
}
