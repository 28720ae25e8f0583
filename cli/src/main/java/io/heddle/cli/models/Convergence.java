package io.heddle.cli.models;

import io.heddle.cluster.KMeansModel;
import io.heddle.decomposition.PcaModel;
import io.heddle.linear.LogisticModel;
import io.heddle.linear.LogisticRegression;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Reports fits that did not converge or have empty clusters, and what to do. */
public final class Convergence {
    /** The progress of a complete fit, in percent. */
    public static final int PERCENT = 100;

    private static final int MAXIMUM_NAMED = 20;

    private Convergence() {}

    /** Returns the progress of a fit, in percent: from a gap of 1 to the tolerance, on a logarithmic scale. */
    public static long percent(LogisticRegression.Progress progress, LogisticRegression.Options options) {
        double share = Math.log(progress.certificate()) / Math.log(options.tolerance());
        return Math.round(PERCENT * Math.clamp(Double.isNaN(share) ? 0 : share, 0, 1));
    }

    /** Reports a fit that did not converge. */
    public static void report(LogisticModel model, LogisticRegression.Options options, PrintStream err) {
        if (!model.converged()) {
            err.printf(
                    "The fit did not converge: it ended after %d iterations with a relative gap of %.1e, above the tolerance %s. %s%n",
                    model.iterations(),
                    model.certificate().relative(),
                    options.tolerance(),
                    advice(model.iterations(), options));
        }
    }

    /** Reports penalties whose fits did not converge. */
    public static void report(long unfinished, int all, LogisticRegression.Options options, PrintStream err) {
        if (unfinished > 0) {
            err.printf(
                    "%d of %d penalties have a fit that did not converge to the tolerance %s. %s%n",
                    unfinished, all, options.tolerance(), advice(options.maxIterations(), options));
        }
    }

    private static String advice(int iterations, LogisticRegression.Options options) {
        boolean limited = iterations >= options.maxIterations();
        if (options.lambda() == 0) {
            return "Without a penalty, classes that columns separate have no optimum: set --lambda above 0.";
        }
        String scaled = options.standardize() ? "" : limited ? ", or add --standardize" : "add --standardize, or ";
        return limited
                ? "Increase --max-iterations above %d%s.".formatted(options.maxIterations(), scaled)
                : "More iterations do not help: %sincrease --tolerance or --lambda.".formatted(scaled);
    }

    public static void report(KMeansModel model, int maxIterations, PrintStream err) {
        if (!model.converged()) {
            err.printf(
                    "k-means did not converge within --max-iterations %d: increase it, or use fewer clusters%n",
                    maxIterations);
        }
        reportEmpty(model.emptyClusters(), err);
    }

    /** Reports clusters without rows. */
    static void reportEmpty(int[] empty, PrintStream err) {
        if (empty.length > 0) {
            String named = Arrays.stream(empty)
                    .limit(MAXIMUM_NAMED)
                    .mapToObj(Integer::toString)
                    .collect(Collectors.joining(", "));
            err.printf(
                    "%d of the clusters %s empty: %s%s; the data may have fewer distinct rows than clusters%n",
                    empty.length, empty.length == 1 ? "is" : "are", named, empty.length > MAXIMUM_NAMED ? ", ..." : "");
        }
    }

    public static void report(PcaModel model, PrintStream err) {
        if (!model.converged()) {
            err.printf(
                    "PCA did not converge within %d passes: the components may miss more than 1e-4 of the variance;"
                            + "  use --solver covariance, or fewer components%n",
                    model.iterations());
        }
    }
}
