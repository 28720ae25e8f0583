package io.heddle.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.heddle.cluster.KMeans;
import io.heddle.cluster.KMeansModel;
import io.heddle.decomposition.Pca;
import io.heddle.decomposition.PcaModel;
import io.heddle.linear.Certificate;
import io.heddle.linear.LogisticModel;
import io.heddle.linear.LogisticRegression;
import io.heddle.matrix.FloatMatrix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares the results of ONNX Runtime from exported models with those of Heddle. */
@Tag("slow")
class OnnxFileTest {
    private static final int ROWS = 500;
    private static final int COLUMNS = 23;
    private static final int CLASSES = 4;
    private static final OrtEnvironment ORT = OrtEnvironment.getEnvironment();

    private static FloatMatrix x;
    private static int[] labels;

    @TempDir
    private Path folder;

    @BeforeAll
    static void make() {
        Random random = new Random(11);
        x = FloatMatrix.allocate(ROWS, COLUMNS);
        labels = new int[ROWS];
        for (int i = 0; i < ROWS; i++) {
            labels[i] = i % CLASSES;
            for (int j = 0; j < COLUMNS; j++) {
                x.set(i, j, (float) (random.nextGaussian() + (j % CLASSES == labels[i] ? 1 : 0)));
            }
        }
    }

    @AfterAll
    static void free() {
        x.close();
    }

    private static float[][] rows(FloatMatrix m) {
        float[][] rows = new float[(int) m.rows()][m.columns()];
        for (int i = 0; i < rows.length; i++) {
            m.getRow(i, rows[i]);
        }
        return rows;
    }

    private static Object[] run(Path file, FloatMatrix data, String... outputs) throws OrtException {
        try (OrtSession session = ORT.createSession(file.toString());
                OnnxTensor input = OnnxTensor.createTensor(ORT, rows(data));
                OrtSession.Result result = session.run(Map.of("input", input))) {
            assertThat(session.getInputNames()).containsExactly("input");
            assertThat(session.getOutputNames()).containsExactly(outputs);
            Object[] values = new Object[outputs.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = result.get(i).getValue();
            }
            return values;
        }
    }

    private static int[] ints(Object labels) {
        return Arrays.stream((long[]) labels).mapToInt(Math::toIntExact).toArray();
    }

    private static void assertClose(Object found, FloatMatrix expected, float tolerance) {
        float[][] values = (float[][]) found;
        float[] row = new float[expected.columns()];
        assertThat(values).hasDimensions((int) expected.rows(), row.length);
        for (int i = 0; i < values.length; i++) {
            expected.getRow(i, row);
            assertThat(values[i]).containsExactly(row, within(tolerance));
        }
    }

    /** Compares both with the probabilities in double, so that each limit applies to the errors of one side. */
    private static void assertClose(float[][] found, double[][] exact, double tolerance) {
        assertThat(found).hasDimensions(exact.length, exact[0].length);
        double worst = 0;
        for (int i = 0; i < exact.length; i++) {
            for (int c = 0; c < exact[i].length; c++) {
                worst = Math.max(worst, Math.abs(found[i][c] - exact[i][c]));
            }
        }
        assertThat(worst).isLessThan(tolerance);
    }

