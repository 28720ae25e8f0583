package io.heddle.cli.command;

import io.heddle.cli.Version;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code heddle export}: models for other programs. */
@Command(
        name = "export",
        description = "Writes models in the formats of other programs.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = ExportOnnxCommand.class,
        usageHelpWidth = 80,
        footerHeading = "%nExamples:%n",
        footer = {"  heddle export onnx classifier.safetensors classifier.onnx"})
public final class ExportCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "a format is missing, for example: heddle export onnx MODEL OUT.onnx");
    }
}
