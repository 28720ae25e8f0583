package io.heddle.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.files.DataFormatException;
import io.heddle.linear.LogisticModel;
import io.heddle.linear.LogisticRegression;
import io.heddle.matrix.FloatMatrix;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares models converted by skl2onnx ({@code make_onnx.py}) with the probabilities of scikit-learn. */
@Tag("slow")
class OnnxReadTest {
    @TempDir
    private Path folder;

    private byte[] resource(String name) throws IOException {
        try (InputStream in = OnnxReadTest.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }

    private Path file(String name) throws IOException {
        return Files.write(folder.resolve(name), resource(name));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "multinomial | logistic |",
                "binary | logistic | 2,5",
                "standardized | pipeline | setosa,versicolor,virginica",
                "standardized-binary | pipeline | versicolor,virginica",
                "range | pipeline |",
                "largest | pipeline |",
                "double | pipeline |",
                "double-binary | pipeline | 1,2",
                "double-names | logistic | setosa,versicolor,virginica",
                "columns | pipeline | setosa,versicolor,virginica",
                "columns-binary | pipeline | 1,2"
            })
    void theProbabilitiesAreThoseOfScikitLearn(String name, String kind, String classes) throws IOException {
        List<double[]> rows = new String(resource("probabilities.csv"), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith(name + ","))
                .map(line -> Arrays.stream(line.substring(name.length() + 1).split(","))
                        .mapToDouble(Double::parseDouble)
                        .toArray())
                .toList();
        assertThat(rows).hasSizeGreaterThanOrEqualTo(10);
        try (SavedModel model = OnnxFile.read(file(name + ".onnx"))) {
            assertThat(model.kind().text()).isEqualTo(kind);
            assertThat(model.provenance().classNames())
                    .isEqualTo(classes == null ? List.of() : List.of(classes.split(",")));
            assertThat(model.provenance().versions()).containsKey("skl2onnx");
            Pipeline pipeline = model.pipeline();
            assertThat(pipeline.inputs()).isEqualTo(4);
            float[] row = new float[4];
            float[] found = new float[pipeline.outputs()];
            for (double[] expected : rows) {
                for (int j = 0; j < row.length; j++) {
                    row[j] = (float) expected[j];
                }
                pipeline.probabilities(row, found);
                assertThat(expected).hasSize(4 + found.length);
                for (int c = 0; c < found.length; c++) {
                    assertThat(found[c]).isEqualTo((float) expected[4 + c], within(1e-6f));
                }
            }
            Path saved = folder.resolve("saved");
            if (model.kind() == SavedModel.Kind.LOGISTIC) {
                ModelFile.write(saved, model.logistic(), model.provenance());
            } else {
                ModelFile.write(saved, pipeline, model.provenance());
            }
            try (SavedModel again = ModelFile.read(saved)) {
                float[] same = new float[found.length];
                again.pipeline().probabilities(row, same);
                assertThat(same).isEqualTo(found);
            }
        }
    }

