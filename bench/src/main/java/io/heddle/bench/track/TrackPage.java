package io.heddle.bench.track;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The history as a self-contained HTML page: a small chart for each series, falls first. */
final class TrackPage {
    private static final int WIDTH = 360;
    private static final int HEIGHT = 120;
    private static final int MARGIN = 12;
    private static final int SHORT_COMMIT = 7;
    private static final String STYLE = """
            :root { color-scheme: light dark; --ink: #1d2430; --dim: #667085; --line: #3563b8; --bad: #c0362c;
              --good: #22803c; --paper: #ffffff; --rule: #e4e7ec; }
            @media (prefers-color-scheme: dark) { :root { --ink: #e6e9ef; --dim: #98a2b3; --line: #84adff;
              --bad: #ff8a80; --good: #75d18d; --paper: #14181f; --rule: #2c333f; } }
            body { font: 15px/1.45 system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 2rem auto;
              max-width: 1180px; padding: 0 1rem; }
            h1 { font-size: 1.5rem; } h2 { font-size: 1.05rem; margin-top: 2.2rem; }
            p, li, figcaption { color: var(--dim); } .charts { display: grid; gap: 1rem;
              grid-template-columns: repeat(auto-fill, minmax(min(340px, 100%), 1fr)); }
            figure { margin: 0; padding: .7rem; border: 1px solid var(--rule); border-radius: 8px; }
            figure.fall { border-color: var(--bad); } figure.gain { border-color: var(--good); }
            figure b { overflow-wrap: anywhere; } .fall strong { color: var(--bad); } .gain strong { color: var(--good); }
            svg { width: 100%; height: auto; display: block; margin: .4rem 0; }
            polyline { fill: none; stroke: var(--line); stroke-width: 1.5; }
            circle { fill: var(--line); } .bar { stroke: var(--line); opacity: .5; stroke-width: 1.5; }
            circle.fall { fill: var(--bad); } circle.gain { fill: var(--good); }
            """;

    private TrackPage() {}

    static String of(List<Series> all) {
        StringBuilder page = new StringBuilder("""
                <!DOCTYPE html>
                <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
                <title>Throughput of Heddle</title><style>%s</style></head><body>
                <h1>Throughput of Heddle over time</h1>
                <p>A bar is the %.0f %% confidence interval of a run's geometric mean. A run is a fall or a gain where its
                ratio to the runs before it, noise between runs included, differs from 1 at that confidence. Times and
                rates are drawn from zero.</p>
                """.formatted(STYLE, 100 * Change.CONFIDENCE));
        List<Series> falls = all.stream()
                .filter(s ->
                        s.latest().filter(c -> c.isFall(s.higherIsBetter())).isPresent())
                .toList();
        page.append(
                falls.isEmpty()
                        ? "<p>No latest run falls below the noise.</p>\n"
                        : "<p class=\"fall\"><strong>%d of %d fell in their latest run.</strong></p>\n"
                                .formatted(falls.size(), all.size()));
        for (Map.Entry<String, List<Series>> group : Series.grouped(all).entrySet()) {
            page.append("<h2>").append(escape(group.getKey())).append("</h2>\n<div class=\"charts\">\n");
            group.getValue().stream().filter(falls::contains).forEach(s -> page.append(figure(s)));
            group.getValue().stream().filter(s -> !falls.contains(s)).forEach(s -> page.append(figure(s)));
            page.append("</div>\n");
        }
        return page.append("</body></html>\n").toString();
    }

    private static String kind(Optional<Change> change, boolean higherIsBetter) {
        return change.map(c -> c.isFall(higherIsBetter) ? "fall" : c.isGain(higherIsBetter) ? "gain" : "")
                .orElse("");
    }

    private static String figure(Series s) {
        Series.Point last = s.points().getLast();
        Optional<Change> change = s.latest();
        String changed = change.map(TrackPage::textOf).orElse("the first run");
        return """
                <figure class="%s"><b>%s</b>
                %s<figcaption>%s %s at %s, <strong>%s</strong></figcaption></figure>
                """.formatted(
                        kind(change, s.higherIsBetter()),
                        escape(s.name()),
                        chart(s),
                        number(Change.level(last.samples())),
                        escape(s.unit()),
                        escape(brief(last.commit())),
                        changed);
    }

    /** Returns the change as text. */
    static String textOf(Change c) {
        if (Double.isInfinite(c.high())) {
            return String.format(Locale.ROOT, "× %.3f, from single samples", c.ratio());
        }
        return String.format(Locale.ROOT, "× %.3f (%.3f to %.3f)", c.ratio(), c.low(), c.high());
    }

    private static String chart(Series s) {
        List<Series.Point> points = s.points();
        double top = points.stream()
                .mapToDouble(p -> Change.level(p.samples()) * Math.min(2, Change.spread(p.samples())))
                .max()
                .orElseThrow();
        StringBuilder line = new StringBuilder();
        StringBuilder marks = new StringBuilder();
        for (int i = 0; i < points.size(); i++) {
            Series.Point p = points.get(i);
            double level = Change.level(p.samples());
            double spread = Math.min(2, Change.spread(p.samples()));
            double x = MARGIN + (points.size() == 1 ? 0.5 : (double) i / (points.size() - 1)) * (WIDTH - 2 * MARGIN);
            line.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y(level, top)));
            marks.append(String.format(
                    Locale.ROOT,
                    "<line class=\"bar\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>",
                    x,
                    x,
                    y(level / spread, top),
                    y(level * spread, top)));
            Optional<Change> change = s.change(i);
            marks.append(String.format(
                    Locale.ROOT,
                    "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\"><title>%s, %s, Java %s: %s %s%s</title></circle>%n",
                    kind(change, s.higherIsBetter()),
                    x,
                    y(level, top),
                    escape(brief(p.commit())),
                    escape(p.date()),
                    escape(p.jdk()),
                    number(level),
                    escape(s.unit()),
                    change.map(c -> ", " + textOf(c)).orElse("")));
        }
        return "<svg viewBox=\"0 0 %d %d\" role=\"img\"><polyline points=\"%s\"/>%n%s</svg>%n"
                .formatted(WIDTH, HEIGHT, line.toString().strip(), marks);
    }

    private static double y(double value, double top) {
        return HEIGHT - MARGIN - value / top * (HEIGHT - 2 * MARGIN);
    }

    private static String brief(String commit) {
        String dirty = commit.endsWith("-dirty") ? "-dirty" : "";
        String hash = commit.substring(0, commit.length() - dirty.length());
        return hash.substring(0, Math.min(SHORT_COMMIT, hash.length())) + dirty;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4g", value);
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
