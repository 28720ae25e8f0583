package io.heddle.cli.models;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.heddle.data.DataSource;
import io.heddle.data.Labels;
import io.heddle.data.csv.CsvText;
import io.heddle.matrix.InvalidInputException;
import io.heddle.preprocessing.Column;
import io.heddle.preprocessing.Table;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Writes data as a text file. Fields of a text file are unchanged; other values have the smallest number of digits that
 * identifies them.
 */
final class TextConversion {
    private static final double WHOLE = 0x1p53;
    private static final double NANOS = 1e9;

    private final DataSource source;
    private final char separator;
    private final Optional<Table> table;
    private final boolean plain;
    private final List<String> names;

    /**
     * @param table the table of the source, if it has one
     * @param plain whether values are not scaled
     * @throws InvalidInputException if a class or text would be read differently
     */
    TextConversion(DataSource source, char separator, Optional<Table> table, boolean plain) {
        this.source = source;
        this.separator = separator;
        this.table = table;
        this.plain = plain;
        source.labels().ifPresent(labels -> CsvText.requireReadable(labels.classNames(), "class"));
        table.ifPresent(t -> t.columns()
                .forEach(column ->
                        CsvText.requireReadable(column.categories(), "text in column '%s'".formatted(column.name()))));
        source.ids().ifPresent(ids -> CsvText.requireReadable(ids, "ID"));
        List<String> all = new ArrayList<>();
        source.ids().ifPresent(ids -> all.add("id"));
        List<String> own = table.map(
                        t -> t.named() ? t.columns().stream().map(Column::name).toList() : List.<String>of())
                .orElse(source.columnNames());
        for (int j = 0; j < source.columns(); j++) {
            all.add(j < own.size() ? own.get(j) : "x" + (j + 1));
        }
        source.labels().ifPresent(labels -> all.add("label"));
        names = CsvText.columnNames(all);
    }

    /** Returns the name of the label column. */
    Optional<String> labelName() {
        return source.labels().map(labels -> names.getLast());
    }

    /**
     * Reports columns of text that are read differently, for example digits as numbers.
     *
     * @param rows number of written rows
     * @param numbers columns that are text only to keep all digits of whole numbers
     */
    void noteOtherKinds(long rows, Set<String> numbers, Consumer<String> notes) {
        if (table.isEmpty()) {
            return;
        }
        List<Column> columns = table.get().columns();
        for (int j = 0; j < columns.size(); j++) {
            Column column = columns.get(j);
            if (column.kind() != Column.Kind.CATEGORY || numbers.contains(column.name())) {
                continue;
            }
            String name = names.get(first() + j);
            CsvText.readAs(written(j, column.categories(), rows))
                    .ifPresent(kind -> notes.accept(
                            "%s: the text in column '%s' will be read as %s; codes with a leading zero, such as 007, would be read as text, and --one-hot %s reads it as categories"
                                    .formatted(source.name(), column.name(), kind, name)));
        }
    }

    /** Returns the categories of the first rows. */
    private List<String> written(int column, List<String> categories, long rows) {
        BitSet used = new BitSet(categories.size());
        for (long i = 0; i < rows; i++) {
            double value = table.orElseThrow().value(i, column);
            if (!Double.isNaN(value)) {
                used.set((int) value);
            }
        }
        return used.stream().mapToObj(categories::get).toList();
    }

    /** Receives consecutive rows as doubles. */
    @FunctionalInterface
    interface Rows {
        void forEach(Action action) throws IOException;
    }

    /** Receives a row. */
    @FunctionalInterface
    interface Action {
        /** @param own the unchanged fields of a text file; null for other data */
        void accept(long row, double[] values, String[] own) throws IOException;
    }

    /** @param single whether values are floats, which need fewer digits */
    void write(Rows rows, boolean single, OutputStream out) throws IOException {
        // The writer is flushed but not closed, because the caller owns the stream.
        OutputStream kept = new FilterOutputStream(out) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
            }

            @Override
            public void close() throws IOException {
                flush();
            }
        };
        try (Writer writer = new OutputStreamWriter(kept, StandardCharsets.UTF_8);
                CsvWriter csv = CsvWriter.builder()
                        .fieldSeparator(separator)
                        .lineDelimiter(LineDelimiter.LF)
                        .build(writer)) {
            csv.writeRecord(names);
            String[] fields = new String[names.size()];
            int first = first();
            rows.forEach((row, values, own) -> {
                source.ids().ifPresent(ids -> fields[0] = ids.get((int) row));
                for (int j = 0; j < values.length; j++) {
                    fields[first + j] = field(values[j], own == null ? null : own[j], row, j, single);
                }
                if (source.labels().isPresent()) {
                    Labels labels = source.labels().get();
                    fields[first + values.length] = labels.classNames().get(labels.values()[(int) row]);
                }
                csv.writeRecord(fields);
            });
        }
    }

    /** Returns the number of columns before the values. */
    private int first() {
        return source.ids().isPresent() ? 1 : 0;
    }

    private Column.Kind kind(int column) {
        return table.map(t -> t.columns().get(column).kind()).orElse(Column.Kind.NUMBER);
    }

    private String field(double value, String own, long row, int column, boolean single) {
        if (Double.isNaN(value)) {
            return "";
        }
        InvalidInputException.require(
                !Double.isInfinite(value),
                "%s, row %d, column '%s' is infinite, which text files cannot contain: write .npy",
                source.name(),
                source.fileRow(row),
                names.get(first() + column));
        Column.Kind kind = kind(column);
        if (own != null && (plain || kind != Column.Kind.NUMBER)) {
            return own;
        }
        return switch (kind) {
            case NUMBER ->
                value == Math.rint(value) && Math.abs(value) < WHOLE
                        ? Long.toString((long) value)
                        : single ? Float.toString((float) value) : Double.toString(value);
            case BOOLEAN -> value == 0 ? "false" : "true";
            case CATEGORY ->
                table.orElseThrow().columns().get(column).categories().get((int) value);
            case DATE -> LocalDate.ofEpochDay((long) value).toString();
            case TIMESTAMP -> time(value);
        };
    }

    /** Returns a time with the smallest number of decimals of a second that identifies it. */
    static String time(double value) {
        double second = Math.floor(value);
        long nanos = Math.round((value - second) * NANOS);
        for (long unit = (long) NANOS; unit > 1; unit /= 10) {
            long rounded = Math.round((double) nanos / unit) * unit;
            if (second + rounded / NANOS == value) {
                return Instant.ofEpochSecond((long) second, rounded).toString();
            }
        }
        return Instant.ofEpochSecond((long) second, nanos).toString();
    }
}
