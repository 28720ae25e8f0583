package io.heddle.data.csv;

import io.heddle.data.DataSource;
import io.heddle.preprocessing.Column;
import io.heddle.preprocessing.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Detects lines of totals and footnotes below a table, which would be rows like the others. */
final class LastLines {
    /** Number of last lines that are checked at most. */
    static final int MAXIMUM_LINES = 20;

    private static final Pattern TOTAL = Pattern.compile(
            "(?iu)((grand|sub|overall)[ -]?)?(totals?|totale|totaal|total general|sums?|summe|gesamt(summe)?|insgesamt|somme|suma|итого|всего|合计|总计|合計|総計|總計)\\h*[:.]?");
    /** Texts of lines that summarize the others in another way, and the first words of footnotes. */
    private static final Pattern SUMMARY = Pattern.compile(
            "(?iu)((overall|grand|column)[ -]averages?|mean|median|minimum|maximum|st(d|andard)[. -]*dev(iation)?|durchschnitt|mittelwert|moyenne|m[ée]diane|promedio|mediana|média|gemiddelde|среднее|медиана|平均(值|値)?)\\h*[:.]?"
                    + "|(sources?|notes?|footnotes?|quellen?|anmerkung(en)?|fuentes?|notas?|remarques?)\\h*:.*");
    /**
     * Texts that may be categories or names, too. They are reported if the values agree, or below another such line.
     */
    private static final Pattern SHORT = Pattern.compile("(?iu)(averages?|avg|max|min|std|sd|count|n)\\h*[:.]?");

    private static final Pattern CONTROLS = Pattern.compile("\\h*\\p{Cntrl}[\\p{Cntrl}\\h]*");
    /** With fewer other rows, sums may be a coincidence. */
    private static final int MINIMUM_ROWS = 3;
    /** Sums of longer tables are not computed. */
    private static final long MAXIMUM_ROWS = 10_000;
    /** Number of lines that a note describes. */
    private static final int DESCRIBED = 4;
    /** A footnote may be as long as a page. */
    private static final int SHOWN_CHARACTERS = 60;
    /** Relative difference of sums that were computed from the same decimals in another order. */
    private static final double ROUNDING = 1e-9;

    private final DataSource source;
    private final Table table;

    private LastLines(DataSource source, Table table) {
        this.source = source;
        this.table = table;
    }

    /**
     * Returns a note about the last lines of a table if they may be no rows.
     *
     * @param rows number of rows of the file
     * @param lines numbers of the last lines that are rows, the last one first; up to {@link #MAXIMUM_LINES}
     */
    static Optional<String> note(DataSource source, String name, long rows, long[] lines) throws IOException {
        Table table = source.table().orElseThrow();
        long leftOut = rows - table.rows();
        List<String> found = new LastLines(source, table).found(lines.length, leftOut);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        if (found.size() == 1) {
            return Optional.of("%s, line %d %s and is read as a row; if it is a line of totals or a footnote, delete it"
                    .formatted(name, lines[0], found.getFirst()));
        }
        int last = found.size() - 1;
        List<String> described = IntStream.range(0, Math.min(DESCRIBED, found.size()))
                .mapToObj(i -> "line %d %s".formatted(lines[last - i], found.get(last - i)))
                .toList();
        return Optional.of(
                "%s, lines %d to %d are read as rows: %s%s; if they are lines of totals or footnotes, delete them"
                        .formatted(
                                name,
                                lines[last],
                                lines[0],
                                String.join(", ", described),
                                found.size() > DESCRIBED ? ", ..." : ""));
    }

    /** Returns what is in each of the last lines that are no rows, the last one first. */
    private List<String> found(int lines, long leftOut) {
        List<String> found = new ArrayList<>();
        int sure = 0;
        int beforeLone = -1;
        for (long row = table.rows() - 1; row >= MINIMUM_ROWS && found.size() < lines; row--) {
            int below = found.size();
            boolean lone = isLone(row, below);
            Optional<String> what = lone ? Optional.of(only(row, below)) : what(row, below);
            Optional<String> text = what.isPresent() ? what : matching(row, below, SHORT);
            if (table.sourceRow(row) != row + leftOut || text.isEmpty()) {
                break;
            }
            beforeLone = lone && beforeLone < 0 ? below : beforeLone;
            found.add(what.orElse("has the text " + quoted(text.get())));
            if (what.isPresent() || agrees(row, text.get().strip().toLowerCase(Locale.ROOT))) {
                sure = found.size();
            }
        }
        // Rows of one value further up are rows like the others, and so are the last ones.
        boolean others = beforeLone >= 0 && firstLone() < table.rows() - sure;
        return found.subList(0, others ? Math.min(sure, beforeLone) : sure);
    }

    private boolean isLone(long row, int below) {
        int fields = fields(row);
        return fields <= 1
                && width() > 2
                && (below == 0 || fields == 0 || !texts(row, below).isEmpty());
    }

    private String only(long row, int below) {
        List<String> texts = texts(row, below);
        String one = texts.isEmpty() ? "has only one value" : "has only the text " + quoted(texts.getFirst());
        return fields(row) == 0 ? "has no value" : one;
    }

