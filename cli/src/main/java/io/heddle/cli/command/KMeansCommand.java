package io.heddle.cli.command;

import io.heddle.cli.Version;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code heddle kmeans}: clusters of rows. */
@Command(
        name = "kmeans",
        description = "Groups rows around centres by k-means.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {KMeansFitCommand.class, KMeansPredictCommand.class},
        usageHelpWidth = 80,
        footerHeading = "%nExamples:%n",
        footer = {
            "  heddle kmeans fit table.csv --clusters 8 --model groups.heddle",
            "  heddle kmeans predict groups.heddle new.csv --out assigned.csv"
        })
public final class KMeansCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "a command is missing, for example: heddle kmeans fit DATA --clusters 8 --model FILE");
    }
}
