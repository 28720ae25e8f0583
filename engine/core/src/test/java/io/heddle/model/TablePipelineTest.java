package io.heddle.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.heddle.cluster.KMeans;
import io.heddle.decomposition.Pca;
import io.heddle.files.DataFormatException;
import io.heddle.linear.LogisticRegression;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.preprocessing.Column;
import io.heddle.preprocessing.Table;
import io.heddle.preprocessing.TablePreprocessor;
import io.heddle.preprocessing.Treatment;
import io.heddle.preprocessing.Treatment.Encoding;
import io.heddle.preprocessing.Treatment.Missing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares models of tables, from files and in ONNX Runtime, with the engine. */
class TablePipelineTest {
    private static final int ROWS = 300;
    private static final List<String> CITIES = List.of("Rome", "Oslo", "Bonn", "Kyiv", "=cmd()");
    private static final OrtEnvironment ORT = OrtEnvironment.getEnvironment();
    private static final List<Column> COLUMNS = List.of(
            Column.category("city", CITIES),
            Column.number("time"),
            Column.of("day", Column.Kind.DATE),
            Column.of("at", Column.Kind.TIMESTAMP),
            Column.category("label", List.of("x", "y")),
            Column.of("new", Column.Kind.BOOLEAN));

    private static Table table;
    private static int[] labels;

    @TempDir
    private Path folder;

    @BeforeAll
    static void make() {
        Random random = new Random(5);
        Table.Builder builder = Table.builder(COLUMNS.size());
        labels = new int[ROWS];
        for (int i = 0; i < ROWS; i++) {
            labels[i] = i % 3;
            int city = Math.min(random.nextInt(6), random.nextInt(6));
            builder.add(
                    city > 4 ? Double.NaN : city,
                    random.nextInt(9) == 0 ? Double.NaN : 1.7e9 + 100 * labels[i] + 30 * random.nextGaussian(),
                    19_000 + random.nextInt(30),
                    1.7e9 + random.nextInt(86_400),
                    random.nextInt(2),
                    random.nextInt(2));
        }
        table = builder.build(COLUMNS);
    }

    @AfterAll
    static void free() {
        table.close();
    }

    private static TablePreprocessor preprocessor() {
        return TablePreprocessor.fit(
                table,
                TablePreprocessor.Options.defaults()
                        .withMaxCategories(3)
                        .withTreatment("city", Treatment.oneHot().withMissing(Missing.CATEGORY))
                        .withTreatment(
                                "time",
                                Treatment.number().withMissing(Missing.MEDIAN).withIndicator(true))
                        .withTreatment("day", Treatment.of(Encoding.SECONDS))
                        .withTreatment("at", Treatment.of(Encoding.DAYS))
                        .withTreatment("label", Treatment.oneHot()));
    }

    private static TablePipeline classifier() {
        TablePreprocessor preprocessor = preprocessor();
        try (FloatMatrix x = preprocessor.transform(table)) {
            return TablePipeline.of(
                    preprocessor,
                    Stage.of(LogisticRegression.fit(
                            x,
                            labels,
                            LogisticRegression.Options.defaults()
                                    .withLambda(1e-2)
                                    .withStandardize(true))));
        }
    }

    private static float[][] rows(FloatMatrix m) {
        float[][] rows = new float[(int) m.rows()][m.columns()];
        for (int i = 0; i < rows.length; i++) {
            m.getRow(i, rows[i]);
        }
        return rows;
    }

    private static Object run(Path file, Table data, String output) throws OrtException {
        int[] numbers = {1, 2, 3, 5};
        double[][] input = new double[(int) data.rows()][numbers.length];
        Map<String, OnnxTensor> tensors = new HashMap<>();
        try (OrtSession session = ORT.createSession(file.toString())) {
            for (int i = 0; i < input.length; i++) {
                for (int j = 0; j < numbers.length; j++) {
                    input[i][j] = data.value(i, numbers[j]);
                }
            }
            tensors.put("input", OnnxTensor.createTensor(ORT, input));
            for (int j : new int[] {0, 4}) {
                String[][] texts = new String[input.length][1];
                for (int i = 0; i < input.length; i++) {
                    double v = data.value(i, j);
                    texts[i][0] = Double.isNaN(v)
                            ? ""
                            : data.columns().get(j).categories().get((int) v);
                }
                tensors.put("text:" + data.columns().get(j).name(), OnnxTensor.createTensor(ORT, texts));
            }
            assertThat(session.getInputNames()).containsExactlyInAnyOrder("input", "text:city", "text:label");
            try (OrtSession.Result result = session.run(tensors)) {
                return result.get(output).orElseThrow().getValue();
            }
        } finally {
            tensors.values().forEach(OnnxTensor::close);
        }
    }