    private static double[][] rowsInDouble(FloatMatrix m) {
        double[][] rows = new double[(int) m.rows()][m.columns()];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < rows[i].length; j++) {
                rows[i][j] = m.get(i, j);
            }
        }
        return rows;
    }

    /** W x + b for each row x. */
    private static double[][] affineInDouble(double[][] weights, double[] biases, double[][] x) {
        double[][] y = new double[x.length][biases.length];
        for (int i = 0; i < x.length; i++) {
            for (int c = 0; c < biases.length; c++) {
                double sum = biases[c];
                for (int j = 0; j < x[i].length; j++) {
                    sum += weights[c][j] * x[i][j];
                }
                y[i][c] = sum;
            }
        }
        return y;
    }

    private static double[][] coordinatesInDouble(PcaModel pca, double[][] x) {
        double[] mean = pca.exactMean();
        double[][] centred = new double[x.length][mean.length];
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < mean.length; j++) {
                centred[i][j] = x[i][j] - mean[j];
            }
        }
        double[][] components = rowsInDouble(pca.components());
        return affineInDouble(components, new double[components.length], centred);
    }

    private static double[][] probabilitiesInDouble(LogisticModel model, double[][] x) {
        float[] intercepts = model.intercepts();
        double[] biases = new double[intercepts.length];
        for (int c = 0; c < biases.length; c++) {
            biases[c] = intercepts[c];
        }
        double[][] logits = affineInDouble(rowsInDouble(model.weights()), biases, x);
        for (double[] row : logits) {
            double largest = Arrays.stream(row).max().orElseThrow();
            double total = 0;
            for (int c = 0; c < row.length; c++) {
                row[c] = Math.exp(row[c] - largest);
                total += row[c];
            }
            for (int c = 0; c < row.length; c++) {
                row[c] /= total;
            }
        }
        return logits;
    }

    /**
     * How far rounding may move a probability: by a quarter of 2⁻²⁴ Σ|w x| of the logit with the largest such sum. A
     * sum of 784 terms one after another would need several times as much.
     */
    private static double rounding(LogisticModel model, FloatMatrix x) {
        double[][] weights = rowsInDouble(model.weights());
        double largest = 0;
        for (double[] row : rowsInDouble(x)) {
            for (double[] w : weights) {
                double sum = 0;
                for (int j = 0; j < row.length; j++) {
                    sum += Math.abs(w[j] * row[j]);
                }
                largest = Math.max(largest, sum);
            }
        }
        return Math.scalb(largest, -26);
    }

    private static LogisticModel logistic(FloatMatrix data) {
        return LogisticRegression.fit(
                data, labels, LogisticRegression.Options.defaults().withStandardize(true));
    }

    @Test
    void classifiers() throws IOException, OrtException {
        Path file = folder.resolve("classifier.onnx");
        try (LogisticModel model = logistic(x);
                FloatMatrix probabilities = model.probabilities(x)) {
            OnnxFile.write(file, model, Map.of("seed", "0"));
            Object[] found = run(file, x, "label", "probabilities");
            assertThat(ints(found[0])).isEqualTo(model.predict(x));
            assertClose(found[1], probabilities, 1e-6f);
            try (OrtSession session = ORT.createSession(file.toString())) {
                assertThat(session.getMetadata().getCustomMetadata()).containsExactlyEntriesOf(Map.of("seed", "0"));
                assertThat(session.getMetadata().getProducerName()).isEqualTo("heddle");
            }
        }
    }

    @Test
    void components() throws IOException, OrtException {
        Path file = folder.resolve("components.onnx");
        for (double whitening : new double[] {0, 0.25, 0.5}) {
            try (PcaModel model =
                            Pca.fit(x, Pca.Options.defaults().withComponents(6).withWhitening(whitening));
                    FloatMatrix expected = model.transform(x)) {
                OnnxFile.write(file, model, Map.of());
                assertClose(run(file, x, "output")[0], expected, 1e-5f);
            }
        }
    }

    @Test
    void clustersAlsoFarFromZero() throws IOException, OrtException {
        Path file = folder.resolve("clusters.onnx");
        try (FloatMatrix far = x.copy()) {
            for (int i = 0; i < ROWS; i++) {
                for (int j = 0; j < COLUMNS; j++) {
                    far.set(i, j, far.get(i, j) + 100);
                }
            }
            for (FloatMatrix data : new FloatMatrix[] {x, far}) {
                try (KMeansModel model =
                                KMeans.fit(data, KMeans.Options.defaults().withClusters(7));
                        FloatMatrix distances = model.distances(data)) {
                    OnnxFile.write(file, model, Map.of());
                    Object[] found = run(file, data, "label", "distances");
                    assertThat(ints(found[0])).isEqualTo(model.predict(data));
                    assertClose(found[1], distances, 2e-5f);
                }
            }
        }
    }

    @Test
    void clustersByTheCosine() throws IOException, OrtException {
        Path file = folder.resolve("directions.onnx");
        KMeans.Options options = KMeans.Options.defaults().withClusters(7).withDistance(KMeans.Distance.COSINE);
        try (KMeansModel model = KMeans.fit(x, options);
                FloatMatrix distances = model.distances(x)) {
            OnnxFile.write(file, model, Map.of());
            Object[] found = run(file, x, "label", "distances");
            assertThat(ints(found[0])).isEqualTo(model.predict(x));
            assertClose(found[1], distances, 1e-5f);
        }
    }

    /** As scikit-learn's MaxAbsScaler: nothing is subtracted, so products of floats would lose digits. */
    @Test
    void columnsFarFromZeroThatAreScaledWithoutAShift() throws IOException, OrtException {
        Path file = folder.resolve("far.onnx");
        float[] factors = {1e-6f, 1e-6f};
        Stage scale = Stage.scale(new float[2], factors);
        try (FloatMatrix far = FloatMatrix.allocate(ROWS, 2);
                FloatMatrix scaled = FloatMatrix.allocate(ROWS, 2)) {
            Random random = new Random(2);
            for (int i = 0; i < ROWS; i++) {
                for (int j = 0; j < 2; j++) {
                    far.set(i, j, (float) (1e6 + 1e4 * (i % (j + 2)) + 3e3 * random.nextGaussian()));
                    scaled.set(i, j, far.get(i, j) * factors[j]);
                }
            }
            for (KMeans.Distance distance : KMeans.Distance.values()) {
                KMeansModel model = KMeans.fit(
                        scaled, KMeans.Options.defaults().withClusters(9).withDistance(distance));
                try (Pipeline pipeline = Pipeline.of(scale, Stage.of(model));
                        FloatMatrix distances = model.distances(scaled)) {
                    OnnxFile.write(file, pipeline, Map.of());
                    Object[] found = run(file, far, "label", "distances");
                    assertThat(ints(found[0])).isEqualTo(pipeline.predict(far));
                    assertClose(found[1], distances, 2e-7f);
                }
            }
            FloatMatrix weights = FloatMatrix.copyOf(new float[] {0, 0, 1_000, 123.456f}, 2, 2);
            Certificate none = new Certificate(Certificate.Kind.KKT_VIOLATION, Double.NaN);
            LogisticModel model = LogisticModel.of(weights, new float[] {0, -1_128.9f}, Double.NaN, none, false, 0, 0);
            try (Pipeline pipeline = Pipeline.of(scale, Stage.of(model));
                    FloatMatrix probabilities = pipeline.probabilities(far)) {
                OnnxFile.write(file, pipeline, Map.of());
                Object[] found = run(file, far, "label", "probabilities");
                assertThat(ints(found[0])).isEqualTo(pipeline.predict(far));
                assertClose(found[1], probabilities, 1e-6f);
                try (SavedModel read = OnnxFile.read(file);
                        FloatMatrix again = read.pipeline().probabilities(far)) {
                    assertThat(rows(again)).isDeepEqualTo(rows(probabilities));
                }
            }
        }
    }

    @Test
    void pipelines() throws IOException, OrtException {
        Path file = folder.resolve("pipeline.onnx");
        float[] shift = new float[COLUMNS];
        float[] factor = new float[COLUMNS];
        for (int j = 0; j < COLUMNS; j++) {
            shift[j] = j / 20f;
            factor[j] = 1 + j / 10f;
        }
        Stage scale = Stage.scale(shift, factor);
        FloatMatrix scaled = x.copy();
        for (int i = 0; i < ROWS; i++) {
            for (int j = 0; j < COLUMNS; j++) {
                scaled.set(i, j, (x.get(i, j) - shift[j]) * factor[j]);
            }
        }
        PcaModel pca = Pca.fit(scaled, Pca.Options.defaults().withComponents(5));
        try (FloatMatrix coordinates = pca.transform(scaled);
                Pipeline classes = Pipeline.of(scale, Stage.of(pca), Stage.of(logistic(coordinates)));
                FloatMatrix probabilities = classes.probabilities(x)) {
            OnnxFile.write(file, classes, Map.of());
            Object[] found = run(file, x, "label", "probabilities");
            assertThat(ints(found[0])).isEqualTo(classes.predict(x));
            assertClose(found[1], probabilities, 1e-6f);
            KMeansModel inCoordinates =
                    KMeans.fit(coordinates, KMeans.Options.defaults().withClusters(3));
            try (Pipeline clusters = Pipeline.of(scale, Stage.of(pca), Stage.of(inCoordinates));
                    FloatMatrix distances = inCoordinates.distances(coordinates)) {
                OnnxFile.write(file, clusters, Map.of());
                found = run(file, x, "label", "distances");
                assertThat(ints(found[0])).isEqualTo(clusters.predict(x));
                assertClose(found[1], distances, 2e-5f);
            }
        }
        KMeansModel inScaled = KMeans.fit(scaled, KMeans.Options.defaults().withClusters(3));
        try (Pipeline clusters = Pipeline.of(scale, Stage.of(inScaled));
                FloatMatrix distances = inScaled.distances(scaled)) {
            OnnxFile.write(file, clusters, Map.of());
            Object[] found = run(file, x, "label", "distances");
            assertThat(ints(found[0])).isEqualTo(clusters.predict(x));
            assertClose(found[1], distances, 2e-5f);
        }
        scaled.close();
    }

    /** Tests all 10,000 test images if Debian's package of Fashion-MNIST is installed. */
    @Test
    void everyTestImageHasTheSameClass() throws IOException, OrtException {
        Path images = Path.of("/usr/share/datasets/fashion-mnist");
        assumeThat(Files.isDirectory(images)).isTrue();
        Path file = folder.resolve("images.onnx");
        Path pipelineFile = folder.resolve("pipeline.onnx");
        int[] allLabels = FashionMnistFiles.labels(images.resolve("train-labels-idx1-ubyte.gz"), 60_000);
        int[] chosen = FashionMnistFiles.sample(allLabels, 300);
        try (FloatMatrix all = FashionMnistFiles.images(images.resolve("train-images-idx3-ubyte.gz"), 60_000);
                FloatMatrix train = all.gather(chosen);
                FloatMatrix test = FashionMnistFiles.images(images.resolve("t10k-images-idx3-ubyte.gz"), 10_000)) {
            int[] labels = Arrays.stream(chosen).map(i -> allLabels[i]).toArray();
            LogisticRegression.Options options =
                    LogisticRegression.Options.defaults().withTolerance(1e-2).withLambda(1e-3);
            try (LogisticModel model = LogisticRegression.fit(train, labels, options);
                    FloatMatrix probabilities = model.probabilities(test)) {
                OnnxFile.write(file, model, Map.of());
                Object[] found = run(file, test, "label", "probabilities");
                int[] predicted = model.predict(test);
                assertThat(predicted).hasSize(10_000);
                assertThat(ints(found[0])).isEqualTo(predicted);
                double[][] exact = probabilitiesInDouble(model, rowsInDouble(test));
                double rounding = rounding(model, test);
                assertClose(rows(probabilities), exact, rounding);
                assertClose((float[][]) found[1], exact, 1e-7);
                float[] row = new float[784];
                float[] out = new float[10];
                for (int i = 0; i < predicted.length; i++) {
                    test.getRow(i, row);
                    assertThat(model.predict(row)).isEqualTo(predicted[i]);
                    model.probabilities(row, out);
                    assertClose(new float[][] {out}, new double[][] {exact[i]}, rounding);
                }
            }
            PcaModel pca = Pca.fit(train, Pca.Options.defaults().withComponents(50));
            try (FloatMatrix coordinates = pca.transform(train);
                    LogisticModel model = LogisticRegression.fit(coordinates, labels, options);
                    Pipeline pipeline = Pipeline.of(Stage.of(pca), Stage.of(model));
                    FloatMatrix probabilities = pipeline.probabilities(test)) {
                OnnxFile.write(pipelineFile, pipeline, Map.of());
                Object[] found = run(pipelineFile, test, "label", "probabilities");
                assertThat(ints(found[0])).isEqualTo(pipeline.predict(test));
                double[][] exact = probabilitiesInDouble(model, coordinatesInDouble(pca, rowsInDouble(test)));
                // The previous stage multiplies too.
                assertClose(rows(probabilities), exact, 2 * rounding(model, pca.transform(test)));
                assertClose((float[][]) found[1], exact, 1e-7);
            }
        }
    }
}
