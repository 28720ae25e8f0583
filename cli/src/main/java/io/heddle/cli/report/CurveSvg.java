package io.heddle.cli.report;

import io.heddle.selection.PathPoint;
import java.util.List;
import java.util.Locale;

/** A plot of the score over λ as a self-contained SVG file, in the light or dark scheme of the viewer. */
public final class CurveSvg {
    // Small enough that the text is readable at the width of a phone.
    private static final int WIDTH = 520;
    private static final int HEIGHT = 380;
    private static final int LEFT = 54;
    private static final int RIGHT = 22;
    private static final int TOP = 54;
    private static final int BOTTOM = 54;
    private static final int LEGEND_ROW = 24;
    private static final int LEGEND_COLUMNS = 4;
    private static final int MAXIMUM_TICKS = 7;
    private static final String[] COLOURS = {"#2f6fb7", "#c2571a", "#2d8a4e", "#8a4fa3", "#a8831c", "#4a4a4a"};

    private final List<PathPoint> points;
    private final PathPoint best;
    private final double lowLog;
    private final double highLog;
    private final double lowScore;
    private final double highScore;
    private final double tick;

    private CurveSvg(List<PathPoint> points, PathPoint best) {
        this.points = points;
        this.best = best;
        lowLog = Math.log10(points.stream().mapToDouble(PathPoint::lambda).min().orElseThrow());
        highLog =
                Math.log10(points.stream().mapToDouble(PathPoint::lambda).max().orElseThrow());
        double low = points.stream()
                .mapToDouble(p -> p.score() - p.standardError())
                .min()
                .orElseThrow();
        double high = points.stream().mapToDouble(CurveSvg::top).max().orElseThrow();
        tick = tick(high - low);
        lowScore = Math.max(0, Math.floor(low / tick) * tick);
        highScore = Math.ceil(high / tick - 1e-9) * tick;
    }

    /** Returns the end of the error bar, at most 1. */
    private static double top(PathPoint p) {
        return Math.min(1, p.score() + p.standardError());
    }

    /** Returns the distance of ticks: 1, 2 or 5 times a power of ten. */
    private static double tick(double span) {
        double least = Math.max(span, 0.02) / (MAXIMUM_TICKS - 2);
        double power = Math.pow(10, Math.floor(Math.log10(least)));
        double digit = least / power;
        return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
    }

    /**
     * @param points all tried penalties
     * @param best the chosen penalty
     * @return the content of an SVG file
     */
    public static String of(List<PathPoint> points, PathPoint best) {
        return new CurveSvg(points, best).draw();
    }

    private double x(double lambda) {
        double span = Math.max(1e-9, highLog - lowLog);
        return LEFT + (WIDTH - LEFT - RIGHT) * (Math.log10(lambda) - lowLog) / span;
    }

    private double y(double score) {
        return TOP + (HEIGHT - TOP - BOTTOM) * (highScore - score) / (highScore - lowScore);
    }

    private String draw() {
        StringBuilder svg = new StringBuilder();
        List<Double> ratios = points.stream().map(PathPoint::l1Ratio).distinct().toList();
        int legendRows = Math.ceilDiv(ratios.size(), LEGEND_COLUMNS);
        svg.append("""
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-label="Accuracy over lambda">
                <style>
                text { font: 14px system-ui, sans-serif; fill: #333 }
                .axis { stroke: #888 } .grid { stroke: #8883 }
                svg { background: #fff }
                @media (prefers-color-scheme: dark) { svg { background: #17191c } text { fill: #ddd } }
                </style>
                """.formatted(WIDTH, HEIGHT + legendRows * LEGEND_ROW));
        scoreAxis(svg);
        lambdaAxis(svg);
        for (int r = 0; r < ratios.size(); r++) {
            curve(svg, ratios.get(r), r);
        }
        svg.append(line(
                x(best.lambda()), TOP, x(best.lambda()), HEIGHT - BOTTOM, "stroke=\"#c22\" stroke-dasharray=\"4 3\""));
        double across = (x(best.lambda()) - LEFT) / (WIDTH - RIGHT - LEFT);
        String anchor = across < 0.3 ? "start" : across > 0.7 ? "end" : "middle";
        svg.append(text(x(best.lambda()), TOP - 8, anchor, "chosen: " + number(best.lambda())));
        return svg.append("</svg>\n").toString();
    }

    private void scoreAxis(StringBuilder svg) {
        int decimals = (int) Math.max(1, -Math.floor(Math.log10(tick) + 1e-9));
        long steps = Math.round((highScore - lowScore) / tick);
        for (int i = 0; i <= steps; i++) {
            double score = lowScore + tick * i;
            svg.append(line(LEFT, y(score), WIDTH - RIGHT, y(score), "class=\"grid\""));
            svg.append(text(LEFT - 8, y(score) + 4, "end", String.format(Locale.ROOT, "%." + decimals + "f", score)));
        }
        svg.append(text(LEFT, 20, "start", "accuracy, with one standard error"));
    }

    private void lambdaAxis(StringBuilder svg) {
        svg.append(line(LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM, "class=\"axis\""));
        int step = Math.max(1, (int) Math.ceil((highLog - lowLog) / 6));
        for (int power = (int) Math.ceil(lowLog); power <= highLog; power += step) {
            double x = x(Math.pow(10, power));
            svg.append(line(x, HEIGHT - BOTTOM, x, HEIGHT - BOTTOM + 5, "class=\"axis\""));
            svg.append(text(x, HEIGHT - BOTTOM + 20, "middle", "1e" + power));
        }
        svg.append(text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 14, "middle", "lambda"));
    }

    private void curve(StringBuilder svg, double ratio, int index) {
        String colour = COLOURS[index % COLOURS.length];
        StringBuilder path = new StringBuilder();
        for (PathPoint p : points) {
            if (p.l1Ratio() == ratio) {
                path.append(path.isEmpty() ? "" : " ")
                        .append(coordinate(x(p.lambda())))
                        .append(',')
                        .append(coordinate(y(p.score())));
                svg.append(line(
                        x(p.lambda()),
                        y(p.score() - p.standardError()),
                        x(p.lambda()),
                        y(top(p)),
                        "stroke=\"" + colour + "\" stroke-opacity=\".45\""));
                svg.append("<circle cx=\"%s\" cy=\"%s\" r=\"3\" fill=\"%s\"><title>%s</title></circle>%n"
                        .formatted(
                                coordinate(x(p.lambda())),
                                coordinate(y(p.score())),
                                colour,
                                "lambda %s, l1Ratio %s: %.4f, %d weights"
                                        .formatted(number(p.lambda()), p.l1Ratio(), p.score(), p.nonZeros())));
            }
        }
        svg.append(
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>%n".formatted(path, colour));
        double x = LEFT + (double) (index % LEGEND_COLUMNS) * (WIDTH - LEFT) / LEGEND_COLUMNS;
        double y = HEIGHT + 6.0 + LEGEND_ROW * (index / LEGEND_COLUMNS);
        svg.append(line(x, y, x + 18, y, "stroke=\"" + colour + "\" stroke-width=\"2\""));
        svg.append(text(x + 24, y + 5, "start", "l1Ratio " + ratio));
    }

    private static String line(double x1, double y1, double x2, double y2, String more) {
        return "<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" %s/>%n"
                .formatted(coordinate(x1), coordinate(y1), coordinate(x2), coordinate(y2), more);
    }

    private static String text(double x, double y, String anchor, String words) {
        return "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>%n"
                .formatted(coordinate(x), coordinate(y), anchor, words);
    }

    private static String coordinate(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3g", value);
    }
}
