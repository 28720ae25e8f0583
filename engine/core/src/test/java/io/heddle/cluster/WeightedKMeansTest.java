package io.heddle.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.cluster.KMeans.Algorithm;
import io.heddle.cluster.KMeans.Options;
import io.heddle.internal.columns.ColumnMoments;
import io.heddle.internal.rows.RowWeights;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.matrix.ReferenceTables;
import io.heddle.matrix.ReferenceTables.Table;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class WeightedKMeansTest {
    private static final ReferenceTables REFERENCE = ReferenceTables.read(WeightedKMeansTest.class, "weighted.txt");
    private static final WorkerPool POOL = WorkerPool.shared();

    static Iterable<String> referenceCases() {
        return REFERENCE.cases();
    }

    @ParameterizedTest
    @MethodSource("referenceCases")
    void lloydFollowsScikitLearnsSampleWeights(String name) {
        Table centroids = REFERENCE.get(name + "/centroids");
        Options options = Options.defaults()
                .withClusters(centroids.rows())
                .withAlgorithm(Algorithm.LLOYD)
                .withTolerance(0);
        try (FloatMatrix x = REFERENCE.get(name + "/x").toMatrix();
                FloatMatrix found = REFERENCE.get(name + "/start").toMatrix();
                FloatMatrix mean = ColumnMoments.of(x, "x", POOL).meanRow()) {
            RowWeights weights = RowWeights.of(REFERENCE.get(name + "/weights").values(), x.rows());
            ColumnMoments moments = ColumnMoments.of(x, "x", POOL);
            Outcome outcome = Lloyd.from(found, false, 1, x, weights, mean, null, null, moments, options, POOL);
            double inertia = REFERENCE.number(name + "/inertia");
            assertThat(outcome.inertia()).isCloseTo(inertia, within(1e-6 * inertia));
            assertThat((double) outcome.iterations()).isEqualTo(REFERENCE.number(name + "/iterations"));
            assertThat(Arrays.stream(outcome.labels()).asDoubleStream().toArray())
                    .isEqualTo(REFERENCE.get(name + "/labels").values());
            for (int i = 0; i < centroids.rows(); i++) {
                for (int j = 0; j < centroids.columns(); j++) {
                    double expected = centroids.get(i, j);
                    assertThat((double) found.get(i, j))
                            .isCloseTo(expected, within(1e-6 * Math.max(1, Math.abs(expected))));
                }
            }
        }
    }

    /** Whole weights against as many copies of each row. */
    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void weightsCountAsCopiesOfRows(Algorithm algorithm) {
        int n = 400;
        SplittableRandom random = new SplittableRandom(5);
        double[] weights = random.ints(n, 0, 4).asDoubleStream().toArray();
        int[] copies = new int[(int) Arrays.stream(weights).sum()];
        for (int i = 0, to = 0; i < n; i++) {
            for (int c = 0; c < weights[i]; c++) {
                copies[to++] = i;
            }
        }
        Options options = Options.defaults()
                .withClusters(5)
                .withAlgorithm(algorithm)
                .withBatchSize(100)
                .withInitializations(4);
        try (FloatMatrix x = KMeansTest.blobs(n, 6, 5, 3, 2);
                FloatMatrix copied = x.gather(copies);
                KMeansModel weighted = KMeans.fit(x, weights, options, POOL);
                KMeansModel repeated = KMeans.fit(copied, options)) {
            assertThat(weighted.inertia()).isCloseTo(repeated.inertia(), within(0.02 * repeated.inertia()));
            int[] labels = weighted.predict(copied);
            int[] partner = new int[5];
            for (int i = 0; i < labels.length; i++) {
                partner[labels[i]] = repeated.labels()[i];
            }
            double[] sums = new double[5];
            for (int i = 0; i < n; i++) {
                sums[weighted.labels()[i]] += weights[i];
            }
            assertThat(weighted.weights()).isEqualTo(sums);
            for (int c = 0; c < 5; c++) {
                assertThat(weighted.weights()[c]).isEqualTo(repeated.weights()[partner[c]]);
                for (int j = 0; j < 6; j++) {
                    assertThat(weighted.centroids().get(c, j))
                            .isCloseTo(repeated.centroids().get(partner[c], j), within(0.1f));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void rowsWithoutWeightMoveNothing(Algorithm algorithm) {
        try (FloatMatrix x = KMeansTest.blobs(300, 4, 3, 0, 4)) {
            double[] weights = new double[300];
            Arrays.fill(weights, 0, 200, 1);
            for (int i = 200; i < 300; i++) {
                x.set(i, 0, 1e6f);
            }
            Options options =
                    Options.defaults().withClusters(3).withAlgorithm(algorithm).withBatchSize(50);
            try (KMeansModel model = KMeans.fit(x, weights, options, POOL)) {
                for (int c = 0; c < 3; c++) {
                    assertThat(Math.abs(model.centroids().get(c, 0))).isLessThan(100);
                }
                assertThat(model.labels()).hasSize(300);
                assertThat(model.inertia()).isLessThan(200 * 4 * 0.1);
                assertThat(Arrays.stream(model.weights()).sum()).isEqualTo(200);
            }
        }
    }

    @Test
    void oneRowWithWeight() {
        try (FloatMatrix x = KMeansTest.cloud(5000, 3, 0, 1)) {
            double[] weights = new double[5000];
            weights[4321] = 0.5;
            for (Algorithm algorithm : Algorithm.values()) {
                Options one = Options.defaults().withClusters(1).withAlgorithm(algorithm);
                try (KMeansModel model = KMeans.fit(x, weights, one, POOL)) {
                    for (int j = 0; j < 3; j++) {
                        assertThat(model.centroids().get(0, j)).isEqualTo(x.get(4321, j));
                    }
                    assertThat(model.inertia()).isZero();
                }
            }
        }
    }

    @Test
    void refusesInvalidWeights() {
        try (FloatMatrix x = KMeansTest.cloud(10, 2, 0, 1)) {
            Options two = Options.defaults().withClusters(2);
            double[] weights = new double[10];
            assertThatThrownBy(() -> KMeans.fit(x, weights, two, POOL))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("the weights of all 10 rows are 0; at least one must be greater");
            weights[3] = 1;
            assertThatThrownBy(() -> KMeans.fit(x, weights, two, POOL))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("k-means cannot find 2 clusters in 1 rows with a weight above 0");
            weights[4] = -1;
            assertThatThrownBy(() -> KMeans.fit(x, weights, two, POOL))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("row 4 is -1.0");
            weights[4] = Double.NaN;
            assertThatThrownBy(() -> KMeans.fit(x, weights, two, POOL)).isInstanceOf(InvalidInputException.class);
            assertThatThrownBy(() -> KMeans.fit(x, new double[9], two, POOL))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("9 weights do not pair with 10 rows");
        }
    }
}
