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
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests pipelines of columns that are far from zero beside their spread, such as years and postal codes. */
class FarColumnsTest {
    private static final int ROWS = 300;
    private static final float[] SHIFT = {2_020, 100_025, 0};
    private static final float[] FACTOR = {0.3f, 0.07f, 1};

    @TempDir
    private Path folder;

    private static FloatMatrix rows() {
        Random random = new Random(3);
        return FloatMatrix.allocate(ROWS, 3, x -> {
            for (int i = 0; i < ROWS; i++) {
                x.set(i, 0, 2_015 + random.nextInt(11));
                x.set(i, 1, 100_000 + random.nextInt(51));
                x.set(i, 2, (float) random.nextGaussian());
            }
        });
    }

    private static double scaled(FloatMatrix x, int i, int j) {
        return ((double) x.get(i, j) - SHIFT[j]) * FACTOR[j];
    }

    private static LogisticModel classifier(FloatMatrix x, int classes) {
        int[] labels = new int[ROWS];
        try (FloatMatrix scaled = FloatMatrix.allocate(ROWS, 3)) {
            for (int i = 0; i < ROWS; i++) {
                labels[i] = i < classes ? i : scaled(x, i, 0) + scaled(x, i, 1) > 0 ? 1 : i % classes;
                for (int j = 0; j < 3; j++) {
                    scaled.set(i, j, (float) scaled(x, i, j));
                }
            }
            return LogisticRegression.fit(
                    scaled, labels, LogisticRegression.Options.defaults().withLambda(1e-4));
        }
    }

