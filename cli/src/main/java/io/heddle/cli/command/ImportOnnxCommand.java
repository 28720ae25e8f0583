package io.heddle.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.cli.Version;
import io.heddle.cli.models.ModelFiles;
import io.heddle.cli.options.CommonFlags;
import io.heddle.cli.output.OutputFile;
import io.heddle.model.ModelFile;
import io.heddle.model.OnnxFile;
import io.heddle.model.SavedModel;
import io.heddle.model.Stage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code heddle import onnx}: converts a linear classifier from ONNX to a model file. */
@Command(
        name = "onnx",
        description = {
            "Converts an ONNX linear classifier to a model file, for example scikit-learn's "
                    + "LogisticRegression with or without a scaler from skl2onnx, or from 'heddle export onnx'. A graph "
                    + "with other operators is refused."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpWidth = 80,
        footerHeading = "%nExamples:%n",
        footer = {
            "  heddle import onnx classifier.onnx classifier.heddle",
            "  heddle import onnx classifier.onnx classifier.heddle --json"
        })
final class ImportOnnxCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "FILE.onnx", description = "File to read.")
    private Path file;

    @Parameters(index = "1", paramLabel = "OUT", description = "Model file to write.")
    private Path out;

    @Mixin
    private CommonFlags common;

    @Override
    public Integer call() throws IOException {
        common.begin();
        try (SavedModel model = OnnxFile.read(file);
                OutputFile target = OutputFile.open(out)) {
            target.produce(path -> {
                if (model.kind() == SavedModel.Kind.LOGISTIC) {
                    ModelFile.write(path, model.logistic(), model.provenance());
                } else {
                    ModelFile.write(path, model.pipeline(), model.provenance());
                }
            });
            common.result(json(model), lines(model));
        }
        return 0;
    }

    private static boolean scales(SavedModel model) {
        return model.stages().getFirst() instanceof Stage.Scale;
    }

    private ObjectNode json(SavedModel model) {
        ObjectNode node = CommonFlags.object()
                .put("kind", model.kind().text())
                .put("inputs", model.pipeline().inputs())
                .put("scales", scales(model))
                .put("nonZeros", model.logistic().nonZeros());
        ArrayNode names = node.putArray("classes");
        ModelFiles.classNames(model).forEach(names::add);
        return node.put("model", out.toString());
    }

    private List<String> lines(SavedModel model) {
        return List.of(
                CommonFlags.line("inputs", model.pipeline().inputs() + (scales(model) ? ", scaled" : "")),
                CommonFlags.line("classes", String.join(", ", ModelFiles.classNames(model))),
                CommonFlags.line("non-zero weights", model.logistic().nonZeros()),
                CommonFlags.line("model", out));
    }
}
