package io.heddle.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/**
 * Compares Heddle and Smile: the time per call with the half width of JMH's 99.9 % confidence interval, the speed-up of
 * Heddle with its lower and upper bound from both intervals, the quality of each, and the heap allocated per call.
 *
 * <p>Benchmarks are named after their side: {@code heddleRow} is compared with {@code smileRow} of the same class if
 * all common parameters are equal.
 */
final class ComparisonTable {
    private static final String HEDDLE = "heddle";
    private static final String[] HEADINGS = {
        "work", "Heddle", "±", "Smile", "±", "ratio", "from", "to", "Heddle's quality", "Smile's", "MB/call", "MB/call"
    };

    private final List<String[]> rows = new ArrayList<>();

    /** @param missing reason for missing results of Smile, by simple class name */
    ComparisonTable(Collection<RunResult> results, Map<String, String> missing) {
        // Parts of a suite become equal if the command line sets the parameters in which they differ.
        Map<String, RunResult> once = new LinkedHashMap<>();
        results.forEach(result -> once.putIfAbsent(result.getParams().id(), result));
        List<RunResult> ours = once.values().stream()
                .filter(r -> part(r, 1).startsWith(HEDDLE))
                .toList();
        List<RunResult> theirs =
                once.values().stream().filter(r -> !ours.contains(r)).toList();
        for (RunResult heddle : ours) {
            List<RunResult> beside =
                    theirs.stream().filter(smile -> areTheSame(heddle, smile)).toList();
            if (beside.isEmpty()) {
                rows.add(row(heddle, null, missing.getOrDefault(part(heddle, 2), "")));
            }
            for (RunResult smile : beside) {
                rows.add(row(heddle, smile, ""));
            }
        }
        for (RunResult smile : theirs) {
            if (ours.stream().noneMatch(heddle -> areTheSame(heddle, smile))) {
                rows.add(row(null, smile, ""));
            }
        }
    }

    private static String part(RunResult result, int fromTheEnd) {
        String[] parts = result.getParams().getBenchmark().split("\\.");
        return parts[parts.length - fromTheEnd];
    }

    /** Returns the method without its side. */
    private static String work(RunResult result) {
        return part(result, 1).replaceFirst("^[a-z]+", "");
    }

    private static boolean areTheSame(RunResult one, RunResult other) {
        BenchmarkParams a = one.getParams();
        BenchmarkParams b = other.getParams();
        return part(one, 2).equals(part(other, 2))
                && work(one).equals(work(other))
                && a.getParamsKeys().stream()
                        .filter(b.getParamsKeys()::contains)
                        .allMatch(key -> a.getParam(key).equals(b.getParam(key)));
    }

    private static String[] row(RunResult heddle, RunResult smile, String reason) {
        RunResult either = smile == null ? heddle : smile;
        StringBuilder name = new StringBuilder(part(either, 2).replace("Benchmark", "") + " " + work(either));
        for (String key : new TreeSet<>(either.getParams().getParamsKeys())) {
            name.append(name.charAt(name.length() - 1) == ' ' ? "" : " ")
                    .append(key)
                    .append('=')
                    .append(either.getParams().getParam(key).toLowerCase(Locale.ROOT));
        }
        String[] ratio = {"", "", ""};
        if (heddle != null && smile != null) {
            double h = seconds(heddle, false);
            double hError = seconds(heddle, true);
            double s = seconds(smile, false);
            double sError = seconds(smile, true);
            ratio = new String[] {
                number(s / h),
                number(Math.max(0, s - sError) / (h + hError)),
                hError >= h ? "∞" : number((s + sError) / (h - hError))
            };
        }
        return new String[] {
            name.toString(),
            heddle == null ? "" : time(seconds(heddle, false)),
            heddle == null ? "" : time(seconds(heddle, true)),
            smile == null ? reason : time(seconds(smile, false)),
            smile == null ? "" : time(seconds(smile, true)),
            ratio[0],
            ratio[1],
            ratio[2],
            quality(heddle),
            quality(smile),
            megabytes(heddle),
            megabytes(smile)
        };
    }

    private static double seconds(RunResult result, boolean error) {
        Result<?> primary = result.getPrimaryResult();
        TimeUnit unit = result.getParams().getTimeUnit();
        return (error ? primary.getScoreError() : primary.getScore()) * unit.toNanos(1) * 1e-9;
    }

    /** Counters are divided by the time like calls. */
    private static String quality(RunResult result) {
        if (result == null) {
            return "";
        }
        for (Map.Entry<String, Result> each : new TreeMap<>(result.getSecondaryResults()).entrySet()) {
            String label = each.getKey().substring(each.getKey().lastIndexOf(':') + 1);
            if (List.of("accuracy", "inertia", "variance").contains(label)) {
                double value =
                        result.getPrimaryResult().getScore() / each.getValue().getScore();
                if (value > 0) {
                    return label + " " + (value < 10 ? String.format(Locale.ROOT, "%.4f", value) : exponent(value));
                }
            }
        }
        return "";
    }

    private static String exponent(double value) {
        return String.format(Locale.ROOT, "%.4e", value);
    }

    private static String megabytes(RunResult result) {
        if (result != null) {
            for (Map.Entry<String, Result> each : result.getSecondaryResults().entrySet()) {
                if (each.getKey().endsWith("gc.alloc.rate.norm")) {
                    return number(each.getValue().getScore() / 1e6);
                }
            }
        }
        return "";
    }

    private static String time(double seconds) {
        if (Double.isNaN(seconds)) {
            return "?";
        }
        if (seconds >= 1) {
            return number(seconds) + " s";
        }
        return seconds >= 1e-3 ? number(seconds * 1e3) + " ms" : number(seconds * 1e6) + " µs";
    }

    /** Formats a number with three digits. */
    private static String number(double value) {
        if (Double.isNaN(value)) {
            return "?";
        }
        int digits = value == 0 ? 0 : Math.clamp(2 - (int) Math.floor(Math.log10(Math.abs(value))), 0, 6);
        return String.format(Locale.ROOT, "%,." + digits + "f", value);
    }

    @Override
    public String toString() {
        return TextTable.of(HEADINGS, rows);
    }
}
