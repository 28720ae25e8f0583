package io.heddle.cli.command;

import io.heddle.cli.Version;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code heddle data}: describes, downloads and converts data. */
@Command(
        name = "data",
        description = "Describes, downloads and converts data.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {DataInfoCommand.class, DataFetchCommand.class, DataConvertCommand.class},
        usageHelpWidth = 80,
        footerHeading = "%nExamples:%n",
        footer = {
            "  heddle data info products.csv --label category",
            "  heddle data fetch fashion-mnist",
            "  heddle data convert products.parquet products.npy"
        })
public final class DataCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "a command is missing, for example: heddle data info fashion-mnist");
    }
}
