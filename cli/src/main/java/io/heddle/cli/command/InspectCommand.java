package io.heddle.cli.command;

import io.heddle.cli.Version;
import io.heddle.cli.models.ModelSummary;
import io.heddle.cli.terminal.PlainText;
import io.heddle.model.ModelFile;
import io.heddle.model.SavedModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code heddle inspect}: describes a model file. */
@Command(
        name = "inspect",
        description = "Describes a model file and the origin of the model, and verifies its checksum.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpWidth = 80,
        footerHeading = "%nExamples:%n",
        footer = {"  heddle inspect classifier.safetensors", "  heddle inspect classifier.safetensors --json"})
public final class InspectCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "MODEL", description = "Model file.")
    private Path file;

    @Option(names = "--json", description = "Print only JSON on standard output.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        try (SavedModel model = ModelFile.read(file)) {
            ModelSummary summary = new ModelSummary(model);
            if (json) {
                out.print(summary.json().toPrettyString() + "\n");
            } else {
                summary.lines().forEach(line -> out.println(PlainText.of(line)));
            }
        }
        out.flush();
        return 0;
    }
}
