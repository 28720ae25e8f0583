package io.heddle.cli.options;

import io.heddle.matrix.InvalidInputException;
import picocli.CommandLine.Option;

/** The handling of missing values in data for predictions. A picocli mixin. */
public final class FillFlags {
    @Option(
            names = "--missing",
            paramLabel = "mean",
            description = "Replace missing numbers by the mean of the training rows, in columns that were complete in "
                    + "training. Default: they are an error, except in columns that were trained with --missing.")
    private String missing;

    /** Returns whether missing values are replaced by means. */
    public boolean means() {
        InvalidInputException.require(
                missing == null || missing.equals("mean"),
                "--missing must be mean here, not '%s'; other treatments are chosen in training",
                missing);
        return missing != null;
    }
}
