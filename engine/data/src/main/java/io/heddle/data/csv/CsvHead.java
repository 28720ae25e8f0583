package io.heddle.data.csv;

import io.heddle.data.DataOptions;
import io.heddle.data.csv.CsvColumn.Kind;
import io.heddle.data.rows.Columns;
import io.heddle.files.DataFormatException;
import io.heddle.preprocessing.Column;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * The structure of a table, detected from its first rows: separator, decimal mark, names and kinds of the columns.
 *
 * @param separator between fields
 * @param point decimal mark
 * @param header whether the first row names the columns
 * @param given the unchanged names; without a header, an empty one for each column
 * @param firstLine line of the first row, from 1
 * @param kinds kinds of the columns in these rows
 * @param rows number of rows that were examined, without the header
 * @param characters number of characters of these rows
 */
public record CsvHead(
        char separator,
        char point,
        boolean header,
        List<String> given,
        long firstLine,
        List<Kind> kinds,
        int rows,
        long characters) {
    private static final int MAXIMUM_ROWS = 1000;
    private static final int MINIMUM_ROWS = 20;
    private static final int MAXIMUM_FIELDS = 200_000;

    /** Separators in order of preference. The comma may also be a decimal mark or part of a text. */
    private static final char[] SEPARATORS = {'\t', ';', '|', ','};

    private static final int LINES = 50;
    private static final int LONGEST_START = 1 << 20;

    /** @throws DataFormatException if there are no rows, or the structure is ambiguous */
    static CsvHead read(TextFile text, DataOptions options, MissingTexts missing, Consumer<String> notes)
            throws IOException {
        char separator = options.separator().isPresent() ? options.separator().get() : separator(text, options);
        Rows rows = new Rows();
        new CsvRecords(text, separator, options.text().comment()).forEach(rows);
        if (rows.fields.isEmpty()) {
            throw new DataFormatException(text.name() + " holds no rows");
        }
        requireNoSeparatorLine(text.name(), rows.fields.getFirst(), separator);
        requireNoBlanksBetweenNumbers(text.name(), rows.fields);
        char point = new DecimalMark(text.name(), rows.fields, missing, separator).mark(options.text(), notes);
        DigitGroups numbers = new DigitGroups(point, options.text());
        boolean header = options.header().isPresent()
                ? options.header().get()
                : isHeader(text.name(), rows, new HeaderGuess(rows.fields, missing, numbers), options, notes);
        List<String> first = rows.fields.getFirst();
        List<List<String>> body = header ? rows.fields.subList(1, rows.fields.size()) : rows.fields;
        if (body.isEmpty()) {
            throw new DataFormatException(text.name() + " holds no rows");
        }
        String[] none = new String[first.size()];
        Arrays.fill(none, "");
        List<String> given = header ? first : List.of(none);
        List<String> names = Columns.unique(given);
        List<Kind> kinds = new ArrayList<>();
        for (int j = 0; j < first.size(); j++) {
            boolean codes = options.roles().kinds().get(names.get(j)) == Column.Kind.NUMBER;
            Kind joined = Kind.EMPTY;
            for (List<String> row : body) {
                joined = j < row.size() && !missing.contains(row.get(j))
                        ? joined.join(numbers.kind(row.get(j), codes))
                        : joined;
            }
            kinds.add(joined);
        }
        return new CsvHead(separator, point, header, given, rows.firstLine, kinds, body.size(), rows.characters);
    }

    /** Refuses the line by which some programs tell Excel the separator: it would become the names of the columns. */
    private static void requireNoSeparatorLine(String name, List<String> first, char separator)
            throws DataFormatException {
        if (first.getFirst().matches("(?i)sep=.?") && first.size() <= 2) {
            throw new DataFormatException("%s starts with '%s', which names the separator for Excel; delete this line"
                    .formatted(name, String.join(Character.toString(separator), first)));
        }
    }

    /** Refuses a table whose only column contains several numbers separated by blanks. */
    private static void requireNoBlanksBetweenNumbers(String name, List<List<String>> rows) throws DataFormatException {
        String last = rows.getLast().getFirst();
        String[] parts = last.split("\\s+");
        if (rows.getLast().size() == 1
                && parts.length > 1
                && Arrays.stream(parts).allMatch(Decimal::is)) {
            throw new DataFormatException(
                    "%s has rows such as '%s': numbers separated by blanks; use --separator space (or tab)"
                            .formatted(name, last.length() <= 40 ? last : last.substring(0, 37) + "..."));
        }
    }

    private static boolean isHeader(
            String name, Rows rows, HeaderGuess guess, DataOptions options, Consumer<String> notes)
            throws DataFormatException {
        List<String> first = rows.fields.getFirst();
        return switch (guess.answer(options.label())) {
            case NAMES -> true;
            case VALUES -> false;
            case VALUES_LIKELY -> {
                notes.accept("%s, line %d (%s) is read as a row of values; --header yes reads it as column names"
                        .formatted(name, rows.firstLine, shortened(first)));
                yield false;
            }
            case UNCLEAR ->
                throw new DataFormatException(
                        "%s, line %d (%s) could be the names of the columns or a row of values; use --header yes or --header no%s"
                                .formatted(
                                        name,
                                        rows.firstLine,
                                        shortened(first),
                                        isTitle(first) ? "; if it is a heading above the table, delete it" : ""));
        };
    }

    /** Returns whether only one of several fields is not empty, as in the merged cells of a spreadsheet. */
    private static boolean isTitle(List<String> fields) {
        return fields.size() > 2
                && fields.stream().filter(field -> !field.isEmpty()).count() == 1;
    }

    private static String shortened(List<String> fields) {
        String all = String.join(",", fields);
        return all.length() <= 40 ? all : all.substring(0, 37) + "...";
    }

    /** Returns the first rows. */
    private static final class Rows implements CsvRecords.Sink {
        private List<List<String>> fields = new ArrayList<>();
        private List<String> row = new ArrayList<>();
        private long firstLine;
        private long count;
        private long characters;

        @Override
        public void restart() {
            fields = new ArrayList<>();
            row = new ArrayList<>();
            firstLine = 0;
            count = 0;
            characters = 0;
        }

        @Override
        public void field(int index, char[] buffer, int from, int to) {
            row.add(new String(buffer, from, to - from));
            characters += to - from + 1;
        }

        @Override
        public boolean end(long line, int number, boolean empty) {
            if (empty) {
                return true;
            }
            firstLine = fields.isEmpty() ? line : firstLine;
            fields.add(row);
            count += row.size();
            row = new ArrayList<>();
            return fields.size() < MINIMUM_ROWS || fields.size() < MAXIMUM_ROWS && count < MAXIMUM_FIELDS;
        }
    }

    /**
     * Returns the separator that is equally frequent in all of the first lines, outside quotes. If there is none,
     * returns the most frequent one of the first line.
     */
    public static char separator(TextFile text, DataOptions options) throws IOException {
        List<int[]> counts = counts(text, options);
        int[] first = counts.getFirst();
        int maximum = SEPARATORS.length - 1;
        for (int k = 0; k < SEPARATORS.length; k++) {
            if (first[k] > 0 && isSteady(counts, k)) {
                return SEPARATORS[k];
            }
            maximum = first[k] > first[maximum] ? k : maximum;
        }
        return SEPARATORS[maximum];
    }

    private static boolean isSteady(List<int[]> counts, int k) {
        return counts.stream().allMatch(c -> c[k] == counts.getFirst()[k]);
    }

    /** Counts each separator in the first lines outside quotes. A line break in quotes does not end a line. */
    private static List<int[]> counts(TextFile text, DataOptions options) throws IOException {
        List<int[]> counts = new ArrayList<>();
        try (BufferedReader reader = new BufferedReader(text.open())) {
            boolean quoted = false;
            boolean comment = false;
            int[] line = new int[SEPARATORS.length];
            int length = 0;
            int c = reader.read();
            for (int n = 0; c >= 0 && n < LONGEST_START && counts.size() < LINES; n++) {
                if (!quoted && (c == '\n' || c == '\r')) {
                    if (length > 0 && !comment) {
                        counts.add(line);
                        line = new int[SEPARATORS.length];
                    }
                    length = 0;
                    comment = false;
                } else {
                    comment |= length == 0
                            && options.text().comment().isPresent()
                            && c == options.text().comment().get();
                    quoted ^= c == '"' && !comment;
                    for (int k = 0; !quoted && !comment && k < line.length; k++) {
                        line[k] += c == SEPARATORS[k] ? 1 : 0;
                    }
                    length++;
                }
                c = reader.read();
            }
            if (c < 0 && length > 0 && !comment || counts.isEmpty()) {
                counts.add(line);
            }
        } catch (StrictReader.MalformedBytes e) {
            throw text.notText(e);
        }
        return counts;
    }

    /** Returns a watch for points that may separate thousands. Files of such numbers have semicolons as a rule. */
    PointGroups groups(DataOptions options) {
        return new PointGroups(
                separator == ';' && point == '.' && options.text().decimal().isEmpty());
    }
}
