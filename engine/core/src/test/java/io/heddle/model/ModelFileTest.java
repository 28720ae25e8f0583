package io.heddle.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.cluster.KMeans;
import io.heddle.cluster.KMeansModel;
import io.heddle.cluster.StreamingKMeans;
import io.heddle.decomposition.IncrementalPca;
import io.heddle.decomposition.Pca;
import io.heddle.decomposition.PcaModel;
import io.heddle.files.DataFormatException;
import io.heddle.linear.LogisticModel;
import io.heddle.linear.LogisticRegression;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFileTest {
    private static final int ROWS = 300;
    private static final int COLUMNS = 19;

    private static FloatMatrix x;
    private static int[] labels;

    @TempDir
    private Path folder;

    @BeforeAll
    static void make() {
        Random random = new Random(5);
        x = FloatMatrix.allocate(ROWS, COLUMNS);
        labels = new int[ROWS];
        for (int i = 0; i < ROWS; i++) {
            labels[i] = i % 4;
            for (int j = 0; j < COLUMNS; j++) {
                x.set(i, j, (float) (random.nextGaussian() + (j % 4 == labels[i] ? 2 : 0)));
            }
        }
    }

    @AfterAll
    static void free() {
        x.close();
    }

    private static LogisticModel logistic(FloatMatrix data) {
        return LogisticRegression.fit(data, labels, LogisticRegression.Options.defaults());
    }

    private static PcaModel pca() {
        return Pca.fit(x, Pca.Options.defaults().withComponents(5).withWhitening(0.25));
    }

    private static Provenance provenance() {
        return Provenance.now()
                .withData("ab".repeat(32))
                .withSeed(-7)
                .withOption("lambda", "1.0E-4")
                .withVersion("smile", "\"never\" \\ \u0001 \ud83d\ude00 ü")
                .withClassNames(List.of("Pullover", "Kleid, \"kurz\"", "靴", ""))
                .withEncoder("imagenet", "0123456789abcdef".repeat(4));
    }

    private static float[][] rows(FloatMatrix m) {
        float[][] rows = new float[(int) m.rows()][m.columns()];
        for (int i = 0; i < rows.length; i++) {
            m.getRow(i, rows[i]);
        }
        return rows;
    }

    @Test
    void classifiersAreReadBitForBit() throws IOException {
        Path file = folder.resolve("classifier.safetensors");
        try (LogisticModel model = logistic(x)) {
            Provenance provenance = provenance();
            ModelFile.write(file, model, provenance);
            try (SavedModel saved = ModelFile.read(file)) {
                assertThat(saved.kind()).isEqualTo(SavedModel.Kind.LOGISTIC);
                LogisticModel read = saved.logistic();
                assertThat(rows(read.weights())).isDeepEqualTo(rows(model.weights()));
                assertThat(read.intercepts()).isEqualTo(model.intercepts());
                assertThat(read.objective()).isEqualTo(model.objective());
                assertThat(read.certificate()).isEqualTo(model.certificate());
                assertThat(read.iterations()).isEqualTo(model.iterations());
                assertThat(read.passes()).isEqualTo(model.passes());
                assertThat(read.nonZeros()).isEqualTo(model.nonZeros());
                assertThat(read.predict(x)).isEqualTo(model.predict(x));
                assertThat(saved.pipeline().predict(x)).isEqualTo(model.predict(x));
                assertThat(saved.provenance())
                        .isEqualTo(provenance
                                .withVersion("heddle", saved.metadata().get("version.heddle"))
                                .withVersion("java", Runtime.version().toString()));
                assertThatThrownBy(saved::kMeans)
                        .isInstanceOf(InvalidInputException.class)
                        .hasMessage("this is a model of kind logistic: it has no clusters");
            }
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactly(file);
        }
    }

    /** A Spark cluster can train on so many rows. */
    @Test
    void moreRowsThanAnIntegerHolds() throws IOException {
        Path file = folder.resolve("pca-of-many.safetensors");
        long rows = 3_000_000_000L;
        FloatMatrix axis = FloatMatrix.copyOf(new float[] {1, 0}, 1, 2);
        try (PcaModel model = PcaModel.of(axis, new float[2], new double[] {2}, 3, rows, 0, Pca.Solver.COVARIANCE)) {
            ModelFile.write(file, model, Provenance.now());
            try (SavedModel saved = ModelFile.read(file)) {
                assertThat(saved.pca().rows()).isEqualTo(rows);
            }
        }
    }

    @Test
    void componentsAreReadBitForBit() throws IOException {
        Path file = folder.resolve("pca.safetensors");
        try (PcaModel model = pca()) {
            ModelFile.write(file, model, Provenance.now());
            try (SavedModel saved = ModelFile.read(file);
                    FloatMatrix expected = model.transform(x);
                    FloatMatrix found = saved.pca().transform(x)) {
                assertThat(saved.kind()).isEqualTo(SavedModel.Kind.PCA);
                assertThat(rows(found)).isDeepEqualTo(rows(expected));
                assertThat(saved.pca().explainedVarianceRatio()).isEqualTo(model.explainedVarianceRatio());
                assertThat(saved.pca().singularValues()).isEqualTo(model.singularValues());
                assertThat(saved.pca().noiseVariance()).isEqualTo(model.noiseVariance());
                assertThat(saved.pca().solver()).isEqualTo(model.solver());
                assertThat(saved.provenance().seed()).isEmpty();
            }
        }
    }

    @Test
    void centresAreReadBitForBit() throws IOException {
        Path file = folder.resolve("centres.safetensors");
        try (KMeansModel model = KMeans.fit(x, KMeans.Options.defaults().withClusters(6))) {
            ModelFile.write(file, model, Provenance.now());
            try (SavedModel saved = ModelFile.read(file)) {
                assertThat(saved.kind()).isEqualTo(SavedModel.Kind.K_MEANS);
                assertThat(rows(saved.kMeans().centroids())).isDeepEqualTo(rows(model.centroids()));
                assertThat(saved.kMeans().inertia()).isEqualTo(model.inertia());
                assertThat(saved.kMeans().converged()).isEqualTo(model.converged());
                assertThat(saved.kMeans().predict(x)).isEqualTo(model.predict(x));
                assertThat(saved.kMeans().labels()).isEmpty();
                double[] sizes = new double[6];
                Arrays.stream(model.labels()).forEach(label -> sizes[label]++);
                assertThat(saved.kMeans().weights()).isEqualTo(sizes);
            }
        }
    }

    @Test
    void centresKeepTheirDistance() throws IOException {
        Path file = folder.resolve("directions.safetensors");
        KMeans.Options options = KMeans.Options.defaults()
                .withClusters(6)
                .withDistance(KMeans.Distance.COSINE)
                .withMaxIterations(1)
                .withAlgorithm(KMeans.Algorithm.LLOYD);
        try (KMeansModel model = KMeans.fit(x, options)) {
            assertThat(model.converged()).isFalse();
            ModelFile.write(file, model, Provenance.now());
            try (SavedModel saved = ModelFile.read(file)) {
                assertThat(saved.kMeans().distance()).isEqualTo(KMeans.Distance.COSINE);
                assertThat(saved.kMeans().converged()).isFalse();
                assertThat(saved.kMeans().iterations()).isEqualTo(1);
                assertThat(saved.kMeans().predict(x)).isEqualTo(model.predict(x));
                float[] row = new float[x.columns()];
                x.getRow(3, row);
                assertThat(saved.pipeline().predict(row)).isEqualTo(model.predict(x)[3]);
            }
        }
    }

    @Test
    void aStreamOfClustersContinuesFromAFileBitForBit() throws IOException {
        Path file = folder.resolve("stream.safetensors");
        try (StreamingKMeans unbroken = StreamingKMeans.of(5, 3)) {
            unbroken.partialFit(x.rows(0, 100));
            unbroken.partialFit(x.rows(100, 150));
            try (KMeansModel model = unbroken.model()) {
                ModelFile.write(file, model, Provenance.now());
            }
            unbroken.partialFit(x.rows(150, 220));
            unbroken.partialFit(x.rows(220, ROWS));
            try (SavedModel saved = ModelFile.read(file);
                    StreamingKMeans later = StreamingKMeans.from(saved.kMeans())) {
                later.partialFit(x.rows(150, 220));
                later.partialFit(x.rows(220, ROWS));
                try (KMeansModel expected = unbroken.model();
                        KMeansModel found = later.model()) {
                    assertThat(rows(found.centroids())).isDeepEqualTo(rows(expected.centroids()));
                    assertThat(found.inertia()).isEqualTo(expected.inertia());
                    assertThat(found.iterations()).isEqualTo(expected.iterations());
                    assertThat(found.weights()).isEqualTo(expected.weights());
                    assertThat(Arrays.stream(found.weights()).sum()).isEqualTo(ROWS);
                }
            }
        }
        try (KMeansModel byHand = KMeansModel.of(x.rows(0, 3).copy(), Double.NaN, 0, false)) {
            assertThatThrownBy(() -> StreamingKMeans.from(byHand))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("choose a weight");
        }
    }

    @Test
    void incrementalComponentsContinueFromAFile() throws IOException {
        Path file = folder.resolve("incremental.safetensors");
        IncrementalPca unbroken = IncrementalPca.of(5);
        unbroken.partialFit(x.rows(0, 100));
        unbroken.partialFit(x.rows(100, 150));
        try (PcaModel model = unbroken.model(true)) {
            ModelFile.write(file, model, Provenance.now());
        }
        unbroken.partialFit(x.rows(150, ROWS));
        try (SavedModel saved = ModelFile.read(file)) {
            IncrementalPca later = IncrementalPca.from(saved.pca());
            assertThat(later.rows()).isEqualTo(150);
            later.partialFit(x.rows(150, ROWS));
            try (PcaModel expected = unbroken.model(false);
                    PcaModel found = later.model(false)) {
                assertThat(found.rows()).isEqualTo(ROWS);
                assertThat(found.totalVariance())
                        .isEqualTo(expected.totalVariance(), within(1e-6 * expected.totalVariance()));
                assertThat(found.mean()).containsExactly(expected.mean(), within(1e-6f));
                assertThat(found.explainedVariance())
                        .containsExactly(expected.explainedVariance(), within(1e-6 * expected.explainedVariance()[0]));
                for (int i = 0; i < 5; i++) {
                    assertThat(rows(found.components())[i])
                            .containsExactly(rows(expected.components())[i], within(2e-5f));
                }
            }
        }
    }

    @Test
    void pipelinesAreReadBitForBit() throws IOException {
        Path file = folder.resolve("pipeline.safetensors");
        float[] shift = new float[COLUMNS];
        float[] factor = new float[COLUMNS];
        for (int i = 0; i < COLUMNS; i++) {
            shift[i] = i;
            factor[i] = 1 / (1f + i);
        }
        PcaModel pca = pca();
        try (FloatMatrix coordinates = pca.transform(x);
                Pipeline pipeline =
                        Pipeline.of(Stage.scale(shift, factor), Stage.of(pca), Stage.of(logistic(coordinates)))) {
            ModelFile.write(file, pipeline, Provenance.now());
            try (SavedModel saved = ModelFile.read(file);
                    FloatMatrix expected = pipeline.probabilities(x);
                    FloatMatrix found = saved.pipeline().probabilities(x)) {
                assertThat(saved.kind()).isEqualTo(SavedModel.Kind.PIPELINE);
                assertThat(saved.stages()).hasSize(3);
                assertThat(rows(found)).isDeepEqualTo(rows(expected));
            }
        }
    }

    @Test
    void theSameModelGivesTheSameFileAndReplacesAnother() throws IOException {
        Path file = folder.resolve("model");
        Files.writeString(file, "something else");
        Provenance pinned = Provenance.now().withCreated(Instant.EPOCH);
        try (LogisticModel model = logistic(x)) {
            ModelFile.write(file, model, pinned);
            byte[] first = Files.readAllBytes(file);
            ModelFile.write(file, model, pinned);
            assertThat(Files.readAllBytes(file)).isEqualTo(first);
        }
    }

    private byte[] written() throws IOException {
        Path file = folder.resolve("good");
        try (LogisticModel model = logistic(x)) {
            ModelFile.write(file, model, provenance());
        }
        return Files.readAllBytes(file);
    }

    private void assertFault(byte[] bytes, String part) throws IOException {
        Path file = folder.resolve("bad");
        Files.write(file, bytes);
        assertThatThrownBy(() -> ModelFile.read(file))
                .isInstanceOf(DataFormatException.class)
                .hasMessageStartingWith(file + " ")
                .hasMessageContaining(part)
                .message()
                .doesNotContain("\n");
    }

    @Tag("slow")
    @Test
    void detectsAnyChangedByte() throws IOException {
        byte[] good = written();
        Random random = new Random(1);
        Path file = folder.resolve("bad");
        for (int i = 0; i < 400; i++) {
            byte[] bad = good.clone();
            int at = i < 100 ? i : random.nextInt(bad.length);
            bad[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, bad);
            assertThatThrownBy(() -> ModelFile.read(file))
                    .as("byte %d", at)
                    .isInstanceOf(DataFormatException.class)
                    .hasMessageStartingWith(file + " ");
        }
        byte[] weight = good.clone();
        weight[weight.length - 1] ^= 1;
        assertFault(weight, "does not match its checksum");
    }

    @Tag("slow")
    @Test
    void detectsAnyTruncation() throws IOException {
        byte[] good = written();
        Path file = folder.resolve("bad");
        for (int length = 0; length < good.length; length += length < 40 ? 1 : 37) {
            Files.write(file, Arrays.copyOf(good, length));
            assertThatThrownBy(() -> ModelFile.read(file))
                    .as("%d bytes", length)
                    .isInstanceOf(DataFormatException.class);
        }
        assertFault(Arrays.copyOf(good, good.length - 1), "is cut short: its tensors take");
        assertFault(Arrays.copyOf(good, 100), "is cut short: its header should have");
        assertFault(new byte[0], "is not a model file: it has only 0 bytes");
        assertFault(Arrays.copyOf(good, good.length + 4), "4 bytes follow its tensors");
    }

    private static byte[] safetensors(String header, int data) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + text.length + data)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .put(text)
                .array();
    }

    @Test
    void refusesOtherFiles() throws IOException {
        assertFault("PK and so on, no model at all".getBytes(StandardCharsets.UTF_8), "is not a model file");
        assertFault(
                safetensors("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4),
                "holds tensors, but not a Heddle model");
        assertFault(
                safetensors("{\"__metadata__\":{\"format\":\"heddle-model\",\"format_version\":\"3\"}}", 0),
                "has version 3 of the model format, but this Heddle reads versions up to 2: use a newer Heddle");
        String start = "{\"__metadata__\":{\"format\":\"heddle-model\",\"format_version\":\"1\"}";
        assertFault(safetensors(start + "}", 0), "it has no checksum");
        assertFault(safetensors(start, 0), "its header has no }");
        assertFault(
                safetensors(start + ",\"a\":{\"dtype\":\"F32\",\"shape\":[9223372036],\"data_offsets\":[0,4]}}", 4),
                "the description of its tensor \"a\" is not valid");
        assertFault(
                safetensors(start + ",\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", 8),
                "tensor \"a\" begins at byte 4, not 0");
        assertFault(
                safetensors(start + ",\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}", 4),
                "its header has");
        assertFault(safetensors("{\"a\":[[[[[[[[[[[[[1]]]]]]]]]]]]]}", 0), "too many nested levels");
    }

    /** Returns the file with a text replaced by one of the same length, and with a valid checksum. */
    private static byte[] changed(byte[] file, String text, String by) throws GeneralSecurityException {
        String start = "\"sha256\":\"";
        String zeros = start + "0".repeat(64);
        String whole = new String(file, StandardCharsets.ISO_8859_1)
                .replaceFirst(start + "[0-9a-f]{64}", zeros)
                .replace(text, by);
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(whole.getBytes(StandardCharsets.ISO_8859_1));
        return whole.replace(zeros, start + HexFormat.of().formatHex(hash)).getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void refusesClassNamesThatDoNotFitTheClasses() throws Exception {
        Path file = folder.resolve("named");
        try (LogisticModel model = logistic(x)) {
            Provenance named = Provenance.now().withClassNames(List.of("aa", "bb", "cc.....dd", "ee"));
            ModelFile.write(file, model, named);
            byte[] bytes = Files.readAllBytes(file);
            String separator = "\\\",\\\"";
            assertFault(changed(bytes, "aa" + separator + "bb", "aa.....bb"), "has 4 classes, but 3 class names");
            assertFault(changed(bytes, "cc.....dd", "cc" + separator + "dd"), "has 4 classes, but 5 class names");
            assertFault(changed(bytes, "bb", "aa"), "the class name 'aa' occurs more than once");
            for (List<String> names : List.of(List.of("a", "b"), List.of("a", "b", "c", "b"))) {
                assertThatThrownBy(() ->
                                ModelFile.write(file, model, Provenance.now().withClassNames(names)))
                        .isInstanceOf(InvalidInputException.class);
            }
        }
    }

    /** A change of the format must raise its version and keep reading this one. */
    @Test
    void filesOfVersionOneAreRead() throws Exception {
        Path file = Path.of(
                ModelFileTest.class.getResource("pipeline-v1.safetensors").toURI());
        try (SavedModel saved = ModelFile.read(file)) {
            assertThat(saved.stages()).hasSize(3);
            assertThat(saved.provenance().classNames()).containsExactly("no", "yes");
            float[] out = new float[2];
            saved.pipeline().probabilities(new float[] {1, 2, 3}, out);
            // Scaled to (2, 4, 6), one component along the first axis from 1: 1; logits 0 and 2.
            assertThat(out[1]).isEqualTo((float) (1 / (1 + Math.exp(-2))), within(1e-6f));
        }
    }
}
