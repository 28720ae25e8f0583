package io.heddle.bench.track;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The history of a measurement on one machine.
 *
 * @param suite the suite
 * @param name of the measurement
 * @param machine processor and threads
 * @param unit of the samples
 * @param higherIsBetter whether the samples are rates
 * @param points points, the oldest first
 */
record Series(String suite, String name, String machine, String unit, boolean higherIsBetter, List<Point> points) {
    /** Maximum number of earlier runs for a comparison; older runs measured other code. */
    private static final int BASELINE = 5;

    /** @param commit, date, jdk where the samples come from */
    record Point(String commit, String date, String jdk, List<Double> samples) {}

    /** Groups the measurements of all runs by suite, machine and name. */
    static List<Series> of(List<RunRecord> runs) {
        Map<String, Series> series = new TreeMap<>();
        for (RunRecord run : runs) {
            String machine = "%s, %d threads".formatted(run.cpu(), run.threads());
            for (RunRecord.Measurement m : run.measurements()) {
                String key = String.join("\n", run.suite(), machine, m.name(), m.unit());
                series.computeIfAbsent(
                                key,
                                k -> new Series(
                                        run.suite(),
                                        m.name(),
                                        machine,
                                        m.unit(),
                                        m.higherIsBetter(),
                                        new ArrayList<>()))
                        .points
                        .add(new Point(run.commit(), run.date(), run.jdk(), m.samples()));
            }
        }
        return List.copyOf(series.values());
    }

    /** Returns the change of the last point from earlier ones; empty for a first run. */
    Optional<Change> latest() {
        return change(points.size() - 1);
    }

    /** Returns the change of a point from earlier ones, back to the last fall or gain, where the code changed. */
    Optional<Change> change(int index) {
        int from = Math.max(0, index - BASELINE);
        for (int i = index - 1; i > from; i--) {
            if (change(i)
                    .filter(c -> c.isFall(higherIsBetter) || c.isGain(higherIsBetter))
                    .isPresent()) {
                from = i;
            }
        }
        List<List<Double>> before =
                points.subList(from, index).stream().map(Point::samples).toList();
        return before.isEmpty()
                ? Optional.empty()
                : Optional.of(Change.of(before, points.get(index).samples(), Change.FLOOR));
    }

    /** Returns the series by suite and machine, in the order of their names. */
    static Map<String, List<Series>> grouped(List<Series> all) {
        Map<String, List<Series>> groups = new LinkedHashMap<>();
        for (Series s : all) {
            groups.computeIfAbsent(s.suite + " · " + s.machine, k -> new ArrayList<>())
                    .add(s);
        }
        return groups;
    }
}
