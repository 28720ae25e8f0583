package io.heddle.preprocessing;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.matrix.InvalidInputException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A fitted column, bound to the column of a table. */
final class ColumnBinding {
    /** The words of booleans in CSV files: false, true. */
    private static final List<List<String>> WORDS = List.of(List.of("false", "true"), List.of("no", "yes"));

    private final FittedColumn fitted;
    private final Column given;
    private final int place;
    private final int feature;
    private final double unit;
    /** Whether the values are numbers that must be 0 or 1. */
    private final boolean truth;

    /**
     * The fitted category of each of the table's categories, −1 if there is none; for a fitted boolean 1 or 0. Null if
     * values are not indices.
     */
    private final int[] categories;

    private final Map<String, Integer> byText = new HashMap<>();

    /**
     * @param place index of the column in the table
     * @param feature index of the first feature of the column
     * @throws InvalidInputException if the kinds are not compatible
     */
    ColumnBinding(FittedColumn fitted, Column given, int place, int feature) {
        this.fitted = fitted;
        this.given = given;
        this.place = place;
        this.feature = feature;
        this.truth = fitted.column().kind() == Column.Kind.BOOLEAN && given.kind() == Column.Kind.NUMBER;
        this.unit = FittedColumn.unit(fitted.treatment().encoding(), given.kind());
        if (fitted.oneHot()) {
            List<String> known = fitted.column().categories();
            for (int c = 0; c < known.size(); c++) {
                byText.put(known.get(c), c);
            }
            categories = given.kind() == Column.Kind.CATEGORY
                    ? given.categories().stream()
                            .mapToInt(text -> byText.getOrDefault(text, -1))
                            .toArray()
                    : null;
        } else {
            categories = areBooleans() ? truths(given.categories()) : null;
            requireNumbers();
        }
    }

    /** Returns whether booleans of the fit are words here, as in Parquet files of text. */
    private boolean areBooleans() {
        return fitted.column().kind() == Column.Kind.BOOLEAN
                && given.kind() == Column.Kind.CATEGORY
                && !given.categories().isEmpty()
                && WORDS.stream().anyMatch(words -> words.containsAll(lower(given.categories())));
    }

    private static List<String> lower(List<String> texts) {
        return texts.stream().map(text -> text.strip().toLowerCase(Locale.ROOT)).toList();
    }

    private static int[] truths(List<String> texts) {
        return lower(texts).stream()
                .mapToInt(
                        text -> WORDS.stream().anyMatch(words -> words.getLast().equals(text)) ? 1 : 0)
                .toArray();
    }

    /**
     * A column without values is compatible with every kind. Numbers are compatible with booleans; {@link #write} then
     * checks each value. Booleans are not compatible with numbers, because 1 does not have to mean true.
     */
    private void requireNumbers() {
        Column.Kind expected = fitted.column().kind();
        boolean dates = given.kind() == Column.Kind.DATE || given.kind() == Column.Kind.TIMESTAMP;
        boolean fits = given.kind() == expected
                || categories != null
                || dates && (expected == Column.Kind.DATE || expected == Column.Kind.TIMESTAMP)
                || given.kind() == Column.Kind.NUMBER && expected == Column.Kind.BOOLEAN;
        if (!fits && given.kind() == Column.Kind.CATEGORY && !given.categories().isEmpty()) {
            throw new InvalidInputException("column '%s' holds text such as '%s', but the model takes %s there"
                    .formatted(given.name(), given.categories().getFirst(), plural(expected)));
        }
        require(
                fits || given.categories().isEmpty() && given.kind() == Column.Kind.CATEGORY,
                "column '%s' holds %s, but the model takes %s there",
                given.name(),
                plural(given.kind()),
                plural(expected));
    }

    static String plural(Column.Kind kind) {
        return switch (kind) {
            case NUMBER -> "numbers";
            case CATEGORY -> "text";
            case BOOLEAN -> "booleans";
            case DATE -> "dates";
            case TIMESTAMP -> "timestamps";
        };
    }

    int place() {
        return place;
    }

    /** Returns a value in the unit of the fit. For text it is the fitted category, −1 if it is unknown. */
    double read(double[] row) {
        double v = row[place];
        if (Double.isNaN(v)) {
            return v;
        }
        if (!fitted.oneHot()) {
            return categories != null ? categories[(int) v] : v * unit;
        }
        return categories != null ? categories[(int) v] : byText.getOrDefault(CategoryText.of(given, v), -1);
    }

    /**
     * Writes the features of a row.
     *
     * @param out receives the features; those of this column must be 0
     * @throws InvalidInputException if the value is missing although that is an error, is infinite or exceeds the range
     *     of float
     */
    void write(double[] row, long number, float[] out) {
        double v = read(row);
        boolean missing = Double.isNaN(v);
        int last = feature + fitted.features() - 1;
        if (missing && fitted.treatment().indicator()) {
            out[last] = 1;
        }
        if (missing) {
            if (fitted.treatment().missing() == Treatment.Missing.CATEGORY) {
                out[last] = 1;
                return;
            }
            v = fitted.fill();
            if (Double.isNaN(v)) {
                throw new InvalidInputException("row %d, column '%s' is empty, and missing values have no treatment"
                        .formatted(number, given.name()));
            }
        }
        if (fitted.oneHot()) {
            int at = fitted.feature((int) v);
            if (at >= 0) {
                out[feature + at] = 1;
            }
            return;
        }
        if (truth && !missing && v != 0 && v != 1) {
            throw new InvalidInputException(
                    "row %d, column '%s' holds %s, but the model takes booleans there: true, false, 1 or 0"
                            .formatted(number, given.name(), v));
        }
        float value = (float) ((v - fitted.shift()) * fitted.factor());
        if (!Float.isFinite(value)) {
            throw new InvalidInputException("row %d, column '%s' holds %s, which %s"
                    .formatted(
                            number,
                            given.name(),
                            row[place],
                            Double.isInfinite(row[place]) ? "is not a finite number" : "is out of the range of float"));
        }
        out[feature] = value;
    }
}
