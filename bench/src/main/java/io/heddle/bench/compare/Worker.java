package io.heddle.bench.compare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.data.fashion.FashionMnist;
import io.heddle.data.fashion.ImageDataset;
import io.heddle.internal.kernels.Simd;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A process, for Heddle or with the argument {@code smile} for Smile, that answers requests, each a line of JSON with a
 * {@code command}, with a line of JSON:
 *
 * <ul>
 *   <li>{@code describe}: the version of Java and the number of lanes;
 *   <li>{@code export} {@code folder} {@code rows}: writes the first training images and labels of Fashion-MNIST, and
 *       all test images and labels, for all peers; 0 rows for all;
 *   <li>{@code open} {@code matrices} {@code labels} {@code threads}: reads the data of the following runs;
 *   <li>{@code roof} {@code threads}: the roofline of the machine for one thread and for all; see {@link Roof};
 *   <li>{@code run} {@code work} {@code out} and the work's options: runs it, writes the result as doubles to the file
 *       and returns the seconds.
 * </ul>
 *
 * An answer with {@code error} contains an error message. The process ends when its input ends.
 */
public final class Worker implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** As in the parent pom, because its jar does not contain its version. */
    private static final String SMILE = "6.3.0";

    private final boolean smile;
    private final Map<String, FloatMatrix> matrices = new HashMap<>();
    private TaskRunner runner;
    private int[] labels = {};
    private WorkerPool pool = WorkerPool.of(1);

    /** @param smile whether Smile runs the tasks */
    Worker(boolean smile) {
        this.smile = smile;
    }

    public static void main(String[] arguments) throws IOException {
        PrintStream answers = System.out;
        // Other output must not be mixed with the answers.
        System.setOut(System.err);
        try (Worker worker = new Worker(Arrays.asList(arguments).contains("smile"));
                var requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = requests.readLine(); line != null; line = requests.readLine()) {
                answers.println(worker.answer(line));
                answers.flush();
            }
        }
    }

    /** Returns the answer to a request, both JSON. */
    String answer(String line) {
        ObjectNode answer = JSON.createObjectNode();
        try {
            JsonNode request = JSON.readTree(line);
            String command = request.required("command").asText();
            switch (command) {
                case "describe" -> describe(answer);
                case "export" -> export(request, answer);
                case "open" -> open(request, answer);
                case "roof" -> roof(request, answer);
                case "run" -> run(request, answer);
                default -> throw new IllegalArgumentException("there is no command '" + command + "'");
            }
        } catch (JsonProcessingException e) {
            answer.put("error", "this is not JSON: " + e.getOriginalMessage());
        } catch (IOException | RuntimeException e) {
            answer.removeAll();
            answer.put("error", e.toString());
        }
        return answer.toString();
    }

    private void describe(ObjectNode answer) {
        if (smile) {
            answer.putObject("versions").put("Smile", SMILE);
            SmileWorks.openBlasKernel().ifPresent(kernel -> answer.putArray("pools")
                    .addObject()
                    .put("internal_api", "openblas")
                    .put("version", "of the system")
                    .put("architecture", kernel)
                    .put("num_threads", Runtime.getRuntime().availableProcessors()));
        }
        answer.put("jdk", System.getProperty("java.runtime.version"));
        answer.put("lanes", Simd.lanes());
    }

    private static void export(JsonNode request, ObjectNode answer) throws IOException {
        Path folder = Path.of(request.required("folder").asText());
        try (ImageDataset data = FashionMnist.load(Optional.empty(), System.err::println)) {
            long all = data.trainImages().rows();
            int asked = request.path("rows").asInt();
            int rows = (int) (asked > 0 ? Math.min(asked, all) : all);
            RawFiles.write(folder.resolve("x.f32"), data.trainImages().rows(0, rows));
            RawFiles.write(folder.resolve("labels.i32"), Arrays.copyOf(data.trainLabels(), rows));
            RawFiles.write(folder.resolve("test.f32"), data.testImages());
            RawFiles.write(folder.resolve("test-labels.i32"), data.testLabels());
            answer.put("rows", rows);
            answer.put("columns", data.trainImages().columns());
            answer.put("classes", data.classes());
        }
    }

    private void open(JsonNode request, ObjectNode answer) throws IOException {
        close();
        pool = WorkerPool.of(request.required("threads").asInt());
        for (Map.Entry<String, JsonNode> entry : request.required("matrices").properties()) {
            JsonNode m = entry.getValue();
            int rows = m.required("rows").asInt();
            matrices.put(
                    entry.getKey(),
                    RawFiles.readMatrix(
                            Path.of(m.required("path").asText()),
                            rows,
                            m.required("columns").asInt()));
            if (entry.getKey().equals("x") && request.hasNonNull("labels")) {
                labels = RawFiles.readLabels(Path.of(request.get("labels").asText()), rows);
            }
        }
        runner = smile ? new SmileWorks(matrices, labels) : new Works(matrices, labels, pool);
        answer.put("threads", pool.threads());
    }

    private static void roof(JsonNode request, ObjectNode answer) {
        int threads = request.required("threads").asInt();
        for (int t : threads == 1 ? new int[] {1} : new int[] {1, threads}) {
            try (WorkerPool workers = WorkerPool.of(t)) {
                Roof roof = Roof.measure(workers);
                answer.putObject(Integer.toString(t))
                        .put("flops", roof.flops())
                        .put("bytes", roof.bytes())
                        .put("hertz", roof.hertz())
                        .put("multiplyAddsPerCycle", roof.multiplyAddsPerCycle(t));
            }
        }
        answer.put("readBytes", Roof.READ_BYTES).put("source", "registers");
    }

    private void run(JsonNode request, ObjectNode answer) throws IOException {
        Path out = Path.of(request.required("out").asText());
        if (runner == null) {
            throw new IllegalStateException("no matrix has been opened");
        }
        Works.Outcome outcome = runner.run(request);
        RawFiles.write(out, outcome.found());
        answer.put("seconds", outcome.seconds());
        answer.put("iterations", outcome.iterations());
        answer.put("passes", outcome.passes());
    }

    /** Frees the opened data. */
    @Override
    public void close() {
        pool.close();
        matrices.values().forEach(FloatMatrix::close);
        matrices.clear();
        labels = new int[0];
    }
}