    private static String quoted(String text) {
        String line = CONTROLS.matcher(text).replaceAll(" ");
        int shown = line.offsetByCodePoints(0, Math.min(SHOWN_CHARACTERS, line.codePointCount(0, line.length())));
        return "'" + (shown < line.length() ? line.substring(0, shown) + "..." : line) + "'";
    }

    /** Returns the first row with fewer than two values. */
    private long firstLone() {
        long row = 0;
        while (fields(row) > 1) {
            row++;
        }
        return row;
    }

    /** @param below number of lines below the row that are no rows */
    private Optional<String> what(long row, int below) {
        return matching(row, below, TOTAL)
                .or(() -> matching(row, below, SUMMARY))
                .map(text -> "has the text " + quoted(text))
                .or(() ->
                        holds(row, this::isSum, 2) ? Optional.of("has the sums of the other rows") : Optional.empty());
    }

    /** Returns whether the values of a row are what its text says about the rows above. */
    private boolean agrees(long row, String word) {
        return switch (word.charAt(0)) {
            case 'a' -> holds(row, this::isMean, 1);
            case 'm' -> holds(row, word.startsWith("max") ? this::isLargest : this::isSmallest, 1);
            default -> false;
        };
    }

    private Optional<String> matching(long row, int below, Pattern pattern) {
        return texts(row, below).stream()
                .filter(text -> pattern.matcher(text.strip()).matches())
                .findFirst();
    }

    private int width() {
        return table.columns().size()
                + (source.labels().isPresent() ? 1 : 0)
                + (source.ids().isPresent() ? 1 : 0);
    }

    /**
     * Returns the texts of a row that no earlier row has in the same column.
     *
     * @param below number of rows below it
     */
    private List<String> texts(long row, int below) {
        List<String> texts = new ArrayList<>();
        source.ids().map(ids -> ids.get((int) row)).filter(id -> !id.isBlank()).ifPresent(texts::add);
        source.labels().ifPresent(labels -> {
            int label = labels.values()[(int) row];
            boolean first = true;
            for (int i = 0; i < row && first; i++) {
                first = labels.values()[i] != label;
            }
            if (first) {
                texts.add(labels.classNames().get(label));
            }
        });
        for (int j = 0; j < table.columns().size(); j++) {
            Column column = table.columns().get(j);
            double value = table.value(row, j);
            // Categories are numbered in the order of their first rows.
            if (column.kind() == Column.Kind.CATEGORY
                    && value >= column.categories().size() - 1 - below
                    && isFirst(value, j, row)) {
                texts.add(column.categories().get((int) value));
            }
        }
        return texts;
    }

    private boolean isFirst(double value, int column, long row) {
        for (long i = 0; i < row; i++) {
            if (table.value(i, column) == value) {
                return false;
            }
        }
        return true;
    }

    /** Returns the number of fields of a row that are not empty. */
    private int fields(long row) {
        int fields = source.labels().isPresent() ? 1 : 0;
        fields += source.ids().isPresent() && !source.ids().get().get((int) row).isBlank() ? 1 : 0;
        for (int j = 0; j < table.columns().size(); j++) {
            fields += Double.isNaN(table.value(row, j)) ? 0 : 1;
        }
        return fields;
    }

    /** Tests a value against those of a column in the rows above. */
    @FunctionalInterface
    private interface Summary {
        boolean holds(double value, int column, long row);
    }

    /** Returns whether all numbers of a row are summaries of those above, and at least the given number of them. */
    private boolean holds(long row, Summary summary, int minimum) {
        if (row > MAXIMUM_ROWS) {
            return false;
        }
        int count = 0;
        for (int j = 0; j < table.columns().size(); j++) {
            double value = table.value(row, j);
            if (table.columns().get(j).kind() == Column.Kind.NUMBER && !Double.isNaN(value)) {
                if (!summary.holds(value, j, row)) {
                    return false;
                }
                count++;
            }
        }
        return count >= minimum;
    }

    private DoubleSummaryStatistics above(int column, long row, DoubleUnaryOperator of) {
        return LongStream.range(0, row)
                .mapToDouble(i -> table.value(i, column))
                .filter(value -> !Double.isNaN(value))
                .map(of)
                .summaryStatistics();
    }

    private boolean isSum(double value, int column, long row) {
        DoubleSummaryStatistics sizes = above(column, row, Math::abs);
        double sum = above(column, row, DoubleUnaryOperator.identity()).getSum();
        return Math.abs(sum - value) <= ROUNDING * sizes.getSum() && Math.abs(value) > 2 * sizes.getMax();
    }

    /** Averages are often written with few decimals. */
    private boolean isMean(double value, int column, long row) {
        DoubleSummaryStatistics all = above(column, row, DoubleUnaryOperator.identity());
        double unit = 1;
        while (unit > ROUNDING && Math.abs(value / unit - Math.rint(value / unit)) > ROUNDING) {
            unit /= 10;
        }
        return all.getMin() < all.getMax() && Math.abs(all.getAverage() - value) <= unit / 2 + ROUNDING;
    }

    private boolean isLargest(double value, int column, long row) {
        return value == above(column, row, DoubleUnaryOperator.identity()).getMax();
    }

    private boolean isSmallest(double value, int column, long row) {
        return value == above(column, row, DoubleUnaryOperator.identity()).getMin();
    }
}
