package io.heddle.cli.command;

import io.heddle.cli.Version;
import io.heddle.cli.terminal.PlainText;
import io.heddle.cnn.Encoder;
import io.heddle.cnn.Engine;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code heddle encoder show}: describes an encoder. */
@Command(
        name = "show",
        description = "Describes an encoder: its input size, its number of features and, if \"encoder train\" has "
                + "written it, its provenance.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        usageHelpWidth = 80,
        footerHeading = "%nExamples:%n",
        footer = {"  heddle encoder show fashion", "  heddle encoder show my-network.safetensors --engine pytorch"})
final class EncoderShowCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME|FILE", description = "An embedded encoder's name, or a file.")
    private String encoder;

    @Option(
            names = "--engine",
            paramLabel = "E",
            defaultValue = "auto",
            description = "Engine: java (Heddle's convolutions), pytorch, or auto, which is java if possible. Default: "
                    + "${DEFAULT-VALUE}.")
    private Engine engine;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Encoder.Options options = Encoder.Options.defaults().withEngine(engine).withLog(System.err::println);
        try (Encoder opened = Encoder.open(encoder, options)) {
            out.println("takes              %d x %d pixels".formatted(opened.inputSize(), opened.inputSize()));
            out.println("gives              %d features".formatted(opened.dimensions()));
            out.println("engine             " + opened.engine().name().toLowerCase(Locale.ROOT));
            out.println("sha256             " + opened.sha256());
            opened.provenance().forEach((key, value) -> out.println(PlainText.of("%-18s %s".formatted(key, value))));
            out.flush();
            return 0;
        }
    }
}
