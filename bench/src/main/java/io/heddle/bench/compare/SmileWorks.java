package io.heddle.bench.compare;

import com.fasterxml.jackson.databind.JsonNode;
import io.heddle.bench.SmileLibraries;
import io.heddle.bench.SmileRows;
import io.heddle.matrix.FloatMatrix;
import java.util.Map;
import java.util.Optional;
import smile.classification.LogisticRegression;
import smile.clustering.CentroidClustering;
import smile.clustering.Clustering;
import smile.clustering.KMeans;
import smile.feature.extraction.PCA;
import smile.math.MathEx;
import smile.tensor.DenseMatrix;

/**
 * Runs the same tasks with Smile. Its arrays of doubles are copied before the measurement.
 *
 * <p>Smile sums the losses that Heddle averages, so its λ is n times as large. It has no weights for the last class,
 * which are zeros here. It uses the threads of Java's common pool.
 */
final class SmileWorks implements TaskRunner {
    private static final double NANOS = 1e-9;
    private static final double TOLERANCE = 1e-5;

    private final Map<String, FloatMatrix> matrices;
    private final int[] labels;
    private double[][] x;

    SmileWorks(Map<String, FloatMatrix> matrices, int[] labels) {
        this.matrices = matrices;
        this.labels = labels;
    }

    static Optional<String> openBlasKernel() {
        return SmileLibraries.openBlasKernel();
    }

    @Override
    public Works.Outcome run(JsonNode request) {
        if (x == null) {
            x = rows(matrices.get("x"));
        }
        String work = request.required("work").asText();
        return switch (work) {
            case "logistic" -> logistic(request);
            case "kmeans" -> kMeans(request);
            case "pca" -> pca(request);
            default -> throw new IllegalArgumentException("Smile has no task '" + work + "'");
        };
    }

    private static double[][] rows(FloatMatrix m) {
        if (m == null) {
            throw new IllegalArgumentException("the matrix 'x' has not been opened");
        }
        return SmileRows.of(m);
    }

    private Works.Outcome logistic(JsonNode request) {
        double lambda = request.required("lambdas").required(0).asDouble() * x.length;
        int iterations = request.required("maxIterations").asInt();
        var options = new LogisticRegression.Options(lambda, TOLERANCE, iterations);
        long start = System.nanoTime();
        LogisticRegression.Multinomial model = LogisticRegression.multinomial(x, labels, options);
        double seconds = (System.nanoTime() - start) * NANOS;
        double[][] weights = model.coefficients();
        int width = x[0].length + 1;
        double[] found = new double[model.numClasses() * width];
        for (int c = 0; c < weights.length; c++) {
            System.arraycopy(weights[c], 0, found, c * width, width);
        }
        return new Works.Outcome(seconds, iterations, 0, found);
    }

    private Works.Outcome kMeans(JsonNode request) {
        MathEx.setSeed(request.path("seed").asLong() + 1);
        int iterations = request.required("maxIterations").asInt();
        var options = new Clustering.Options(
                request.required("clusters").asInt(),
                iterations,
                request.required("tolerance").asDouble(),
                null);
        long start = System.nanoTime();
        CentroidClustering<double[], double[]> model = KMeans.lloyd(x, options);
        double seconds = (System.nanoTime() - start) * NANOS;
        double[][] centres = model.centers();
        double[] found = new double[centres.length * x[0].length];
        for (int c = 0; c < centres.length; c++) {
            System.arraycopy(centres[c], 0, found, c * x[0].length, x[0].length);
        }
        return new Works.Outcome(seconds, iterations, 0, found);
    }

    private Works.Outcome pca(JsonNode request) {
        if (openBlasKernel().isEmpty()) {
            throw new IllegalStateException(SmileLibraries.report());
        }
        int components = request.required("components").asInt();
        long start = System.nanoTime();
        PCA model = PCA.fit(x).getProjection(components);
        double seconds = (System.nanoTime() - start) * NANOS;
        DenseMatrix loadings = model.loadings();
        double[] found = new double[components * x[0].length];
        for (int i = 0; i < components; i++) {
            for (int j = 0; j < x[0].length; j++) {
                found[i * x[0].length + j] = loadings.get(j, i);
            }
        }
        return new Works.Outcome(seconds, 1, 0, found);
    }
}
