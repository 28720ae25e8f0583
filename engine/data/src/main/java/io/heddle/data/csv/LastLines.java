package io.heddle.data.csv;

import io.heddle.data.DataSource;
import io.heddle.preprocessing.Column;
import io.heddle.preprocessing.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Detects a line of totals or a footnote below a table, which would be a row like the others. */
final class LastLines {
    private static final Pattern TOTAL = Pattern.compile(
            "(?iu)((grand|sub|overall)[ -]?)?(totals?|totale|totaal|total general|sums?|summe|gesamt(summe)?|insgesamt|somme|suma|итого|всего|合计|总计)\\h*[:.]?");
    /** With fewer other rows, sums may be a coincidence. */
    private static final int MINIMUM_ROWS = 3;
    /** Sums of longer tables are not computed. */
    private static final long MAXIMUM_ROWS = 10_000;
    /** Relative difference of sums that were computed from the same decimals in another order. */
    private static final double ROUNDING = 1e-9;

    private final DataSource source;
    private final Table table;

    private LastLines(DataSource source, Table table) {
        this.source = source;
        this.table = table;
    }

    /**
     * Returns a note about the last line of a table if it may be no row.
     *
     * @param lines number of rows of the file
     * @param line number of its last line
     */
    static Optional<String> note(DataSource source, String name, long lines, long line) throws IOException {
        Table table = source.table().orElseThrow();
        long last = table.rows() - 1;
        if (last < MINIMUM_ROWS || table.sourceRow(last) != lines - 1) {
            return Optional.empty();
        }
        return new LastLines(source, table)
                .what(last)
                .map(what -> "%s, line %d %s and is read as a row; if it is a line of totals or a footnote, delete it"
                        .formatted(name, line, what));
    }

    private Optional<String> what(long last) {
        List<String> texts = texts(last);
        int fields = fields(last);
        if (fields <= 1 && width() > 2 && isAlone(last)) {
            String only = texts.isEmpty() ? "has only one value" : "has only the text '" + texts.getFirst() + "'";
            return Optional.of(fields == 0 ? "has no value" : only);
        }
        for (String text : texts) {
            if (TOTAL.matcher(text.strip()).matches()) {
                return Optional.of("has the text '" + text + "'");
            }
        }
        return holdsSums(last) ? Optional.of("has the sums of the other rows") : Optional.empty();
    }

    private int width() {
        return table.columns().size()
                + (source.labels().isPresent() ? 1 : 0)
                + (source.ids().isPresent() ? 1 : 0);
    }

    /** Returns the texts of a row that no earlier row has in the same column. */
    private List<String> texts(long row) {
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
                    && value == column.categories().size() - 1
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

    /** Returns whether all other rows have at least two values. */
    private boolean isAlone(long last) {
        for (long i = 0; i < last; i++) {
            if (fields(i) < 2) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether at least two columns of numbers have values in the last row, all of them sums of the others. */
    private boolean holdsSums(long last) {
        if (last > MAXIMUM_ROWS) {
            return false;
        }
        int sums = 0;
        for (int j = 0; j < table.columns().size(); j++) {
            double value = table.value(last, j);
            if (table.columns().get(j).kind() == Column.Kind.NUMBER && !Double.isNaN(value)) {
                if (!isSum(value, j, last)) {
                    return false;
                }
                sums++;
            }
        }
        return sums > 1;
    }

    private boolean isSum(double value, int column, long last) {
        double sum = 0;
        double size = 0;
        double largest = 0;
        for (long i = 0; i < last; i++) {
            double other = table.value(i, column);
            if (!Double.isNaN(other)) {
                sum += other;
                size += Math.abs(other);
                largest = Math.max(largest, Math.abs(other));
            }
        }
        return Math.abs(sum - value) <= ROUNDING * size && Math.abs(value) > 2 * largest;
    }
}