    @Test
    void aFileKeepsThePreprocessing() throws IOException {
        Path file = folder.resolve("model");
        try (TablePipeline written = classifier();
                FloatMatrix expected = written.probabilities(table)) {
            ModelFile.write(file, written, Provenance.now());
            try (SavedModel saved = ModelFile.read(file)) {
                assertThat(saved.kind()).isEqualTo(SavedModel.Kind.LOGISTIC);
                assertThat(saved.metadata()).containsEntry("format_version", "2");
                TablePipeline read = saved.tables().orElseThrow();
                assertThat(read.preprocessor().columns())
                        .isEqualTo(written.preprocessor().columns());
                assertThat(read.preprocessor().named()).isTrue();
                try (FloatMatrix found = read.probabilities(table);
                        FloatMatrix swapped = read.probabilities(table.select(5, 4, 3, 2, 1, 0))) {
                    assertThat(rows(found)).isDeepEqualTo(rows(expected));
                    assertThat(rows(swapped)).isDeepEqualTo(rows(expected));
                }
                assertThatThrownBy(saved::pipeline)
                        .isInstanceOf(InvalidInputException.class)
                        .hasMessageContaining("tables()");
                assertThatThrownBy(saved::logistic).isInstanceOf(InvalidInputException.class);
            }
        }
    }

    @Test
    void refusesInvalidPreprocessing() throws IOException {
        Path file = folder.resolve("model");
        try (TablePipeline written = classifier()) {
            ModelFile.write(file, written, Provenance.now());
        }
        byte[] bytes = Files.readAllBytes(file);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        for (String[] change : new String[][] {
            {"\\\"encoding\\\":\\\"one_hot\\\"", "\\\"encoding\\\":\\\"one_hat\\\""},
            {"\\\"missing\\\":\\\"median\\\"", "\\\"missing\\\":\\\"mediam\\\""},
            {"\\\"indicator\\\":\\\"true\\\"", "\\\"indicator\\\":\\\"truE\\\""},
            {"\\\"name\\\":\\\"day\\\"", "\\\"name\\\":\\\"new\\\""},
            {"preprocessing.shift", "preprocessing.shirt"}
        }) {
            assertThat(text).contains(change[0]);
            byte[] changed = text.replace(change[0], change[1]).getBytes(StandardCharsets.ISO_8859_1);
            Path damaged = folder.resolve("damaged");
            Files.write(damaged, renewed(changed));
            assertThatThrownBy(() -> ModelFile.read(damaged))
                    .as(change[1])
                    .isInstanceOf(DataFormatException.class)
                    .hasMessageContaining("is damaged");
        }
    }

    /** Replaces the checksum by that of the changed file. */
    private static byte[] renewed(byte[] file) {
        int at = Long.BYTES + TensorFile.checksumAt(Arrays.copyOfRange(file, Long.BYTES, file.length));
        System.arraycopy("0".repeat(64).getBytes(StandardCharsets.US_ASCII), 0, file, at, 64);
        byte[] digits =
                HexFormat.of().formatHex(TensorFile.sha256().digest(file)).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(digits, 0, file, at, 64);
        return file;
    }

    @Test
    void rolesOfColumnsAreKept() throws IOException {
        Path file = folder.resolve("model");
        Provenance.ColumnRoles roles = new Provenance.ColumnRoles(
                Optional.of("kind"), Optional.empty(), Optional.of("w\"eight"), List.of("a,b", "c"));
        try (TablePipeline written = classifier()) {
            ModelFile.write(file, written, Provenance.now().withRoles(roles));
        }
        try (SavedModel saved = ModelFile.read(file)) {
            assertThat(saved.provenance().roles()).isEqualTo(roles);
        }
    }

    @Test
    void onnxRuntimeFindsTheSameClasses() throws IOException, OrtException {
        Path file = folder.resolve("classifier.onnx");
        try (TablePipeline pipeline = classifier();
                FloatMatrix expected = pipeline.probabilities(table)) {
            OnnxFile.write(file, pipeline, Map.of());
            int[] predicted = pipeline.predict(table);
            long[] label = (long[]) run(file, table, "label");
            float[][] found = (float[][]) run(file, table, "probabilities");
            float[][] want = rows(expected);
            for (int i = 0; i < ROWS; i++) {
                assertThat(label[i]).isEqualTo(predicted[i]);
                for (int c = 0; c < 3; c++) {
                    assertThat(found[i][c]).isEqualTo(want[i][c], within(2e-6f));
                }
            }
        }
    }

