package io.heddle.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heddle.cluster.KMeans.Algorithm;
import io.heddle.cluster.KMeans.Options;
import io.heddle.internal.columns.ColumnMoments;
import io.heddle.internal.rows.RowWeights;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.ReferenceTables;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares columns of large offset or spread with float64. */
class ScaledKMeansTest {
    private static final ReferenceTables REFERENCE = ReferenceTables.read(ScaledKMeansTest.class, "scaled.txt");
    private static final WorkerPool POOL = WorkerPool.shared();

    /** Centres are floats. At 10⁶ they are rounded to 1/16, and the inertia of rows of deviation 1 to 0.1 %. */
    private static double rounding(String name) {
        return name.equals("offset") ? 1e-3 : 1e-5;
    }

    @ParameterizedTest
    @ValueSource(strings = {"offset", "unix", "wide", "tiny"})
    void lloydAgreesWithFloat64(String name) {
        Options options = Options.defaults()
                .withClusters(4)
                .withAlgorithm(Algorithm.LLOYD)
                .withTolerance(0);
        try (FloatMatrix x = REFERENCE.get(name + "/x").toMatrix();
                FloatMatrix found = REFERENCE.get(name + "/start").toMatrix()) {
            ColumnMoments moments = ColumnMoments.of(x, "x", POOL);
            try (FloatMatrix mean = moments.meanRow()) {
                Outcome outcome =
                        Lloyd.from(found, false, 1, x, RowWeights.NONE, mean, null, null, moments, options, POOL);
                double inertia = REFERENCE.number(name + "/inertia");
                assertThat(outcome.inertia()).isCloseTo(inertia, within(rounding(name) * inertia));
                assertThat(outcome.converged()).isTrue();
                double[] expected = REFERENCE.get(name + "/labels").values();
                long different = 0;
                for (int i = 0; i < expected.length; i++) {
                    different += outcome.labels()[i] == (int) expected[i] ? 0 : 1;
                }
                assertThat(different).isLessThanOrEqualTo(name.equals("offset") ? 2 : 0);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"offset, LLOYD", "wide, LLOYD", "offset, MINI_BATCH", "wide, MINI_BATCH"})
    void fitsAndPredictionsAreAsGoodAsInFloat64(String name, Algorithm algorithm) {
        Options options = Options.defaults()
                .withClusters(4)
                .withAlgorithm(algorithm)
                .withBatchSize(128)
                .withInitializations(5);
        try (FloatMatrix x = REFERENCE.get(name + "/x").toMatrix();
                KMeansModel model = KMeans.fit(x, options);
                KMeansModel again =
                        KMeansModel.of(model.centroids().copy(), model.weights(), model.inertia(), 1, true)) {
            double inertia = REFERENCE.number(name + "/inertia");
            assertThat(model.inertia()).isLessThan(inertia * 1.03);
            assertThat(model.predict(x)).isEqualTo(model.labels());
            assertThat(again.predict(x)).isEqualTo(model.labels());
            float[] row = new float[x.columns()];
            for (int i = 0; i < x.rows(); i++) {
                x.getRow(i, row);
                assertThat(model.predict(row)).isEqualTo(model.labels()[i]);
                assertThat(model.predict(x.segment(), x.offset(i))).isEqualTo(model.labels()[i]);
                assertThat(model.predict(java.nio.FloatBuffer.wrap(row))).isEqualTo(model.labels()[i]);
            }
        }
    }

    @Test
    void rowsThatNearlyCoincideKeepTheirOwnCenters() {
        // Found at random: two rows at a distance of 1e-4 with a spread of 1, each with its own centre.
        Options options = Options.defaults()
                .withClusters(20)
                .withAlgorithm(Algorithm.LLOYD)
                .withTolerance(0)
                .withSeed(-55);
        try (FloatMatrix x = KMeansTest.cloud(20, 1, 1, -55);
                KMeansModel model = KMeans.fit(x, options)) {
            assertThat(model.inertia()).isZero();
            assertThat(model.predict(x)).isEqualTo(model.labels());
        }
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void emptyClustersAreNamed(Algorithm algorithm) {
        try (FloatMatrix x = FloatMatrix.allocate(50, 3)) {
            for (int i = 0; i < 50; i++) {
                x.set(i, 1, i % 4);
            }
            Options options = Options.defaults().withClusters(9).withAlgorithm(algorithm);
            try (KMeansModel model = KMeans.fit(x, options)) {
                int[] empty = model.emptyClusters();
                assertThat(empty).hasSize(5);
                assertThat(Arrays.stream(model.labels()).distinct())
                        .doesNotContainAnyElementsOf(
                                Arrays.stream(empty).boxed().toList())
                        .hasSize(4);
            }
        }
    }
}
