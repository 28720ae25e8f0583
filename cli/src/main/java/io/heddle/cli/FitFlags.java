package io.heddle.cli;

import io.heddle.linear.LogisticRegression;
import picocli.CommandLine.Option;

/** How logistic regressions are fitted: options that the commands around them have in common. A picocli mixin. */
final class FitFlags {
    @Option(
            names = "--tolerance",
            paramLabel = "T",
            description = "Stop at this relative duality gap. Default: 1e-4; 1e-3 on paths.")
    private Double tolerance;

    @Option(names = "--max-iterations", paramLabel = "N", description = "Most rounds of a fit. Default: 100.")
    private Integer maxIterations;

    @Option(
            names = "--standardize",
            description = "Count weights as if every column had unit variance; the model still takes the data as they "
                    + "are.")
    private boolean standardize;

    @Option(
            names = "--class-weight",
            paramLabel = "W",
            defaultValue = "none",
            description = "none: every row counts alike; balanced: every class does. Default: ${DEFAULT-VALUE}.")
    private LogisticRegression.ClassWeight classWeight;

    @Option(names = "--seed", paramLabel = "S", defaultValue = "0", description = "Seed. Default: ${DEFAULT-VALUE}.")
    private long seed;

    long seed() {
        return seed;
    }

    /** @param usualTolerance where the user names none */
    LogisticRegression.Options options(double usualTolerance) {
        LogisticRegression.Options options = LogisticRegression.Options.defaults()
                .withTolerance(tolerance == null ? usualTolerance : tolerance)
                .withStandardize(standardize)
                .withClassWeight(classWeight)
                .withSeed(seed);
        return maxIterations == null ? options : options.withMaxIterations(maxIterations);
    }
}
