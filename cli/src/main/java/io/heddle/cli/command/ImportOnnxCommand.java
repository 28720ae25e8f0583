package io.heddle.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.cli.Version;
import io.heddle.cli.models.ModelFiles;
import io.heddle.cli.options.CommonFlags;
import io.heddle.cli.output.OutputFile;
import io.heddle.cli.terminal.PlainText;
import io.heddle.encoder.FeaturePooling;
import io.heddle.encoder.ImageEncoder;
import io.heddle.model.ImageScaling;
import io.heddle.model.ModelFile;
import io.heddle.model.OnnxFile;
import io.heddle.model.SavedModel;
import io.heddle.model.Stage;
import io.heddle.model.TensorSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code heddle import onnx}: converts a linear classifier or a convolutional network from ONNX to a Heddle file. */
@Command(
        name = "onnx",
        description = {
            "Converts an ONNX classifier to a model file: a linear one, for example scikit-learn's LogisticRegression "
                    + "with or without a scaler from skl2onnx, or a convolutional network from PyTorch, whose encoder "
                    + "is then inside the model file. Also reads classifiers from 'heddle export onnx'.",
            "Of networks it reads Conv (square kernels, any padding, no groups, no dilations), BatchNormalization "
                    + "behind it, Relu, MaxPool, AveragePool, GlobalAveragePool, Flatten, Gemm, Add and Softmax. A graph "
                    + "with other operators is refused."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpWidth = 80,
        footerHeading = "%nExamples:%n",
        footer = {
            "  heddle import onnx classifier.onnx classifier.heddle",
            "  heddle import onnx network.onnx network.heddle --mean 0.286 --deviation 0.353",
            "  heddle import onnx network.onnx network.safetensors --as encoder",
            "  heddle import onnx classifier.onnx classifier.heddle --json"
        })
final class ImportOnnxCommand implements Callable<Integer> {
    /** The kind of the Heddle file. */
    private enum Role {
        CLASSIFIER,
        ENCODER
    }

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "FILE.onnx", description = "File to read.")
    private Path file;

    @Parameters(index = "1", paramLabel = "OUT", description = "Model file or, with --as encoder, encoder to write.")
    private Path out;

    @Option(
            names = "--as",
            paramLabel = "ROLE",
            defaultValue = "classifier",
            description = "classifier: the last Gemm of a network gives scores of classes. encoder: the output of a "
                    + "network is features, for --encoder of other commands. Default: ${DEFAULT-VALUE}.")
    private Role role;

    @Option(
            names = "--mean",
            split = ",",
            paramLabel = "M",
            description = "Mean that is subtracted from pixels between 0 and 1 before the network: one number, or "
                    + "one per channel. For scaling outside of the graph.")
    private List<Double> mean = List.of();

    @Option(
            names = "--deviation",
            split = ",",
            paramLabel = "S",
            description = "Deviation by which pixels are then divided, as in torchvision's Normalize.")
    private List<Double> deviation = List.of();

    @Mixin
    private CommonFlags common;

    @Override
    public Integer call() throws IOException {
        common.begin();
        if (role == Role.ENCODER) {
            importEncoder();
            return 0;
        }
        try (SavedModel model = OnnxFile.read(file, scaling(), PlainText.notes(common.err()));
                OutputFile target = OutputFile.open(out)) {
            target.produce(path -> {
                if (model.encoder().isPresent()) {
                    ModelFile.write(path, model.pipeline(), model.encoder().get(), model.provenance());
                } else if (model.kind() == SavedModel.Kind.LOGISTIC) {
                    ModelFile.write(path, model.logistic(), model.provenance());
                } else {
                    ModelFile.write(path, model.pipeline(), model.provenance());
                }
            });
            common.result(json(model), lines(model));
        }
        return 0;
    }

    private Optional<ImageScaling> scaling() {
        if (mean.isEmpty() != deviation.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--mean and --deviation belong together, for example --mean 0.5 --deviation 0.5");
        }
        return mean.isEmpty() ? Optional.empty() : Optional.of(new ImageScaling(mean, deviation));
    }

    private void importEncoder() throws IOException {
        TensorSet network = OnnxFile.readEncoder(file, scaling());
        try (ImageEncoder encoder = ImageEncoder.of(network, FeaturePooling.MEAN);
                OutputFile target = OutputFile.open(out)) {
            target.write(stream -> stream.write(network.file()));
            ObjectNode node = CommonFlags.object()
                    .put("kind", "encoder")
                    .put("channels", encoder.channels())
                    .put("inputSize", encoder.inputSize())
                    .put("features", encoder.dimensions())
                    .put("sha256", encoder.sha256())
                    .put("encoder", out.toString());
            common.result(
                    node,
                    List.of(
                            CommonFlags.line("images", images(network)),
                            CommonFlags.line("features", encoder.dimensions()),
                            CommonFlags.line("sha256", encoder.sha256()),
                            CommonFlags.line("encoder", out)));
        }
    }

    private static String images(TensorSet network) {
        String side = network.metadata().get("inputSize");
        String channels = network.metadata().get("inputChannels");
        String colours =
                switch (channels) {
                    case "1" -> "gray";
                    case "3" -> "in colour";
                    default -> channels + " channels";
                };
        return "%s x %s, %s".formatted(side, side, colours);
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
        if (model.encoder().isPresent()) {
            node.put("images", images(model.encoder().get()));
        }
        ArrayNode names = node.putArray("classes");
        ModelFiles.classNames(model).forEach(names::add);
        return node.put("model", out.toString());
    }

    private List<String> lines(SavedModel model) {
        int inputs = model.pipeline().inputs();
        return List.of(
                model.encoder()
                        .map(network ->
                                CommonFlags.line("inputs", "%s; %d features".formatted(images(network), inputs)))
                        .orElseGet(() -> CommonFlags.line("inputs", inputs + (scales(model) ? ", scaled" : ""))),
                CommonFlags.line("classes", String.join(", ", ModelFiles.classNames(model))),
                CommonFlags.line("non-zero weights", model.logistic().nonZeros()),
                CommonFlags.line("model", out));
    }
}
