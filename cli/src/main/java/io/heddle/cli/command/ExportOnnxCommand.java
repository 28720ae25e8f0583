package io.heddle.cli.command;

import io.heddle.cli.Version;
import io.heddle.cli.options.ColumnNames;
import io.heddle.cli.output.OutputFile;
import io.heddle.cli.terminal.PlainText;
import io.heddle.model.ModelFile;
import io.heddle.model.OnnxFile;
import io.heddle.model.SavedModel;
import io.heddle.model.Stage;
import io.heddle.preprocessing.FittedColumn;
import io.heddle.preprocessing.Treatment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code heddle export onnx}: a model as ONNX. */
@Command(
        name = "onnx",
        description = {
            "Writes a model as ONNX (opset " + OnnxFile.OPSET + "). The input is 'input', N x d float32. A classifier "
                    + "has the outputs 'label' (int64) and 'probabilities' (float32), clusters 'label' and "
                    + "'distances', components 'output'. Scaling and components before them are included.",
            "For a model of tables, 'input' is the numeric columns, N x d float64, and each column of text is an "
                    + "input 'text:NAME', N x 1 strings.",
            "For a model with an encoder inside, the encoder is part of the graph, and 'input' is N x C x S x S float32: "
                    + "images with values from 0 to 1; gray images have one channel."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpWidth = 80,
        footerHeading = "%nExamples:%n",
        footer = {"  heddle export onnx classifier.safetensors classifier.onnx"})
final class ExportOnnxCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "MODEL", description = "Model file.")
    private Path file;

    @Parameters(index = "1", paramLabel = "OUT.onnx", description = "File to write.")
    private Path out;

    @Override
    public Integer call() throws IOException {
        try (OutputFile target = OutputFile.open(out);
                SavedModel model = ModelFile.read(file)) {
            target.produce(path -> OnnxFile.write(path, model));
            String outputs =
                    switch (model.stages().getLast()) {
                        case Stage.Classifier c -> "label, probabilities";
                        case Stage.Clusters c -> "label, distances";
                        default -> "output";
                    };
            spec.commandLine()
                    .getOut()
                    .println(PlainText.of("%s: opset %d, input%s, outputs %s"
                            .formatted(out, OnnxFile.OPSET, inputs(model), outputs)));
        }
        return 0;
    }

    /** Returns the inputs of a table: a matrix of numbers, and each column of text. */
    private static String inputs(SavedModel model) {
        if (model.encoder().isPresent()) {
            String side = model.encoder().get().metadata().get("inputSize");
            String channels = model.encoder().get().metadata().getOrDefault("inputChannels", "1");
            return " N x %s x %s x %s".formatted(channels, side, side);
        }
        if (model.tables().isEmpty()) {
            return " N x " + model.featurePipeline().inputs();
        }
        List<String> texts = new ArrayList<>();
        int numbers = 0;
        for (FittedColumn column : model.tables().get().preprocessor().columns()) {
            if (column.treatment().encoding() == Treatment.Encoding.ONE_HOT) {
                texts.add("text:" + column.column().name());
            } else {
                numbers++;
            }
        }
        if (numbers > 0) {
            texts.addFirst("N x %d float64".formatted(numbers));
        }
        return (texts.size() == 1 ? " " : "s ") + ColumnNames.list(texts);
    }
}
