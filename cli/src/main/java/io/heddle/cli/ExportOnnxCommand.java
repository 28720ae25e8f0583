package io.heddle.cli;

import io.heddle.model.ModelFile;
import io.heddle.model.OnnxFile;
import io.heddle.model.SavedModel;
import io.heddle.model.Stage;
import java.io.IOException;
import java.nio.file.Path;
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
                    + "'distances', components 'output'. Scaling and components before them are part of it."
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
                    .println("%s: opset %d, input N x %d, outputs %s"
                            .formatted(
                                    out, OnnxFile.OPSET, model.featurePipeline().inputs(), outputs));
        }
        return 0;
    }
}
