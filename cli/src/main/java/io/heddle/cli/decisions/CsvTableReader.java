package io.heddle.cli.decisions;

import io.heddle.data.DataOptions;
import io.heddle.data.csv.CsvHead;
import io.heddle.data.csv.CsvRecords;
import io.heddle.data.csv.TextFile;
import io.heddle.files.DataFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads the records of a CSV file. The first line contains the column names. */
final class CsvTableReader implements CsvRecords.Sink {
    private final String place;
    private final List<String> needed;
    private final List<String> fields = new ArrayList<>();
    private final List<Row> rows = new ArrayList<>();
    private List<String> names = List.of();

    /** A record. */
    final class Row {
        private final long line;
        private final List<String> values;

        Row(long line, List<String> values) {
            this.line = line;
            this.values = values;
        }

        long line() {
            return line;
        }

        /** Returns a field; empty if there is no such column. */
        String field(String name) {
            int column = names.indexOf(name);
            return column < 0 ? "" : values.get(column);
        }

        /** Returns a field that must be a whole number of at least 0. */
        int number(String name) throws DataFormatException {
            String text = field(name);
            if (!text.matches("\\d{1,9}")) {
                throw fault("has '%s' in the column '%s', which is a whole number from 0", text, name);
            }
            return Integer.parseInt(text);
        }

        DataFormatException fault(String format, Object... values) {
            return new DataFormatException("%s, line %d %s".formatted(place, line, format.formatted(values)));
        }
    }

    private CsvTableReader(String place, List<String> needed) {
        this.place = place;
        this.needed = needed;
    }

    /**
     * Reads a file.
     *
     * @param needed names of required columns
     * @throws DataFormatException if the file is not such a table, or has no rows
     */
    static List<Row> read(Path file, List<String> needed) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new DataFormatException(
                    Files.exists(file) ? file + " is not a file" : "there is no file %s".formatted(file));
        }
        TextFile text = new TextFile(file, file.toString(), Optional.empty());
        CsvTableReader reader = new CsvTableReader(file.toString(), needed);
        new CsvRecords(text, CsvHead.separator(text, DataOptions.defaults()), Optional.empty()).forEach(reader);
        if (reader.rows.isEmpty()) {
            throw new DataFormatException(
                    "%s holds no rows; it has the columns %s".formatted(file, String.join(",", needed)));
        }
        return reader.rows;
    }

    @Override
    public void restart() {
        fields.clear();
        rows.clear();
        names = List.of();
    }

    @Override
    public void field(int index, char[] buffer, int from, int to) {
        fields.add(new String(buffer, from, to - from));
    }

    @Override
    public boolean end(long line, int number, boolean empty) throws IOException {
        if (!empty && names.isEmpty()) {
            names = fields.stream().map(n -> n.toLowerCase(Locale.ROOT)).toList();
            for (String name : needed) {
                if (!names.contains(name)) {
                    throw new DataFormatException("%s has no column '%s'; it has the columns %s"
                            .formatted(place, name, String.join(",", needed)));
                }
                if (Collections.frequency(names, name) > 1) {
                    throw new DataFormatException("%s has %d columns '%s'; keep one"
                            .formatted(place, Collections.frequency(names, name), name));
                }
            }
        } else if (!empty) {
            Row row = new Row(line, List.copyOf(fields));
            if (number != names.size()) {
                throw row.fault("has %d fields, but line 1 names %d columns", number, names.size());
            }
            rows.add(row);
        }
        fields.clear();
        return true;
    }
}
