package io.heddle.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.matrix.FloatMatrix;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sends commands to the worker as the driver does, and evaluates its results in double. */
@Tag("slow")
class WorkerTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ROWS = 300;
    private static final int COLUMNS = 20;
    private static final int CLASSES = 3;

    @TempDir
    private Path folder;

    private final Worker worker = new Worker(false);
    private final float[][] x = new float[ROWS][COLUMNS];
    private final int[] labels = new int[ROWS];

    @BeforeEach
    void threeCloudsOfPoints() throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < ROWS; i++) {
            labels[i] = i % CLASSES;
            for (int j = 0; j < COLUMNS; j++) {
                x[i][j] = (float) (random.nextGaussian() / 2 + (j % CLASSES == labels[i] ? 1 : 0));
            }
        }
        try (FloatMatrix m = matrix(x)) {
            RawFiles.write(folder.resolve("x.f32"), m);
        }
        RawFiles.write(folder.resolve("labels.i32"), labels);
        ObjectNode open = request("open").put("threads", 2);
        open.put("labels", folder.resolve("labels.i32").toString());
        describe(open.putObject("matrices").putObject("x"), "x.f32", ROWS, COLUMNS);
        assertThat(ask(open).get("threads").asInt()).isEqualTo(2);
    }

    @AfterEach
    void close() {
        worker.close();
    }

    private static FloatMatrix matrix(float[][] rows) {
        FloatMatrix m = FloatMatrix.allocate(rows.length, rows[0].length);
        for (int i = 0; i < rows.length; i++) {
            m.setRow(i, rows[i]);
        }
        return m;
    }

    private void describe(ObjectNode node, String file, int rows, int columns) {
        node.put("path", folder.resolve(file).toString()).put("rows", rows).put("columns", columns);
    }

    private static ObjectNode request(String command) {
        return JSON.createObjectNode().put("command", command);
    }

    private ObjectNode work(String work) {
        return request("run").put("work", work).put("out", folder.resolve("out").toString());
    }

    private JsonNode ask(JsonNode request) throws IOException {
        return JSON.readTree(worker.answer(request.toString()));
    }

    private double[] found(ObjectNode request, int expected) throws IOException {
        Files.deleteIfExists(folder.resolve("out"));
        JsonNode answer = ask(request);
        assertThat(answer.get("error")).isNull();
        assertThat(answer.get("seconds").asDouble()).isPositive();
        assertThat(answer.get("iterations").asInt()).isPositive();
        return doubles(expected);
    }

    private double[] doubles(int expected) throws IOException {
        byte[] bytes = Files.readAllBytes(folder.resolve("out"));
        double[] values = new double[bytes.length / Double.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().get(values);
        assertThat(values).hasSize(expected);
        return values;
    }

    private double[] logits(double[] w, int at, int row) {
        double[] z = new double[CLASSES];
        for (int c = 0; c < CLASSES; c++) {
            int start = at + c * (COLUMNS + 1);
            z[c] = w[start + COLUMNS];
            for (int j = 0; j < COLUMNS; j++) {
                z[c] += w[start + j] * x[row][j];
            }
        }
        return z;
    }

    /** The largest component of the gradient of mean loss + λ/2 ‖W‖²: zero only at the optimum. */
    private double gradient(double[] w, int at, double lambda) {
        double[] g = new double[CLASSES * (COLUMNS + 1)];
        for (int i = 0; i < ROWS; i++) {
            double[] p = Arrays.stream(logits(w, at, i)).map(Math::exp).toArray();
            double sum = Arrays.stream(p).sum();
            for (int c = 0; c < CLASSES; c++) {
                double residual = (p[c] / sum - (labels[i] == c ? 1 : 0)) / ROWS;
                for (int j = 0; j <= COLUMNS; j++) {
                    g[c * (COLUMNS + 1) + j] += residual * (j < COLUMNS ? x[i][j] : 1);
                }
            }
        }
        for (int i = 0; i < g.length; i++) {
            g[i] += i % (COLUMNS + 1) < COLUMNS ? lambda * w[at + i] : 0;
        }
        return Arrays.stream(g).map(Math::abs).max().orElseThrow();
    }

    @Test
    void logisticRegressionIsAtTheOptimumOfEachLambda() throws IOException {
        ObjectNode request = work("logistic").put("tolerance", 1e-9);
        request.putArray("lambdas").add(0.1).add(0.01);
        int size = CLASSES * (COLUMNS + 1);
        double[] w = found(request, 2 * size);
        assertThat(gradient(w, 0, 0.1)).isLessThan(1e-4);
        assertThat(gradient(w, size, 0.01)).isLessThan(1e-4);
        assertThat(gradient(w, size, 0.1)).isGreaterThan(1e-2);
    }

    @Test
    void theL1RatioIsUsed() throws IOException {
        ObjectNode request = work("logistic").put("l1Ratio", 1.0);
        request.putArray("lambdas").add(0.1);
        double[] w = found(request, CLASSES * (COLUMNS + 1));
        assertThat(Arrays.stream(w).filter(v -> v == 0).count()).isGreaterThan(COLUMNS);
    }

    private double inertia(double[] centres, int[] nearest) {
        double inertia = 0;
        for (int i = 0; i < ROWS; i++) {
            double minimum = Double.POSITIVE_INFINITY;
            for (int c = 0; c < centres.length / COLUMNS; c++) {
                double distance = 0;
                for (int j = 0; j < COLUMNS; j++) {
                    distance += Math.pow(x[i][j] - centres[c * COLUMNS + j], 2);
                }
                nearest[i] = distance < minimum ? c : nearest[i];
                minimum = Math.min(minimum, distance);
            }
            inertia += minimum;
        }
        return inertia;
    }

    @Test
    void kMeansFindsTheClouds() throws IOException {
        for (String algorithm : new String[] {"LLOYD", "MINI_BATCH"}) {
            ObjectNode request = work("kmeans").put("algorithm", algorithm).put("clusters", CLASSES);
            double[] centres = found(request.put("batchSize", 100), CLASSES * COLUMNS);
            int[] nearest = new int[ROWS];
            // The clouds have variance 1/4 in each column.
            assertThat(inertia(centres, nearest) / (ROWS * COLUMNS)).isBetween(0.23, 0.27);
            for (int i = CLASSES; i < ROWS; i++) {
                assertThat(nearest[i]).isEqualTo(nearest[i - CLASSES]);
            }
        }
    }

    @Test
    void iterationsAreLimited() throws IOException {
        ObjectNode request = work("kmeans").put("algorithm", "LLOYD").put("clusters", 40);
        assertThat(ask(request.put("tolerance", 0.0).put("maxIterations", 2))
                        .get("iterations")
                        .asInt())
                .isEqualTo(2);
    }

    @Test
    void pcaCapturesTheDirectionsOfTheClouds() throws IOException {
        double[] v = found(work("pca").put("components", 2), 2 * COLUMNS);
        double[] mean = new double[COLUMNS];
        for (float[] row : x) {
            for (int j = 0; j < COLUMNS; j++) {
                mean[j] += row[j] / (double) ROWS;
            }
        }
        double total = 0;
        double captured = 0;
        for (float[] row : x) {
            double[] along = new double[2];
            for (int j = 0; j < COLUMNS; j++) {
                total += Math.pow(row[j] - mean[j], 2);
                along[0] += (row[j] - mean[j]) * v[j];
                along[1] += (row[j] - mean[j]) * v[COLUMNS + j];
            }
            captured += along[0] * along[0] + along[1] * along[1];
        }
        // Twenty columns of variance 1/4 with the centres' 2/9 on top; the centres span a plane, so two directions
        // have 1/4 + half of 20 · 2/9 each.
        double expected = 2 * (0.25 + 20.0 / 9) / (20 * (0.25 + 2.0 / 9));
        assertThat(captured / total).isCloseTo(expected, within(0.03));
        assertThat(norm(v, 0)).isCloseTo(1, within(1e-5));
        assertThat(norm(v, COLUMNS)).isCloseTo(1, within(1e-5));
    }

    private static double norm(double[] v, int from) {
        return Math.sqrt(Arrays.stream(v, from, from + COLUMNS).map(e -> e * e).sum());
    }

    @Test
    void productsAreRight() throws IOException {
        ObjectNode open = request("open").put("threads", 1);
        ObjectNode matrices = open.putObject("matrices");
        describe(matrices.putObject("a"), "x.f32", ROWS, COLUMNS);
        describe(matrices.putObject("b"), "x.f32", ROWS, COLUMNS);
        assertThat(ask(open).get("error")).isNull();
        double[] gram = found(work("gemm").put("transposed", true), COLUMNS * COLUMNS);
        for (int j = 0; j < COLUMNS; j++) {
            for (int k = 0; k < COLUMNS; k++) {
                double sum = 0;
                for (float[] row : x) {
                    sum += (double) row[j] * row[k];
                }
                assertThat(gram[j * COLUMNS + k]).isCloseTo(sum, within(1e-3));
            }
        }
        assertThat(ask(work("gemm")).get("error").asText()).contains("300 x 20 and 300 x 20");
    }

    /** Smile's worker: its weights give its predictions, and its centres and components are as good as Heddle's. */
    @Test
    void smileFindsTheSameResults() throws IOException {
        double[] ours = found(logistic(1e-3), CLASSES * (COLUMNS + 1));
        double[] ourCentres = found(kMeans(), CLASSES * COLUMNS);
        try (Worker smile = new Worker(true)) {
            ObjectNode open = request("open").put("threads", 2);
            open.put("labels", folder.resolve("labels.i32").toString());
            describe(open.putObject("matrices").putObject("x"), "x.f32", ROWS, COLUMNS);
            smile.answer(open.toString());
            JsonNode description =
                    JSON.readTree(smile.answer(request("describe").toString()));
            assertThat(description.get("versions").get("Smile").asText()).isEqualTo("6.3.0");
            smile.answer(logistic(1e-3).put("maxIterations", 100).toString());
            double[] w = doubles(CLASSES * (COLUMNS + 1));
            int same = 0;
            for (int i = 0; i < ROWS; i++) {
                same += largest(logits(w, 0, i)) == largest(logits(ours, 0, i)) ? 1 : 0;
            }
            assertThat(same).isGreaterThan(ROWS * 97 / 100);
            smile.answer(kMeans().toString());
            double[] centres = doubles(CLASSES * COLUMNS);
            double inertia = inertia(ourCentres, new int[ROWS]);
            assertThat(inertia(centres, new int[ROWS])).isCloseTo(inertia, within(0.01 * inertia));
            JsonNode answer = JSON.readTree(smile.answer(work("gemm").toString()));
            assertThat(answer.get("error").asText()).contains("Smile has no task 'gemm'");
        }
    }

    private ObjectNode logistic(double lambda) {
        ObjectNode request = work("logistic");
        request.putArray("lambdas").add(lambda);
        return request;
    }

    private ObjectNode kMeans() {
        return work("kmeans")
                .put("algorithm", "LLOYD")
                .put("clusters", CLASSES)
                .put("maxIterations", 100)
                .put("tolerance", 0.0);
    }

    private static int largest(double[] values) {
        int largest = 0;
        for (int c = 1; c < values.length; c++) {
            largest = values[c] > values[largest] ? c : largest;
        }
        return largest;
    }

    @Test
    void theRoofIsMeasuredOnOneThreadAndOnAll() throws IOException {
        JsonNode roof = ask(request("roof").put("threads", 2));
        assertThat(roof.get("error")).isNull();
        for (String threads : new String[] {"1", "2"}) {
            // From a scalar loop to more than any processor of two threads can do.
            assertThat(roof.get(threads).get("flops").asDouble()).isBetween(1e8, 1e13);
            assertThat(roof.get(threads).get("bytes").asDouble()).isBetween(1e8, 1e13);
            assertThat(roof.get(threads).get("hertz").asDouble()).isBetween(1e8, 1e10);
            // No core has more than four units; on a busy machine a part of one may be left.
            assertThat(roof.get(threads).get("multiplyAddsPerCycle").asDouble()).isBetween(0.01, 4.5);
        }
        assertThat(roof.get("readBytes").asLong()).isEqualTo(65_536L * 1_024 * 4);
    }

    @Test
    void neighboursAreTheNearest() throws IOException {
        ObjectNode open = request("open").put("threads", 2);
        describe(open.putObject("matrices").putObject("points"), "x.f32", ROWS, COLUMNS);
        assertThat(ask(open).get("error")).isNull();
        int k = 4;
        double[] found = found(work("knn").put("neighbors", k), ROWS * k);
        for (int i = 0; i < ROWS; i++) {
            double[] cosines = new double[ROWS];
            for (int j = 0; j < ROWS; j++) {
                cosines[j] = cosine(x[i], x[j]);
            }
            double[] descending = Arrays.stream(cosines).map(c -> -c).sorted().toArray();
            for (int rank = 0; rank < k; rank++) {
                assertThat(cosines[(int) found[i * k + rank]]).isCloseTo(-descending[rank], within(1e-6));
            }
        }
    }

    private static double cosine(float[] a, float[] b) {
        double dot = 0;
        double aSquares = 0;
        double bSquares = 0;
        for (int j = 0; j < a.length; j++) {
            dot += (double) a[j] * b[j];
            aSquares += (double) a[j] * a[j];
            bSquares += (double) b[j] * b[j];
        }
        return dot / Math.sqrt(aSquares * bSquares);
    }

    @Test
    void errorsAreReportedAndTheWorkerContinues() throws IOException {
        assertThat(JSON.readTree(worker.answer("{oops")).get("error").asText()).startsWith("this is not JSON");
        assertThat(ask(request("dance")).get("error").asText()).contains("there is no command 'dance'");
        assertThat(ask(work("dance")).get("error").asText()).contains("there is no task 'dance'");
        assertThat(ask(work("gemm")).get("error").asText()).contains("the matrix 'a' has not been opened");
        ObjectNode open = request("open").put("threads", 1);
        describe(open.putObject("matrices").putObject("x"), "x.f32", ROWS + 1, COLUMNS);
        assertThat(ask(open).get("error").asText()).contains("has 24000 bytes, not 24080");
        JsonNode description = ask(request("describe"));
        assertThat(description.get("jdk").asText()).startsWith(Runtime.version().feature() + "");
        assertThat(description.get("lanes").asInt()).isPositive();
    }
}
