package io.heddle.reliability;

import io.heddle.cluster.KMeans;
import io.heddle.cluster.KMeansModel;
import io.heddle.cluster.StreamingKMeans;
import io.heddle.cluster.consensus.NeighborClustering;
import io.heddle.decomposition.IncrementalPca;
import io.heddle.decomposition.Pca;
import io.heddle.linear.LogisticModel;
import io.heddle.linear.LogisticRegression;
import io.heddle.linear.RegularizationPath;
import io.heddle.matrix.FloatMatrix;
import io.heddle.neighbors.NearestNeighbors;
import io.heddle.parallel.WorkerPool;
import java.util.List;
import java.util.Random;

/**
 * Measures the peak of the off-heap memory of a fit beside the bound in its Javadoc: {@code java ... FitMemory NUMBER},
 * in a JVM with {@code -XX:NativeMemoryTracking=summary}. One fit per JVM, because its peak never decreases.
 */
public final class FitMemory {
    private static final int THREADS = 2;
    /** Packed operands of products, at most 1 MB per thread. */
    private static final long PACKING = THREADS << 20;

    private static final int CLASSES = 4;

    /**
     * A fit.
     *
     * @param bound of its off-heap memory in bytes, by its Javadoc
     */
    private record Case(String name, int rows, int columns, long bound, Fit fit) {}

    @FunctionalInterface
    private interface Fit {
        void run(FloatMatrix x, int[] labels, WorkerPool pool);
    }

    private FitMemory() {}

    /** Prints the name of a fit, its peak and its bound in bytes; args[0] is the number of the fit, from 0 on. */
    public static void main(String[] args) {
        measure(cases().get(Integer.parseInt(args[0])));
    }

    /** {@return the number of fits} */
    static int count() {
        return cases().size();
    }

    private static void measure(Case c) {
        Random random = new Random(1);
        int[] labels = new int[c.rows];
        try (FloatMatrix x = FloatMatrix.allocate(c.rows, c.columns);
                WorkerPool pool = WorkerPool.of(THREADS)) {
            for (int i = 0; i < c.rows; i++) {
                labels[i] = i % CLASSES;
                for (int j = 0; j < c.columns; j++) {
                    x.set(i, j, (float) (random.nextGaussian() / (1 + j / 16) + (j % CLASSES == labels[i] ? 1 : 0)));
                }
            }
            long base = NativeUse.bytes();
            c.fit.run(x, labels, pool);
            long peak = NativeUse.peak();
            System.out.printf("%s: %d of %d bytes%n", c.name, peak - base, c.bound);
        }
    }

    /** Bytes of a matrix of floats. */
    private static long bytes(long rows, long columns) {
        return 4 * rows * padded(columns);
    }

    private static long padded(long columns) {
        return (columns + 15) / 16 * 16;
    }

    private static List<Case> cases() {
        return List.of(
                covariance(3_000, 384),
                rows(250, 2_500),
                randomized(12_288, 256, 8),
                incremental(250, 800, 20),
                lloyd(12_000, 160, 60),
                lloyd(33_000, 256, 260),
                miniBatch(5_000, 300, 20),
                miniBatch(20_000, 160, 60),
                firstBatch(12_000, 160, 60),
                laterBatch(1_000, 500, 200),
                neighbors(4_000, 100, NearestNeighbors.Metric.COSINE),
                neighbors(4_000, 100, NearestNeighbors.Metric.EUCLIDEAN),
                ofQueries(4_000, 1_500, 100, NearestNeighbors.Metric.COSINE),
                ofQueries(4_000, 1_500, 100, NearestNeighbors.Metric.EUCLIDEAN),
                sameDirection(4_000, 1_500, 100),
                heads(2_500, 30),
                logistic(6_000, 100, 0),
                logistic(6_000, 100, 0.5),
                path(6_000, 100));
    }

    private static Case covariance(int n, int d) {
        long bound = bytes(9L * d + 512 * THREADS, d) + PACKING;
        return new Case("PCA, covariance of columns", n, d, bound, (x, labels, pool) -> Pca.fit(
                        x, Pca.Options.defaults().withComponents(5).withSolver(Pca.Solver.COVARIANCE), pool)
                .close());
    }

