package io.heddle.bench.prediction;

import io.heddle.bench.BenchData;
import io.heddle.cluster.KMeans;
import io.heddle.cluster.KMeansModel;
import io.heddle.linear.LogisticModel;
import io.heddle.linear.LogisticRegression;
import io.heddle.matrix.FloatMatrix;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.IntStream;
import smile.clustering.CentroidClustering;
import smile.math.distance.EuclideanDistance;
import smile.util.IntSet;

/** Equal models of Heddle and Smile, so that the same predictions are measured. */
final class SameModels {
    /** Enough rows for typical weights. */
    private static final int ROWS = 4_000;

    private static final double LAMBDA = 1e-3;
    private static final double TOLERANCE = 1e-2;

    private SameModels() {}

    static LogisticModel logistic(BenchData data) {
        int rows = Math.min(ROWS, data.trainLabels().length);
        return LogisticRegression.fit(
                data.train().rows(0, rows),
                Arrays.copyOf(data.trainLabels(), rows),
                LogisticRegression.Options.defaults().withLambda(LAMBDA).withTolerance(TOLERANCE));
    }

    /** Smile has no weights for its last class, so Heddle's are subtracted from all others. */
    static smile.classification.LogisticRegression logistic(String name) throws IOException {
        try (BenchData data = BenchData.of(name);
                LogisticModel model = logistic(data)) {
            int classes = model.classes();
            IntSet labels = new IntSet(IntStream.range(0, classes).toArray());
            if (classes == 2) {
                // For two classes it has the weights of the second.
                return new smile.classification.LogisticRegression.Binomial(difference(model, 1, 0), 0, LAMBDA, labels);
            }
            double[][] weights = new double[classes - 1][];
            for (int c = 0; c < weights.length; c++) {
                weights[c] = difference(model, c, classes - 1);
            }
            return new smile.classification.LogisticRegression.Multinomial(weights, 0, LAMBDA, labels);
        }
    }

    private static double[] difference(LogisticModel model, int one, int other) {
        int features = model.features();
        double[] weights = new double[features + 1];
        for (int j = 0; j < features; j++) {
            weights[j] = (double) model.weights().get(one, j) - model.weights().get(other, j);
        }
        weights[features] = (double) model.intercepts()[one] - model.intercepts()[other];
        return weights;
    }

    static KMeansModel kMeans(BenchData data, int clusters) {
        int rows = Math.min(ROWS, data.trainLabels().length);
        return KMeans.fit(data.train().rows(0, rows), KMeans.Options.defaults().withClusters(clusters));
    }

    static CentroidClustering<double[], double[]> kMeans(String name, int clusters) throws IOException {
        try (BenchData data = BenchData.of(name);
                KMeansModel model = kMeans(data, clusters)) {
            FloatMatrix centroids = model.centroids();
            double[][] centres = new double[clusters][centroids.columns()];
            for (int c = 0; c < clusters; c++) {
                for (int j = 0; j < centroids.columns(); j++) {
                    centres[c][j] = centroids.get(c, j);
                }
            }
            int[] labels = model.labels();
            return new CentroidClustering<>(
                    "K-Means", centres, new EuclideanDistance(), labels, new double[labels.length]);
        }
    }
}
