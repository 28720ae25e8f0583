package io.heddle.cnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.encoder.ConvolutionLayer;
import io.heddle.encoder.EmbeddedEncoder;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Compares the embedded encoder that Heddle has trained with convolutions in plain Java. */
class OwnEncoderTest {
    private static final int SIDE = 28;
    private static final Encoder.Options TORCH = Encoder.Options.defaults().withEngine(Engine.PYTORCH);

    @Test
    void agreesWithPlainLoops() throws IOException {
        NamedTensors file = resource();
        List<ConvolutionLayer> layers = OwnFormat.layers(file.metadata(), "fashion");
        try (Encoder own = Encoder.open("fashion");
                Encoder exact = Encoder.open("fashion", TORCH.withPrecision(Precision.FLOAT32));
                Encoder half = Encoder.open("fashion", TORCH.withPrecision(Precision.BFLOAT16));
                FloatMatrix images = TestImages.matrix(3, SIDE, SIDE);
                FloatMatrix inJava = own.encode(images, SIDE, SIDE, p -> {});
                FloatMatrix features = exact.encode(images, SIDE, SIDE, p -> {});
                FloatMatrix rough = half.encode(images, SIDE, SIDE, p -> {})) {
            for (int i = 0; i < images.rows(); i++) {
                float[] image = new float[SIDE * SIDE];
                images.getRow(i, image);
                double[] expected = encode(file, layers, image);
                double largest = 0;
                for (double v : expected) {
                    largest = Math.max(largest, v);
                }
                for (int j = 0; j < expected.length; j++) {
                    assertThat((double) inJava.get(i, j)).isCloseTo(expected[j], within(1e-5 * largest));
                    assertThat((double) features.get(i, j)).isCloseTo(expected[j], within(1e-4 * largest));
                    assertThat((double) rough.get(i, j)).isCloseTo(expected[j], within(0.03 * largest));
                }
            }
        }
    }

    @Test
    void poolsOverAGridAsPlainLoops() throws IOException {
        NamedTensors file = resource();
        List<ConvolutionLayer> layers = OwnFormat.layers(file.metadata(), "fashion");
        try (Encoder means = Encoder.open("fashion", TORCH);
                Encoder grid = Encoder.open("fashion", TORCH.withPooling(Pooling.GRID));
                Encoder own = Encoder.open("fashion", Encoder.Options.defaults().withPooling(Pooling.GRID));
                Encoder exact =
                        Encoder.open("fashion", TORCH.withPooling(Pooling.GRID).withPrecision(Precision.FLOAT32));
                FloatMatrix images = TestImages.matrix(3, SIDE, SIDE);
                FloatMatrix pooled = means.encode(images, SIDE, SIDE, p -> {});
                FloatMatrix all = grid.encode(images, SIDE, SIDE, p -> {});
                FloatMatrix inJava = own.encode(images, SIDE, SIDE, p -> {});
                FloatMatrix precise = exact.encode(images, SIDE, SIDE, p -> {})) {
            assertThat(own.meanDimensions()).isEqualTo(256);
            assertThat(all.columns()).isEqualTo(256 + 4 * (128 + 128 + 256)).isEqualTo(grid.dimensions());
            assertThat(grid.meanDimensions()).isEqualTo(256).isEqualTo(means.meanDimensions());
            for (int i = 0; i < images.rows(); i++) {
                for (int j = 0; j < 256; j++) {
                    assertThat(all.get(i, j)).isEqualTo(pooled.get(i, j));
                }
                float[] image = new float[SIDE * SIDE];
                images.getRow(i, image);
                double[] expected = windows(planes(file, layers, image).subList(2, 5));
                for (int j = 0; j < expected.length; j++) {
                    assertThat((double) inJava.get(i, 256 + j)).isCloseTo(expected[j], within(1e-4));
                    assertThat((double) precise.get(i, 256 + j)).isCloseTo(expected[j], within(1e-3));
                }
            }
        }
    }

    /** For each layer, the means over four windows of planes of 7 x 7 pixels. The windows share their middle lines. */
    private static double[] windows(List<double[][]> layers) {
        return layers.stream()
                .flatMap(Arrays::stream)
                .flatMapToDouble(plane -> IntStream.range(0, 4).mapToDouble(window -> {
                    double sum = 0;
                    for (int y = 0; y < 4; y++) {
                        for (int x = 0; x < 4; x++) {
                            sum += plane[(y + window / 2 * 3) * 7 + x + window % 2 * 3];
                        }
                    }
                    return sum / 16;
                }))
                .toArray();
    }

    private static Offset<Double> within(double value) {
        return Offset.offset(value);
    }

    @Test
    void recordsItsOrigin() throws IOException {
        try (Encoder own = Encoder.open("fashion");
                Encoder teacher =
                        Encoder.open("imagenet", Encoder.Options.defaults().withPrecision(Precision.BFLOAT16))) {
            assertThat(own.inputSize()).isEqualTo(SIDE);
            assertThat(own.name()).isEqualTo("fashion");
            assertThat(own.provenance())
                    .containsEntry("images", "70000")
                    .containsEntry("teacher", "imagenet")
                    .containsEntry("teacherSha256", teacher.sha256())
                    .containsEntry("dimensions", Integer.toString(own.dimensions()));
        }
    }

