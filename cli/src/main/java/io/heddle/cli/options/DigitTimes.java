package io.heddle.cli.options;

import io.heddle.preprocessing.Column;
import io.heddle.preprocessing.Table;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/** Notations of dates and times in digits, which are read as numbers. */
enum DigitTimes {
    /** Years, months and days, such as 20240229. */
    DAYS("dates", "2024-02-29"),
    /** Years and months, such as 202402. */
    MONTHS("months", "2024-02-01"),
    SECONDS("seconds since 1970", "2024-02-29T12:00:00"),
    MILLISECONDS("milliseconds since 1970", "2024-02-29T12:00:00");

    /** Numbers of ten digits may be codes, so seconds are reported in columns with such names only. */
    private static final Pattern NAME = Pattern.compile(
            "(?i).*(time|date|epoch|unix|stamp|zeit|datum|fecha|created|updated|modified).*|(.*[ _.-])?(ts|at|when)");

    private static final double SECONDS_IN_1985 = 5e8;
    private static final double SECONDS_IN_2049 = 2.5e9;
    /** Longer numbers may be codes of articles. */
    private static final double MILLISECONDS_IN_2001 = 1e12;

    private static final double MILLISECONDS_IN_2030 = 1.9e12;
    private static final long MINIMUM_VALUES = 10;
    private static final int FIRST_YEAR = 1800;
    private static final int LAST_YEAR = 2200;

    private final String text;
    private final String example;

    DigitTimes(String text, String example) {
        this.text = text;
        this.example = example;
    }

    /** Returns what such numbers may be and how to write them, if all values of a column may be of one kind. */
    static Optional<String> advice(Table table, int column) {
        for (DigitTimes times : values()) {
            OptionalDouble first = times.firstOf(table, column);
            if (first.isPresent()) {
                return Optional.of("numbers such as %.0f; if they are %s, write them like %s"
                        .formatted(first.getAsDouble(), times.text, times.example));
            }
        }
        return Optional.empty();
    }

    /** Returns the first value, if all values are such times and not all are the same. */
    private OptionalDouble firstOf(Table table, int column) {
        Column described = table.columns().get(column);
        if (this == SECONDS && !NAME.matcher(described.name()).matches()) {
            return OptionalDouble.empty();
        }
        double first = Double.NaN;
        boolean several = false;
        long count = 0;
        for (long i = 0; i < table.rows(); i++) {
            double value = table.value(i, column);
            if (Double.isNaN(value)) {
                continue;
            }
            if (value != Math.rint(value) || !holds(value)) {
                return OptionalDouble.empty();
            }
            first = count++ == 0 ? value : first;
            several |= value != first;
        }
        return several && count >= MINIMUM_VALUES ? OptionalDouble.of(first) : OptionalDouble.empty();
    }

    private boolean holds(double value) {
        return switch (this) {
            case DAYS -> {
                int day = (int) value % 100;
                yield day >= 1 && day <= 31 && isMonth((int) value / 100);
            }
            case MONTHS -> isMonth((int) value);
            case SECONDS -> value >= SECONDS_IN_1985 && value <= SECONDS_IN_2049;
            case MILLISECONDS -> value >= MILLISECONDS_IN_2001 && value <= MILLISECONDS_IN_2030;
        };
    }

    private static boolean isMonth(int value) {
        int month = value % 100;
        return value / 100 >= FIRST_YEAR && value / 100 <= LAST_YEAR && month >= 1 && month <= 12;
    }
}
