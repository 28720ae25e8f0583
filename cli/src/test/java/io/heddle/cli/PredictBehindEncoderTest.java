package io.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.cli.terminal.Faults;
import io.heddle.cnn.Encoder;
import io.heddle.cnn.Precision;
import io.heddle.encoder.EmbeddedEncoder;
import io.heddle.encoder.FeaturePooling;
import io.heddle.encoder.ImageEncoder;
import io.heddle.encoder.ImagePipeline;
import io.heddle.linear.LogisticModel;
import io.heddle.linear.LogisticRegression;
import io.heddle.matrix.FloatMatrix;
import io.heddle.model.ModelFile;
import io.heddle.model.OnnxFile;
import io.heddle.model.Pipeline;
import io.heddle.model.Provenance;
import io.heddle.model.Stage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests predictions of a model of an encoder's features, with the embedded encoder and one of the user. */
@Tag("slow")
class PredictBehindEncoderTest {
    private static final int SIDE = 28;
    private static final int IMAGES = 130;
    private static final int CLASSES = 10;
    /** The number of the last column, after the pixels. */
    private static final String LABEL = "785";

    @TempDir
    private Path folder;

    private FloatMatrix images;
    private final int[] labels = new int[IMAGES];
    private Path table;

    @BeforeEach
    void draw() throws IOException {
        SplittableRandom random = new SplittableRandom(3);
        images = FloatMatrix.allocate(IMAGES, SIDE * SIDE);
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < IMAGES; i++) {
            labels[i] = i % CLASSES;
            byte[] pixels = DrawnImages.draw(labels[i], random);
            for (int p = 0; p < pixels.length; p++) {
                images.set(i, p, (pixels[p] & 0xff) / 256f);
                lines.append(images.get(i, p)).append(',');
            }
            lines.append(labels[i]).append('\n');
        }
        table = Files.writeString(folder.resolve("drawn.csv"), lines);
    }

    private Path model(FloatMatrix features, String encoder, String sha256) throws IOException {
        Path file = folder.resolve("behind.safetensors");
        var options = LogisticRegression.Options.defaults().withTolerance(1e-2);
        try (LogisticModel model = LogisticRegression.fit(features, labels, options)) {
            ModelFile.write(file, model, Provenance.now().withEncoder(encoder, sha256));
        }
        return file;
    }

    private Invocation predict(Path model, Object... more) {
        Object[] args = {"predict", model, table, "--label", LABEL, "--out", folder.resolve("out.csv")};
        Object[] all = new Object[args.length + more.length];
        System.arraycopy(args, 0, all, 0, args.length);
        System.arraycopy(more, 0, all, args.length, more.length);
        return Invocation.of(all);
    }

    @Test
    void theEmbeddedEncoderIsOpenedByItsName() throws IOException {
        for (Precision precision : List.of(Precision.AUTO, Precision.FLOAT32)) {
            try (Encoder encoder =
                            Encoder.open("fashion", Encoder.Options.defaults().withPrecision(precision));
                    FloatMatrix features = encoder.encode(images, SIDE, SIDE, p -> {})) {
                Path file = model(features, encoder.name(), encoder.sha256());
                Files.deleteIfExists(folder.resolve("out.csv"));
                Invocation run = predict(file, "--image-size", "28x28");
                assertThat(run.err()).isEmpty();
                assertThat(run.code()).isZero();
                assertThat(run.out()).isEqualTo(folder.resolve("out.csv") + ": 130 rows, accuracy 1.0000\n");
                assertThat(Files.readAllLines(folder.resolve("out.csv")).get(IMAGES))
                        .isEqualTo("129,9");
            }
        }
    }

    /** The encoder inside the model file is used by either engine, also with a grid of windows. */
    @Test
    void theEncoderInsideTheModelFileIsUsed() throws IOException {
        for (FeaturePooling pooling : FeaturePooling.values()) {
            Path file = folder.resolve("whole.heddle");
            var options = LogisticRegression.Options.defaults().withTolerance(1e-2);
            try (ImageEncoder encoder = ImageEncoder.open(EmbeddedEncoder.FASHION, pooling);
                    FloatMatrix features = encoder.encode(images);
                    ImagePipeline whole = ImagePipeline.of(
                            ImageEncoder.of(encoder.file(), pooling),
                            Pipeline.of(Stage.of(LogisticRegression.fit(features, labels, options))))) {
                whole.write(file, Provenance.now());
            }
            for (String engine : List.of("auto", "java", "pytorch")) {
                Files.deleteIfExists(folder.resolve("out.csv"));
                Invocation run = predict(file, "--image-size", "28x28", "--engine", engine);
                assertThat(run.code()).as(run.err()).isZero();
                assertThat(run.out()).isEqualTo(folder.resolve("out.csv") + ": 130 rows, accuracy 1.0000\n");
            }
        }
    }

    @Test
    void anEngineIsOnlyForModelsOfAnEncoder() throws IOException {
        Path file = folder.resolve("rows.safetensors");
        var options = LogisticRegression.Options.defaults().withTolerance(1e-1);
        try (LogisticModel model = LogisticRegression.fit(images, labels, options)) {
            ModelFile.write(file, model, Provenance.now());
        }
        Invocation run = predict(file, "--engine", "java");
        assertThat(run.code()).isEqualTo(Faults.INPUT_ERROR);
        // The preceding line is the note that the columns of a CSV file cannot be checked.
        assertThat(run.errorsBesideProgress())
                .last()
                .isEqualTo("heddle: %s takes unchanged rows, not features of an encoder".formatted(file));
    }

    @Test
    void featuresAreAcceptedUnchanged() throws IOException {
        Path features = folder.resolve("features.npy");
        try (Encoder encoder = Encoder.open("fashion");
                FloatMatrix encoded = encoder.encode(images, SIDE, SIDE, p -> {})) {
            Path file = model(encoded, encoder.name(), encoder.sha256());
            assertThat(Invocation.of(
                                    "features",
                                    table,
                                    "--drop",
                                    LABEL,
                                    "--image-size",
                                    "28x28",
                                    "--encoder",
                                    "fashion",
                                    "--out",
                                    features)
                            .code())
                    .isZero();
            Invocation run = Invocation.of("predict", file, features, "--out", folder.resolve("out.csv"));
            assertThat(run.err()).isEmpty();
            assertThat(Files.readAllLines(folder.resolve("out.csv")))
                    .hasSize(IMAGES + 1)
                    .contains("129,9");
        }
    }

    @Test
    void anotherEncoderIsRefusedInOneSentence() throws IOException {
        try (Encoder encoder = Encoder.open("fashion");
                FloatMatrix features = encoder.encode(images, SIDE, SIDE, p -> {})) {
            String other = "0123456789abcdef".repeat(4);
            fails(
                    predict(model(features, "fashion", other), "--image-size", "28x28"),
                    "the encoder fashion is not that of");
            Path file = model(features, "mine.pt", other);
            fails(predict(file, "--image-size", "28x28"), "the encoder mine.pt (SHA-256 0123456789abcdef");
            fails(predict(file), "which are neither features nor images; set the size of images with --image-size");
            Path wrong = Files.write(folder.resolve("wrong.pt"), "code".getBytes(StandardCharsets.UTF_8));
            fails(predict(file, "--image-size", "28x28", "--encoder", wrong), "wrong.pt is not that of");
            assertThat(folder.resolve("out.csv")).doesNotExist();
        }
    }

    private static void fails(Invocation run, String part) {
        assertThat(run.code()).isEqualTo(Faults.INPUT_ERROR);
        assertThat(run.errorsBesideProgress())
                .hasSize(1)
                .first()
                .asString()
                .startsWith("heddle: ")
                .contains(part);
        assertThat(run.out().toLowerCase(Locale.ROOT)).isEmpty();
    }

    /**
     * Exports a network, imports it with its layers as a graph, predicts the same images, and then uses it as an
     * encoder.
     */
    @Test
    void aNetworkFromOnnx() throws IOException {
        Path onnx = folder.resolve("network.onnx");
        Path imported = folder.resolve("imported.heddle");
        int[] expected;
        try (ImageEncoder encoder = ImageEncoder.open(EmbeddedEncoder.FASHION, FeaturePooling.MEAN);
                FloatMatrix features = encoder.encode(images);
                LogisticModel model = LogisticRegression.fit(
                        features, labels, LogisticRegression.Options.defaults().withTolerance(1e-2));
                Pipeline pipeline = Pipeline.of(Stage.of(model))) {
            OnnxFile.write(onnx, pipeline, encoder.file(), Map.of());
            expected = pipeline.predict(features);
        }
        Invocation run = Invocation.of("import", "onnx", onnx, imported);
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("inputs               28 x 28, gray; 256 features");
        Invocation predicted = predict(imported, "--image-size", "28x28");
        assertThat(predicted.code()).as(predicted.err()).isZero();
        List<String> lines = Files.readAllLines(folder.resolve("out.csv"));
        for (int i = 0; i < IMAGES; i++) {
            assertThat(lines.get(i + 1).split(",")[1]).isEqualTo(Integer.toString(expected[i]));
        }

        Invocation pytorch = predict(imported, "--image-size", "28x28", "--engine", "pytorch");
        assertThat(pytorch.code()).isEqualTo(Faults.INPUT_ERROR);
        assertThat(pytorch.err()).contains("is an imported network, which only the engine java runs");

        Path encoder = folder.resolve("encoder.safetensors");
        Invocation whole = Invocation.of("import", "onnx", onnx, encoder, "--as", "encoder");
        assertThat(whole.code()).isEqualTo(Faults.INPUT_ERROR);
        assertThat(whole.err()).contains("has the output \"label\", which is not what the last layer gives");

        Invocation half = Invocation.of("import", "onnx", onnx, imported, "--mean", "0.5");
        assertThat(half.code()).isEqualTo(Faults.INPUT_ERROR);
        assertThat(half.err()).contains("--mean and --deviation belong together");
    }
}
