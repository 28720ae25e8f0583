package io.heddle.bench.widths;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The main class of {@code bench/run widths}: runs {@link KernelTimes} in a process for each width of vectors of this
 * processor and in one without the Vector API, and prints a table.
 */
public final class WidthTable {
    private static final String USAGE = """
            usage: bench/run widths [--only TEXT]
              --only TEXT  prints only kernels with this in their names
            Nanoseconds of processor time a call, and in brackets the percentage of the limit of the core: the measured
            arithmetic rate, two loads and one store of a vector in a cycle. Takes about a minute a width.
            """;
    private static final int[] VECTOR_BYTES = {64, 32, 16};
    private static final int PERCENT = 100;
    /** Times from this number of nanoseconds on are printed without decimals. */
    private static final int LONG = 100;

    private WidthTable() {}

    /** @param arguments see {@code bench/run widths --help} */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        String only = "";
        if (arguments.length == 1 && arguments[0].equals("--help")) {
            System.out.print(USAGE);
            return;
        }
        if (arguments.length == 2 && arguments[0].equals("--only")) {
            only = arguments[1];
        } else if (arguments.length != 0) {
            System.err.print(USAGE);
            System.exit(2);
        }
        Map<String, List<String>> cells = new LinkedHashMap<>();
        List<String> headings = new ArrayList<>(List.of("kernel"));
        for (int bytes : VECTOR_BYTES) {
            List<String> said = run(List.of("--add-modules", "jdk.incubator.vector", "-XX:MaxVectorSize=" + bytes));
            String[] first = said.getFirst().split("\t");
            if (Integer.parseInt(first[1]) * Float.BYTES != bytes) {
                System.err.println("this processor has no vectors of " + Byte.SIZE * bytes + " bits: left out");
                continue;
            }
            headings.add(String.format(
                    Locale.ROOT, "%d bits (%.0f GFLOP/s)", Byte.SIZE * bytes, 2 * Double.parseDouble(first[2])));
            take(said, cells, true);
        }
        headings.add("plain");
        take(run(List.of()), cells, false);
        print(headings, cells, only);
    }

    private static void take(List<String> said, Map<String, List<String>> cells, boolean limited) {
        for (String line : said.subList(1, said.size())) {
            String[] words = line.split("\t");
            double nanos = Double.parseDouble(words[1]);
            double limit = Double.parseDouble(words[2]);
            String cell = String.format(Locale.ROOT, nanos < LONG ? "%.1f" : "%,.0f", nanos);
            cells.computeIfAbsent(words[0], name -> new ArrayList<>())
                    .add(limited ? String.format(Locale.ROOT, "%s (%.0f)", cell, PERCENT * limit / nanos) : cell);
        }
    }

    private static void print(List<String> headings, Map<String, List<String>> cells, String only) {
        System.out.println("| " + String.join(" | ", headings) + " |");
        System.out.println("|---" + "|---:".repeat(headings.size() - 1) + "|");
        cells.forEach((name, values) -> {
            if (name.contains(only)) {
                System.out.println("| " + name + " | " + String.join(" | ", values) + " |");
            }
        });
    }

    private static List<String> run(List<String> options) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(ProcessHandle.current().info().command().orElseThrow()));
        command.addAll(List.of("-Xmx256m", "--enable-native-access=ALL-UNNAMED"));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), KernelTimes.class.getName()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("a measuring process ended with " + process.exitValue());
        }
        return said.lines().toList();
    }
}
