package io.heddle.cli.data;

import io.heddle.data.DataFormatException;
import io.heddle.preprocessing.Column;
import io.heddle.preprocessing.Table;
import it.unimi.dsi.fastutil.doubles.DoubleArrayList;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The rows of a table as they are read: values outside of the Java heap, and labels, IDs and weights beside them. What
 * exceeds the memory is refused before it is taken.
 */
final class TableRows implements AutoCloseable {
    /** Rows between two looks at the memory. */
    private static final int ROWS_A_CHECK = 1 << 12;

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
    private long idBytes;

    /** @param name what to call the table in an error */
    TableRows(String name, Columns columns, DataOptions options) {
        this.name = name;
        this.columns = columns;
        this.optional = options.roles().optional();
        this.width = columns.values().length;
        this.values = Table.builder(width);
        this.rowsAMemoryCheck = Math.max(1, BYTES_A_CHECK / Table.bytesFor(1, width));
    }

    /** Rows so far. */
    long rows() {
        return values.rows();
    }

    /** Replaces a value of a row that was added. */
    void set(long row, int column, double value) {
        values.set(row, column, value);
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
     * @param texts of columns of text so far
     * @throws DataFormatException if they do
     */
    void requireRoomForTexts(Stream<CsvColumn> texts) throws DataFormatException {
        if (values.rows() % ROWS_A_CHECK != 0) {
            return;
        }
        long most = Runtime.getRuntime().maxMemory() / 3;
        long sum = labels.bytes() + idBytes + Double.BYTES * (long) weights.size();
        CsvColumn largest = null;
        for (CsvColumn column : (Iterable<CsvColumn>) texts::iterator) {
            sum += column.texts().bytes();
            largest =
                    largest == null || column.texts().bytes() > largest.texts().bytes() ? column : largest;
        }
        if (sum > most) {
            throw new DataFormatException(
                    "%s: its texts take more than %d MB of Java's heap%s; HEDDLE_JAVA_OPTS=-Xmx4g gives it more"
                            .formatted(
                                    name,
                                    most >> 20,
                                    largest == null || largest.texts().size() == 0
                                            ? ""
                                            : ", most of them column '%s' with %d different ones (--drop leaves it out)"
                                                    .formatted(
                                                            largest.name(),
                                                            largest.texts().size())));
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
