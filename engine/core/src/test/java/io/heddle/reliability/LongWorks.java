package io.heddle.reliability;

import io.heddle.audit.LabelAudit;
import io.heddle.audit.NeighborAudit;
import io.heddle.cluster.KMeans;
import io.heddle.cluster.KMeansModel;
import io.heddle.cluster.StreamingKMeans;
import io.heddle.cluster.consensus.NeighborClustering;
import io.heddle.cluster.consensus.NeighborClusteringModel;
import io.heddle.decomposition.IncrementalPca;
import io.heddle.decomposition.Pca;
import io.heddle.decomposition.PcaModel;
import io.heddle.decomposition.RowNormalizer;
import io.heddle.linear.LogisticModel;
import io.heddle.linear.LogisticRegression;
import io.heddle.linear.RegularizationPath;
import io.heddle.matrix.FloatMatrix;
import io.heddle.metrics.Silhouette;
import io.heddle.neighbors.NearestNeighbors;
import io.heddle.neighbors.NeighborGraph;
import io.heddle.parallel.WorkerPool;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** All long computations of the core on data of one size. Each closes its results. */
final class LongWorks implements AutoCloseable {
    private static final int CLASSES = 4;

    /** Data and labels of one size. */
    record Data(FloatMatrix x, int[] labels) {}

    /** One of the computations. */
    @FunctionalInterface
    interface Work {
        /** Runs it completely. */
        void run(Data data, WorkerPool pool);
    }

    final Map<String, Work> all = new LinkedHashMap<>();
    final Data data;
    /** Too large to be solved in double from the start. */
    private final Data large;

    LongWorks(int rows, int columns) {
        data = data(rows, columns);
        large = data(3_000, 64);
        linear();
        linearInFloat();
        clusters();
        components();
        neighbors();
        predictions();
    }

    /** Four overlapping groups with a tenth of wrong labels, so that no solver ends immediately. */
    private static Data data(int rows, int columns) {
        Random random = new Random(1);
        FloatMatrix x = FloatMatrix.allocate(rows, columns);
        int[] labels = new int[rows];
        for (int i = 0; i < rows; i++) {
            int group = i % CLASSES;
            labels[i] = random.nextInt(10) == 0 ? random.nextInt(CLASSES) : group;
            for (int j = 0; j < columns; j++) {
                x.set(i, j, (float) (random.nextGaussian() + (j % CLASSES == group ? 1 : 0)));
            }
        }
        return new Data(x, labels);
    }

    private static LogisticRegression.Options logistic() {
        return LogisticRegression.Options.defaults().withTolerance(1e-6);
    }

    private void linear() {
        all.put("logistic L2", (d, pool) -> LogisticRegression.fit(d.x, d.labels, logistic(), pool)
                .close());
        all.put("logistic elastic net", (d, pool) -> LogisticRegression.fit(
                        d.x,
                        d.labels,
                        logistic().withL1Ratio(0.5).withLambda(1e-2).withStandardize(true),
                        pool)
                .close());
        all.put("logistic path", (d, pool) -> RegularizationPath.fit(
                        d.x,
                        d.labels,
                        new double[] {1e-1, 1e-2, 1e-3},
                        logistic().withL1Ratio(0.5).withTolerance(1e-3),
                        pool)
                .forEach(LogisticModel::close));
        all.put("label audit", (d, pool) -> LabelAudit.run(d.x, d.labels, LabelAudit.Options.defaults(), pool));
    }

    private void linearInFloat() {
        LogisticRegression.Options options = logistic().withTolerance(1e-3);
        all.put("logistic L2 in float", (d, pool) -> LogisticRegression.fit(large.x, large.labels, options, pool)
                .close());
        all.put("logistic elastic net in float", (d, pool) -> LogisticRegression.fit(
                        large.x, large.labels, options.withL1Ratio(0.5).withLambda(1e-3), pool)
                .close());
        all.put("logistic path in float", (d, pool) -> RegularizationPath.fit(
                        large.x, large.labels, new double[] {1e-2, 1e-3}, options.withL1Ratio(0.5), pool)
                .forEach(LogisticModel::close));
    }

