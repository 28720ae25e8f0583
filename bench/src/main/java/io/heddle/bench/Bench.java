package io.heddle.bench;

import io.heddle.bench.kernels.OpenBlas;
import io.heddle.bench.latency.ColdStart;
import io.heddle.bench.track.RunRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** The main class of {@code bench/run}: runs a suite, prints the table and writes JMH's results as JSON. */
public final class Bench {
    private static final String RESULTS_PROPERTY = "heddle.bench.results";
    private static final String RUNS_PROPERTY = "heddle.bench.runs";
    private static final String USAGE = """
            usage: bench/run [kernels|encoder|training|prediction|latency] [--quick] [--only REGEX] [--keep] [-- JMH options]
              kernels       dot, axpy, softmax, distances, the register tile and whole products beside OpenBLAS
              encoder       images through fashion in pure Java, alone and in blocks, and through imagenet in PyTorch:
                            both precisions, batches of 8 to 64
              training      logistic regression, PCA and k-means on Fashion-MNIST and made-up data, beside Smile
              prediction    classes and clusters, one row or a batch a call, beside Smile
              latency       one row per call: percentiles, one thread and all, beside Smile; the first calls of a process
                            (bench/soak: for minutes)
              clustering    no benchmark: bench/run clustering FEATURES ... clusters Fashion-MNIST with every step of the
                            pipeline and without, for the table of docs/clustering.md
              cold          no benchmark: bench/run cold [--processes N] [--only REGEX] [--data NAME] measures the first fit
                            of a process beside later ones, for the table of docs/first-fit.md
              --quick       one short fork of each and fewer shapes: minutes instead of an hour or two
              --only REGEX  those benchmarks alone whose name fits, e.g. Gemm or 'Vector.*dot'
              --keep        keep Heddle's figures in bench/results/runs for bench/track; always so unless --quick
            e.g. bench/run kernels --quick --only Gemm -- -p shape=2048x2048x2048 -f 3
                 bench/run training --only Lloyd -- -p data=1000000x16x1000 -p clusters=1000
            data is fashion-mnist, fashion-mnist:ROWS or ROWSxCOLUMNSxCLASSES
            """;

    private Bench() {}

    /** Exit code 0 if all benchmarks succeeded, 1 if one failed, 2 if the command line is invalid. */
    public static void main(String[] arguments) throws RunnerException, IOException, InterruptedException {
        Suite suite = Suite.KERNELS;
        boolean quick = false;
        boolean keep = false;
        String only = "";
        List<String> jmh = new ArrayList<>();
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "kernels" -> suite = Suite.KERNELS;
                case "encoder" -> suite = Suite.ENCODER;
                case "training" -> suite = Suite.TRAINING;
                case "prediction" -> suite = Suite.PREDICTION;
                case "latency" -> suite = Suite.LATENCY;
                case "--quick" -> quick = true;
                case "--keep" -> keep = true;
                case "--only" -> {
                    if (++i == arguments.length) {
                        refuse("--only needs a regular expression");
                    }
                    only = arguments[i];
                }
                case "--help", "-h" -> {
                    System.out.print(USAGE);
                    return;
                }
                case "--" -> {
                    jmh.addAll(List.of(arguments).subList(i + 1, arguments.length));
                    i = arguments.length;
                }
                default -> refuse("'" + arguments[i] + "' is neither a suite nor an option");
            }
        }
        if (suite.besideSmile()) {
            System.out.println(SmileLibraries.report());
        }
        if (suite == Suite.KERNELS) {
            System.out.println(OpenBlas.report());
        }
        Place place = Place.here();
        Map<String, String> missing = suite.missing();
        Collection<RunResult> results = new ArrayList<>();
        for (Suite.Part part : suite.parts(quick)) {
            if (!missing.containsKey(part.benchmark().replace(".smile", ""))) {
                results.addAll(run(part, suite.timing(quick), quick ? 1 : 3, only, jmh));
            }
        }
        if (results.isEmpty()) {
            refuse("no benchmark matches '" + only + "'");
        }
        String name = suite.name().toLowerCase(Locale.ROOT) + ".json";
        Path file = Path.of(System.getProperty(RESULTS_PROPERTY, ".")).resolve(name);
        Files.createDirectories(file.toAbsolutePath().getParent());
        ResultFormatFactory.getInstance(ResultFormatType.JSON, file.toString()).writeOut(results);
        if (suite.besideSmile()) {
            System.out.printf("%n%s%n%s%n", new ComparisonTable(results, missing), SmileLibraries.report());
        } else if (suite == Suite.LATENCY) {
            System.out.printf("%n%s", new LatencyTable(results));
            if (only.isEmpty()) {
                System.out.printf("%n%s", ColdStart.table(quick ? 3 : 15));
            }
        } else {
            System.out.printf("%n%s", new ResultTable(results));
        }
        System.out.printf("%nJMH's results: %s%n", file);
        if (keep || !quick) {
            String lower = suite.name().toLowerCase(Locale.ROOT);
            Path runs = Path.of(System.getProperty(RUNS_PROPERTY, "runs"));
            System.out.printf(
                    "stored for bench/track: %s%n",
                    RunRecord.of(lower, place, results).write(runs));
        }
    }

    private static void refuse(String sentence) {
        System.err.printf("bench: %s%n%s", sentence, USAGE);
        System.exit(2);
    }

    private static Collection<RunResult> run(
            Suite.Part part, Suite.Timing timing, int forks, String only, List<String> jmh) throws RunnerException {
        ChainedOptionsBuilder options;
        try {
            CommandLineOptions asked = new CommandLineOptions(jmh.toArray(String[]::new));
            options = options(part, timing, forks, asked);
        } catch (CommandLineOptionException e) {
            refuse(e.getMessage());
            return List.of();
        }
        // JMH combines include patterns with or; here both must match.
        options.include("^(?=.*\\." + part.benchmark().replace(".", "\\.") + "(?:\\.|$))(?=.*(?:" + only + "))");
        try {
            return new Runner(options.build()).run();
        } catch (NoBenchmarksException e) {
            return List.of();
        }
    }

    /** Options of the command line override those of the suite, which override those of the benchmark. */
    private static ChainedOptionsBuilder options(
            Suite.Part part, Suite.Timing timing, int forks, CommandLineOptions asked) {
        List<String> jvm = new ArrayList<>(part.jvm());
        jvm.addAll(List.of(
                "-Xms" + timing.heap(),
                "-Xmx" + timing.heap(),
                "-XX:+AlwaysPreTouch",
                "-XX:MaxDirectMemorySize=6g",
                // Large pages for both sides: Heddle requests them, Smile's arrays are on the heap.
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseTransparentHugePages"));
        ChainedOptionsBuilder options = new OptionsBuilder()
                .parent(asked)
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .jvmArgsAppend(jvm.toArray(String[]::new))
                .forks(asked.getForkCount().orElse(forks))
                .warmupIterations(asked.getWarmupIterations().orElse(timing.warmups()))
                .measurementIterations(asked.getMeasurementIterations().orElse(timing.measurements()))
                .warmupTime(asked.getWarmupTime().orElse(TimeValue.milliseconds(timing.warmupMillis())))
                .measurementTime(asked.getMeasurementTime().orElse(TimeValue.milliseconds(timing.measurementMillis())));
        part.parameters().forEach((name, values) -> {
            if (!asked.getParameter(name).hasValue()) {
                options.param(name, values.toArray(String[]::new));
            }
        });
        return options;
    }
}