    private static Case rows(int n, int d) {
        int k = 5;
        long bound = 2 * bytes(n, d) + bytes(n, n) + bytes(k, n) + 2 * bytes(k, d) + PACKING;
        return new Case("PCA, inner products of rows", n, d, bound, (x, labels, pool) -> Pca.fit(
                        x, Pca.Options.defaults().withComponents(k).withSolver(Pca.Solver.COVARIANCE), pool)
                .close());
    }

    private static Case randomized(int n, int d, int k) {
        long b = padded(k + 12);
        long bound = bytes(13L * d + 256 * THREADS, d) + bytes((THREADS + 4L) * d + 128 * THREADS, b) + PACKING;
        return new Case("PCA, randomized", n, d, bound, (x, labels, pool) -> Pca.fit(
                        x, Pca.Options.defaults().withComponents(k).withSolver(Pca.Solver.RANDOMIZED), pool)
                .close());
    }

    private static Case incremental(int m, int d, int k) {
        long side = m + k + 1;
        long bound = 3 * bytes(side, d) + bytes(side, side) + bytes(k, side) + 2 * bytes(k, d) + PACKING;
        return new Case("PCA of batches", 2 * m, d, bound, (x, labels, pool) -> {
            IncrementalPca pca = IncrementalPca.of(k);
            pca.partialFit(x.rows(0, m), pool);
            pca.partialFit(x.rows(m, 2L * m), pool);
        });
    }

    private static Case lloyd(int n, int d, int k) {
        return new Case("k-means, Lloyd, d = " + d, n, d, lloydBytes(n, d, k), (x, labels, pool) -> KMeans.fit(
                        x,
                        KMeans.Options.defaults()
                                .withAlgorithm(KMeans.Algorithm.LLOYD)
                                .withClusters(k)
                                .withMaxIterations(3),
                        pool)
                .close());
    }

    private static long lloydBytes(int n, int d, int k) {
        long groups = padded(Math.min(64, k / 6 + 1));
        long sketches = d >= 128 ? 32 : 0;
        long bound = bytes(n, groups + sketches) + bytes(4L * k + 256 * THREADS + 2_048, d) + PACKING;
        int sample = 16_384;
        return n >= 2 * sample ? bound + bytes(sample, d + 80) : bound;
    }

    private static Case firstBatch(int m, int d, int k) {
        long bound = lloydBytes(m, d, k) + bytes(k, d);
        return new Case("streaming k-means, first batch", m, d, bound, (x, labels, pool) -> {
            try (StreamingKMeans stream = StreamingKMeans.of(k, 1)) {
                stream.partialFit(x, pool);
            }
        });
    }

    /** The stream starts from the model of one iteration on as many rows as clusters. */
    private static Case laterBatch(int m, int d, int k) {
        long bound = bytes(3L * k + 128 * THREADS + 34, d) + bytes(128L * THREADS, k) + PACKING + bytes(k, d);
        KMeans.Options options = KMeans.Options.defaults()
                .withAlgorithm(KMeans.Algorithm.LLOYD)
                .withClusters(k)
                .withMaxIterations(1);
        return new Case("streaming k-means, later batch", m, d, bound, (x, labels, pool) -> {
            try (KMeansModel model = KMeans.fit(x.rows(0, k), options, pool);
                    StreamingKMeans stream = StreamingKMeans.from(model, 1)) {
                stream.partialFit(x, pool);
            }
        });
    }

    private static Case miniBatch(int n, int d, int k) {
        int batch = 1_024;
        long bound = bytes(4L * batch + 5L * k, d) + bytes(3L * batch, 48) + bytes(128L * THREADS, k) + PACKING;
        bound += k < 48 ? 0 : bytes(n, 32);
        return new Case("k-means, mini-batch", n, d, bound, (x, labels, pool) -> KMeans.fit(
                        x, KMeans.Options.defaults().withClusters(k), pool)
                .close());
    }

