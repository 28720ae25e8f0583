package io.heddle.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/**
 * A table of results: time per call, GFLOP/s with the half width of JMH's 99.9 % confidence interval, GB/s, speed-up
 * over the scalar twin and over OpenBLAS, and bytes allocated per call.
 */
final class ResultTable {
    private static final String OPEN_BLAS = "openBlas";
    private static final String[] HEADINGS = {
        "benchmark", "µs/call", "GFLOP/s", "±", "GB/s", "x scalar", "x OpenBLAS", "B/call"
    };

    private final List<String[]> rows = new ArrayList<>();

    ResultTable(Collection<RunResult> results) {
        Map<String, Double> scalar = new HashMap<>();
        Map<String, Double> openBlas = new HashMap<>();
        for (RunResult result : results) {
            if ("SCALAR".equals(result.getParams().getParam("form"))) {
                scalar.put(name(result, false), result.getPrimaryResult().getScore());
            }
            if (result.getParams().getBenchmark().endsWith(OPEN_BLAS)) {
                openBlas.put(
                        parameters(result, false), result.getPrimaryResult().getScore());
            }
        }
        for (RunResult result : results) {
            double calls = result.getPrimaryResult().getScore();
            Result<?> flops = secondary(result, "flops");
            Result<?> bytes = secondary(result, "bytes");
            Result<?> allocated = secondary(result, "gc.alloc.rate.norm");
            Double twin = scalar.get(name(result, false));
            Double peer = result.getParams().getBenchmark().endsWith("multiply")
                    ? openBlas.get(parameters(result, false))
                    : null;
            rows.add(new String[] {
                name(result, true),
                format(1e6 / calls, 3),
                flops == null ? "" : format(flops.getScore() / 1e9, 2),
                flops == null ? "" : format(flops.getScoreError() / 1e9, 2),
                bytes == null ? "" : format(bytes.getScore() / 1e9, 2),
                twin == null ? "" : format(calls / twin, 1),
                peer == null ? "" : format(calls / peer, 2),
                allocated == null ? "" : format(allocated.getScore(), 0)
            });
        }
    }

    private static Result<?> secondary(RunResult result, String label) {
        for (Map.Entry<String, Result> each : result.getSecondaryResults().entrySet()) {
            if (each.getKey().endsWith(label)) {
                return each.getValue();
            }
        }
        return null;
    }

    /**
     * Returns class, method and parameters, without those that distinguish a kernel from its twin unless {@code whole}.
     */
    private static String name(RunResult result, boolean whole) {
        String[] parts = result.getParams().getBenchmark().split("\\.");
        return parts[parts.length - 2].replace("Benchmark", "") + "." + parts[parts.length - 1]
                + parameters(result, whole);
    }

    private static String parameters(RunResult result, boolean whole) {
        BenchmarkParams params = result.getParams();
        StringBuilder name = new StringBuilder();
        Map<String, String> sorted = new TreeMap<>();
        for (String key : params.getParamsKeys()) {
            sorted.put(key, params.getParam(key));
        }
        if (!whole) {
            sorted.remove("form");
            sorted.remove("pollution");
        }
        sorted.forEach((key, value) -> {
            if (!value.equals("NONE")) {
                name.append(' ').append(key).append('=').append(value.toLowerCase(Locale.ROOT));
            }
        });
        return name.toString();
    }

    private static String format(double value, int digits) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%,." + digits + "f", value);
    }

    @Override
    public String toString() {
        return TextTable.of(HEADINGS, rows);
    }
}