    private void clusters() {
        KMeans.Options options = KMeans.Options.defaults().withClusters(12);
        all.put("k-means mini-batches", (d, pool) -> KMeans.fit(d.x, options.withBatchSize(256), pool)
                .close());
        all.put("k-means Lloyd", (d, pool) -> KMeans.fit(
                        d.x, options.withAlgorithm(KMeans.Algorithm.LLOYD).withInitializations(2), pool)
                .close());
        all.put("k-means Lloyd cosine", (d, pool) -> KMeans.fit(
                        d.x, options.withAlgorithm(KMeans.Algorithm.LLOYD).withDistance(KMeans.Distance.COSINE), pool)
                .close());
        all.put("streaming k-means", (d, pool) -> {
            try (StreamingKMeans stream = StreamingKMeans.of(8, 0)) {
                for (long from = 0; from + 200 <= d.x.rows(); from += d.x.rows() / 3) {
                    stream.partialFit(d.x.rows(from, from + 200), pool);
                }
                stream.model().close();
            }
        });
        all.put("neighbour clustering", (d, pool) -> NeighborClustering.fit(
                        d.x, NeighborClustering.Options.defaults().withClusters(CLASSES), pool)
                .close());
    }

    private void components() {
        for (Pca.Solver solver : Pca.Solver.values()) {
            all.put("PCA " + solver, (d, pool) -> Pca.fit(
                            d.x, Pca.Options.defaults().withComponents(8).withSolver(solver), pool)
                    .close());
        }
        all.put("PCA standardized, by share of variance", (d, pool) -> Pca.fit(
                        d.x, Pca.Options.defaults().withStandardize(true).withExplainedVariance(0.5), pool)
                .close());
        all.put("incremental PCA", (d, pool) -> {
            IncrementalPca pca = IncrementalPca.of(6);
            pca.partialFit(d.x.rows(0, d.x.rows() / 2), pool);
            pca.partialFit(d.x.rows(d.x.rows() / 2, d.x.rows()), pool);
            pca.model(false).close();
        });
    }

    private void neighbors() {
        for (NearestNeighbors.Metric metric : NearestNeighbors.Metric.values()) {
            NearestNeighbors.Options options =
                    NearestNeighbors.Options.defaults().withMetric(metric);
            all.put("neighbours within, " + metric, (d, pool) -> NearestNeighbors.within(d.x, options, pool));
            all.put("neighbours found, " + metric, (d, pool) -> NearestNeighbors.find(d.x, d.x, options, pool));
        }
        all.put("neighbour graph", (d, pool) -> NeighborGraph.of(
                        NearestNeighbors.within(d.x, NearestNeighbors.Options.defaults(), pool))
                .diffuse(d.x, 5, pool)
                .close());
        all.put("audit by neighbours", (d, pool) -> NeighborAudit.of(d.x, NeighborAudit.Options.defaults(), pool));
        all.put("silhouette", (d, pool) -> Silhouette.score(d.x, d.labels, Silhouette.Options.defaults(), pool));
    }

    private void predictions() {
        all.put("predictions of many rows", (d, pool) -> {
            try (LogisticModel logistic = LogisticRegression.fit(d.x, d.labels, logistic(), pool);
                    KMeansModel clusters =
                            KMeans.fit(d.x, KMeans.Options.defaults().withClusters(3), pool);
                    PcaModel components = Pca.fit(d.x, Pca.Options.defaults().withComponents(3), pool);
                    NeighborClusteringModel heads = NeighborClustering.fit(
                            d.x, NeighborClustering.Options.defaults().withClusters(CLASSES), pool)) {
                logistic.predict(d.x);
                logistic.probabilities(d.x).close();
                clusters.predict(d.x);
                clusters.distances(d.x).close();
                heads.predict(d.x);
                try (FloatMatrix less = components.transform(d.x, pool)) {
                    components.inverseTransform(less, pool).close();
                }
            }
            try (FloatMatrix copy = d.x.gather(new int[] {0, 1, 2})) {
                RowNormalizer.normalize(copy, pool);
            }
        });
    }

    @Override
    public void close() {
        data.x.close();
        large.x.close();
    }
}