    private static Case neighbors(int n, int d, NearestNeighbors.Metric metric) {
        boolean cosine = metric == NearestNeighbors.Metric.COSINE;
        long bound = cosine ? 2 * bytes(n, d) : 3 * bytes(n, d + 2);
        bound += bytes(384L * THREADS, 32 + d) + PACKING;
        return new Case(
                "nearest neighbours, " + metric,
                n,
                d,
                bound,
                (x, labels, pool) -> NearestNeighbors.within(
                        x, NearestNeighbors.Options.defaults().withMetric(metric), pool));
    }

    private static Case ofQueries(int n, int m, int d, NearestNeighbors.Metric metric) {
        long side = metric == NearestNeighbors.Metric.COSINE ? d : d + 2;
        long bound = bytes(n + 2L * m, side) + bytes(384L * THREADS, 32 + d) + PACKING;
        NearestNeighbors.Options options = NearestNeighbors.Options.defaults().withMetric(metric);
        return new Case(
                "nearest neighbours of queries, " + metric,
                n,
                d,
                bound,
                (x, labels, pool) -> NearestNeighbors.find(x.rows(0, m), x, options, pool));
    }

    /** COSINE, computed from differences of directions. */
    private static Case sameDirection(int n, int m, int d) {
        long bound = bytes(n + 2L * m, d + 2) + bytes(384L * THREADS, 32 + d) + 2 * bytes(n + m, d) + PACKING;
        return new Case("nearest neighbours of queries, one direction", n, d, bound, (x, labels, pool) -> {
            for (int i = 0; i < n; i++) {
                x.set(i, 0, x.get(i, 0) + 10_000);
            }
            NearestNeighbors.find(x.rows(0, m), x, NearestNeighbors.Options.defaults(), pool);
        });
    }

    private static Case heads(int n, int d) {
        NeighborClustering.Options options = NeighborClustering.Options.defaults()
                .withClusters(4)
                .withNeighbors(5)
                .withRestarts(new NeighborClustering.Restarts(4, 1, 1, 2, 1, 2));
        int k = options.clusters();
        int h = options.head().hidden();
        int batch = 2 * options.head().batchSize();
        long heads = options.restarts().heads();
        long bound = bytes(n, d + 1)
                + (heads + options.restarts().successors() + 1) * bytes(n, k)
                + 4 * heads * (bytes(d + 1, h) + bytes(k, h))
                + THREADS * (bytes(batch, d + 1) + bytes(batch + 256, h) + 2 * bytes(k, batch) + 2 * bytes(d + 1, h));
        return new Case("neighbour clustering", n, d, bound + PACKING, (x, labels, pool) -> NeighborClustering.fit(
                        x, options, pool)
                .close());
    }

    private static Case logistic(int n, int d, double l1Ratio) {
        LogisticRegression.Options options =
                LogisticRegression.Options.defaults().withLambda(1e-3).withL1Ratio(l1Ratio);
        return new Case(
                "logistic regression, l1Ratio = " + l1Ratio,
                n,
                d,
                logisticBytes(n, d),
                (x, labels, pool) ->
                        LogisticRegression.fit(x, labels, options, pool).close());
    }

    private static long logisticBytes(int n, int d) {
        int k = CLASSES;
        long width = padded(d + 1);
        // The last product: at most one copy of the rows for each class, to estimate the curvature of a few of them.
        return 3 * bytes(n, k)
                + 24L * n * k
                + bytes(34L * k, d)
                + 2 * k * bytes(width, width)
                + k * bytes(n, d)
                + THREADS * bytes(512 + width, width)
                + PACKING;
    }

    /** With a tolerance that needs iterations in float and in double. */
    private static Case path(int n, int d) {
        double[] lambdas = {1e-2, 3e-3, 1e-3};
        long bound = logisticBytes(n, d) + (lambdas.length - 1) * (bytes(CLASSES, d) + bytes(1, CLASSES));
        LogisticRegression.Options options =
                LogisticRegression.Options.defaults().withL1Ratio(0.5).withTolerance(1e-6);
        return new Case("regularization path", n, d, bound, (x, labels, pool) -> RegularizationPath.fit(
                        x, labels, lambdas, options, pool)
                .forEach(LogisticModel::close));
    }
}
