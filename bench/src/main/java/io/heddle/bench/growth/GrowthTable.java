package io.heddle.bench.growth;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.heddle.bench.Place;
import io.heddle.bench.growth.GrowthRun.Growth;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The main class of {@code bench/growth}: starts a process for each task and number of rows, and prints a table. */
public final class GrowthTable {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final String HEAP = "512m";
    private static final String USAGE = """
            usage: bench/growth [--rows N,N,…] [--only WORK] [--repeats N] [--heap SIZE] [--data FOLDER] [--out FILE.json]
              --rows N,N,…     numbers of rows (default 60000,600000,6000000: 4.7 GB on disk)
              --only WORK      one of %s
              --repeats N      runs over the rows; the first is reported separately (default 3)
              --heap SIZE      of each process at most, such as 256m (default %s)
              --data FOLDER    where the file of rows is written and kept (default bench/target)
              --out FILE.json  default bench/results/growth.json
            Every run is a process of its own.
            """;

    /**
     * The file of results.
     *
     * @param place commit, date, processor, Java
     * @param heap maximum heap of each process
     */
    record Report(Place place, String heap, List<Growth> rows) {}

    private GrowthTable() {}

    /** Exit code 0, 1 if a run failed, 2 if the command line is invalid. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<Long> rows = List.of(60_000L, 600_000L, 6_000_000L);
        List<GrowthRun.Work> works = List.of(GrowthRun.Work.values());
        int repeats = 3;
        String heap = HEAP;
        Path folder = Path.of(System.getProperty("heddle.bench.results", "."));
        Path out = folder.resolveSibling("results").resolve("growth.json");
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i].equals("--help") || arguments[i].equals("-h")) {
                System.out.print(usage());
                return;
            }
            if (i + 1 == arguments.length) {
                refuse("'" + arguments[i] + "' is not an option, or its value is missing");
            }
            String value = arguments[i + 1];
            try {
                switch (arguments[i++]) {
                    case "--rows" ->
                        rows = Arrays.stream(value.split(","))
                                .map(Long::valueOf)
                                .toList();
                    case "--only" -> works = List.of(GrowthRun.Work.of(value));
                    case "--heap" -> heap = value;
                    case "--repeats" -> repeats = Math.max(1, Integer.parseInt(value));
                    case "--data" -> folder = Path.of(value);
                    case "--out" -> out = Path.of(value);
                    default -> refuse("'" + arguments[i - 1] + "' is not an option");
                }
            } catch (NumberFormatException e) {
                refuse("'" + value + "' is not a number of rows or repeats");
            } catch (IllegalArgumentException e) {
                refuse(e.getMessage());
            }
        }
        Place place = Place.here();
        System.out.printf("rows are in %s%n", folder);
        GrowthData.write(folder, rows.stream().mapToLong(r -> r).max().orElseThrow());
        List<Growth> measured = new ArrayList<>();
        for (GrowthRun.Work work : works) {
            for (long r : rows) {
                Growth growth = inProcess(work, r, repeats, heap, folder);
                System.out.println(line(growth));
                measured.add(growth);
                // Written after each run, so that an interruption does not lose results.
                Files.createDirectories(out.toAbsolutePath().getParent());
                JSON.writeValue(out.toFile(), new Report(place, heap, measured));
            }
        }
        System.out.printf("written to %s%n", out);
    }

    private static String usage() {
        return USAGE.formatted(
                String.join(
                        ", ",
                        Arrays.stream(GrowthRun.Work.values())
                                .map(GrowthRun.Work::key)
                                .toList()),
                HEAP);
    }

    private static void refuse(String sentence) {
        System.err.printf("bench/growth: %s%n%s", sentence, usage());
        System.exit(2);
    }

    private static Growth inProcess(GrowthRun.Work work, long rows, int repeats, String heap, Path folder)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Xmx" + heap,
                        "--enable-native-access=ALL-UNNAMED",
                        "--add-modules",
                        "jdk.incubator.vector",
                        "-cp",
                        System.getProperty("java.class.path"),
                        GrowthRun.class.getName(),
                        work.key(),
                        Long.toString(rows),
                        Integer.toString(repeats),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var answers = process.getInputStream()) {
            String answer = new String(answers.readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.waitFor() != 0 || answer.isEmpty()) {
                System.err.printf("bench/growth: %s on %,d rows failed; its output is above%n", work.key(), rows);
                System.exit(1);
            }
            return JSON.readValue(answer, Growth.class);
        }
    }

    private static String line(Growth g) {
        return String.format(
                Locale.ROOT,
                "%-16s %,10d rows  %8.3f s (first %.3f)  %6.2f s a million rows  %,6d MB own, %,6d MB of the file of %,d"
                        + "  %d iterations, quality %.7g",
                g.work(),
                g.rows(),
                g.seconds(),
                g.firstSeconds(),
                1e6 * g.seconds() / g.rows(),
                g.ownBytes() >> 20,
                g.fileBytes() >> 20,
                g.fileSize() >> 20,
                g.iterations(),
                g.quality());
    }
}
