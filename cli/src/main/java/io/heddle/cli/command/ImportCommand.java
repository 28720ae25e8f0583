package io.heddle.cli.command;

import io.heddle.cli.Version;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code heddle import}: models of other programs. */
@Command(
        name = "import",
        description = "Reads models in the formats of other programs.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = ImportOnnxCommand.class,
        usageHelpWidth = 80,
        footerHeading = "%nExamples:%n",
        footer = {"  heddle import onnx classifier.onnx classifier.heddle"})
public final class ImportCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "a format is missing, for example: heddle import onnx FILE.onnx OUT");
    }
}
