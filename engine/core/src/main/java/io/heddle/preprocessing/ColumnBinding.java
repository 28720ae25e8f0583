package io.heddle.preprocessing;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.matrix.InvalidInputException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A fitted column beside the column of a table whose values it is to treat. */
final class ColumnBinding {
    private final FittedColumn fitted;
    private final Column given;
    private final int place;
    private final int feature;
    private final double unit;
    /** Whether the values are numbers that have to be truth values. */
    private final boolean truth;

    /** By the table's categories: the fitted one, −1 if there is none. Null where values are no indices. */
    private final int[] categories;

    private final Map<String, Integer> byText = new HashMap<>();

    /**
     * @param place of the column in the table
     * @param feature the first that the column becomes
     * @throws InvalidInputException if the kinds do not fit
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
            categories = null;
            requireNumbers();
        }
    }

    /**
     * A column without any value fits every kind. Numbers fit a column of truth values, where {@link #write} checks
     * each. Truth values do not fit a column of numbers: nothing says that its 1 is true.
     */
    private void requireNumbers() {
        Column.Kind expected = fitted.column().kind();
        boolean dates = given.kind() == Column.Kind.DATE || given.kind() == Column.Kind.TIMESTAMP;
        boolean fits = given.kind() == expected
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
            case BOOLEAN -> "truth values";
            case DATE -> "dates";
            case TIMESTAMP -> "points in time";
        };
    }

    int place() {
        return place;
    }

    /** A value as the fit sees it: in its unit, of text the fitted category, −1 for one that is not known. */
    double read(double[] row) {
        double v = row[place];
        if (Double.isNaN(v)) {
            return v;
        }
        if (!fitted.oneHot()) {
            return v * unit;
        }
        return categories != null ? categories[(int) v] : byText.getOrDefault(CategoryText.of(given, v), -1);
    }

    /**
     * Fills in the features of a row.
     *
     * @param out all of whose features of this column are 0
     * @throws InvalidInputException if the value is missing or infinite and may not be, or no float can be it
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
                throw new InvalidInputException(
                        "row %d, column '%s' is empty, and nothing was said to stand in for a missing value"
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
                    "row %d, column '%s' holds %s, but the model takes truth values there: true, false, 1 or 0"
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
