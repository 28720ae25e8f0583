package io.heddle.cli.options;

import io.heddle.matrix.InvalidInputException;
import picocli.CommandLine.Option;

/** What stands in for missing values in data to predict. A picocli mixin. */
public final class FillFlags {
    @Option(
            names = "--missing",
            paramLabel = "mean",
            description = "Take the mean of the training rows for missing numbers of columns that were complete in "
                    + "training. Default: they are an error, but for columns that were trained with --missing.")
    private String missing;

    /** Whether means stand in. */
    public boolean means() {
        InvalidInputException.require(
                missing == null || missing.equals("mean"),
                "--missing is mean here, not '%s'; other ways are chosen in training",
                missing);
        return missing != null;
    }
}
