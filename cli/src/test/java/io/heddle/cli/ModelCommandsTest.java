package io.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.heddle.cli.terminal.Faults;
import io.heddle.cluster.KMeans;
import io.heddle.cluster.KMeansModel;
import io.heddle.decomposition.Pca;
import io.heddle.decomposition.PcaModel;
import io.heddle.linear.LogisticModel;
import io.heddle.linear.LogisticRegression;
import io.heddle.matrix.FloatMatrix;
import io.heddle.model.ModelFile;
import io.heddle.model.Pipeline;
import io.heddle.model.Provenance;
import io.heddle.model.SavedModel;
import io.heddle.model.Stage;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests inspect, predict and export with generated data in a CSV file. */
class ModelCommandsTest {
    private static final int ROWS = 60;
    private static final int COLUMNS = 4;
    private static final List<String> NAMES = List.of("left, far", "right");

    @TempDir
    private Path folder;

    private FloatMatrix x;
    private final int[] labels = new int[ROWS];
    private Path table;

    @BeforeEach
    void make() throws IOException {
        Random random = new Random(2);
        x = FloatMatrix.allocate(ROWS, COLUMNS);
        StringBuilder csv = new StringBuilder("a,b,c,d,side\n");
        for (int i = 0; i < ROWS; i++) {
            labels[i] = i % 2;
            for (int j = 0; j < COLUMNS; j++) {
                x.set(i, j, (float) (random.nextGaussian() + (labels[i] == 0 ? -2 : 2)));
                csv.append(x.get(i, j)).append(',');
            }
            csv.append('"').append(NAMES.get(labels[i])).append("\"\n");
        }
        table = folder.resolve("table.csv");
        Files.writeString(table, csv);
    }

    private Path classifier() throws IOException {
        Path file = folder.resolve("classifier.safetensors");
        try (LogisticModel model = LogisticRegression.fit(x, labels, LogisticRegression.Options.defaults())) {
            ModelFile.write(
                    file,
                    model,
                    Provenance.now().withSeed(7).withOption("lambda", "1.0E-4").withClassNames(NAMES));
        }
        return file;
    }

    @Test
    void inspectDescribesAModel() throws IOException {
        Path file = classifier();
        Invocation text = Invocation.of("inspect", file);
        assertThat(text.code()).isZero();
        assertThat(text.out())
                .contains("kind                 logistic")
                .contains("logistic 4 -> 2")
                .contains("left, far, right")
                .contains("option lambda        1.0E-4");
        Invocation run = Invocation.of("inspect", file, "--json");
        JsonNode json = new ObjectMapper().readTree(run.out());
        assertThat(json.get("kind").asText()).isEqualTo("logistic");
        assertThat(json.get("inputs").asInt()).isEqualTo(COLUMNS);
        assertThat(json.get("seed").asLong()).isEqualTo(7);
        assertThat(json.get("options").get("lambda").asText()).isEqualTo("1.0E-4");
        assertThat(json.get("stages").get(0).get("certificate").asText()).isEqualTo("duality gap");
        assertThat(json.get("encoder").isNull()).isTrue();
    }

    @Test
    void predictWritesALineForEachRow() throws IOException {
        Path out = folder.resolve("labels.csv");
        Invocation run = Invocation.of("predict", classifier(), table, "--label", "side", "--out", out, "--details");
        assertThat(run.errorLines())
                .singleElement()
                .asString()
                .endsWith(
                        "of table.csv are matched by their order, a, b, c, d; whether they are the columns of the training data"
                                + " cannot be checked");
        assertThat(run.code()).isZero();
        assertThat(run.out()).isEqualTo(out + ": 60 rows, accuracy 1.0000\n");
        List<String> lines = Files.readAllLines(out);
        assertThat(lines).hasSize(ROWS + 1);
        assertThat(lines.getFirst()).isEqualTo("row,label,class,\"probability left, far\",probability right");
        assertThat(lines.get(1)).startsWith("0,0,\"left, far\",");
        assertThat(lines.get(2)).startsWith("1,1,right,");
        String[] fields = lines.get(2).split(",");
        assertThat(Float.parseFloat(fields[3]) + Float.parseFloat(fields[4])).isEqualTo(1, within(1e-6f));
    }

    @Test
    void predictScalesAsTheTrainingDataWereScaled() throws IOException {
        Path file = folder.resolve("scaled.safetensors");
        Path out = folder.resolve("out.csv");
        Path again = folder.resolve("again.csv");
        assertThat(Invocation.of("logistic", "train", table, "--label", "side", "--scale", "0.1", "--model", file)
                        .code())
                .isZero();
        Invocation.of("predict", file, table, "--label", "side", "--details", "--out", out);
        Invocation.of("predict", file, table, "--label", "side", "--details", "--out", again, "--scale", "0.1");
        assertThat(Files.readString(out)).isEqualTo(Files.readString(again));
        Invocation.of("predict", file, table, "--label", "side", "--details", "--out", again, "--scale", "1");
        assertThat(Files.readString(out)).isNotEqualTo(Files.readString(again));
    }