    /** The documented command has no option but the data, so the defaults must be those in the file. */
    @Test
    void wasTrainedWithTheDefaults() throws IOException {
        TrainingOptions defaults = TrainingOptions.defaults();
        try (Encoder own = Encoder.open("fashion")) {
            assertThat(own.provenance())
                    .containsEntry("teacher", defaults.teaching().teacher().orElseThrow())
                    .containsEntry(
                            "distillationWeight",
                            Double.toString(defaults.teaching().weight()))
                    .containsEntry("contrastWeight", Double.toString(defaults.contrastWeight()))
                    .containsEntry("layers", defaults.layers())
                    .containsEntry(
                            "epochs", Integer.toString(defaults.schedule().epochs()))
                    .containsEntry(
                            "batchSize", Integer.toString(defaults.schedule().batchSize()))
                    .containsEntry(
                            "learningRate", Double.toString(defaults.schedule().learningRate()))
                    .containsEntry("temperature", Double.toString(defaults.temperature()))
                    .containsEntry(
                            "components", Integer.toString(defaults.teaching().components()))
                    .containsEntry("seed", Long.toString(defaults.seed()));
        }
    }

    private static NamedTensors resource() throws IOException {
        byte[] bytes = EmbeddedEncoder.FASHION.file();
        assertThat(bytes.length).isLessThan(4_000_000);
        return NamedTensors.parse(bytes, "fashion");
    }

    @Test
    void enginesAreChosenAndRefused() throws IOException {
        Encoder.Options options = Encoder.Options.defaults();
        Encoder.Options java = options.withEngine(Engine.JAVA);
        try (Encoder own = Encoder.open("fashion");
                Encoder half = Encoder.open("fashion", options.withPrecision(Precision.BFLOAT16));
                Encoder torch = Encoder.open("fashion", TORCH)) {
            assertThat(own.engine()).isEqualTo(Engine.JAVA);
            assertThat(own.precision()).isEqualTo(Precision.FLOAT32);
            assertThat(half.engine()).isEqualTo(Engine.PYTORCH);
            assertThat(torch.engine()).isEqualTo(Engine.PYTORCH);
            assertThat(torch.sha256()).isEqualTo(own.sha256());
            assertThat(torch.provenance()).isEqualTo(own.provenance());
        }
        assertThatThrownBy(() -> Encoder.open("fashion", java.withPrecision(Precision.BFLOAT16)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("the engine java computes in float32: leave out the precision bfloat16, or use the "
                        + "engine pytorch");
        assertThatThrownBy(() -> Encoder.open("imagenet", java))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("the embedded encoder \"imagenet\" is TorchScript, which only PyTorch runs: leave out the "
                        + "engine java");
    }

    private static double[] encode(NamedTensors file, List<ConvolutionLayer> layers, float[] image) {
        double[][] planes = planes(file, layers, image).getLast();
        double[] means = new double[planes.length];
        for (int c = 0; c < planes.length; c++) {
            for (double v : planes[c]) {
                means[c] += v / planes[c].length;
            }
        }
        return means;
    }

    /** The output of each layer. */
    private static List<double[][]> planes(NamedTensors file, List<ConvolutionLayer> layers, float[] image) {
        double[][] planes = {new double[image.length]};
        for (int i = 0; i < image.length; i++) {
            planes[0][i] = image[i];
        }
        List<double[][]> all = new ArrayList<>();
        int side = SIDE;
        for (int l = 0; l < layers.size(); l++) {
            planes = convolve(file, l, layers.get(l), planes, side);
            side = layers.get(l).output(side);
            all.add(planes);
        }
        return all;
    }

    private static double[][] convolve(
            NamedTensors file, int number, ConvolutionLayer layer, double[][] planes, int side) {
        float[] weight = file.tensors().get("layers." + number + ".weight").values();
        float[] bias = file.tensors().get("layers." + number + ".bias").values();
        int k = layer.kernel();
        int out = layer.output(side);
        double[][] result = new double[layer.channels()][out * out];
        for (int c = 0; c < layer.channels(); c++) {
            for (int y = 0; y < out; y++) {
                for (int x = 0; x < out; x++) {
                    double sum = bias[c];
                    for (int p = 0; p < planes.length; p++) {
                        for (int dy = 0; dy < k; dy++) {
                            for (int dx = 0; dx < k; dx++) {
                                int v = y * layer.stride() + dy - layer.padding();
                                int u = x * layer.stride() + dx - layer.padding();
                                if (v >= 0 && v < side && u >= 0 && u < side) {
                                    sum += weight[((c * planes.length + p) * k + dy) * k + dx]
                                            * planes[p][v * side + u];
                                }
                            }
                        }
                    }
                    result[c][y * out + x] = Math.max(0, sum);
                }
            }
        }
        return result;
    }
}
