package io.heddle.cli.options;

import io.heddle.cli.terminal.PlainText;
import io.heddle.data.DataSource;
import io.heddle.preprocessing.Column;
import io.heddle.preprocessing.Table;
import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Detects columns of numbers that are probably no measurements: IDs, dates in digits and codes of missing values. */
public final class SuspectNumbers {
    /** With fewer rows, such numbers may be a coincidence. */
    private static final int MINIMUM_ROWS = 10;
    /** A code of missing values that no earlier row has is not searched. */
    private static final long SAMPLE = 10_000;

    private static final Set<Double> CODES =
            Set.of(-9.0, -99.0, -999.0, -9999.0, -99999.0, 99.0, 999.0, 9999.0, 99999.0, 999999.0);
    private static final Pattern ID =
            Pattern.compile("(?i:(.*[ _.-])?(id|uuid|identifier|index|rownames?))|.*[a-z](Id|ID)");
    private static final Pattern CODE =
            Pattern.compile("(?i)(.*[ _.-])?(zip([ _-]?code)?|post(al)?[ _-]?code|plz|fips|isbn|sku|phone)");
    private static final double EXACT = 0x1p53;

    private SuspectNumbers() {}

    /**
     * Reports such columns, which the user may want to leave out or to read differently.
     *
     * @param table the used columns of the source
     */
    public static void note(DataSource source, Table table, PrintStream err) {
        if (table.rows() < MINIMUM_ROWS) {
            return;
        }
        Consumer<String> notes = PlainText.notes(err);
        for (int j = 0; j < table.columns().size(); j++) {
            Column column = table.columns().get(j);
            if (column.kind() != Column.Kind.NUMBER || RowCounters.counts(table, j)) {
                continue;
            }
            String place = "%s: column '%s'".formatted(source.name(), column.name());
            String name = ColumnNames.forShell(column.name());
            if (ID.matcher(column.name()).matches() && areDistinctWholes(table, j)) {
                notes.accept(
                        "%s has another whole number in each row and is used as a feature; if they are IDs, --id %s or --drop %s leaves it out"
                                .formatted(place, name, name));
            } else if (CODE.matcher(column.name()).matches() && areWholes(table, j)) {
                notes.accept(
                        "%s is read as numbers; if they are codes, --one-hot %s or --drop %s does not compare their sizes"
                                .formatted(place, name, name));
            } else {
                int numbers = j;
                DigitTimes.advice(table, j)
                        .or(() -> code(table, numbers)
                                .map(code ->
                                        "numbers with %s; if %s means that a value is missing, use --missing-text=%s (CSV) or leave such fields empty"
                                                .formatted(code.text(), code.text(), code.text())))
                        .ifPresent(advice -> notes.accept("%s is read as %s".formatted(place, advice)));
            }
        }
    }

    private static boolean areDistinctWholes(Table table, int column) {
        LongOpenHashSet seen = new LongOpenHashSet();
        for (long i = 0; i < table.rows(); i++) {
            double value = table.value(i, column);
            if (value != Math.rint(value) || Math.abs(value) > EXACT || !seen.add((long) value)) {
                return false;
            }
        }
        return true;
    }

    private static boolean areWholes(Table table, int column) {
        for (long i = 0; i < table.rows(); i++) {
            double value = table.value(i, column);
            if (!Double.isNaN(value) && value != Math.rint(value)) {
                return false;
            }
        }
        return true;
    }

    /** A number that may stand for a missing value. */
    private record Code(double value) {
        String text() {
            return String.format(Locale.ROOT, "%.0f", value);
        }
    }

    /**
     * Returns a number such as -999 that at least two rows have and that is far from all others: the only negative
     * number, or farther from the others than these are from each other.
     */
    private static Optional<Code> code(Table table, int column) {
        if (!hasCode(table, column)) {
            return Optional.empty();
        }
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (long i = 0; i < table.rows(); i++) {
            double value = table.value(i, column);
            low = Math.min(low, Double.isNaN(value) ? low : value);
            high = Math.max(high, Double.isNaN(value) ? high : value);
        }
        double code = CODES.contains(low) && low < 0 ? low : high;
        if (!CODES.contains(code)) {
            return Optional.empty();
        }
        double nearest = Double.NaN;
        double farthest = Double.NaN;
        long count = 0;
        for (long i = 0; i < table.rows(); i++) {
            double value = table.value(i, column);
            if (value == code) {
                count++;
            } else if (!Double.isNaN(value)) {
                double distance = Math.abs(value - code);
                nearest = Double.isNaN(nearest) ? distance : Math.min(nearest, distance);
                farthest = Double.isNaN(farthest) ? distance : Math.max(farthest, distance);
            }
        }
        boolean apart = code < 0 && nearest >= -code || nearest > farthest - nearest;
        return count > 1 && farthest > nearest && apart ? Optional.of(new Code(code)) : Optional.empty();
    }

    private static boolean hasCode(Table table, int column) {
        for (long i = 0; i < Math.min(SAMPLE, table.rows()); i++) {
            if (CODES.contains(table.value(i, column))) {
                return true;
            }
        }
        return false;
    }
}