    @Test
    void predictSupportsEveryKindOfModel() throws IOException {
        Path out = folder.resolve("out.csv");
        Path file = folder.resolve("model");
        try (PcaModel pca = Pca.fit(x, Pca.Options.defaults().withComponents(2));
                FloatMatrix coordinates = pca.transform(x)) {
            ModelFile.write(file, pca, Provenance.now());
            assertThat(Invocation.of("predict", file, table, "--drop", "side", "--out", out)
                            .code())
                    .isZero();
            List<String> lines = Files.readAllLines(out);
            assertThat(lines.getFirst()).isEqualTo("row,component 1,component 2");
            assertThat(Float.parseFloat(lines.get(60).split(",")[1])).isEqualTo(coordinates.get(59, 0), within(1e-5f));
            KMeansModel clusters =
                    KMeans.fit(coordinates, KMeans.Options.defaults().withClusters(2));
            try (Pipeline pipeline = Pipeline.of(Stage.of(pca), Stage.of(clusters))) {
                ModelFile.write(file, pipeline, Provenance.now());
                Invocation run = Invocation.of("predict", file, table, "--label", "side", "--out", out, "--details");
                assertThat(run.out()).isEqualTo(out + ": 60 rows\n");
                lines = Files.readAllLines(out);
                assertThat(lines.getFirst()).isEqualTo("row,label,distance 0,distance 1");
                String[] fields = lines.get(1).split(",");
                int label = Integer.parseInt(fields[1]);
                assertThat(Float.parseFloat(fields[2 + label])).isLessThan(Float.parseFloat(fields[3 - label]));
            }
        }
    }

    @Test
    void exportWritesOnnx() throws IOException {
        Path out = folder.resolve("classifier.onnx");
        Invocation run = Invocation.of("export", "onnx", classifier(), out);
        assertThat(run.code()).isZero();
        assertThat(run.out()).isEqualTo(out + ": opset 13, input N x 4, outputs label, probabilities\n");
        assertThat(out).isNotEmptyFile();
    }

    @Test
    void anExportedModelIsImported() throws IOException {
        Path onnx = folder.resolve("classifier.onnx");
        Path back = folder.resolve("back.safetensors");
        Path file = classifier();
        assertThat(Invocation.of("export", "onnx", file, onnx).code()).isZero();
        Invocation run = Invocation.of("import", "onnx", onnx, back);
        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("left, far, right").endsWith(back + "\n");
        JsonNode json = new ObjectMapper()
                .readTree(Invocation.of("import", "onnx", onnx, back, "--json").out());
        assertThat(json.get("kind").asText()).isEqualTo("logistic");
        assertThat(json.get("inputs").asInt()).isEqualTo(COLUMNS);
        assertThat(json.get("classes").get(0).asText()).isEqualTo(NAMES.getFirst());
        try (SavedModel written = ModelFile.read(file);
                SavedModel read = ModelFile.read(back)) {
            assertThat(read.provenance()).isEqualTo(written.provenance());
            assertThat(read.pipeline().predict(x)).isEqualTo(written.pipeline().predict(x));
        }
        JsonNode inspected = new ObjectMapper()
                .readTree(Invocation.of("inspect", back, "--json").out());
        assertThat(inspected.get("stages").get(0).get("objective").isNull()).isTrue();
        Path again = folder.resolve("again.onnx");
        assertThat(Invocation.of("export", "onnx", back, again).code()).isZero();
        assertThat(again).isNotEmptyFile();
    }

    @Test
    void errorsAreOneSentence() throws IOException {
        assertOneSentence(
                Invocation.of("import", "onnx", table, folder.resolve("none")), "table.csv is not an ONNX file");
        assertOneSentence(
                Invocation.of("import", "onnx", folder.resolve("none"), folder.resolve("out")), "does not exist");
        assertThat(Invocation.of("import").code()).isEqualTo(Faults.INPUT_ERROR);
        Path out = folder.resolve("out.csv");
        Path file = classifier();
        assertOneSentence(Invocation.of("inspect", folder.resolve("none")), "no such file");
        assertOneSentence(Invocation.of("inspect", table), "is not a model file");
        assertOneSentence(Invocation.of("export", "onnx", file, folder), "it is a folder");
        assertOneSentence(
                Invocation.of("predict", file, table, "--drop", "side,a", "--out", out),
                "table.csv has 3 columns, but the model");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 2] ^= 4;
        Files.write(file, bytes);
        assertOneSentence(Invocation.of("inspect", file), "does not match its checksum");
        assertOneSentence(Invocation.of("predict", file, table, "--out", out), "does not match its checksum");
        assertThat(out).doesNotExist();
    }

    private static void assertOneSentence(Invocation run, String part) {
        assertThat(run.code()).isEqualTo(Faults.INPUT_ERROR);
        assertThat(run.errorLines())
                .hasSize(1)
                .first()
                .asString()
                .startsWith("heddle: ")
                .contains(part);
    }

    /** The last class of an NPZ file may have no rows. */
    @Test
    void classesWithoutRowsAreNotNamesOfTheModel() throws IOException {
        Path npz = folder.resolve("table.npz");
        assertThat(Invocation.of("data", "convert", table, npz, "--label", "side")
                        .code())
                .isZero();
        Path model = folder.resolve("npz.heddle");
        try (FileSystem zip = FileSystems.newFileSystem(npz)) {
            Files.writeString(zip.getPath("classes.json"), "[\"l\", \"r\", \"unused\"]");
        }
        Invocation train = Invocation.of("train", npz, "--model", model);
        assertThat(train.code()).as(train.err()).isZero();
        assertThat(Invocation.of("inspect", model).out()).contains("l, r").doesNotContain("unused");
        try (FileSystem zip = FileSystems.newFileSystem(npz)) {
            Files.writeString(zip.getPath("classes.json"), "[\"l\", \"l\"]");
        }
        Invocation refused = Invocation.of("train", npz, "--model", model);
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("classes.json has a class name more than once");
    }
}
