package io.heddle.bench.track;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.heddle.bench.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;

/**
 * The measurements of a run of a suite and its environment: a JSON file in {@code bench/results/runs}.
 *
 * @param suite kernels, encoder, training, prediction or compare
 * @param commit see {@link Place}
 * @param measurements one for each benchmark and its parameters
 */
public record RunRecord(
        String suite,
        String commit,
        String date,
        String cpu,
        int threads,
        String jdk,
        double load,
        List<Measurement> measurements) {
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    private static final int SHORT_COMMIT = 7;

    /**
     * @param unit of the samples
     * @param higherIsBetter whether the samples are rates, not times
     * @param samples independent samples: one per fork of a JMH benchmark or run of a comparison
     */
    public record Measurement(String name, String unit, boolean higherIsBetter, List<Double> samples) {}

    /** Creates a record of JMH's results for Heddle. */
    public static RunRecord of(String suite, Place place, Collection<RunResult> results) {
        Map<String, Measurement> measurements = new LinkedHashMap<>();
        for (RunResult result : results) {
            BenchmarkParams params = result.getParams();
            String[] parts = params.getBenchmark().split("\\.");
            String method = parts[parts.length - 1];
            if (!method.startsWith("smile") && !method.startsWith("openBlas")) {
                Measurement m = measurement(result, parts[parts.length - 2].replace("Benchmark", "") + "." + method);
                measurements.putIfAbsent(m.name(), m);
            }
        }
        return new RunRecord(
                suite,
                place.commit(),
                place.date(),
                place.cpu(),
                place.threads(),
                place.jdk(),
                place.load(),
                List.copyOf(measurements.values()));
    }

    private static Measurement measurement(RunResult result, String work) {
        BenchmarkParams params = result.getParams();
        StringBuilder name = new StringBuilder(work);
        for (String key : new TreeSet<>(params.getParamsKeys())) {
            name.append(' ').append(key).append('=').append(params.getParam(key).toLowerCase(Locale.ROOT));
        }
        // Iterations within a fork share compiled code, so only forks are independent.
        List<Double> forks = result.getBenchmarkResults().stream()
                .map(fork -> fork.getPrimaryResult().getScore())
                .toList();
        return new Measurement(
                name.toString(), result.getPrimaryResult().getScoreUnit(), params.getMode() == Mode.Throughput, forks);
    }

    /** Writes the record to a file named after its date, commit and suite. */
    public Path write(Path folder) throws IOException {
        Files.createDirectories(folder);
        String revision = commit.length() > SHORT_COMMIT ? commit.substring(0, SHORT_COMMIT) : commit;
        Path file = folder.resolve("%s-%s-%s.json".formatted(date.replace(":", ""), revision, suite));
        JSON.writeValue(file.toFile(), this);
        return file;
    }

    /**
     * Reads all records of a folder, the oldest first; none if there is no folder.
     *
     * @throws IOException if a file is not a record; the message names it
     */
    public static List<RunRecord> readAll(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<RunRecord> records = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".json")).toList()) {
                try {
                    records.add(JSON.readValue(file.toFile(), RunRecord.class).checked());
                } catch (IOException e) {
                    throw new IOException(
                            "%s is not a record of a run: %s"
                                    .formatted(
                                            file,
                                            e.getMessage().lines().findFirst().orElse("")),
                            e);
                }
            }
        }
        records.sort(Comparator.comparing(RunRecord::date));
        return records;
    }

    private RunRecord checked() throws IOException {
        if (suite == null || commit == null || date == null || cpu == null || jdk == null || measurements == null) {
            throw new IOException("suite, commit, date, cpu, jdk or measurements is missing");
        }
        for (Measurement m : measurements) {
            if (m.name() == null
                    || m.unit() == null
                    || m.samples() == null
                    || m.samples().isEmpty()) {
                throw new IOException("a measurement lacks its name, unit or samples");
            }
            if (m.samples().stream().anyMatch(s -> s == null || !(s > 0) || s.isInfinite())) {
                throw new IOException("'%s' has a sample that is not a positive number".formatted(m.name()));
            }
        }
        return this;
    }
}
