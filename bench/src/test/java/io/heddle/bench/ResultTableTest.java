package io.heddle.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.heddle.bench.kernels.OpenBlas;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** The table of a real run, however short. */
class ResultTableTest {
    @Tag("slow")
    @Test
    void comparesOpenBlasWithTheProductOfTheSameShape() throws RunnerException {
        assumeTrue(OpenBlas.kernel().isPresent(), "no OpenBLAS artifact for this machine");
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include("GemmBenchmark")
                        .param("shape", "64x64x64", "96x64x64")
                        .param("threads", "1")
                        .param("form", "VECTOR")
                        .forks(0)
                        .warmupIterations(1)
                        .warmupTime(TimeValue.milliseconds(5))
                        .measurementIterations(3)
                        .measurementTime(TimeValue.milliseconds(5))
                        .verbosity(VerboseMode.SILENT)
                        .shouldFailOnError(true)
                        .build())
                .run();
        assertThat(results).hasSize(4);
        List<String[]> rows = new ResultTable(results)
                .toString()
                .lines()
                .skip(1)
                .map(line -> line.split(" {2,}"))
                .toList();
        for (String shape : List.of("64x64x64", "96x64x64")) {
            double ours = calls(results, "multiply", shape);
            double theirs = calls(results, "openBlas", shape);
            String[] row = rows.stream()
                    .filter(r -> r[0].equals("Gemm.multiply form=vector shape=" + shape + " threads=1"))
                    .findFirst()
                    .orElseThrow();
            assertThat(Arrays.stream(row).skip(5).map(cell -> cell.replace(",", "")))
                    .as(String.join(" | ", row))
                    .anySatisfy(cell -> assertThat(Double.parseDouble(cell)).isCloseTo(ours / theirs, within(0.006)));
        }
    }

    private static double calls(Collection<RunResult> results, String method, String shape) {
        return results.stream()
                .filter(r -> r.getParams().getBenchmark().endsWith(method)
                        && r.getParams().getParam("shape").equals(shape))
                .findFirst()
                .orElseThrow()
                .getPrimaryResult()
                .getScore();
    }
}
