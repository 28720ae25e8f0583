package io.heddle.bench.latency;

import io.heddle.bench.BenchData;
import io.heddle.linear.LogisticModel;
import io.heddle.model.ModelFile;
import io.heddle.model.Pipeline;
import io.heddle.model.Provenance;
import io.heddle.model.SavedModel;
import io.heddle.model.Stage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Measures the start of a service: a separate process reads a model file, optionally calls {@code warmUp()}, and
 * predicts. Each value is the median of several processes, except the maximum.
 */
public final class ColdStart {
    private static final int CALLS = 1_000;

    /** The output of a process, in nanoseconds, in the order of its line. */
    private enum Figure {
        LOAD,
        WARM_UP,
        FIRST,
        P50,
        P99,
        MAX
    }

    private ColdStart() {}

    /**
     * Runs the process, which prints a line of numbers.
     *
     * @param arguments the model file, and whether to warm up
     */
    public static void main(String[] arguments) throws IOException {
        long[] told = new long[Figure.values().length];
        long start = System.nanoTime();
        try (SavedModel saved = ModelFile.read(Path.of(arguments[0]))) {
            Pipeline pipeline = saved.pipeline();
            long loaded = System.nanoTime();
            if (Boolean.parseBoolean(arguments[1])) {
                pipeline.warmUp();
            }
            long warm = System.nanoTime();
            byte[][] rows = new byte[CALLS][pipeline.inputs()];
            Random random = new Random(1);
            for (byte[] row : rows) {
                random.nextBytes(row);
            }
            Histogram times = new Histogram();
            int sum = 0;
            for (byte[] row : rows) {
                long before = System.nanoTime();
                sum += pipeline.predictBytes(row);
                long took = System.nanoTime() - before;
                told[Figure.FIRST.ordinal()] = times.count() == 0 ? took : told[Figure.FIRST.ordinal()];
                times.add(took);
            }
            told[Figure.LOAD.ordinal()] = loaded - start;
            told[Figure.WARM_UP.ordinal()] = warm - loaded;
            told[Figure.P50.ordinal()] = (long) times.percentile(50);
            told[Figure.P99.ordinal()] = (long) times.percentile(99);
            told[Figure.MAX.ordinal()] = times.largest();
            // The labels are printed too, so that the compiler cannot remove the predictions.
            System.out.println(Arrays.toString(told).replaceAll("[\\[\\],]", "") + " " + sum);
        }
    }

    /** Runs a number of processes with and without the warm-up, sequentially, and returns a table. */
    public static String table(int processes) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("heddle-cold-start");
        Path file = folder.resolve("pixels.safetensors");
        try {
            try (BenchData data = BenchData.of("fashion-mnist:10000")) {
                LogisticModel model = RowModels.classifier(data);
                try (Pipeline pipeline = Pipeline.of(Stage.pixels(data.test().columns()), Stage.of(model))) {
                    ModelFile.write(file, pipeline, Provenance.now());
                }
            }
            return String.format(
                            "%-14s %8s %11s %13s   %s%n",
                            "cold, pixels",
                            "load ms",
                            "warmUp() ms",
                            "first call ns",
                            "the first " + CALLS + ": p50" + "       p99           max ns")
                    + row("warmUp()", runs(file, true, processes))
                    + row("without", runs(file, false, processes));
        } finally {
            Files.deleteIfExists(file);
            Files.delete(folder);
        }
    }

    private static List<long[]> runs(Path model, boolean warm, int processes) throws IOException, InterruptedException {
        List<long[]> runs = new ArrayList<>();
        for (int i = 0; i < processes; i++) {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "--add-modules",
                            "jdk.incubator.vector",
                            "-cp",
                            System.getProperty("java.class.path"),
                            ColdStart.class.getName(),
                            model.toString(),
                            Boolean.toString(warm))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String line = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.waitFor() != 0) {
                throw new IOException("a prediction process ended with  " + process.exitValue());
            }
            runs.add(Arrays.stream(line.split(" ")).mapToLong(Long::parseLong).toArray());
        }
        return runs;
    }

    private static String row(String name, List<long[]> runs) {
        return String.format(
                Locale.ROOT,
                "%-14s %8.1f %11.1f %,13d %,22d %,9d %,13d%n",
                name,
                median(runs, Figure.LOAD) / 1e6,
                median(runs, Figure.WARM_UP) / 1e6,
                median(runs, Figure.FIRST),
                median(runs, Figure.P50),
                median(runs, Figure.P99),
                runs.stream().mapToLong(run -> run[Figure.MAX.ordinal()]).max().orElseThrow());
    }

    private static long median(List<long[]> runs, Figure figure) {
        long[] sorted =
                runs.stream().mapToLong(run -> run[figure.ordinal()]).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
