package io.heddle.bench.cold;

import io.heddle.bench.cold.ColdProcess.Times;
import io.heddle.bench.cold.ColdProcess.WarmUp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The main class of {@code bench/run cold}: measures the first fit of a process and later ones. Each figure is the
 * median of several processes. The ways to start alternate.
 */
public final class ColdFits {
    private static final String USAGE = """
            usage: bench/run cold [--processes N] [--only REGEX] [--data NAME]
              --processes N   processes for each fit and each way to start (default 5)
              --only REGEX    those fits alone whose name fits, e.g. 'pca|mini-batch'
              --data NAME     fashion-mnist, fashion-mnist:ROWS or ROWSxCOLUMNSxCLASSES (default fashion-mnist)
            """;
    private static final int PROCESSES = 5;

    private static final List<String> FEWER_CALLS_OPTIONS =
            List.of("-XX:CICompilerCount=3", "-XX:Tier4MinInvocationThreshold=50", "-XX:Tier4BackEdgeThreshold=400000");
    private static final List<String> WAITING_OPTIONS = List.of(
            "-XX:PerMethodRecompilationCutoff=10000",
            "-XX:PerMethodTrapLimit=10000",
            "-XX:CompileCommand=quiet",
            "-XX:CompileCommand=CompileThresholdScaling,jdk.incubator.vector.*::*,4.0",
            "-XX:CompileCommand=CompileThresholdScaling,io.heddle.internal.kernels.*::*,0.1",
            "-XX:CompileCommand=BackgroundCompilation,io.heddle.internal.kernels.*::*,false");

    /** How a process is started. */
    private enum Start {
        PLAIN("plain", WarmUp.NONE),
        /** Two threads for the second compiler. */
        COMPILERS("two threads for C2", WarmUp.NONE),
        /** In addition, kernels are compiled as a whole before their loops are. */
        FEWER_CALLS("fewer calls", WarmUp.NONE),
        /** In addition, callers wait for kernels, which are compiled earlier. These are the launcher's options. */
        LAUNCHER("the launcher's options", WarmUp.NONE),
        /** Classes from an AOT cache (JEP 483), made by a run of the same fit. */
        ARCHIVE("AOT cache", WarmUp.NONE),
        PARALLEL("warm-up while reading", WarmUp.PARALLEL);

        private final String title;
        private final WarmUp warmUp;

        Start(String title, WarmUp warmUp) {
            this.title = title;
            this.warmUp = warmUp;
        }
    }

    private ColdFits() {}

    /** Exit code 0 if all ran, 2 if the command line is invalid. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int processes = PROCESSES;
        Pattern only = Pattern.compile("");
        String data = "fashion-mnist";
        for (int i = 0; i < arguments.length; i++) {
            String value = i + 1 < arguments.length ? arguments[i + 1] : "";
            switch (arguments[i]) {
                case "--processes" -> processes = Integer.parseInt(value);
                case "--only" -> only = Pattern.compile(value);
                case "--data" -> data = value;
                default -> {
                    System.err.print(USAGE);
                    System.exit(arguments[i].equals("--help") ? 0 : 2);
                }
            }
            i++;
        }
        System.out.printf(
                "| fit, %s | start | first fit, s | its CPU, s | warm fit, s | its CPU, s | first / warm | CPU, first / warm |%n",
                data);
        System.out.println("|---|---|---:|---:|---:|---:|---:|---:|");
        for (Fit fit : Fit.values()) {
            if (only.matcher(fit.toString()).find()) {
                measure(fit, data, processes);
            }
        }
    }

    private static void measure(Fit fit, String data, int processes) throws IOException, InterruptedException {
        Path archive = Files.createTempFile("heddle-cold", ".aot");
        try {
            Files.delete(archive);
            run(fit, data, WarmUp.RECORD, List.of("-XX:AOTCacheOutput=" + archive));
            List<List<Times>> times = new ArrayList<>();
            for (Start start : Start.values()) {
                times.add(new ArrayList<>());
            }
            for (int i = 0; i < processes; i++) {
                for (Start start : Start.values()) {
                    List<String> options =
                            switch (start) {
                                case PLAIN, PARALLEL -> List.of();
                                case COMPILERS -> List.of("-XX:CICompilerCount=3");
                                case FEWER_CALLS -> FEWER_CALLS_OPTIONS;
                                case LAUNCHER ->
                                    Stream.concat(FEWER_CALLS_OPTIONS.stream(), WAITING_OPTIONS.stream())
                                            .toList();
                                case ARCHIVE -> List.of("-XX:AOTCache=" + archive);
                            };
                    times.get(start.ordinal()).add(Times.of(run(fit, data, start.warmUp, options)));
                }
            }
            for (Start start : Start.values()) {
                print(fit, start, times.get(start.ordinal()));
            }
        } finally {
            Files.deleteIfExists(archive);
        }
    }

    private static void print(Fit fit, Start start, List<Times> times) {
        double cold = median(times, Times::cold);
        double coldCpu = median(times, Times::coldCpu);
        double warm = median(times, Times::warm);
        double warmCpu = median(times, Times::warmCpu);
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %.2f | %.2f | %.2f | %.2f | %.1f | %.1f |%n",
                fit,
                start.title,
                cold,
                coldCpu,
                warm,
                warmCpu,
                cold / warm,
                coldCpu / warmCpu);
    }

    private static double median(List<Times> times, ToDoubleFunction<Times> figure) {
        double[] sorted = times.stream().mapToDouble(figure).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private static String run(Fit fit, String data, WarmUp warmUp, List<String> options)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx1g", "-XX:+UseG1GC", "--add-modules", "jdk.incubator.vector"));
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(ColdProcess.class.getName(), fit.name(), data, warmUp.name()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("a process that was to fit ended with " + process.exitValue() + ": " + output);
        }
        return output;
    }
}