    @Test
    void readsExportedModels() throws IOException {
        Random random = new Random(5);
        try (FloatMatrix x = FloatMatrix.allocate(90, 7)) {
            int[] labels = new int[90];
            for (int i = 0; i < labels.length; i++) {
                labels[i] = i % 3;
                for (int j = 0; j < 7; j++) {
                    x.set(i, j, (float) (random.nextGaussian() + (j == labels[i] ? 2 : 0)));
                }
            }
            Path saved = folder.resolve("model");
            Path onnx = folder.resolve("model.onnx");
            try (LogisticModel model = LogisticRegression.fit(x, labels, LogisticRegression.Options.defaults())) {
                Provenance provenance =
                        Provenance.now().withSeed(3).withOption("lambda", "0.5").withClassNames(List.of("a", "b", "c"));
                ModelFile.write(saved, model, provenance);
                try (SavedModel read = ModelFile.read(saved)) {
                    OnnxFile.write(onnx, read);
                    try (SavedModel back = OnnxFile.read(onnx)) {
                        assertThat(back.provenance()).isEqualTo(read.provenance());
                        assertThat(back.logistic().intercepts()).isEqualTo(model.intercepts());
                        for (int c = 0; c < 3; c++) {
                            for (int j = 0; j < 7; j++) {
                                assertThat(back.logistic().weights().get(c, j))
                                        .isEqualTo(model.weights().get(c, j));
                            }
                        }
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "one-against-the-rest | computes probabilities more than once",
                "gradient-descent | uses scores of classes in the operator Exp",
                "support-vectors | which is scores or components; Heddle reads classifiers with probabilities"
            })
    void otherModelsAreRefused(String name, String part) throws IOException {
        assertRefused(file(name + ".onnx"), part);
    }

    private static void assertRefused(Path file, String part) {
        assertThatThrownBy(() -> OnnxFile.read(file).close())
                .isInstanceOf(DataFormatException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(part);
    }

    @Test
    void componentsAreRefused() throws IOException {
        Path file = folder.resolve("clusters.onnx");
        Protobuf none = new Protobuf();
        Files.write(file, none.integer(1, 7).message(7, new Protobuf()).toBytes());
        assertRefused(file, "has 0 inputs");
    }

    /** No memory is allocated for a size that exceeds the file. */
    @Test
    void refusesSizesBeyondTheFileBeforeAllocation() throws IOException {
        Path file = folder.resolve("huge.onnx");
        OnnxGraph graph = new OnnxGraph();
        graph.input("input", OnnxGraph.FLOAT, Integer.MAX_VALUE);
        graph.floats("probabilities", 3);
        Files.write(file, graph.toBytes("", Map.of()));
        assertRefused(file, "is too small for the weights of 2147483647 columns");
        byte[] bytes = {8, 7, 58, -1, -1, -1, -1, 7, 0};
        Files.write(file, bytes);
        assertRefused(file, "a field is longer than the file");
        Files.write(file, new byte[0]);
        assertRefused(file, "it has 0 bytes");
        assertRefused(folder, "is a folder");
        assertRefused(folder.resolve("none"), "does not exist");
    }

    /** Any cut or changed file gives a model or one sentence. */
    @ParameterizedTest
    @ValueSource(strings = {"standardized.onnx", "binary.onnx", "double.onnx", "double-binary.onnx"})
    void damagedFilesAreRefusedOrRead(String name) throws IOException {
        byte[] whole = resource(name);
        Path file = folder.resolve("damaged.onnx");
        int told = 0;
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            told += isRefused(file) ? 1 : 0;
        }
        assertThat(told).isGreaterThan(whole.length * 9 / 10);
        Random random = new Random(1);
        for (int i = 0; i < 2_000; i++) {
            byte[] changed = whole.clone();
            for (int k = random.nextInt(3); k >= 0; k--) {
                changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
            }
            Files.write(file, changed);
            isRefused(file);
        }
    }

    private static boolean isRefused(Path file) throws IOException {
        try {
            OnnxFile.read(file).close();
            return false;
        } catch (DataFormatException e) {
            assertThat(e.getMessage()).startsWith(file.toString()).doesNotContain("\n");
            return true;
        }
    }

    /** As a float, the mean of the column is 0.0025 off, here a hundredth of a standard deviation. */
    @Test
    void aMeanThatIsNoFloatKeepsItsDigits() throws IOException {
        double mean = 123_456.4325;
        OnnxGraph graph = new OnnxGraph();
        String input = graph.input("input", OnnxGraph.DOUBLE, 1);
        String centred = graph.node("Sub", "centred", Map.of(), input, graph.vector("mean", new double[] {mean}, true));
        String scaled = graph.node("Mul", "scaled", Map.of(), centred, graph.vector("by", new double[] {4}, true));
        String weights = graph.matrix("weights", new double[][] {{-2, 2}}, true);
        String logits = graph.node("MatMul", "logits", Map.of(), scaled, weights);
        graph.node("Softmax", "probabilities", Map.of("axis", 1), logits);
        graph.floats("probabilities", 2);
        Path file = Files.write(folder.resolve("mean.onnx"), graph.toBytes("", Map.of()));
        try (SavedModel read = OnnxFile.read(file)) {
            float[] found = new float[2];
            for (float x : new float[] {123_456, 123_456.5f, 123_457}) {
                read.pipeline().probabilities(new float[] {x}, found);
                double expected = 1 / (1 + Math.exp(-16 * (x - mean)));
                assertThat((double) found[1]).isEqualTo(expected, within(1e-6));
            }
        }
    }

    /** As doubles, the first two of these would be the same number. */
    @Test
    void wholeNumbersThatNameClassesKeepAllDigits() throws IOException {
        long[] numbers = {(1L << 53), (1L << 53) + 1, -9_007_199_254_740_993L};
        Protobuf labels = new Protobuf().text(1, "classlabels_ints");
        java.nio.ByteBuffer floats =
                java.nio.ByteBuffer.allocate(3 * Float.BYTES).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        for (int c = 0; c < numbers.length; c++) {
            labels.integer(8, numbers[c]);
            floats.putFloat(c);
        }
        Protobuf node = new Protobuf()
                .text(1, "input")
                .text(2, "label")
                .text(2, "probabilities")
                .text(4, "LinearClassifier")
                .message(5, labels.integer(20, 7))
                .message(
                        5,
                        new Protobuf()
                                .text(1, "coefficients")
                                .blob(7, floats.array())
                                .integer(20, 6))
                .message(
                        5,
                        new Protobuf()
                                .text(1, "post_transform")
                                .text(4, "SOFTMAX")
                                .integer(20, 3));
        OnnxGraph empty = new OnnxGraph();
        empty.input("input", OnnxGraph.FLOAT, 1);
        empty.labels("label");
        empty.floats("probabilities", 3);
        Path file = folder.resolve("classes.onnx");
        // The fields of a message can be in several parts: here the node comes after the rest of the graph.
        byte[] rest = empty.toBytes("", Map.of());
        Protobuf model = new Protobuf().message(7, new Protobuf().message(1, node));
        Files.write(file, rest);
        Files.write(file, model.toBytes(), java.nio.file.StandardOpenOption.APPEND);
        try (SavedModel read = OnnxFile.read(file)) {
            assertThat(read.provenance().classNames())
                    .containsExactly("9007199254740992", "9007199254740993", "-9007199254740993");
        }
    }
}
