package io.heddle.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.cluster.KMeans;
import io.heddle.cluster.KMeansModel;
import io.heddle.decomposition.Pca;
import io.heddle.decomposition.PcaModel;
import io.heddle.linear.LogisticModel;
import io.heddle.linear.LogisticRegression;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class PipelineTest {
    private static final int ROWS = 600;
    private static final int COLUMNS = 37;
    private static final int CLASSES = 5;

    private static byte[][] bytes;
    private static float[][] rows;
    private static FloatMatrix x;
    private static int[] labels;

    @BeforeAll
    static void make() {
        Random random = new Random(3);
        byte[][] centre = new byte[CLASSES][COLUMNS];
        for (byte[] c : centre) {
            random.nextBytes(c);
        }
        bytes = new byte[ROWS][COLUMNS];
        rows = new float[ROWS][COLUMNS];
        labels = new int[ROWS];
        x = FloatMatrix.allocate(ROWS, COLUMNS);
        for (int i = 0; i < ROWS; i++) {
            labels[i] = random.nextInt(CLASSES);
            for (int j = 0; j < COLUMNS; j++) {
                double v = (centre[labels[i]][j] & 255) + 60 * random.nextGaussian();
                bytes[i][j] = (byte) Math.clamp(Math.round(v), 0, 255);
                rows[i][j] = (bytes[i][j] & 255) / 255f;
            }
            x.setRow(i, rows[i]);
        }
    }

    @AfterAll
    static void free() {
        x.close();
    }

    private static LogisticModel logistic(FloatMatrix data) {
        return LogisticRegression.fit(
                data, labels, LogisticRegression.Options.defaults().withLambda(1e-3));
    }

    private static PcaModel pca(int components, boolean whiten) {
        return pca(components, whiten ? 0.5 : 0);
    }

    private static PcaModel pca(int components, double whitening) {
        return Pca.fit(x, Pca.Options.defaults().withComponents(components).withWhitening(whitening));
    }

    private static KMeansModel kMeans(FloatMatrix data, int clusters) {
        return KMeans.fit(data, KMeans.Options.defaults().withClusters(clusters));
    }

    private static FloatBuffer direct(float[] row) {
        FloatBuffer buffer = ByteBuffer.allocateDirect(4 * row.length + 4)
                .order(ByteOrder.BIG_ENDIAN)
                .asFloatBuffer();
        buffer.put(1, row).position(1);
        return buffer;
    }

    private static MemorySegment nativeRow(float[] row) {
        return Arena.ofAuto().allocateFrom(ValueLayout.JAVA_FLOAT, row);
    }

    @Test
    void everyKindOfRowHasTheSameProbabilitiesAsTheBatch() {
        try (LogisticModel model = logistic(x);
                FloatMatrix batch = model.probabilities(x)) {
            int[] predicted = model.predict(x);
            float[] expected = new float[CLASSES];
            float[] heap = new float[CLASSES];
            float[] outside = new float[CLASSES];
            FloatBuffer buffer = FloatBuffer.allocate(CLASSES + 2).position(1);
            MemorySegment out = Arena.ofAuto().allocate(4 * CLASSES);
            for (int i = 0; i < ROWS; i++) {
                batch.getRow(i, expected);
                model.probabilities(rows[i], heap);
                assertThat(heap).containsExactly(expected, within(1e-6f));
                model.probabilities(nativeRow(rows[i]), out);
                MemorySegment.copy(out, ValueLayout.JAVA_FLOAT, 0, outside, 0, CLASSES);
                assertThat(outside).isEqualTo(heap);
                model.probabilities(direct(rows[i]), buffer);
                buffer.get(1, outside);
                assertThat(outside).isEqualTo(heap);
                model.probabilities(x.segment(), x.offset(i), MemorySegment.ofArray(outside), 0);
                assertThat(outside).isEqualTo(heap);
                assertThat(new int[] {
                            model.predict(rows[i]),
                            model.predict(nativeRow(rows[i])),
                            model.predict(MemorySegment.ofArray(rows[i])),
                            model.predict(x.segment(), x.offset(i)),
                            model.predict(FloatBuffer.wrap(rows[i])),
                            model.predict(direct(rows[i]))
                        })
                        .containsOnly(predicted[i]);
            }
        }
    }

    @Test
    void rowsOfComponentsAreThoseOfTheBatch() {
        for (double whitening : new double[] {0, 0.25, 0.5}) {
            try (PcaModel model = pca(11, whitening);
                    FloatMatrix batch = model.transform(x)) {
                float[] expected = new float[11];
                float[] heap = new float[11];
                float[] other = new float[11];
                for (int i = 0; i < ROWS; i++) {
                    batch.getRow(i, expected);
                    model.transform(rows[i], heap);
                    // Whitened values are up to 4, in sums of another order.
                    assertThat(heap).containsExactly(expected, within(1e-5f));
                    model.transform(nativeRow(rows[i]), MemorySegment.ofArray(other));
                    assertThat(other).isEqualTo(heap);
                    model.transform(direct(rows[i]), FloatBuffer.wrap(other));
                    assertThat(other).isEqualTo(heap);
                }
            }
        }
    }

    @Tag("slow")
    @Test
    void nearestCentresAreThoseOfTheBatchAndOfTheDistances() {
        for (int clusters : new int[] {1, 2, 10, 40}) {
            try (KMeansModel model = kMeans(x, clusters);
                    FloatMatrix distances = model.distances(x)) {
                int[] batch = model.predict(x);
                for (int i = 0; i < ROWS; i++) {
                    int label = model.predict(rows[i]);
                    assertThat(model.predict(nativeRow(rows[i]))).isEqualTo(label);
                    assertThat(model.predict(direct(rows[i]))).isEqualTo(label);
                    double minimum = distances.get(i, batch[i]);
                    assertThat(distances.get(i, label)).isEqualTo((float) minimum, within(1e-6f));
                    double squares = 0;
                    for (int j = 0; j < COLUMNS; j++) {
                        double d = (double) rows[i][j] - model.centroids().get(batch[i], j);
                        squares += d * d;
                    }
                    assertThat(minimum).isEqualTo(Math.sqrt(squares), within(1e-6));
                    for (int c = 0; c < clusters; c++) {
                        assertThat(distances.get(i, c)).isGreaterThanOrEqualTo((float) minimum - 1e-6f);
                    }
                }
            }
        }
    }

    @Tag("slow")
    @Test
    void pixelsThroughComponentsToClasses() {
        PcaModel pca = pca(8, true);
        try (FloatMatrix coordinates = pca.transform(x)) {
            LogisticModel classifier = logistic(coordinates);
            int[] expected = classifier.predict(coordinates);
            try (FloatMatrix probabilities = classifier.probabilities(coordinates);
                    Pipeline pipeline = Pipeline.of(Stage.pixels(COLUMNS), Stage.of(pca), Stage.of(classifier));
                    Pipeline floats = Pipeline.of(Stage.of(pca), Stage.of(classifier));
                    FloatMatrix batch = floats.probabilities(x)) {
                pipeline.warmUp();
                assertThat(floats.predict(x)).isEqualTo(expected);
                float[] row = new float[CLASSES];
                float[] out = new float[CLASSES];
                MemorySegment all = Arena.ofAuto().allocate((long) ROWS * COLUMNS);
                for (int i = 0; i < ROWS; i++) {
                    probabilities.getRow(i, row);
                    pipeline.probabilitiesOfBytes(bytes[i], out);
                    assertThat(out).containsExactly(row, within(2e-6f));
                    floats.probabilities(rows[i], out);
                    assertThat(out).containsExactly(row, within(2e-6f));
                    batch.getRow(i, row);
                    assertThat(row).isEqualTo(out);
                    MemorySegment.copy(bytes[i], 0, all, ValueLayout.JAVA_BYTE, (long) i * COLUMNS, COLUMNS);
                    ByteBuffer buffer = ByteBuffer.allocateDirect(COLUMNS).put(0, bytes[i]);
                    assertThat(new int[] {
                                pipeline.predictBytes(bytes[i]),
                                pipeline.predictBytes(ByteBuffer.wrap(bytes[i])),
                                pipeline.predictBytes(buffer),
                                pipeline.predictBytes(all, (long) i * COLUMNS),
                                pipeline.predictBytes(MemorySegment.ofArray(bytes[i]), 0),
                                floats.predict(rows[i]),
                                floats.predict(nativeRow(rows[i])),
                                floats.predict(direct(rows[i]))
                            })
                            .containsOnly(expected[i]);
                }
                assertThat(pipeline.predictBytes(all, 0, ROWS)).isEqualTo(expected);
            }
        }
    }

    /** Two components to forty clusters: folding would multiply the work, so the pipeline keeps two maps. */
    @Test
    void moreClustersThanComponents() {
        PcaModel pca = pca(2, false);
        try (FloatMatrix coordinates = pca.transform(x)) {
            KMeansModel clusters = kMeans(coordinates, 40);
            try (Pipeline pipeline = Pipeline.of(Stage.pixels(COLUMNS), Stage.of(pca), Stage.of(clusters));
                    Pipeline floats = Pipeline.of(Stage.of(pca), Stage.of(clusters));
                    FloatMatrix distances = clusters.distances(coordinates)) {
                int[] expected = clusters.predict(coordinates);
                int[] predicted = floats.predict(x);
                for (int i = 0; i < ROWS; i++) {
                    float minimum = distances.get(i, expected[i]);
                    assertThat(distances.get(i, predicted[i])).isEqualTo(minimum, within(1e-5f));
                    assertThat(distances.get(i, pipeline.predictBytes(bytes[i])))
                            .isEqualTo(minimum, within(1e-5f));
                    assertThat(floats.predict(rows[i])).isEqualTo(predicted[i]);
                    assertThat(floats.predict(direct(rows[i]))).isEqualTo(predicted[i]);
                    assertThat(floats.predict(nativeRow(rows[i]))).isEqualTo(predicted[i]);
                }
            }
        }
    }

    /** Fourteen classes of two components: the output of the first map must not be overwritten by the second. */
    @Test
    void twoMapsWithProbabilities() {
        int many = 14;
        int[] classes = new int[ROWS];
        for (int i = 0; i < ROWS; i++) {
            classes[i] = i % many;
        }
        PcaModel pca = pca(2, false);
        try (FloatMatrix coordinates = pca.transform(x)) {
            LogisticModel model = LogisticRegression.fit(coordinates, classes, LogisticRegression.Options.defaults());
            try (Pipeline pipeline = Pipeline.of(Stage.of(pca), Stage.of(model));
                    FloatMatrix expected = model.probabilities(coordinates);
                    FloatMatrix batch = pipeline.probabilities(x)) {
                float[] row = new float[many];
                float[] out = new float[many];
                for (int i = 0; i < ROWS; i++) {
                    expected.getRow(i, row);
                    pipeline.probabilities(rows[i], out);
                    assertThat(out).containsExactly(row, within(1e-6f));
                    batch.getRow(i, row);
                    assertThat(row).isEqualTo(out);
                }
            }
        }
    }

    @Test
    void anyNumberOfThreadsHasTheSameAnswers() throws Exception {
        try (LogisticModel model = logistic(x);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            int[] expected = model.predict(x);
            List<Future<int[]>> answers = new ArrayList<>();
            for (int t = 0; t < 8; t++) {
                Callable<int[]> all = () -> {
                    int[] found = new int[ROWS];
                    for (int i = 0; i < ROWS; i++) {
                        found[i] = model.predict(rows[i]);
                    }
                    return found;
                };
                answers.add(threads.submit(all));
            }
            for (Future<int[]> answer : answers) {
                assertThat(answer.get()).isEqualTo(expected);
            }
        }
    }

    @Test
    void refusesInputThatDoesNotFit() {
        LogisticModel model = logistic(x);
        PcaModel pca = pca(3, false);
        assertThatThrownBy(() -> model.predict(new float[36]))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("a row of 36 values does not fit a model of 37");
        assertThatThrownBy(() -> model.predict(MemorySegment.ofArray(new float[38])))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("a row of 152 bytes does not fit a model of 37 floats");
        assertThatThrownBy(() -> model.predict(x.segment(), x.offset(ROWS)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("does not fit into a segment of");
        assertThatThrownBy(() -> model.probabilities(rows[0], new float[4]))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("5 results do not fit into 4 places");
        float[] bad = rows[0].clone();
        bad[36] = Float.NaN;
        assertThatThrownBy(() -> model.predict(bad))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("column 36 of the row is NaN; the values must be finite");
        assertThatThrownBy(() -> model.probabilities(direct(bad), FloatBuffer.allocate(5)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("column 36 of the row is NaN; the values must be finite");
        assertThatThrownBy(() -> Pipeline.of(Stage.of(pca), Stage.of(model)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("stage 1 of the pipeline returns 3 values, but stage 2 takes 37");
        assertThatThrownBy(() -> Pipeline.of(Stage.of(model), Stage.of(pca)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("stage 1 of the pipeline must be the last one");
        try (Pipeline components = Pipeline.of(Stage.pixels(COLUMNS), Stage.of(pca))) {
            assertThatThrownBy(() -> components.predict(rows[0])).isInstanceOf(InvalidInputException.class);
            assertThatThrownBy(() -> components.probabilities(rows[0], new float[3]))
                    .isInstanceOf(InvalidInputException.class);
        }
        model.close();
        assertThatThrownBy(() -> model.predict(rows[0])).isInstanceOf(IllegalStateException.class);
        model.close();
    }

    /** Finite values whose sums overflow still have a class. */
    @Test
    void acceptsRowsWhoseSumsOverflow() {
        try (LogisticModel model = logistic(x)) {
            float[] huge = new float[COLUMNS];
            huge[0] = Float.MAX_VALUE;
            huge[1] = Float.MAX_VALUE;
            assertThat(model.predict(huge)).isBetween(0, CLASSES - 1);
        }
    }
}