    /** Softmax of the sums in double. */
    private static double[] expected(LogisticModel model, FloatMatrix x, int i) {
        int classes = model.intercepts().length;
        double[] p = new double[classes];
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            double logit = model.intercepts()[c];
            for (int j = 0; j < 3; j++) {
                logit += model.weights().get(c, j) * scaled(x, i, j);
            }
            p[c] = Math.exp(logit);
            sum += p[c];
        }
        for (int c = 0; c < classes; c++) {
            p[c] /= sum;
        }
        return p;
    }

    @Test
    void probabilitiesKeepTheirDigits() throws IOException {
        for (int classes : new int[] {2, 3}) {
            try (FloatMatrix x = rows();
                    LogisticModel model = classifier(x, classes);
                    Pipeline pipeline = Pipeline.of(Stage.scale(SHIFT, FACTOR), Stage.of(model));
                    FloatMatrix all = pipeline.probabilities(x)) {
                Path file = folder.resolve("far.onnx");
                OnnxFile.write(file, pipeline, Map.of());
                try (SavedModel read = OnnxFile.read(file)) {
                    float[] row = new float[3];
                    float[] found = new float[classes];
                    float[] again = new float[classes];
                    for (int i = 0; i < ROWS; i++) {
                        double[] expected = expected(model, x, i);
                        x.getRow(i, row);
                        pipeline.probabilities(row, found);
                        read.pipeline().probabilities(row, again);
                        for (int c = 0; c < classes; c++) {
                            assertThat((double) found[c]).isEqualTo(expected[c], within(1e-6));
                            assertThat((double) again[c]).isEqualTo(expected[c], within(1e-6));
                            assertThat(all.get(i, c)).isEqualTo(found[c]);
                        }
                    }
                }
            }
        }
    }

    @Test
    void componentsKeepTheirDigits() {
        try (FloatMatrix x = rows();
                PcaModel model = Pca.fit(x, Pca.Options.defaults().withComponents(2));
                Pipeline pipeline = Pipeline.of(Stage.of(model))) {
            double[] mean = model.exactMean();
            float[] row = new float[3];
            float[] found = new float[2];
            for (int i = 0; i < ROWS; i++) {
                x.getRow(i, row);
                pipeline.transform(row, found);
                for (int c = 0; c < 2; c++) {
                    double expected = 0;
                    for (int j = 0; j < 3; j++) {
                        expected += model.components().get(c, j) * (row[j] - mean[j]);
                    }
                    assertThat((double) found[c]).isEqualTo(expected, within(2e-5));
                }
            }
        }
    }

    @Test
    void theNearestCentreIsFound() {
        Random random = new Random(4);
        try (FloatMatrix x = FloatMatrix.allocate(400, 2)) {
            for (int i = 0; i < 400; i++) {
                x.set(i, 0, (float) (100_000 + 1.37 * (i % 4) + 0.05 * random.nextGaussian()));
                x.set(i, 1, (float) (-50_000 + 0.83 * (i % 3) + 0.05 * random.nextGaussian()));
            }
            KMeansModel model = KMeans.fit(x, KMeans.Options.defaults().withClusters(9));
            try (Pipeline pipeline = Pipeline.of(Stage.of(model))) {
                for (int i = 0; i < 2_000; i++) {
                    float[] row = {100_000 + 5 * random.nextFloat(), -50_000 + 2 * random.nextFloat()};
                    double[] squares = new double[9];
                    int nearest = 0;
                    for (int c = 0; c < 9; c++) {
                        double a = (double) model.centroids().get(c, 0) - row[0];
                        double b = (double) model.centroids().get(c, 1) - row[1];
                        squares[c] = a * a + b * b;
                        nearest = squares[c] < squares[nearest] ? c : nearest;
                    }
                    assertThat(squares[pipeline.predict(row)]).isEqualTo(squares[nearest], within(1e-4));
                }
            }
        }
    }

    @Test
    void rowsInAllKindsOfMemoryGiveTheSameBits() {
        try (FloatMatrix x = rows();
                Arena arena = Arena.ofConfined();
                Pipeline pipeline = Pipeline.of(Stage.scale(SHIFT, FACTOR), Stage.of(classifier(x, 3)))) {
            pipeline.warmUp();
            float[] row = new float[3];
            for (int i = 0; i < ROWS; i++) {
                x.getRow(i, row);
                int label = pipeline.predict(row);
                assertThat(pipeline.predict(FloatBuffer.wrap(row))).isEqualTo(label);
                assertThat(pipeline.predict(arena.allocateFrom(ValueLayout.JAVA_FLOAT, row)))
                        .isEqualTo(label);
                assertThat(pipeline.predict(x.segment(), x.offset(i))).isEqualTo(label);
            }
            byte[] bytes = {1, (byte) 200, 3};
            int label = pipeline.predict(new float[] {1, 200, 3});
            assertThat(pipeline.predictBytes(bytes)).isEqualTo(label);
            assertThat(pipeline.predictBytes(MemorySegment.ofArray(bytes), 0)).isEqualTo(label);
            assertThat(pipeline.predictBytes(ByteBuffer.wrap(bytes))).isEqualTo(label);
        }
    }

    @Test
    void unsoundRowsAreRefused() {
        try (FloatMatrix x = rows();
                Pipeline pipeline = Pipeline.of(Stage.scale(SHIFT, FACTOR), Stage.of(classifier(x, 3)))) {
            assertRefused(() -> pipeline.predict(new float[] {1, Float.NaN, 3}), "column 1 of the row is NaN");
            assertRefused(
                    () -> pipeline.probabilities(new float[] {1, 2, Float.POSITIVE_INFINITY}, new float[3]),
                    "column 2 of the row is Infinity");
            assertRefused(() -> pipeline.predict(new float[2]), "a row of 2 values does not fit a model of 3");
            assertRefused(
                    () -> pipeline.predict(MemorySegment.ofArray(new float[2])),
                    "a row of 8 bytes does not fit a model of 3 floats");
        }
    }

    private static void assertRefused(Runnable call, String start) {
        assertThatThrownBy(call::run).isInstanceOf(InvalidInputException.class).hasMessageStartingWith(start);
    }
}
