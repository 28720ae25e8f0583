package io.heddle.cli.command;

import io.heddle.cli.Version;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code heddle encoder}: networks that compute image features. */
@Command(
        name = "encoder",
        description = "Trains and describes encoders, networks that compute image features.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {EncoderTrainCommand.class, EncoderShowCommand.class},
        usageHelpWidth = 80)
public final class EncoderCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "a command is missing, for example: heddle encoder show imagenet");
    }
}
