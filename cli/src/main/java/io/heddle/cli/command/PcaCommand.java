package io.heddle.cli.command;

import io.heddle.cli.Version;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code heddle pca}: principal components. */
@Command(
        name = "pca",
        description = "Computes principal components, and the coordinates of data along them.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {PcaFitCommand.class, PcaTransformCommand.class},
        usageHelpWidth = 80,
        footerHeading = "%nExamples:%n",
        footer = {
            "  heddle pca fit table.npy --components 20 --model pca.heddle",
            "  heddle pca transform pca.heddle table.npy --out coordinates.npy"
        })
public final class PcaCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "a command is missing, for example: heddle pca fit DATA --components 20 --model FILE");
    }
}
