package io.heddle.preprocessing;

import java.time.Instant;
import java.time.LocalDate;

/** Converts the value of a column to the text of a category. */
final class CategoryText {
    /** Doubles represent all whole numbers up to this one. */
    private static final double EXACT = 1L << 53;

    private CategoryText() {}

    /** @param value not missing */
    static String of(Column column, double value) {
        return switch (column.kind()) {
            case CATEGORY -> column.categories().get((int) value);
            case BOOLEAN -> value == 0 ? "false" : "true";
            case NUMBER -> number(value);
            case DATE -> LocalDate.ofEpochDay((long) value).toString();
            case TIMESTAMP -> timestamp(value).toString();
        };
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) <= EXACT
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    private static Instant timestamp(double seconds) {
        double whole = Math.floor(seconds);
        return Instant.ofEpochSecond((long) whole, Math.round((seconds - whole) * 1e9));
    }
}