    @Test
    void onnxRuntimeFindsTheSameCoordinatesAndDistances() throws IOException, OrtException {
        TablePreprocessor preprocessor = preprocessor();
        Path file = folder.resolve("pca.onnx");
        Path clusters = folder.resolve("clusters.onnx");
        try (FloatMatrix x = preprocessor.transform(table);
                TablePipeline pca = TablePipeline.of(
                        preprocessor, Stage.of(Pca.fit(x, Pca.Options.defaults().withComponents(3))));
                TablePipeline groups = TablePipeline.of(
                        preprocessor,
                        Stage.of(KMeans.fit(x, KMeans.Options.defaults().withClusters(4))));
                FloatMatrix expected = pca.transform(table)) {
            OnnxFile.write(file, pca, Map.of());
            float[][] found = (float[][]) run(file, table, "output");
            float[][] want = rows(expected);
            for (int i = 0; i < ROWS; i++) {
                for (int c = 0; c < 3; c++) {
                    // Days in seconds: coordinates of up to a million.
                    assertThat(found[i][c]).isEqualTo(want[i][c], within(1f));
                }
            }
            OnnxFile.write(clusters, groups, Map.of());
            long[] label = (long[]) run(clusters, table, "label");
            int[] nearest = groups.predict(table);
            for (int i = 0; i < ROWS; i++) {
                assertThat(label[i]).isEqualTo(nearest[i]);
            }
        }
    }

    /** Categories that the training rows do not have, and a table of a single text column. */
    @Test
    void unknownTextIsTheSameInOnnx() throws IOException, OrtException {
        Column city = Column.category("city", CITIES);
        Path file = folder.resolve("text.onnx");
        try (Table train = Table.builder(1)
                        .add(0)
                        .add(1)
                        .add(0)
                        .add(Double.NaN)
                        .add(2)
                        .build(List.of(city));
                Table given = Table.builder(1).add(3).add(Double.NaN).add(1).build(List.of(city));
                FloatMatrix components = FloatMatrix.copyOf(new float[] {1, 0, 0, 0, 1, 0, 0, 0, 1}, 3, 3)) {
            TablePreprocessor preprocessor = TablePreprocessor.fit(
                    train,
                    TablePreprocessor.Options.defaults()
                            .withMaxCategories(2)
                            .withTreatment("city", Treatment.oneHot().withMissing(Missing.MOST_FREQUENT)));
            io.heddle.cluster.KMeansModel centres =
                    io.heddle.cluster.KMeansModel.of(components.copy(), new double[0], 0, 1, true);
            try (TablePipeline pipeline = TablePipeline.of(preprocessor, Stage.of(centres))) {
                OnnxFile.write(file, pipeline, Map.of());
                assertThat(pipeline.predict(given)).containsExactly(2, 0, 1);
                try (OrtSession session = ORT.createSession(file.toString());
                        OnnxTensor texts =
                                OnnxTensor.createTensor(ORT, new String[][] {{"Kyiv"}, {""}, {"Oslo"}, {"never"}});
                        OrtSession.Result result = session.run(Map.of("text:city", texts))) {
                    assertThat((long[]) result.get("label").orElseThrow().getValue())
                            .containsExactly(2, 0, 1, 2);
                }
            }
        }
    }

    @Test
    void rowsOfNumbersAreTreatedAsTablesAre() {
        try (Table numbers = table.select(2, 3)) {
            TablePreprocessor preprocessor = TablePreprocessor.fit(
                    numbers,
                    TablePreprocessor.Options.defaults()
                            .withTreatment("day", Treatment.of(Encoding.DAYS))
                            .withTreatment("at", Treatment.of(Encoding.SECONDS)));
            try (FloatMatrix x = preprocessor.transform(numbers);
                    TablePipeline pipeline = TablePipeline.of(
                            preprocessor,
                            Stage.of(LogisticRegression.fit(x, labels, LogisticRegression.Options.defaults())));
                    FloatMatrix expected = pipeline.probabilities(numbers)) {
                int[] all = pipeline.predict(numbers);
                float[] out = new float[3];
                for (int i = 0; i < ROWS; i++) {
                    double[] row = {numbers.value(i, 0), numbers.value(i, 1)};
                    assertThat(pipeline.predict(row)).isEqualTo(all[i]);
                    pipeline.probabilities(row, out);
                    for (int c = 0; c < 3; c++) {
                        assertThat(out[c]).isEqualTo(expected.get(i, c));
                    }
                }
            }
        }
    }

    @Test
    void refusesStagesThatDoNotFit() {
        TablePreprocessor preprocessor = preprocessor();
        try (Table one = table.select(5);
                FloatMatrix x = TablePreprocessor.fit(one, TablePreprocessor.Options.defaults())
                        .transform(one);
                io.heddle.linear.LogisticModel model =
                        LogisticRegression.fit(x, labels, LogisticRegression.Options.defaults())) {
            assertThatThrownBy(() -> TablePipeline.of(preprocessor, Stage.of(model)))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("the preprocessing has 12 features, but the model takes 1");
        }
    }
}
