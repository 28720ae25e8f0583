package io.heddle.bench.cold;

import io.heddle.bench.BenchData;
import io.heddle.cluster.KMeans;
import io.heddle.decomposition.Pca;
import io.heddle.linear.LogisticRegression;
import io.heddle.parallel.WorkerPool;

/** The fits whose first run in a process is measured, with the options of {@code bench/compare}. */
enum Fit {
    PCA_50("pca-50") {
        @Override
        void run(BenchData data, WorkerPool pool) {
            Pca.fit(data.train(), Pca.Options.defaults(), pool).close();
        }
    },
    MINI_BATCH_10("mini-batch-k10") {
        @Override
        void run(BenchData data, WorkerPool pool) {
            kMeans(data, KMeans.Algorithm.MINI_BATCH, 10, pool);
        }
    },
    MINI_BATCH_100("mini-batch-k100") {
        @Override
        void run(BenchData data, WorkerPool pool) {
            kMeans(data, KMeans.Algorithm.MINI_BATCH, 100, pool);
        }
    },
    LLOYD_10("lloyd-k10") {
        @Override
        void run(BenchData data, WorkerPool pool) {
            kMeans(data, KMeans.Algorithm.LLOYD, 10, pool);
        }
    },
    LLOYD_100("lloyd-k100") {
        @Override
        void run(BenchData data, WorkerPool pool) {
            kMeans(data, KMeans.Algorithm.LLOYD, 100, pool);
        }
    },
    LOGISTIC_L2("logistic-l2") {
        @Override
        void run(BenchData data, WorkerPool pool) {
            logistic(data, 0, 1e-3, pool);
        }
    },
    ELASTIC_NET("elastic-net") {
        @Override
        void run(BenchData data, WorkerPool pool) {
            logistic(data, 0.5, 5e-3, pool);
        }
    };

    private static final double LAMBDA = 1e-4;

    private final String name;

    Fit(String name) {
        this.name = name;
    }

    /** Fits once and frees the model. */
    abstract void run(BenchData data, WorkerPool pool);

    private static void kMeans(BenchData data, KMeans.Algorithm algorithm, int clusters, WorkerPool pool) {
        KMeans.Options options =
                KMeans.Options.defaults().withClusters(clusters).withAlgorithm(algorithm);
        KMeans.fit(data.train(), options, pool).close();
    }

    private static void logistic(BenchData data, double l1Ratio, double tolerance, WorkerPool pool) {
        LogisticRegression.Options options = LogisticRegression.Options.defaults()
                .withLambda(LAMBDA)
                .withL1Ratio(l1Ratio)
                .withTolerance(tolerance);
        LogisticRegression.fit(data.train(), data.trainLabels(), options, pool).close();
    }

    @Override
    public String toString() {
        return name;
    }
}
