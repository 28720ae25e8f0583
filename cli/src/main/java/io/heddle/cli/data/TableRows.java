package io.heddle.cli.data;

import io.heddle.data.DataFormatException;
import io.heddle.preprocessing.Column;
import io.heddle.preprocessing.Table;
import it.unimi.dsi.fastutil.doubles.DoubleArrayList;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rows of a table as they are read: values outside of the Java heap, and labels, IDs and weights beside them. What
 * exceeds the memory is refused before it is taken.
 */
final class TableRows implements AutoCloseable {
    private static final long BYTES_A_CHECK = 64L << 20;

    /** Bytes of an ID beside its characters. */
    private static final int BYTES_A_TEXT = 56;

    private final String name;
    private final Columns columns;
    private final int width;
    private final Table.Builder values;
    private final LabelColumn labels = new LabelColumn();
    private final List<String> ids = new ArrayList<>();
    private final DoubleArrayList weights = new DoubleArrayList();
    private final long rowsAMemoryCheck;
    private final boolean optional;
    private boolean unlabelled;
    private final Map<String, Long> textBytes = new HashMap<>();
    private long allTextBytes;
    private long idBytes;

    /**
     * @param name what to call the table in an error
     * @param width values in a row
     */
    TableRows(String name, Columns columns, int width, DataOptions options) {
        this.name = name;
        this.columns = columns;
        this.optional = options.roles().optional();
        this.width = width;
        this.values = Table.builder(width);
        this.rowsAMemoryCheck = Math.max(1, BYTES_A_CHECK / Table.bytesFor(1, width));
    }

    /** Rows so far. */
    long rows() {
        return values.rows();
    }

    /** Values in a row. */
    int width() {
        return width;
    }

    /**
     * Replaces values of rows that were added.
     *
     * @param row the first of the rows
     * @param count number of rows
     * @param column the first of the columns
     * @param length number of columns
     * @param from the values, row by row
     */
    void set(long row, int count, int column, int length, double[] from) {
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < length; j++) {
                values.set(row + i, column + j, from[i * length + j]);
            }
        }
    }

    /** @param row copied */
    void add(double[] row) throws DataFormatException {
        if (values.rows() % rowsAMemoryCheck == 0) {
            Memory.requireRoomForMore(name, values.rows(), width, rowsAMemoryCheck);
        }
        values.add(row);
    }

    /** @param place where the label stands, for the error if it is empty */
    void label(String label, String place) throws DataFormatException {
        if (label.isEmpty()) {
            if (!optional) {
                throw new DataFormatException("%s, column '%s' is empty; every row needs a label there"
                        .formatted(place, columns.names().get(columns.place(Columns.Role.LABEL))));
            }
            unlabelled = true;
        }
        labels.add(label);
    }

    /** A label that is not empty. */
    void label(char[] text, int from, int to) {
        labels.add(text, from, to);
    }

    void id(String id) {
        ids.add(id);
        idBytes += BYTES_A_TEXT + id.length();
    }

    /** @param place where the weight stands, for the error if it is none */
    void weight(double weight, String text, String place) throws DataFormatException {
        if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY)) {
            throw new DataFormatException("%s, column '%s': '%s' is no weight; a weight is a number of 0 or more"
                    .formatted(place, columns.names().get(columns.place(Columns.Role.WEIGHT)), text));
        }
        weights.add(weight);
    }

    /**
     * Refuses texts that exceed what the Java heap has room for.
     *
     * @param column that holds the texts
     * @throws DataFormatException if they do, together with the labels and IDs
     */
    void requireRoomForTexts(String column, TextIndex texts) throws DataFormatException {
        long most = Runtime.getRuntime().maxMemory() / 3;
        long others = textBytes.getOrDefault(column, 0L);
        textBytes.put(column, texts.bytes());
        allTextBytes += texts.bytes() - others;
        if (allTextBytes + labels.bytes() + idBytes + Double.BYTES * (long) weights.size() > most) {
            String largest = Collections.max(textBytes.entrySet(), Map.Entry.comparingByValue())
                    .getKey();
            throw new DataFormatException(
                    "%s: its texts take more than %d MB of Java's heap, most of them those of column '%s'; --drop leaves it out, HEDDLE_JAVA_OPTS=-Xmx4g gives more"
                            .formatted(name, most >> 20, largest));
        }
    }

    /**
     * The data that the rows make.
     *
     * @param kinds of the columns of values
     * @param named whether the columns have names of their own
     * @param dtype what the values are in the file
     * @param given labels from elsewhere, for a table that has none
     * @param files that were read
     */
    DataSource toSource(
            List<Column> kinds,
            boolean named,
            String dtype,
            Optional<Labels> given,
            DataOptions options,
            List<Path> files)
            throws IOException {
        if (values.rows() == 0) {
            throw new DataFormatException(name + " holds no rows");
        }
        if (!named) {
            values.withoutNames();
        }
        Table table = values.build(kinds);
        try {
            DataSource.Description description = new DataSource.Description(
                    Path.of(name).getFileName().toString(),
                    table.rows(),
                    width,
                    dtype,
                    labels(given),
                    InputShape.ofFlat(width, name, options),
                    kinds.stream().map(Column::name).toList());
            return new TableSource(
                    description,
                    table,
                    columns.place(Columns.Role.ID) < 0 ? null : ids,
                    columns.place(Columns.Role.WEIGHT) < 0 ? null : weights.toDoubleArray(),
                    () -> FileHash.of(files));
        } catch (RuntimeException | Error e) {
            table.close();
            throw e;
        }
    }

    private Optional<Labels> labels(Optional<Labels> given) {
        if (columns.place(Columns.Role.LABEL) < 0) {
            return given;
        }
        return unlabelled ? Optional.empty() : Optional.of(labels.toLabels());
    }

    @Override
    public void close() {
        values.close();
    }
}
