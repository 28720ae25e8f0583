package io.heddle.cli;

import io.heddle.linear.LogisticModel;
import io.heddle.linear.LogisticRegression;
import java.io.PrintStream;

/** Says that fits ended before their tolerance, and what to do about it. */
final class Convergence {
    private Convergence() {}

    /** Nothing where the fit converged. */
    static void report(LogisticModel model, LogisticRegression.Options options, PrintStream err) {
        if (!model.converged()) {
            err.printf(
                    "The fit did not converge: it ended after %d rounds with a relative gap of %.1e, above the tolerance %s. %s%n",
                    model.iterations(),
                    model.certificate().relative(),
                    options.tolerance(),
                    advice(model.iterations(), options));
        }
    }

    /** Nothing where all fits converged. */
    static void report(long unfinished, int all, LogisticRegression.Options options, PrintStream err) {
        if (unfinished > 0) {
            err.printf(
                    "%d of %d penalties have a fit that did not converge to the tolerance %s. %s%n",
                    unfinished, all, options.tolerance(), advice(options.maxIterations(), options));
        }
    }

    private static String advice(int rounds, LogisticRegression.Options options) {
        boolean limited = rounds >= options.maxIterations();
        if (options.lambda() == 0) {
            return "Without a penalty, classes that columns separate have no optimum: set --lambda above 0.";
        }
        String scaled = options.standardize() ? "" : limited ? ", or add --standardize" : "add --standardize, or ";
        return limited
                ? "Raise --max-iterations above %d%s.".formatted(options.maxIterations(), scaled)
                : "More rounds do not help: %sraise --tolerance or --lambda.".formatted(scaled);
    }
}
