package io.heddle.cli.command;

import io.heddle.cli.Version;
import io.heddle.cli.terminal.PlainText;
import io.heddle.cnn.Encoder;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code heddle encoder show}: what an encoder takes and gives, and how it was made. */
@Command(
        name = "show",
        description = "Opens an encoder and tells what it takes and gives and, for one that \"encoder train\" has "
                + "written, how it was made.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        usageHelpWidth = 80)
final class EncoderShowCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME|FILE", description = "An embedded encoder's name, or a file.")
    private String encoder;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        try (Encoder opened = Encoder.open(encoder, Encoder.Options.defaults().withLog(System.err::println))) {
            out.println("takes              %d x %d pixels".formatted(opened.inputSize(), opened.inputSize()));
            out.println("gives              %d features".formatted(opened.dimensions()));
            out.println("sha256             " + opened.sha256());
            opened.provenance().forEach((key, value) -> out.println(PlainText.of("%-18s %s".formatted(key, value))));
            out.flush();
            return 0;
        }
    }
}
