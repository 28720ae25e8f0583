package io.heddle.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.util.Statistics;

/**
 * A table of latencies in nanoseconds at some percentiles, the speed-up over Smile at the median, and bytes per call.
 */
final class LatencyTable {
    private static final String SMILE = "smileLogistic";
    private static final String[] HEADINGS = {
        "prediction", "threads", "p50 ns", "p90", "p99", "p99.9", "max", "x Smile", "B/call"
    };

    private final List<String[]> rows = new ArrayList<>();

    LatencyTable(Collection<RunResult> results) {
        for (RunResult result : results) {
            Statistics times = result.getPrimaryResult().getStatistics();
            double unit = TimeUnit.NANOSECONDS.convert(1, result.getParams().getTimeUnit());
            double median = times.getPercentile(50) * unit;
            OptionalDouble smile = results.stream()
                    .filter(r -> name(r).equals(SMILE)
                            && r.getParams().getThreads() == result.getParams().getThreads())
                    .mapToDouble(r -> r.getPrimaryResult().getStatistics().getPercentile(50)
                            * TimeUnit.NANOSECONDS.convert(1, r.getParams().getTimeUnit()))
                    .findFirst();
            rows.add(new String[] {
                name(result),
                Integer.toString(result.getParams().getThreads()),
                number(median),
                number(times.getPercentile(90) * unit),
                number(times.getPercentile(99) * unit),
                number(times.getPercentile(99.9) * unit),
                number(times.getMax() * unit),
                smile.isEmpty() || name(result).equals(SMILE)
                        ? ""
                        : String.format(Locale.ROOT, "%.1f", smile.getAsDouble() / median),
                allocated(result)
            });
        }
    }

    private static String name(RunResult result) {
        String benchmark = result.getParams().getBenchmark();
        return benchmark.substring(benchmark.lastIndexOf('.') + 1);
    }

    private static String allocated(RunResult result) {
        for (Map.Entry<String, Result> each : result.getSecondaryResults().entrySet()) {
            if (each.getKey().endsWith("gc.alloc.rate.norm")) {
                return String.format(Locale.ROOT, "%.2f", each.getValue().getScore());
            }
        }
        return "";
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }

    @Override
    public String toString() {
        return TextTable.of(HEADINGS, rows);
    }
}
