package io.heddle.data.csv;

import io.heddle.data.TextOptions;
import io.heddle.files.DataFormatException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Detects whether numbers have a decimal point or a decimal comma. A comma is a decimal mark unless exactly three
 * digits follow it. With three digits it could also separate thousands.
 */
final class DecimalMark {
    private static final Pattern COMMA = Pattern.compile("[+-]?\\d*,\\d+([eE][+-]?\\d+)?");
    private static final Pattern COMMA_OR_GROUPS = Pattern.compile("[+-]?[1-9]\\d{0,2},\\d{3}");

    /** Groups of three digits separated by the same mark, with optional decimals after another mark. */
    private static final Pattern GROUPS = Pattern.compile(
            "[+-]?\\d{1,3}(?:(?:,\\d{3})+(?:\\.\\d+)?|(?:\\.\\d{3}){2,}|(?:\\.\\d{3})+,\\d+|(?:[' \\u2019\\u00a0\\u2009\\u202f]\\d{3})+(?:[.,]\\d+)?)");

    /** Blanks and apostrophes, which no number has in other places. */
    private static final Pattern BETWEEN_THOUSANDS =
            Pattern.compile("(?<=\\d)[' \\u2019\\u00a0\\u2009\\u202f](?=\\d{3})");

    private final String name;
    private final List<List<String>> rows;
    private final MissingTexts missing;
    private final char separator;
    /** Whether blanks or apostrophes separate thousands. */
    private boolean grouped;

    /** @param rows the first rows of a table, which may start with names */
    DecimalMark(String name, List<List<String>> rows, MissingTexts missing, char separator) {
        this.name = name;
        this.rows = rows;
        this.missing = missing;
        this.separator = separator;
    }

    /**
     * @param options may define the mark
     * @throws DataFormatException if the texts are such numbers ambiguous
     */
    char mark(TextOptions options, Consumer<String> notes) throws DataFormatException {
        if (options.decimal().isPresent()) {
            if (options.decimal().get() == separator) {
                throw new DataFormatException(
                        "%s: the comma cannot be the decimal mark and the separator; --separator sets another separator"
                                .formatted(name));
            }
            return options.decimal().get();
        }
        if (options.thousands().equals(Optional.of('.')) || options.thousands().equals(Optional.of(','))) {
            return options.thousands().get() == '.' ? ',' : '.';
        }
        grouped = options.thousands().isPresent();
        String unclear = null;
        String clear = null;
        for (int j = 0; j < rows.getFirst().size(); j++) {
            Optional<String> comma = commaIn(j);
            if (comma.isPresent()) {
                boolean groups = COMMA_OR_GROUPS.matcher(comma.get()).matches();
                unclear = groups && unclear == null ? comma.get() : unclear;
                clear = !groups && clear == null ? comma.get() : clear;
            }
        }
        if (clear == null && unclear != null) {
            throw unclear(name, unclear);
        }
        if (clear == null) {
            return '.';
        }
        String point = decimalPoint();
        if (point != null) {
            throw new DataFormatException(
                    "%s has numbers with a decimal point (%s) and with a decimal comma (%s); --decimal . or --decimal , says which are numbers, --thousands . that points separate thousands"
                            .formatted(name, point, clear));
        }
        notes.accept("%s: the comma in numbers such as %s is read as the decimal mark (--decimal . for text)"
                .formatted(name, clear));
        return ',';
    }

    /** Returns a field with a decimal comma from a column that contains only numbers. Prefers an unambiguous field. */
    private Optional<String> commaIn(int j) {
        String found = null;
        for (int i = 0; i < rows.size(); i++) {
            String given = j < rows.get(i).size() ? rows.get(i).get(j) : "";
            String field = grouped ? BETWEEN_THOUSANDS.matcher(given).replaceAll("") : given;
            if (missing.contains(field) || i == 0 && rows.size() > 1 && !isNumber(field)) {
                continue;
            }
            if (!isNumber(field)) {
                return Optional.empty();
            }
            if (field.indexOf(',') >= 0 && !COMMA_OR_GROUPS.matcher(field).matches()) {
                return Optional.of(field);
            }
            found = found == null && field.indexOf(',') >= 0 ? field : found;
        }
        return Optional.ofNullable(found);
    }

    private static boolean isNumber(String field) {
        return COMMA.matcher(field).matches() || Decimal.is(field) && field.indexOf('.') < 0;
    }

    /** Returns a number with a decimal point; null if there is none. */
    private String decimalPoint() {
        for (List<String> row : rows) {
            for (String field : row) {
                if (field.indexOf('.') >= 0 && Decimal.is(field)) {
                    return field;
                }
            }
        }
        return null;
    }

    private static DataFormatException unclear(String name, String field) {
        return new DataFormatException(
                "%s: '%s' could have a decimal comma or a thousands separator; use --decimal , or --thousands ,"
                        .formatted(name, field));
    }

    /**
     * Refuses a column of text whose texts are numbers with thousands separators.
     *
     * @param texts texts of the column
     * @param point decimal mark
     * @param chosen whether the user has set it
     * @throws DataFormatException if the texts are such numbers
     */
    static void requireNoGroups(String name, String column, List<String> texts, char point, boolean chosen)
            throws DataFormatException {
        String grouped = null;
        for (String text : texts) {
            if (GROUPS.matcher(text).matches() || !chosen && COMMA.matcher(text).matches()) {
                grouped = grouped == null ? text : grouped;
            } else if (Double.isNaN(Decimal.parse(text.toCharArray(), 0, text.length(), point))) {
                return;
            }
        }
        if (grouped != null) {
            throw new DataFormatException(
                    "%s, column '%s': '%s' has thousands separators or a decimal comma; use --thousands with this separator, --decimal , or --drop the column"
                            .formatted(name, column, grouped));
        }
    }
}
