package io.heddle.bench.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.bench.Place;
import io.heddle.bench.track.RunRecord.Measurement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Short real runs, from JMH's results to the page. */
class TrackTest {
    @TempDir
    private Path folder;

    private static Collection<RunResult> benchmark() throws RunnerException {
        return new Runner(new OptionsBuilder()
                        .include("VectorBenchmark.dot")
                        .param("n", "784", "1001")
                        .param("form", "VECTOR")
                        .param("pollution", "NONE")
                        .forks(0)
                        .warmupIterations(1)
                        .warmupTime(TimeValue.milliseconds(5))
                        .measurementIterations(3)
                        .measurementTime(TimeValue.milliseconds(5))
                        .verbosity(VerboseMode.SILENT)
                        .shouldFailOnError(true)
                        .build())
                .run();
    }

    private static RunRecord at(RunRecord run, String date, String commit, double factor) {
        List<Measurement> measurements = run.measurements().stream()
                .map(m -> new Measurement(
                        m.name(),
                        m.unit(),
                        m.higherIsBetter(),
                        // A test has no forks. Three samples within 1 % replace them.
                        List.of(
                                m.samples().getFirst() * factor,
                                m.samples().getFirst() * factor * 1.01,
                                m.samples().getFirst() * factor * 0.995)))
                .toList();
        return new RunRecord(run.suite(), commit, date, run.cpu(), run.threads(), run.jdk(), run.load(), measurements);
    }

    @Test
    void aRunIsStoredUnchanged() throws Exception {
        Collection<RunResult> results = benchmark();
        RunRecord run = RunRecord.of("kernels", Place.here(), results);
        assertThat(run.cpu()).isNotBlank();
        assertThat(run.threads()).isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(run.measurements())
                .extracting(Measurement::name)
                .containsExactlyInAnyOrder(
                        "Vector.dot form=vector n=784 pollution=none", "Vector.dot form=vector n=1001 pollution=none");
        assertThat(run.measurements()).allMatch(Measurement::higherIsBetter);
        double first = results.iterator().next().getPrimaryResult().getScore();
        assertThat(run.measurements().getFirst().samples()).containsExactly(first);
        Path file = run.write(folder);
        assertThat(file.getFileName().toString())
                .matches("[0-9-]+T[0-9]+Z-" + run.commit().substring(0, 7) + "-kernels\\.json");
        assertThat(RunRecord.readAll(folder)).containsExactly(run);
    }

    @Test
    void thePageShowsRegressionsAndOthers() throws Exception {
        RunRecord run = RunRecord.of("kernels", Place.here(), benchmark());
        at(run, "2026-01-01T00:00:00Z", "aaaaaaaaaa", 1).write(folder);
        at(run, "2026-01-02T00:00:00Z", "bbbbbbbbbb", 1.002).write(folder);
        Path page = folder.resolve("page/track.html");
        String[] arguments = {"--runs", folder.toString(), "--out", page.toString(), "--check"};
        assertThat(Track.run(arguments)).isZero();
        assertThat(Files.readString(page))
                .contains("No latest run falls below the noise.", "Vector.dot form=vector n=784", "aaaaaaa", "bbbbbbb");
        at(run, "2026-01-03T00:00:00Z", "cccccccccc", 0.7).write(folder);
        assertThat(Track.run(arguments)).isOne();
        assertThat(Files.readString(page))
                .contains("2 of 2 fell in their latest run.", "<figure class=\"fall\">")
                .doesNotContain("<figure class=\"gain\">");
        // After the fall, later runs are compared with the new level.
        at(run, "2026-01-04T00:00:00Z", "dddddddddd", 0.703).write(folder);
        assertThat(Track.run(arguments)).isZero();
        at(run, "2026-01-05T00:00:00Z", "eeeeeeeeee", 1.01).write(folder);
        assertThat(Track.run(arguments)).isZero();
        assertThat(Files.readString(page)).contains("<figure class=\"gain\">");
    }

    @Test
    void anotherMachineIsAnotherSeries() throws Exception {
        RunRecord run = at(RunRecord.of("kernels", Place.here(), benchmark()), "2026-01-01T00:00:00Z", "aaaaaaa", 1);
        RunRecord slow = at(run, "2026-01-02T00:00:00Z", "bbbbbbb", 0.1);
        RunRecord elsewhere = new RunRecord(
                slow.suite(), slow.commit(), slow.date(), "another processor", 2, slow.jdk(), 0, slow.measurements());
        assertThat(Series.of(List.of(run, elsewhere))).hasSize(4).allMatch(s -> s.latest()
                .isEmpty());
        assertThat(Series.of(List.of(run, slow)))
                .hasSize(2)
                .allMatch(s -> s.latest().orElseThrow().isFall(true));
    }

    @Test
    void namesFilesThatAreNotRecords() throws IOException {
        Path bad = folder.resolve("bad.json");
        Files.writeString(bad, "{\"suite\": \"kernels\"}");
        assertThatThrownBy(() -> RunRecord.readAll(folder))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        bad + " is not a record of a run: suite, commit, date, cpu, jdk or measurements is missing");
        assertThat(Track.run("--runs", folder.toString())).isEqualTo(2);
        assertThat(Track.run("--runs", folder.resolve("none").toString())).isEqualTo(2);
        assertThat(Track.run("--dance")).isEqualTo(2);
        Files.writeString(bad, """
                {"suite": "k", "commit": "c", "date": "d", "cpu": "p", "threads": 1, "jdk": "25", "load": 0,
                 "measurements": [{"name": "n", "unit": "s", "higherIsBetter": false, "samples": [-1.0]}]}
                """);
        assertThatThrownBy(() -> RunRecord.readAll(folder))
                .hasMessageContaining("'n' has a sample that is not a positive number");
    }
}
