package io.heddle.cli.output;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.cli.options.CommonFlags;
import io.heddle.cli.report.CurveSvg;
import io.heddle.selection.PathPoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The tried penalties and the best one, as JSON, as a table with bars, and as a plot. */
public final class PathResult {
    private static final int BAR = 20;

    private final List<PathPoint> points;
    private final PathPoint best;
    private final boolean grouped;

    /**
     * @param points at least one
     * @param grouped whether the penalty is on whole columns
     */
    public PathResult(List<PathPoint> points, boolean grouped) {
        this.points = List.copyOf(points);
        this.grouped = grouped;
        this.best = PathPoint.best(points);
    }

    public PathPoint best() {
        return best;
    }

    /** Returns the number of penalties with a fit that did not converge. */
    public long unfinished() {
        return points.stream().filter(p -> !p.converged()).count();
    }

    public int size() {
        return points.size();
    }

    public ObjectNode json() {
        ObjectNode node = CommonFlags.object();
        ArrayNode rows = node.putArray("rows");
        points.forEach(p -> fill(rows.addObject(), p));
        fill(node.putObject("best"), best);
        return node.put("grouped", grouped);
    }

    private static void fill(ObjectNode node, PathPoint p) {
        node.put("lambda", p.lambda())
                .put("l1Ratio", p.l1Ratio())
                .put("score", p.score())
                .put("standardError", p.standardError())
                .put("nonZeros", p.nonZeros())
                .put("converged", p.converged());
    }

    /** Returns a line for each penalty, with a bar of its score. */
    public List<String> lines() {
        double low = points.stream().mapToDouble(PathPoint::score).min().orElseThrow();
        double high = points.stream().mapToDouble(PathPoint::score).max().orElseThrow();
        List<String> lines = new ArrayList<>();
        lines.add("%10s %8s %8s %8s %9s".formatted("lambda", "l1Ratio", "score", "+/-", "nonZeros"));
        for (PathPoint p : points) {
            int length = high > low ? (int) Math.round(BAR * (p.score() - low) / (high - low)) : BAR;
            lines.add("%10.3g %8s %8.4f %8.4f %9d  %s%s"
                    .formatted(
                            p.lambda(),
                            p.l1Ratio(),
                            p.score(),
                            p.standardError(),
                            p.nonZeros(),
                            "#".repeat(length),
                            (p.converged() ? "" : " not converged") + (p.equals(best) ? " <- best" : ""))
                    .stripTrailing());
        }
        lines.add("best by the one-standard-error rule: lambda %.4g, l1Ratio %s%s"
                .formatted(best.lambda(), best.l1Ratio(), grouped ? ", grouped" : ""));
        return lines;
    }

    /** Writes a plot of the curve to a file. */
    public void plot(OutputFile file) throws IOException {
        byte[] svg = CurveSvg.of(points, best).getBytes(StandardCharsets.UTF_8);
        file.write(out -> out.write(svg));
    }
}
