package io.heddle.cli.options;

import io.heddle.cli.terminal.Activity;
import io.heddle.linear.LogisticRegression;
import io.heddle.selection.PenaltySearch;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import picocli.CommandLine.Option;

/** The penalties to try: common options of {@code path} and {@code cv}. A picocli mixin. */
public final class SearchFlags {
    private static final double TOLERANCE = 1e-3;

    @Option(
            names = {"--l1-ratios", "--l1-ratio"},
            paramLabel = "R",
            split = ",",
            defaultValue = "1",
            description = "Shares of the L1 norm to try, 0 (ridge) to 1 (lasso). Default: ${DEFAULT-VALUE}.")
    private List<Double> l1Ratios;

    @Option(
            names = "--lambdas",
            paramLabel = "N",
            defaultValue = "20",
            description = "Number of lambdas, decreasing from the smallest one with all weights zero. "
                    + "Default: ${DEFAULT-VALUE}.")
    private int lambdas;

    @Option(
            names = "--lambda-ratio",
            paramLabel = "Q",
            defaultValue = "1e-3",
            description = "The smallest lambda as a share of the largest. Default: ${DEFAULT-VALUE}.")
    private double lambdaRatio;

    @Option(names = "--plot", paramLabel = "FILE.svg", description = "Write a plot of the curve to a file.")
    private Path plot;

    /** Returns the output file of the curve, or null. */
    public Path plot() {
        return plot;
    }

    /** Returns the options of each fit without its penalty. */
    public LogisticRegression.Options options(FitFlags fit, List<String> classNames) {
        return fit.weighing(fit.options(TOLERANCE), classNames);
    }

    public PenaltySearch search(LogisticRegression.Options options, Activity activity) {
        return new PenaltySearch(
                lambdas,
                lambdaRatio,
                l1Ratios,
                options,
                (done, total) -> activity.advanced(done, total, "fit %d of %d".formatted(done, total)));
    }

    /** Validates the ranges of the options before the data are read. */
    public void check(FitFlags fit, PenaltyFlags penalty) {
        new PenaltySearch(lambdas, lambdaRatio, l1Ratios, fit.options(TOLERANCE), (done, total) -> {});
        penalty.check(Collections.max(l1Ratios), "--l1-ratios");
    }
}
