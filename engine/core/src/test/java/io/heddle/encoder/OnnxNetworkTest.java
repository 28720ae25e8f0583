package io.heddle.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.heddle.files.DataFormatException;
import io.heddle.matrix.FloatMatrix;
import io.heddle.model.FashionMnistFiles;
import io.heddle.model.ImageScaling;
import io.heddle.model.ModelFile;
import io.heddle.model.OnnxFile;
import io.heddle.model.SavedModel;
import io.heddle.model.TensorSet;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares networks that PyTorch exported ({@code make_networks.py}) with ONNX Runtime on real images. */
@Tag("slow")
class OnnxNetworkTest {
    private static final Path SOURCE = Path.of("/usr/share/datasets/fashion-mnist");
    private static final int TESTS = 10_000;
    private static final int CLASSES = 10;
    private static final int COMPARED = 40;
    private static final double TOLERANCE = 1e-4;
    /** ONNX Runtime's two highest scores of image 402 are equal floats in resnet, so rounding decides between them. */
    private static final double TIE = 1e-6;

    @TempDir
    private Path folder;

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = OnnxNetworkTest.class.getResourceAsStream("/io/heddle/model/networks/" + name)) {
            return in == null ? null : in.readAllBytes();
        }
    }

    private Path network(String name) throws IOException {
        byte[] weights = resource(name + ".onnx.data");
        if (weights != null) {
            Files.write(folder.resolve(name + ".onnx.data"), weights);
        }
        return Files.write(folder.resolve(name + ".onnx"), resource(name + ".onnx"));
    }

    /** Images as in the script: an image in colour has three images as its channels. */
    private static FloatMatrix images(int channels) throws IOException {
        FloatMatrix gray = FashionMnistFiles.images(SOURCE.resolve("t10k-images-idx3-ubyte.gz"), TESTS);
        if (channels == 1) {
            return gray;
        }
        try (gray) {
            int pixels = gray.columns();
            FloatMatrix images = FloatMatrix.allocate(TESTS, channels * pixels);
            float[] plane = new float[pixels];
            float[] image = new float[channels * pixels];
            for (int i = 0; i < TESTS; i++) {
                for (int c = 0; c < channels; c++) {
                    gray.getRow((i + c) % TESTS, plane);
                    System.arraycopy(plane, 0, image, c * pixels, pixels);
                }
                images.setRow(i, image);
            }
            return images;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "lenet, LOG, 1",
        "lenet-older, LOG, 1",
        "vgg, PROBABILITIES, 1",
        "strided, SCORES, 1",
        "resnet, SCORES, 1",
        "resnet-older, SCORES, 1",
        "mobile, SCORES, 1",
        "mobile-older, SCORES, 1",
        "colour, PROBABILITIES, 3"
    })
    void outputsAndLabelsAreThoseOfOnnxRuntime(String name, String output, int channels) throws IOException {
        assumeThat(Files.isDirectory(SOURCE)).isTrue();
        ByteBuffer expected = ByteBuffer.wrap(resource(name + ".outputs")).order(ByteOrder.LITTLE_ENDIAN);
        Path model = folder.resolve("model");
        try (SavedModel read = OnnxFile.read(network(name))) {
            assertThat(read.provenance().versions()).containsKey("pytorch");
            ModelFile.write(model, read.pipeline(), read.encoder().orElseThrow(), read.provenance());
        }
        try (ImagePipeline pipeline = ImagePipeline.read(model);
                FloatMatrix images = images(channels);
                FloatMatrix features = pipeline.encoder().encode(images)) {
            assertThat(pipeline.encoder().channels()).isEqualTo(channels);
            int[] labels = pipeline.features().predict(features);
            float[] image = new float[images.columns()];
            float[] probabilities = new float[CLASSES];
            double[] scores = new double[CLASSES];
            for (int i = 0; i < COMPARED; i++) {
                images.getRow(i, image);
                assertThat(pipeline.predict(image)).isEqualTo(labels[i]);
                pipeline.probabilities(image, probabilities);
                double sum = 0;
                for (int c = 0; c < CLASSES; c++) {
                    double value = expected.getFloat();
                    scores[c] = output.equals("PROBABILITIES") ? value : Math.exp(value);
                    sum += scores[c];
                }
                for (int c = 0; c < CLASSES; c++) {
                    double probability = scores[c] / sum;
                    assertThat(Math.abs(probabilities[c] - probability))
                            .as("%s, image %d, class %d: %s against %s", name, i, c, probabilities[c], probability)
                            .isLessThan(TOLERANCE * Math.max(probability, 1e-3));
                }
            }
            int ties = 0;
            for (int i = 0; i < TESTS; i++) {
                int label = expected.get();
                if (labels[i] != label) {
                    images.getRow(i, image);
                    pipeline.probabilities(image, probabilities);
                    assertThat((double) probabilities[label])
                            .as("%s, image %d: class %d instead of %d", name, i, labels[i], label)
                            .isGreaterThan(probabilities[labels[i]] * (1 - TIE));
                    ties++;
                }
            }
            assertThat(ties).isLessThanOrEqualTo(1);
            assertThat(expected.hasRemaining()).isFalse();
        }
    }

    /** Compares the scores, because a softmax would flatten them. */
    @ParameterizedTest
    @CsvSource({"strided", "resnet", "resnet-older", "mobile"})
    void theWholeNetworkIsAnEncoder(String name) throws IOException {
        assumeThat(Files.isDirectory(SOURCE)).isTrue();
        ByteBuffer expected = ByteBuffer.wrap(resource(name + ".outputs")).order(ByteOrder.LITTLE_ENDIAN);
        TensorSet file = OnnxFile.readEncoder(network(name), Optional.empty());
        try (ImageEncoder encoder = ImageEncoder.of(file, FeaturePooling.MEAN);
                FloatMatrix images = images(1)) {
            assertThat(encoder.dimensions()).isEqualTo(CLASSES);
            float[] image = new float[images.columns()];
            float[] scores = new float[CLASSES];
            for (int i = 0; i < COMPARED; i++) {
                images.getRow(i, image);
                encoder.encode(image, scores);
                float[] row = new float[CLASSES];
                double size = 0;
                for (int c = 0; c < CLASSES; c++) {
                    row[c] = expected.getFloat();
                    size = Math.max(size, Math.abs(row[c]));
                }
                for (int c = 0; c < CLASSES; c++) {
                    assertThat(Math.abs(scores[c] - row[c]))
                            .as("%s, image %d", name, i)
                            .isLessThan((float) (TOLERANCE * size));
                }
            }
        }
    }

    /**
     * Tests that ONNX Runtime computes the same labels from a second export, and that its import is the same network.
     */
    @ParameterizedTest
    @CsvSource({"vgg, 1", "resnet, 1", "mobile, 1", "colour, 3"})
    void exportsAnImportedNetwork(String name, int channels) throws IOException, OrtException {
        assumeThat(Files.isDirectory(SOURCE)).isTrue();
        ByteBuffer expected = ByteBuffer.wrap(resource(name + ".outputs")).order(ByteOrder.LITTLE_ENDIAN);
        Path model = folder.resolve("model");
        Path again = folder.resolve("again.onnx");
        try (SavedModel read = OnnxFile.read(network(name))) {
            ModelFile.write(model, read.pipeline(), read.encoder().orElseThrow(), read.provenance());
        }
        try (SavedModel saved = ModelFile.read(model)) {
            OnnxFile.write(again, saved);
            try (SavedModel imported = OnnxFile.read(again)) {
                TensorSet first = saved.encoder().orElseThrow();
                TensorSet second = imported.encoder().orElseThrow();
                assertThat(second.metadata().get("layers"))
                        .isEqualTo(first.metadata().get("layers"));
                assertThat(second.floats("layers.0.weight")).isEqualTo(first.floats("layers.0.weight"));
                assertThat(imported.logistic().intercepts())
                        .isEqualTo(saved.logistic().intercepts());
            }
        }
        int some = 200;
        long[] shape = {some, channels, 28, 28};
        try (FloatMatrix images = images(channels);
                OrtSession session = OrtEnvironment.getEnvironment().createSession(again.toString())) {
            FloatBuffer pixels = FloatBuffer.allocate(some * images.columns());
            float[] image = new float[images.columns()];
            for (int i = 0; i < some; i++) {
                images.getRow(i, image);
                pixels.put(image);
            }
            try (OnnxTensor input = OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), pixels.flip(), shape);
                    OrtSession.Result result = session.run(Map.of("input", input))) {
                long[] labels = (long[]) result.get("label").orElseThrow().getValue();
                for (int i = 0; i < some; i++) {
                    assertThat(labels[i]).isEqualTo(expected.get(COMPARED * CLASSES * Float.BYTES + i));
                }
            }
        }
    }

    /** Tests that scaling outside of the graph is the same as scaling at its start. */
    @Test
    void appliesTheScalingOfTheCaller() throws IOException {
        assumeThat(Files.isDirectory(SOURCE)).isTrue();
        Path file = network("resnet");
        ImageScaling scaling = new ImageScaling(List.of(0.25), List.of(0.5));
        TensorSet scaled = OnnxFile.readEncoder(file, Optional.of(scaling));
        assertThat(scaled.floats("input.shift")).containsExactly(0.25f);
        assertThat(scaled.floats("input.factor")).containsExactly(2f);
        // Pixels from 0.25 to 0.75 are scaled to the network's range of 0 to 1.
        try (ImageEncoder plain = ImageEncoder.of(OnnxFile.readEncoder(file, Optional.empty()), FeaturePooling.MEAN);
                ImageEncoder encoder = ImageEncoder.of(scaled, FeaturePooling.MEAN);
                FloatMatrix images = images(1)) {
            float[] image = new float[images.columns()];
            float[] expected = new float[CLASSES];
            float[] found = new float[CLASSES];
            images.getRow(7, image);
            plain.encode(image, expected);
            for (int i = 0; i < image.length; i++) {
                image[i] = image[i] / 2 + 0.25f;
            }
            encoder.encode(image, found);
            assertThat(found).containsExactly(expected, within(1e-5f));
        }
        assertThatThrownBy(() ->
                        OnnxFile.readEncoder(file, Optional.of(new ImageScaling(List.of(0.1, 0.2, 0.3), List.of(1.0)))))
                .isInstanceOf(DataFormatException.class)
                .hasMessage("%s cannot be read: 3 numbers do not scale images of 1 channels", file);
    }

    @Test
    void readsTheSameBytesEachTime() throws IOException {
        Path file = network("resnet");
        assertThat(OnnxFile.readEncoder(file, Optional.empty()).file())
                .isEqualTo(OnnxFile.readEncoder(file, Optional.empty()).file());
    }
}
