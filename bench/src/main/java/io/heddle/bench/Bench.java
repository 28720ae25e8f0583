package io.heddle.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
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

/** What {@code bench/run} starts: picks a suite, runs it, prints the table and keeps JMH's results as JSON. */
public final class Bench {
    private static final String RESULTS_PROPERTY = "heddle.bench.results";
    private static final String USAGE = """
            usage: bench/run [kernels|encoder] [--quick] [--only REGEX] [-- JMH options]
              kernels       dot, axpy, softmax, distances, the register tile and whole products
              encoder       images through the embedded network, a call an image: both precisions, batches of 8 to 64
              --quick       one short fork of each and fewer shapes: minutes instead of an hour or two
              --only REGEX  those benchmarks alone whose name fits, e.g. Gemm or 'Vector.*dot'
            e.g. bench/run kernels --quick --only Gemm -- -p shape=2048x2048x2048 -f 3
            """;

    private Bench() {}

    /** Exit code 0 if all ran, 1 if a benchmark failed, 2 if the command line is not understood. */
    public static void main(String[] arguments) throws RunnerException, IOException {
        Suite suite = Suite.KERNELS;
        boolean quick = false;
        String only = "";
        List<String> jmh = new ArrayList<>();
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "kernels" -> suite = Suite.KERNELS;
                case "encoder" -> suite = Suite.ENCODER;
                case "--quick" -> quick = true;
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
        Collection<RunResult> results = new ArrayList<>();
        for (Suite.Part part : suite.parts(quick)) {
            results.addAll(run(part, quick, only, jmh));
        }
        if (results.isEmpty()) {
            refuse("no benchmark fits '" + only + "'");
        }
        String name = suite.name().toLowerCase(Locale.ROOT) + ".json";
        Path file = Path.of(System.getProperty(RESULTS_PROPERTY, ".")).resolve(name);
        Files.createDirectories(file.toAbsolutePath().getParent());
        ResultFormatFactory.getInstance(ResultFormatType.JSON, file.toString()).writeOut(results);
        System.out.printf("%n%s%nJMH's own results: %s%n", new ResultTable(results), file);
    }

    private static void refuse(String sentence) {
        System.err.printf("bench: %s%n%s", sentence, USAGE);
        System.exit(2);
    }

    private static Collection<RunResult> run(Suite.Part part, boolean quick, String only, List<String> jmh)
            throws RunnerException {
        ChainedOptionsBuilder options;
        try {
            CommandLineOptions asked = new CommandLineOptions(jmh.toArray(String[]::new));
            options = options(part, quick, asked);
        } catch (CommandLineOptionException e) {
            refuse(e.getMessage());
            return List.of();
        }
        // JMH joins its include patterns by or; here both have to fit.
        options.include("^(?=.*\\." + part.benchmark() + "\\.)(?=.*(?:" + only + "))");
        try {
            return new Runner(options.build()).run();
        } catch (NoBenchmarksException e) {
            return List.of();
        }
    }

    /** What the command line says goes first, then what the suite says, then what the benchmark says. */
    private static ChainedOptionsBuilder options(Suite.Part part, boolean quick, CommandLineOptions asked) {
        List<String> jvm = new ArrayList<>(part.jvm());
        jvm.addAll(List.of("-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch", "-XX:MaxDirectMemorySize=6g"));
        ChainedOptionsBuilder options = new OptionsBuilder()
                .parent(asked)
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .jvmArgsAppend(jvm.toArray(String[]::new))
                .forks(asked.getForkCount().orElse(quick ? 1 : 3))
                .warmupIterations(asked.getWarmupIterations().orElse(quick ? 3 : 5))
                .measurementIterations(asked.getMeasurementIterations().orElse(5))
                .warmupTime(asked.getWarmupTime().orElse(TimeValue.milliseconds(quick ? 200 : 500)))
                .measurementTime(asked.getMeasurementTime().orElse(TimeValue.milliseconds(quick ? 200 : 500)));
        part.parameters().forEach((name, values) -> {
            if (!asked.getParameter(name).hasValue()) {
                options.param(name, values.toArray(String[]::new));
            }
        });
        return options;
    }
}
