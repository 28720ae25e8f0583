package io.heddle.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** The table of a real run, however short. */
class ComparisonTableTest {
    private static Collection<RunResult> run(String benchmarks) throws RunnerException {
        return new Runner(new OptionsBuilder()
                        .include(benchmarks)
                        .param("data", "400x10x3")
                        .param("clusters", "3")
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

    private static String[] cells(ComparisonTable table, int row) {
        return table.toString().split("\n")[row].strip().split(" {2,}");
    }

    @Test
    void comparesBothSidesOfAWork() throws RunnerException {
        Collection<RunResult> results = run("LogisticBenchmark");
        assertThat(results).hasSize(2);
        String[] row = cells(new ComparisonTable(results, Map.of()), 1);
        assertThat(row[0]).isEqualTo("Logistic data=400x10x3");
        double[] times = results.stream()
                .sorted((a, b) ->
                        a.getParams().getBenchmark().compareTo(b.getParams().getBenchmark()))
                .mapToDouble(r -> r.getPrimaryResult().getScore())
                .toArray();
        double ratio = times[1] / times[0];
        assertThat(number(row[5])).isCloseTo(ratio, within(0.01 * ratio));
        assertThat(number(row[6])).isLessThanOrEqualTo(number(row[5]));
        assertThat(row[7]).satisfiesAnyOf(to -> assertThat(to).isEqualTo("∞"), to -> assertThat(number(to))
                .isGreaterThanOrEqualTo(number(row[5])));
        List<String> qualities = Arrays.asList(row[8], row[9]);
        assertThat(qualities).allSatisfy(q -> {
            assertThat(q).startsWith("accuracy 0.");
            assertThat(number(q.replace("accuracy ", ""))).isBetween(0.7, 1.0);
        });
    }

    private static double number(String cell) {
        return Double.parseDouble(cell.replace(",", ""));
    }

    @Test
    void printsWhySmileHasNoRow() throws RunnerException {
        Collection<RunResult> results = run("MiniBatchBenchmark");
        assertThat(results).hasSize(1);
        String[] row = cells(new ComparisonTable(results, Map.of("MiniBatchBenchmark", "no mini-batches")), 1);
        assertThat(row[0]).isEqualTo("MiniBatch clusters=3 data=400x10x3");
        assertThat(row[3]).isEqualTo("no mini-batches");
        assertThat(row[4]).startsWith("inertia ");
    }

    @Test
    void printsARowForEachWayOfSmile() throws RunnerException {
        Collection<RunResult> results = run("LloydBenchmark.heddle");
        results.addAll(new Runner(new OptionsBuilder()
                        .include("LloydBenchmark.smile")
                        .param("data", "400x10x3")
                        .param("clusters", "3")
                        .param("way", "ROWS", "TREE")
                        .forks(0)
                        .warmupIterations(0)
                        .measurementIterations(2)
                        .measurementTime(TimeValue.milliseconds(5))
                        .verbosity(VerboseMode.SILENT)
                        .shouldFailOnError(true)
                        .build())
                .run());
        results.addAll(List.copyOf(results));
        ComparisonTable table = new ComparisonTable(results, Map.of());
        assertThat(table.toString().lines())
                .as("rows for results that came twice")
                .hasSize(3);
        assertThat(cells(table, 1)[0]).isEqualTo("Lloyd clusters=3 data=400x10x3 way=rows");
        assertThat(cells(table, 2)[0]).isEqualTo("Lloyd clusters=3 data=400x10x3 way=tree");
        assertThat(cells(table, 1)[1]).isEqualTo(cells(table, 2)[1]);
    }
}
