package io.heddle.data.csv;

import io.heddle.data.TextOptions;
import io.heddle.matrix.InvalidInputException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Checks texts that are written to a CSV file, so that reading returns the same texts. */
public final class CsvText {
    private static final MissingTexts MISSING = new MissingTexts(TextOptions.MISSING);

    private CsvText() {}

    /**
     * Refuses texts that would be read as different texts or as missing values.
     *
     * @param what kind of the texts, for the message: {@code class}
     * @throws InvalidInputException if one is empty, begins or ends with a blank, or is a text of a missing value
     */
    public static void requireReadable(List<String> texts, String what) {
        for (String text : texts) {
            InvalidInputException.require(
                    isReadable(text), "the %s '%s' would be read differently from a text file: write .npz", what, text);
        }
    }

    private static boolean isReadable(String text) {
        return text.equals(text.strip())
                && text.indexOf('\r') < 0
                && !text.startsWith("\u00a0")
                && !text.endsWith("\u00a0")
                && !MISSING.contains(text);
    }

    /**
     * Returns the kind as which a column of texts is read: {@code numbers}, {@code booleans}, {@code dates} or
     * {@code timestamps}.
     *
     * @param texts texts of the column, none of which is a missing value
     * @return the kind; empty if it is read as text
     */
    public static Optional<String> readAs(List<String> texts) {
        CsvColumn.Kind kind = CsvColumn.Kind.EMPTY;
        for (String text : texts) {
            kind = kind.join(CsvColumn.Kind.of(text.toCharArray(), 0, text.length(), '.', false));
        }
        return switch (kind) {
            case EMPTY, TEXT -> Optional.empty();
            case NUMBER -> Optional.of("numbers");
            case TRUE_FALSE, YES_NO -> Optional.of("booleans");
            case DATE -> Optional.of("dates");
            case TIME -> Optional.of("timestamps");
        };
    }

    /** Returns column names for a text file that are read as names: not numbers, not empty, and distinct. */
    public static List<String> columnNames(List<String> names) {
        List<String> plain = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (int j = 0; j < names.size(); j++) {
            String name = names.get(j).strip();
            String base = name.isEmpty() || MISSING.contains(name) || isValue(name) ? "x" + name : name;
            String unique = base;
            for (int i = 2; !taken.add(unique); i++) {
                unique = base + "_" + i;
            }
            plain.add(unique);
        }
        return plain;
    }

    private static boolean isValue(String name) {
        return CsvColumn.Kind.of(name.toCharArray(), 0, name.length(), '.', true) != CsvColumn.Kind.TEXT
                || Decimal.is(name);
    }
}
