package io.heddle.cli.models;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.cli.options.CommonFlags;
import io.heddle.cli.terminal.Activity;
import io.heddle.cluster.KMeans;
import io.heddle.cluster.KMeansModel;
import io.heddle.data.Labels;
import io.heddle.decomposition.Pca;
import io.heddle.decomposition.PcaModel;
import io.heddle.linear.LogisticModel;
import io.heddle.linear.LogisticRegression;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.model.Stage;
import io.heddle.parallel.WorkerPool;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Fits the stages of a pipeline in order, each to the output of the previous one. */
public final class PipelineFit implements AutoCloseable {
    /** Null if all rows count once. */
    private final double[] weights;

    private final PrintStream err;
    private final List<Stage> stages = new ArrayList<>();
    private final List<AutoCloseable> owned = new ArrayList<>();
    /** The output of the stages so far; the caller's rows if there are no stages. */
    private DataMatrix rows;

    private PipelineFit(DataMatrix rows, double[] weights, PrintStream err) {
        this.rows = rows;
        this.weights = weights;
        this.err = err;
    }

    /**
     * Fits the stages before the classifier or the clusters.
     *
     * @param rows the rows, owned by the caller
     * @param weights weights of the rows, or null
     * @param scale whether columns are standardized first, for rows without weights
     * @param components options of the principal components; empty for unchanged columns
     */
    public static PipelineFit of(
            DataMatrix rows, double[] weights, boolean scale, Optional<Pca.Options> components, PrintStream err) {
        PipelineFit fit = new PipelineFit(rows, weights, err);
        try {
            if (scale) {
                fit.scale();
            }
            components.ifPresent(fit::reduce);
            return fit;
        } catch (RuntimeException | Error e) {
            fit.close();
            throw e;
        }
    }

    private void scale() {
        int d = rows.columns();
        double[] mean = new double[d];
        double[] squares = new double[d];
        for (long i = 0; i < rows.rows(); i++) {
            for (int j = 0; j < d; j++) {
                mean[j] += rows.get(i, j) / (double) rows.rows();
            }
        }
        for (long i = 0; i < rows.rows(); i++) {
            for (int j = 0; j < d; j++) {
                squares[j] += (rows.get(i, j) - mean[j]) * (rows.get(i, j) - mean[j]);
            }
        }
        float[] shift = new float[d];
        float[] factor = new float[d];
        for (int j = 0; j < d; j++) {
            shift[j] = (float) mean[j];
            double deviation = Math.sqrt(squares[j] / rows.rows());
            // A constant column has no information.
            factor[j] = deviation > Math.ulp(shift[j]) ? (float) (1 / deviation) : 1;
        }
        FloatMatrix scaled = FloatMatrix.allocate(rows.rows(), d);
        owned.add(scaled);
        for (long i = 0; i < rows.rows(); i++) {
            for (int j = 0; j < d; j++) {
                scaled.set(i, j, (rows.get(i, j) - shift[j]) * factor[j]);
            }
        }
        stages.add(Stage.scale(shift, factor));
        rows = scaled;
    }

    private void reduce(Pca.Options options) {
        try (Activity activity = Activity.start(err, "PCA")) {
            PcaModel model = Pca.fit(
                    rows,
                    weights,
                    options.withProgress(
                            p -> activity.advancedAtMost(p.pass(), p.maximumPasses(), "pass %d".formatted(p.pass()))),
                    WorkerPool.shared());
            owned.add(model);
            stages.add(Stage.of(model));
            Convergence.report(model, err);
            FloatMatrix reduced = model.transform(rows);
            owned.add(reduced);
            rows = reduced;
        }
    }

    /** Fits a classifier as the last stage. */
    public void classify(Labels labels, LogisticRegression.Options options) {
        try (Activity activity = Activity.start(err, "Logistic regression")) {
            LogisticModel model = LogisticRegression.fit(
                    rows,
                    labels.values(),
                    weights,
                    options.withProgress(p -> activity.advanced(
                            Convergence.percent(p, options),
                            Convergence.PERCENT,
                            "iteration %d, gap %.1e".formatted(p.iteration(), p.certificate()))),
                    WorkerPool.shared());
            owned.add(model);
            stages.add(Stage.of(model));
            Convergence.report(model, options, err);
        }
    }

    /** Fits clusters as the last stage. */
    public void cluster(int clusters, KMeans.Algorithm algorithm, long seed) {
        try (Activity activity = Activity.start(err, "k-means")) {
            KMeans.Options options = KMeans.Options.defaults()
                    .withAlgorithm(algorithm)
                    .withClusters(clusters)
                    .withSeed(seed);
            KMeans.Options watched = options.withProgress(new KMeansSteps(options, rows.rows(), activity));
            KMeansModel model = weights == null
                    ? KMeans.fit(rows, watched)
                    : KMeans.fit(rows, weights, watched, WorkerPool.shared());
            owned.add(model);
            stages.add(Stage.of(model));
            Convergence.report(model, options.maxIterations(), err);
        }
    }

    /** Returns the stages, whose models this object owns. */
    public List<Stage> stages() {
        return stages;
    }

    private static boolean converged(Stage stage) {
        return switch (stage) {
            case Stage.Scale s -> true;
            case Stage.Components c -> c.model().converged();
            case Stage.Classifier c -> c.model().converged();
            case Stage.Clusters c -> c.model().converged();
            case Stage.Neighbors n -> true;
        };
    }

    /** Returns lines that describe the stages. */
    public void describe(ObjectNode node, List<String> lines) {
        boolean converged = stages.stream().allMatch(PipelineFit::converged);
        for (Stage stage : stages) {
            switch (stage) {
                case Stage.Scale s -> {}
                case Stage.Neighbors n -> {}
                case Stage.Components c -> {
                    double explained =
                            Arrays.stream(c.model().explainedVarianceRatio()).sum();
                    node.put("components", c.outputs()).put("explainedVarianceRatio", explained);
                    lines.add(CommonFlags.line(
                            "components", "%d, %.4f of the variance".formatted(c.outputs(), explained)));
                }
                case Stage.Classifier c -> {
                    node.put("objective", c.model().objective())
                            .put("nonZeros", c.model().nonZeros())
                            .put("iterations", c.model().iterations())
                            .put("converged", converged);
                    lines.add(CommonFlags.line(
                            "objective", "%.7g".formatted(c.model().objective())));
                }
                case Stage.Clusters c -> {
                    node.put("clusters", c.outputs())
                            .put("inertia", c.model().inertia())
                            .put("converged", converged);
                    lines.add(CommonFlags.line(
                            "inertia", "%.7g".formatted(c.model().inertia())));
                }
            }
        }
    }

    @Override
    public void close() {
        for (AutoCloseable each : owned.reversed()) {
            try {
                each.close();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
