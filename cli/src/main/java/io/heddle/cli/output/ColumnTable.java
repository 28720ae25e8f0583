package io.heddle.cli.output;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.cli.options.CommonFlags;
import io.heddle.cli.terminal.PlainText;
import io.heddle.preprocessing.Column;
import io.heddle.preprocessing.ColumnSummary;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/** Prints the columns of a table, one per line: type, range, share of missing values, number of distinct values. */
public final class ColumnTable {
    private static final int WIDEST_NAME = 24;
    private static final int WIDEST_RANGE = 34;
    private static final int TEXTS = 5;

    private final List<ColumnSummary> columns;

    public ColumnTable(List<ColumnSummary> columns) {
        this.columns = columns;
    }

    public List<String> lines() {
        int width = columns.stream()
                .mapToInt(c -> PlainText.of(c.column().name()).length())
                .max()
                .orElse(0);
        String format = "%-" + Math.clamp(width, 6, WIDEST_NAME) + "s  %-7s  %9s  %10s  %s";
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add(format.formatted("column", "type", "missing", "distinct", "range")
                .stripTrailing());
        for (ColumnSummary c : columns) {
            lines.add(format.formatted(
                            cut(PlainText.of(c.column().name()), WIDEST_NAME),
                            word(c.column().kind()),
                            c.missing() == 0 ? "-" : "%.1f %%".formatted(100.0 * c.missing() / c.rows()),
                            distinct(c),
                            PlainText.of(cut(range(c), WIDEST_RANGE)))
                    .stripTrailing());
        }
        return lines;
    }

    public ArrayNode json() {
        ArrayNode all = CommonFlags.object().arrayNode();
        for (ColumnSummary c : columns) {
            ObjectNode node = all.addObject()
                    .put("name", c.column().name())
                    .put("type", word(c.column().kind()))
                    .put("missing", c.missing())
                    .put("missingShare", (double) c.missing() / c.rows())
                    .put("distinct", c.distinct())
                    .put("distinctIsLeast", isLowerBound(c))
                    .put("infinite", c.infinite());
            if (!Double.isNaN(c.minimum())) {
                node.put("minimum", c.minimum()).put("maximum", c.maximum()).put("mean", c.mean());
            }
        }
        return all;
    }

    private static boolean isLowerBound(ColumnSummary c) {
        return c.column().kind() != Column.Kind.CATEGORY && c.distinct() == ColumnSummary.MAXIMUM_DISTINCT;
    }

    private static String distinct(ColumnSummary c) {
        return c.distinct() + (isLowerBound(c) ? "+" : "");
    }

    public static String word(Column.Kind kind) {
        return switch (kind) {
            case NUMBER -> "number";
            case CATEGORY -> "text";
            case BOOLEAN -> "boolean";
            case DATE -> "date";
            case TIMESTAMP -> "time";
        };
    }

    private static String range(ColumnSummary c) {
        String infinite = c.infinite() == 0 ? "" : ", %d infinite".formatted(c.infinite());
        if (c.column().kind() == Column.Kind.CATEGORY) {
            List<String> texts = c.column().categories();
            return String.join(", ", texts.subList(0, Math.min(TEXTS, texts.size())))
                    + (texts.size() > TEXTS ? ", …" : "");
        }
        if (Double.isNaN(c.minimum())) {
            return infinite.isEmpty() ? "" : infinite.substring(2);
        }
        return "%s to %s%s"
                .formatted(
                        value(c.column().kind(), c.minimum()), value(c.column().kind(), c.maximum()), infinite);
    }

    private static String value(Column.Kind kind, double v) {
        return switch (kind) {
            case DATE -> LocalDate.ofEpochDay((long) v).toString();
            case TIMESTAMP -> {
                double second = Math.floor(v);
                // Not the next second, which may be another day.
                long millis = Math.min(999, Math.round((v - second) * 1000));
                yield Instant.ofEpochMilli((long) second * 1000 + millis).toString();
            }
            case BOOLEAN -> v == 0 ? "false" : "true";
            case NUMBER, CATEGORY ->
                v == Math.rint(v) && Math.abs(v) < 1e15 ? Long.toString((long) v) : "%.6g".formatted(v);
        };
    }

    private static String cut(String text, int maximum) {
        return text.length() <= maximum ? text : text.substring(0, maximum - 1) + "…";
    }
}
