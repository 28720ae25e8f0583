package io.heddle.bench.compare;

import com.fasterxml.jackson.databind.JsonNode;
import io.heddle.cluster.KMeans;
import io.heddle.cluster.KMeansModel;
import io.heddle.decomposition.Pca;
import io.heddle.decomposition.PcaModel;
import io.heddle.internal.gemm.Gemm;
import io.heddle.linear.LogisticModel;
import io.heddle.linear.LogisticRegression;
import io.heddle.linear.RegularizationPath;
import io.heddle.matrix.FloatMatrix;
import io.heddle.neighbors.NearestNeighbors;
import io.heddle.neighbors.Neighbors;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Measures tasks on matrices in memory. Only the call of the engine is measured. The result is returned as doubles for
 * the evaluation.
 */
final class Works implements TaskRunner {
    private static final double NANOS = 1e-9;
    /** Duration of the repetitions of a product, which takes only milliseconds. The median counts. */
    private static final double PRODUCT_SECONDS = 0.3;

    private static final int MINIMUM_PRODUCTS = 3;

    /**
     * @param passes passes over the data if the engine counts them, otherwise 0
     * @param found weights with the intercept last, centres, components, a product or neighbours, row by row
     */
    record Outcome(double seconds, int iterations, int passes, double[] found) {}

    private final Map<String, FloatMatrix> matrices;
    private final int[] labels;
    private final WorkerPool pool;

    /** @param labels one for each row of the matrix {@code x}; empty if the task needs none */
    Works(Map<String, FloatMatrix> matrices, int[] labels, WorkerPool pool) {
        this.matrices = matrices;
        this.labels = labels;
        this.pool = pool;
    }

    /** Runs the task of a request, with its options and otherwise Heddle's defaults. */
    @Override
    public Outcome run(JsonNode request) {
        String work = request.required("work").asText();
        return switch (work) {
            case "logistic" -> logistic(request);
            case "pca" -> pca(request);
            case "kmeans" -> kMeans(request);
            case "gemm" -> product(request.path("transposed").asBoolean());
            case "knn" -> nearestNeighbors(request);
            default -> throw new IllegalArgumentException("there is no task '" + work + "'");
        };
    }

    private FloatMatrix matrix(String name) {
        FloatMatrix m = matrices.get(name);
        if (m == null) {
            throw new IllegalArgumentException("the matrix '" + name + "' has not been opened");
        }
        return m;
    }

    /** Runs a fit, or for several lambdas a path with warm starts. */
    private Outcome logistic(JsonNode request) {
        var defaults = LogisticRegression.Options.defaults();
        var options = defaults.withL1Ratio(request.path("l1Ratio").asDouble(defaults.l1Ratio()))
                .withTolerance(request.path("tolerance").asDouble(defaults.tolerance()))
                .withMaxIterations(request.path("maxIterations").asInt(defaults.maxIterations()))
                .withSeed(request.path("seed").asLong());
        FloatMatrix x = matrix("x");
        JsonNode asked = request.required("lambdas");
        double[] lambdas = new double[asked.size()];
        for (int l = 0; l < lambdas.length; l++) {
            lambdas[l] = asked.get(l).asDouble();
        }
        long start = System.nanoTime();
        List<LogisticModel> models = lambdas.length == 1
                ? List.of(LogisticRegression.fit(x, labels, options.withLambda(lambdas[0]), pool))
                : RegularizationPath.fit(x, labels, lambdas, options, pool);
        double seconds = (System.nanoTime() - start) * NANOS;
        int iterations = 0;
        // A path counts iterations from its start.
        int passes = models.getLast().passes();
        int width = x.columns() + 1;
        int size = models.getFirst().classes() * width;
        double[] found = new double[models.size() * size];
        for (int l = 0; l < models.size(); l++) {
            try (LogisticModel model = models.get(l)) {
                iterations += model.iterations();
                float[] intercepts = model.intercepts();
                for (int c = 0; c < intercepts.length; c++) {
                    int at = l * size + c * width;
                    copyRow(model.weights(), c, found, at);
                    found[at + width - 1] = intercepts[c];
                }
            }
        }
        return new Outcome(seconds, iterations, passes, found);
    }

    private Outcome pca(JsonNode request) {
        var options = Pca.Options.defaults()
                .withComponents(request.required("components").asInt())
                .withSolver(Pca.Solver.valueOf(request.path("solver").asText("AUTO")))
                .withSeed(request.path("seed").asLong());
        long start = System.nanoTime();
        PcaModel model = Pca.fit(matrix("x"), options, pool);
        double seconds = (System.nanoTime() - start) * NANOS;
        try (model) {
            return new Outcome(seconds, 1, 0, values(model.components()));
        }
    }

    private Outcome kMeans(JsonNode request) {
        var defaults = KMeans.Options.defaults();
        var options = defaults.withClusters(request.required("clusters").asInt())
                .withAlgorithm(
                        KMeans.Algorithm.valueOf(request.required("algorithm").asText()))
                .withBatchSize(request.path("batchSize").asInt(defaults.batchSize()))
                .withMaxIterations(request.path("maxIterations").asInt(defaults.maxIterations()))
                .withTolerance(request.path("tolerance").asDouble(defaults.tolerance()))
                .withSeed(request.path("seed").asLong());
        long start = System.nanoTime();
        KMeansModel model = KMeans.fit(matrix("x"), options, pool);
        double seconds = (System.nanoTime() - start) * NANOS;
        try (model) {
            return new Outcome(seconds, model.iterations(), 0, values(model.centroids()));
        }
    }

    private Outcome product(boolean transposed) {
        FloatMatrix a = matrix("a");
        FloatMatrix b = matrix("b");
        try (FloatMatrix c = FloatMatrix.allocate(transposed ? a.columns() : a.rows(), b.columns())) {
            double[] seconds = new double[1 << 16];
            double sum = 0;
            int calls = 0;
            while (calls < MINIMUM_PRODUCTS || sum < PRODUCT_SECONDS && calls < seconds.length) {
                long start = System.nanoTime();
                Gemm.multiply(a, transposed, b, false, c, pool);
                seconds[calls] = (System.nanoTime() - start) * NANOS;
                sum += seconds[calls++];
            }
            Arrays.sort(seconds, 0, calls);
            return new Outcome(seconds[calls / 2], calls, 0, values(c));
        }
    }

    /** Each point is its own neighbour, as in faiss. */
    private Outcome nearestNeighbors(JsonNode request) {
        var options = NearestNeighbors.Options.defaults()
                .withNeighbors(request.required("neighbors").asInt())
                .withIncludeSelf(true);
        long start = System.nanoTime();
        Neighbors found = NearestNeighbors.within(matrix("points"), options, pool);
        double seconds = (System.nanoTime() - start) * NANOS;
        return new Outcome(
                seconds, 1, 0, Arrays.stream(found.indices()).asDoubleStream().toArray());
    }

    private static double[] values(FloatMatrix m) {
        double[] values = new double[Math.toIntExact(m.rows() * m.columns())];
        for (int i = 0; i < m.rows(); i++) {
            copyRow(m, i, values, i * m.columns());
        }
        return values;
    }

    private static void copyRow(FloatMatrix m, int row, double[] target, int at) {
        float[] values = new float[m.columns()];
        m.getRow(row, values);
        for (int j = 0; j < values.length; j++) {
            target[at + j] = values[j];
        }
    }
}
