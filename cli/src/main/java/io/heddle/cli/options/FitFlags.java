package io.heddle.cli.options;

import io.heddle.linear.LogisticRegression;
import io.heddle.matrix.InvalidInputException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Option;

/** The common options of logistic regression fits: a picocli mixin. */
public final class FitFlags {
    @Option(
            names = "--tolerance",
            paramLabel = "T",
            description = "Stop at this relative duality gap. Default: 1e-4; 1e-3 on paths.")
    private Double tolerance;

    @Option(
            names = "--max-iterations",
            paramLabel = "N",
            description = "Maximum number of iterations of a fit. Default: 100.")
    private Integer maxIterations;

    @Option(
            names = "--standardize",
            description =
                    "Apply the penalty as if every column had unit variance; the model still takes unscaled data.")
    private boolean standardize;

    @Option(
            names = "--class-weight",
            paramLabel = "W",
            defaultValue = "none",
            description =
                    "none: equal weights of rows; balanced: equal weights of classes; or NAME=W,...: rows of the class "
                            + "NAME have the weight W, those of other classes 1. Default: ${DEFAULT-VALUE}.")
    private String classWeight;

    @Option(names = "--seed", paramLabel = "S", defaultValue = "0", description = "Seed. Default: ${DEFAULT-VALUE}.")
    private long seed;

    public long seed() {
        return seed;
    }

    /**
     * Returns the options without weights of single classes, which {@link #weighing} adds.
     *
     * @param usualTolerance tolerance if the user sets none
     * @throws InvalidInputException if a value is invalid
     */
    public LogisticRegression.Options options(double usualTolerance) {
        LogisticRegression.Options options = LogisticRegression.Options.defaults()
                .withTolerance(tolerance == null ? usualTolerance : tolerance)
                .withStandardize(standardize)
                .withClassWeight(common())
                .withSeed(seed);
        return maxIterations == null ? options : options.withMaxIterations(maxIterations);
    }

    private LogisticRegression.ClassWeight common() {
        return switch (classWeight.toLowerCase(Locale.ROOT)) {
            case "balanced" -> LogisticRegression.ClassWeight.BALANCED;
            case "none" -> LogisticRegression.ClassWeight.NONE;
            default -> {
                InvalidInputException.require(
                        classWeight.contains("="),
                        "--class-weight must be none, balanced or NAME=W,... as in --class-weight yes=5, not '%s'",
                        classWeight);
                yield LogisticRegression.ClassWeight.NONE;
            }
        };
    }

    /**
     * Returns the options with the weights of single classes.
     *
     * @param classNames of the training data, in the order of their numbers
     * @throws InvalidInputException if there is no such class, or a weight is not a number
     */
    public LogisticRegression.Options weighing(LogisticRegression.Options options, List<String> classNames) {
        if (!classWeight.contains("=")) {
            return options;
        }
        Map<Integer, Double> weights = new HashMap<>();
        for (String part : ColumnNames.split(classWeight)) {
            int at = part.lastIndexOf('=');
            String name = at < 0 ? part : part.substring(0, at).strip();
            int c = classNames.indexOf(name);
            InvalidInputException.require(
                    c >= 0,
                    "--class-weight names the class '%s', but the classes are %s",
                    name,
                    ColumnNames.list(classNames));
            String text = part.substring(at + 1).strip();
            try {
                weights.put(c, Double.valueOf(text));
            } catch (NumberFormatException e) {
                throw new InvalidInputException(
                        "--class-weight of the class '%s' must be a number, as in %s=5, not '%s'"
                                .formatted(name, name, text));
            }
        }
        return options.withClassWeights(weights);
    }

    /** Returns the class weights as text, for the model file. */
    public String classWeight() {
        return classWeight;
    }
}
