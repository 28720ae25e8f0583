package io.heddle.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.cluster.KMeans;
import io.heddle.cluster.KMeansModel;
import io.heddle.decomposition.Pca;
import io.heddle.decomposition.PcaModel;
import io.heddle.linear.Certificate;
import io.heddle.linear.LogisticModel;
import io.heddle.linear.LogisticRegression;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.neighbors.NeighborIndex;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
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

    /** As MaxAbsScaler or StandardScaler(with_mean=False) before a classifier: nothing is subtracted. */
    @Test
    void probabilitiesKeepTheirDigitsWithoutAShift() {
        float[] factor = {1e-6f, 1 / 2_020f, 1};
        for (int classes : new int[] {2, 3}) {
            float[] weights = new float[3 * classes];
            float[] intercepts = new float[classes];
            Random random = new Random(7);
            for (int c = 0; c < classes; c++) {
                weights[3 * c] = 1e6f * c;
                weights[3 * c + 1] = 700f * random.nextFloat();
                weights[3 * c + 2] = random.nextFloat();
                intercepts[c] = -weights[3 * c] - weights[3 * c + 1];
            }
            FloatMatrix matrix = FloatMatrix.copyOf(weights, classes, 3);
            Certificate none = new Certificate(Certificate.Kind.KKT_VIOLATION, Double.NaN);
            LogisticModel model = LogisticModel.of(matrix, intercepts, Double.NaN, none, false, 0, 0);
            try (Pipeline pipeline = Pipeline.of(Stage.scale(new float[3], factor), Stage.of(model))) {
                float[] found = new float[classes];
                for (int i = 0; i < ROWS; i++) {
                    float[] row = {1e6f + random.nextInt(5) - 2, 2_015 + random.nextInt(11), random.nextFloat()};
                    double[] logits = new double[classes];
                    for (int c = 0; c < classes; c++) {
                        logits[c] = intercepts[c];
                        for (int j = 0; j < 3; j++) {
                            logits[c] += (double) weights[3 * c + j] * factor[j] * row[j];
                        }
                    }
                    double[] expected = softmax(logits);
                    pipeline.probabilities(row, found);
                    for (int c = 0; c < classes; c++) {
                        assertThat((double) found[c]).isEqualTo(expected[c], within(1e-6));
                    }
                    assertThat(pipeline.predict(FloatBuffer.wrap(row))).isEqualTo(pipeline.predict(row));
                    assertThat(pipeline.predict(MemorySegment.ofArray(row))).isEqualTo(pipeline.predict(row));
                }
                byte[] bytes = {1, (byte) 200, 3};
                int label = pipeline.predict(new float[] {1, 200, 3});
                assertThat(pipeline.predictBytes(bytes)).isEqualTo(label);
                assertThat(pipeline.predictBytes(MemorySegment.ofArray(bytes), 0))
                        .isEqualTo(label);
                assertThat(pipeline.predictBytes(ByteBuffer.wrap(bytes))).isEqualTo(label);
                assertRefused(() -> pipeline.predict(new float[] {1, Float.NaN, 3}), "column 1 of the row is NaN");
                assertRefused(
                        () -> pipeline.probabilities(new float[] {1, 2, Float.NEGATIVE_INFINITY}, found),
                        "column 2 of the row is -Infinity");
                assertThat(pipeline.predict(new float[] {-Float.MAX_VALUE, 0, 0}))
                        .isZero();
                assertRefused(() -> pipeline.predict(new float[2]), "a row of 2 values does not fit a model of 3");
            }
        }
    }

    private static double[] softmax(double[] logits) {
        double largest = Arrays.stream(logits).max().orElseThrow();
        double[] p = Arrays.stream(logits).map(v -> Math.exp(v - largest)).toArray();
        double sum = Arrays.stream(p).sum();
        return Arrays.stream(p).map(v -> v / sum).toArray();
    }

    /** Directions of rows far from zero differ little. */
    @Test
    void theNearestDirectionIsFound() {
        Random random = new Random(9);
        for (float factor : new float[] {1, 1e-6f}) {
            try (FloatMatrix x = FloatMatrix.allocate(400, 3)) {
                for (int i = 0; i < 400; i++) {
                    for (int j = 0; j < 3; j++) {
                        x.set(i, j, factor * (float) (1e6 + 1e3 * (i % (j + 3)) + 100 * random.nextGaussian()));
                    }
                }
                KMeansModel model =
                        KMeans.fit(x, KMeans.Options.defaults().withClusters(5).withDistance(KMeans.Distance.COSINE));
                float[] factors = {factor, factor, factor};
                try (Pipeline pipeline = Pipeline.of(Stage.scale(new float[3], factors), Stage.of(model))) {
                    for (int i = 0; i < 200; i++) {
                        float[] row = row(random);
                        float[] other = row(random);
                        // Halves the way between two rows of different clusters, which ends beside the border.
                        for (int half = 0; half < 16; half++) {
                            float[] middle = new float[3];
                            for (int j = 0; j < 3; j++) {
                                middle[j] = row[j] / 2 + other[j] / 2;
                            }
                            assertThat(pipeline.predict(middle)).isEqualTo(nearest(model, middle));
                            if (nearest(model, middle) == nearest(model, row)) {
                                row = middle;
                            } else {
                                other = middle;
                            }
                        }
                    }
                }
            }
        }
    }

    private static float[] row(Random random) {
        return new float[] {
            1e6f + 5e3f * random.nextFloat(), 1e6f + 5e3f * random.nextFloat(), 1e6f + 5e3f * random.nextFloat()
        };
    }

    private static int nearest(KMeansModel model, float[] row) {
        int nearest = 0;
        double[] products = new double[5];
        for (int c = 0; c < 5; c++) {
            for (int j = 0; j < 3; j++) {
                products[c] += (double) model.centroids().get(c, j) * row[j];
            }
            nearest = products[c] > products[nearest] ? c : nearest;
        }
        return nearest;
    }

    /** Scaling without a shift before components or clusters, which know the mean. */
    @Test
    void laterStagesShowThatColumnsAreFar() {
        Random random = new Random(5);
        float[] factors = {1e-6f, 0.5f};
        try (FloatMatrix x = FloatMatrix.allocate(400, 2);
                FloatMatrix scaled = FloatMatrix.allocate(400, 2)) {
            for (int i = 0; i < 400; i++) {
                x.set(i, 0, (float) (1e6 + 100 * (i % 4) + random.nextGaussian()));
                x.set(i, 1, (float) (0.0001 * random.nextGaussian()));
                scaled.set(i, 0, x.get(i, 0) * factors[0]);
                scaled.set(i, 1, x.get(i, 1) * factors[1]);
            }
            KMeansModel clusters = KMeans.fit(scaled, KMeans.Options.defaults().withClusters(9));
            PcaModel components = Pca.fit(scaled, Pca.Options.defaults().withComponents(2));
            double[] mean = components.exactMean();
            Stage scale = Stage.scale(new float[2], factors);
            try (Pipeline nearest = Pipeline.of(scale, Stage.of(clusters));
                    Pipeline transform = Pipeline.of(scale, Stage.of(components))) {
                float[] found = new float[2];
                for (int i = 0; i < 2_000; i++) {
                    float[] row = {1e6f + 400 * random.nextFloat(), 1e-4f * random.nextFloat()};
                    double[] z = {(double) row[0] * factors[0], (double) row[1] * factors[1]};
                    double[] squares = new double[9];
                    int expected = 0;
                    for (int c = 0; c < 9; c++) {
                        squares[c] = Math.pow(z[0] - clusters.centroids().get(c, 0), 2)
                                + Math.pow(z[1] - clusters.centroids().get(c, 1), 2);
                        expected = squares[c] < squares[expected] ? c : expected;
                    }
                    assertThat(nearest.predict(row)).isEqualTo(expected);
                    transform.transform(row, found);
                    for (int k = 0; k < 2; k++) {
                        double value = 0;
                        for (int j = 0; j < 2; j++) {
                            value += components.components().get(k, j) * (z[j] - mean[j]);
                        }
                        assertThat((double) found[k]).isEqualTo(value, within(1e-10));
                    }
                }
            }
        }
    }

    @Test
    void neighboursOfColumnsFarFromZeroAreFound() {
        try (FloatMatrix x = rows();
                PcaModel model = Pca.fit(x, Pca.Options.defaults().withComponents(2));
                FloatMatrix reduced = model.transform(x)) {
            try (Pipeline pipeline = Pipeline.of(
                    Stage.of(Pca.fit(x, Pca.Options.defaults().withComponents(2))),
                    Stage.of(NeighborIndex.of(reduced, new int[ROWS], 1)))) {
                float[] row = new float[3];
                int[] ids = new int[1];
                float[] distances = new float[1];
                for (int i = 0; i < ROWS; i++) {
                    x.getRow(i, row);
                    pipeline.neighbors(row, ids, distances);
                    assertThat(distances[0]).isLessThan(1e-5f);
                }
            }
        }
    }

    /** Columns of 500 to 15,000, ± 1: the row of equal logits nearest to zero is far from the data. */
    @Test
    void weightsOfAFileThatAreFloatsStayAsTheyAre() throws IOException {
        Path file = folder.resolve("far.onnx");
        int columns = 30;
        Random random = new Random(7);
        double[] centre = new double[columns];
        FloatMatrix floats = FloatMatrix.allocate(2, columns);
        float intercept = 0;
        for (int j = 0; j < columns; j++) {
            centre[j] = 500 * (j + 1);
            floats.set(1, j, 0.2f + 0.6f * random.nextFloat());
            intercept -= floats.get(1, j) * (float) centre[j];
        }
        Certificate none = new Certificate(Certificate.Kind.KKT_VIOLATION, Double.NaN);
        LogisticModel model = LogisticModel.of(floats, new float[] {0, intercept}, Double.NaN, none, false, 0, 0);
        try (Pipeline pipeline = Pipeline.of(Stage.of(model))) {
            OnnxFile.write(file, pipeline, Map.of());
            float[] row = new float[columns];
            float[] found = new float[2];
            try (SavedModel read = OnnxFile.read(file)) {
                for (int i = 0; i < ROWS; i++) {
                    double logit = intercept;
                    for (int j = 0; j < columns; j++) {
                        row[j] = (float) (centre[j] + random.nextGaussian());
                        logit += (double) floats.get(1, j) * row[j];
                    }
                    read.pipeline().probabilities(row, found);
                    assertThat((double) found[1]).isEqualTo(1 / (1 + Math.exp(-logit)), within(1e-6));
                }
            }
        }
    }

    /** Weights in double of columns of 1,000,000 ± 1, as MaxAbsScaler leads to. As floats they would be .06 off. */
    @Test
    void weightsOfAFileThatBecomeFloatsKeepTheBorder() {
        double[][] weights = {{0, 0}, {1_234_567.1234, 0.7}, {-345_678.91, 3.1}};
        double[] biases = {0, -1_234_567.5234, 345_677.3};
        List<Stage> read = ColumnMap.identity(2)
                .times(new double[] {1e-6, 1})
                .through(weights)
                .plus(biases)
                .stages();
        Random random = new Random(6);
        try (Pipeline pipeline = Pipeline.of(read)) {
            float[] found = new float[3];
            for (int i = 0; i < ROWS; i++) {
                float[] row = {(float) (1e6 + random.nextGaussian()), (float) random.nextGaussian()};
                double[] logits = new double[3];
                for (int c = 0; c < 3; c++) {
                    logits[c] = biases[c] + weights[c][0] * 1e-6 * row[0] + weights[c][1] * row[1];
                }
                double[] expected = softmax(logits);
                pipeline.probabilities(row, found);
                for (int c = 0; c < 3; c++) {
                    assertThat((double) found[c]).isEqualTo(expected[c], within(1e-6));
                }
            }
        }
    }

    /** As two scalers without a mean in a row. As one float, the product of their factors would be .04 off. */
    @Test
    void factorsOfTwoScalingsOfAFileStayApart() throws IOException {
        Path file = folder.resolve("twice.onnx");
        int columns = 12;
        Random random = new Random(8);
        float[] first = new float[columns];
        float[] second = new float[columns];
        FloatMatrix floats = FloatMatrix.allocate(3, columns);
        float[] intercepts = new float[3];
        for (int j = 0; j < columns; j++) {
            first[j] = 0.9f + 0.3f * random.nextFloat();
            second[j] = 1e-6f / first[j];
            for (int c = 0; c < 3; c++) {
                floats.set(c, j, 1e6f * (float) random.nextGaussian());
                intercepts[c] -= floats.get(c, j);
            }
        }
        Certificate none = new Certificate(Certificate.Kind.KKT_VIOLATION, Double.NaN);
        LogisticModel model = LogisticModel.of(floats, intercepts, Double.NaN, none, false, 0, 0);
        float[] zeros = new float[columns];
        try (Pipeline pipeline = Pipeline.of(Stage.scale(zeros, first), Stage.scale(zeros, second), Stage.of(model))) {
            OnnxFile.write(file, pipeline, Map.of());
            float[] row = new float[columns];
            float[] expected = new float[3];
            float[] found = new float[3];
            try (SavedModel read = OnnxFile.read(file)) {
                for (int i = 0; i < ROWS; i++) {
                    for (int j = 0; j < columns; j++) {
                        row[j] = (float) (1e6 + random.nextGaussian());
                    }
                    pipeline.probabilities(row, expected);
                    read.pipeline().probabilities(row, found);
                    assertThat(found).containsExactly(expected, within(1e-6f));
                }
            }
        }
    }

    private static void assertRefused(Runnable call, String start) {
        assertThatThrownBy(call::run).isInstanceOf(InvalidInputException.class).hasMessageStartingWith(start);
    }
}
