package io.heddle.cluster.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.cluster.consensus.NeighborClustering.Head;
import io.heddle.cluster.consensus.NeighborClustering.Options;
import io.heddle.cluster.consensus.NeighborClustering.Restarts;
import io.heddle.decomposition.RowNormalizer;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.metrics.ClusteringScores;
import io.heddle.neighbors.NearestNeighbors;
import io.heddle.neighbors.Neighbors;
import io.heddle.parallel.WorkerPool;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class NeighborClusteringTest {
    private static final int N = 1500;
    private static final int K = 4;

    private static final Options OPTIONS = Options.defaults()
            .withClusters(K)
            .withNeighbors(8)
            .withHead(Head.defaults().withHidden(40).withBatchSize(200))
            .withRestarts(new Restarts(6, 8, 1, 3, 12, 2));

    private final int[] truth = new int[N];

    /** Bent bands that linear borders cannot separate. Each class is a random walk on the sphere. */
    private FloatMatrix bands(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int d = 12;
        FloatMatrix x = FloatMatrix.allocate(N, d);
        for (int i = 0; i < N; i++) {
            truth[i] = i % K;
            double along = random.nextDouble(-1, 1);
            for (int j = 0; j < d; j++) {
                double place = j % K == truth[i] ? 2 * Math.cos(along + j) : 0;
                x.set(i, j, (float) (place + (j / K == 0 && j == truth[i] ? 1.5 : 0) + 0.15 * random.nextGaussian()));
            }
        }
        RowNormalizer.normalize(x);
        return x;
    }

    @Test
    void findsTheClassesOfRowsThatAgreeWithTheirNeighbours() {
        try (FloatMatrix x = bands(1);
                NeighborClusteringModel model = NeighborClustering.fit(x, OPTIONS)) {
            assertThat(ClusteringScores.of(truth, model.labels()).ari()).isGreaterThan(0.9);
            assertThat(ClusteringScores.of(model.labels(), model.predict(x)).ari())
                    .isGreaterThan(0.9);
            assertThat(model.losses()).hasSize(2).isSorted();
            assertThat(model.agreement()).isBetween(0.8, 1.0);
            assertThat(model.converged()).isTrue();
            assertThat(model.iterations()).isEqualTo(OPTIONS.restarts().totalEpochs());
            assertThat(model.emptyClusters()).isEmpty();
            // Perfect agreement and equal clusters would give −5 · log 4.
            assertThat(model.loss()).isEqualTo(model.losses()[0]).isBetween(-5 * Math.log(K), -5.0);
        }
    }

    /** Floats near 6e6 are 0.5 apart: the bands are lost. */
    @Test
    void refusesRowsWhoseSpreadIsLost() {
        try (FloatMatrix x = bands(1)) {
            for (int i = 0; i < N; i++) {
                for (int j = 0; j < x.columns(); j++) {
                    x.set(i, j, 6e6f + x.get(i, j));
                }
            }
            assertThatThrownBy(() -> NeighborClustering.fit(x, OPTIONS))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("column 0");
        }
    }

    /** Batches of fewer rows than a block of predictions, because of few rows or of a small batch size. */
    @Test
    void acceptsSmallBatches() {
        int[] blobs = new int[60];
        try (FloatMatrix x = FloatMatrix.allocate(blobs.length, 3)) {
            SplittableRandom random = new SplittableRandom(1);
            for (int i = 0; i < blobs.length; i++) {
                blobs[i] = i % 2;
                for (int j = 0; j < 3; j++) {
                    x.set(i, j, (float) (blobs[i] * 3 + 0.5 * random.nextGaussian()));
                }
            }
            RowNormalizer.normalize(x);
            Options options = Options.defaults().withClusters(2).withNeighbors(5);
            for (int batch : new int[] {2_048, 20}) {
                try (NeighborClusteringModel model = NeighborClustering.fit(
                        x, options.withHead(Head.defaults().withBatchSize(batch)))) {
                    assertThat(model.labels()).containsOnly(0, 1);
                    assertThat(model.emptyClusters()).isEmpty();
                }
            }
        }
    }

    @Test
    void theSameBitsForAnyNumberOfThreads() {
        try (FloatMatrix x = bands(2)) {
            int[] labels = null;
            double[] losses = null;
            float[] shares = new float[K];
            float[] expected = null;
            for (int threads : new int[] {1, 2, 5}) {
                try (WorkerPool pool = WorkerPool.of(threads);
                        NeighborClusteringModel model = NeighborClustering.fit(x, OPTIONS, pool);
                        FloatMatrix probabilities = model.probabilities(x.rows(700, 1400), pool)) {
                    labels = labels == null ? model.labels() : labels;
                    losses = losses == null ? model.losses() : losses;
                    probabilities.getRow(611, shares);
                    expected = expected == null ? shares.clone() : expected;
                    assertThat(model.labels()).isEqualTo(labels);
                    assertThat(model.losses()).isEqualTo(losses);
                    assertThat(shares).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void anotherSeedIsAnotherRunAndNeighboursMayBeShared() {
        try (FloatMatrix x = bands(3)) {
            Neighbors many = NearestNeighbors.within(
                    x, NearestNeighbors.Options.defaults().withNeighbors(11));
            WorkerPool pool = WorkerPool.shared();
            // The heads use the first 8 of 11 neighbours; the graph of the votes uses all.
            Options options = OPTIONS.withSmoothing(0);
            try (NeighborClusteringModel one = NeighborClustering.fit(x, options);
                    NeighborClusteringModel same = NeighborClustering.fit(x, many, options, pool);
                    NeighborClusteringModel other = NeighborClustering.fit(x, options.withSeed(1))) {
                assertThat(same.losses()).isEqualTo(one.losses());
                assertThat(same.labels()).isEqualTo(one.labels());
                assertThat(other.losses()).isNotEqualTo(one.losses());
                assertThat(one.predict(x)).isEqualTo(one.labels());
            }
        }
    }

    @Test
    void reportsDisagreementOfHeads() {
        SplittableRandom random = new SplittableRandom(9);
        Options hasty = OPTIONS.withRestarts(new NeighborClustering.Restarts(4, 1, 0, 1, 1, 4))
                .withHead(OPTIONS.head().withLearningRate(1e-6))
                .withSmoothing(0);
        Options single = hasty.withRestarts(new NeighborClustering.Restarts(1, 1, 0, 1, 1, 1));
        try (FloatMatrix x = FloatMatrix.allocate(400, 12)) {
            for (int i = 0; i < 400; i++) {
                for (int j = 0; j < 12; j++) {
                    x.set(i, j, (float) random.nextGaussian());
                }
            }
            RowNormalizer.normalize(x);
            try (NeighborClusteringModel model = NeighborClustering.fit(x, hasty);
                    NeighborClusteringModel alone = NeighborClustering.fit(x, single)) {
                assertThat(model.agreement()).isLessThan(0.8);
                assertThat(model.converged()).isFalse();
                assertThat(alone.agreement()).isNaN();
                assertThat(alone.converged()).isFalse();
            }
        }
    }

    @Test
    void probabilitiesSumUpToOne() {
        try (FloatMatrix x = bands(4);
                NeighborClusteringModel model = NeighborClustering.fit(x, OPTIONS);
                FloatMatrix shares = model.probabilities(x, WorkerPool.shared())) {
            assertThat(shares.columns()).isEqualTo(K);
            for (int i = 0; i < N; i++) {
                float sum = 0;
                for (int k = 0; k < K; k++) {
                    sum += shares.get(i, k);
                }
                assertThat(sum).isCloseTo(1, within(1e-5f));
            }
        }
    }

    @Test
    void progressReachesTheTotal() {
        List<NeighborClustering.Progress> told = new ArrayList<>();
        Thread caller = Thread.currentThread();
        try (FloatMatrix x = bands(5);
                NeighborClusteringModel model = NeighborClustering.fit(x, OPTIONS.withProgress(p -> {
                    assertThat(Thread.currentThread()).isSameAs(caller);
                    told.add(p);
                }))) {
            assertThat(told.getLast()).isEqualTo(new NeighborClustering.Progress(6 * 8 + 3 * 13, 87));
        }
    }

    @Test
    void refusesInputThatDoesNotFit() {
        try (FloatMatrix x = FloatMatrix.allocate(9, 3)) {
            assertThatThrownBy(() -> NeighborClustering.fit(x, Options.defaults()))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("there are not 20 neighbours among 8 points");
            Options ten = Options.defaults().withNeighbors(3);
            assertThatThrownBy(() -> NeighborClustering.fit(x, ten))
                    .hasMessage("neighbour clustering cannot find 10 clusters in 9 rows");
            x.set(4, 2, Float.POSITIVE_INFINITY);
            assertThatThrownBy(() -> NeighborClustering.fit(x, ten.withClusters(2)))
                    .hasMessageContaining("holds Infinity in row 4, column 2");
            assertThatThrownBy(() -> Options.defaults().withClusters(1))
                    .hasMessage("neighbour clustering needs at least 2 clusters, not 1");
            assertThatThrownBy(() -> new Restarts(3, 2, 1, 4, 5, 5)).hasMessage("1 to 4 heads can vote, not 5");
            assertThatThrownBy(() -> new Restarts(3, 2, 0, 4, 5, 4)).hasMessage("1 to 3 heads can vote, not 4");
            assertThatThrownBy(() -> Head.defaults().withLearningRate(Double.NaN))
                    .hasMessage("the learning rate must be a finite number above 0, not NaN");
        }
    }

    @Test
    void refusesUseAfterClose() {
        try (FloatMatrix x = bands(6)) {
            NeighborClusteringModel model = NeighborClustering.fit(x, OPTIONS);
            model.close();
            model.close();
            assertThatThrownBy(() -> model.predict(x)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> model.predict(FloatMatrix.allocate(2, 5)))
                    .hasMessage("data of 5 columns does not fit a clustering of 12 columns");
        }
    }
}
