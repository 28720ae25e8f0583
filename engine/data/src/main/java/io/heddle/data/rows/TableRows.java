package io.heddle.data.rows;

import io.heddle.data.ColumnRoles;
import io.heddle.data.DataOptions;
import io.heddle.data.DataSource;
import io.heddle.data.FieldRows;
import io.heddle.data.FileHash;
import io.heddle.data.LabelColumn;
import io.heddle.data.LabelFile;
import io.heddle.data.Labels;
import io.heddle.data.Memory;
import io.heddle.data.MissingLabel;
import io.heddle.data.TextIndex;
import io.heddle.data.UnlabelledRows;
import io.heddle.files.DataFormatException;
import io.heddle.preprocessing.Column;
import io.heddle.preprocessing.Table;
import it.unimi.dsi.fastutil.doubles.DoubleArrayList;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Collects the rows of a table: values outside the Java heap, and labels, IDs and weights. Checks the memory before it
 * is allocated.
 */
public final class TableRows implements AutoCloseable {
    private static final long BYTES_A_CHECK = 64L << 20;

    /** Bytes of an ID in addition to its characters. */
    private static final int BYTES_A_TEXT = 56;

    private final String name;
    private final Columns columns;
    private final int width;
    private final Table.Builder values;
    private final LabelColumn labels = new LabelColumn();
    private final List<String> ids = new ArrayList<>();
    private final DoubleArrayList weights = new DoubleArrayList();
    private final long rowsAMemoryCheck;
    private final ColumnRoles roles;
    private boolean unlabelled;
    private Set<String> rounded = Set.of();
    private Optional<FieldRows> fields = Optional.empty();
    private final Map<String, Long> textBytes = new HashMap<>();
    private long allTextBytes;
    private long idBytes;

    /**
     * @param name name of the table in error messages
     * @param width number of values per row
     */
    public TableRows(String name, Columns columns, int width, DataOptions options) {
        this.name = name;
        this.columns = columns;
        this.roles = options.roles();
        this.width = width;
        this.values = Table.builder(width);
        this.rowsAMemoryCheck = Math.max(1, BYTES_A_CHECK / Table.bytesFor(1, width));
    }

    /** Returns the number of rows so far. */
    public long rows() {
        return values.rows();
    }

    /** Returns the number of values per row. */
    public int width() {
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
    public void set(long row, int count, int column, int length, double[] from) {
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < length; j++) {
                values.set(row + i, column + j, from[i * length + j]);
            }
        }
    }

    /** @param row the values, which are copied */
    public void add(double[] row) throws DataFormatException {
        if (values.rows() % rowsAMemoryCheck == 0) {
            Memory.requireRoomForMore(name, values.rows(), width, rowsAMemoryCheck);
        }
        values.add(row);
    }

    /**
     * Adds a row without a label.
     *
     * @param text text of the missing label; empty for an empty field
     * @param place place of the label, for the error message unless such rows are left out
     */
    public void missingLabel(String text, String place) throws DataFormatException {
        if (roles.missingLabel() == MissingLabel.DROP_ROWS) {
            labels.addMissing();
        } else if (roles.optional()) {
            unlabelled = true;
            labels.addMissing();
        } else if (!text.isEmpty() && roles.missingLabel() == MissingLabel.TEXT) {
            labels.add(text);
        } else {
            throw new DataFormatException("%s, column '%s' %s; --missing-label drop-rows leaves such rows out%s"
                    .formatted(
                            place,
                            columns.names().get(columns.place(Columns.Role.LABEL)),
                            text.isEmpty()
                                    ? "is empty; every row needs a label"
                                    : "holds '" + text + "', which means a missing label",
                            text.isEmpty() ? "" : ", --missing-label text reads it as a class"));
        }
    }

    /** Adds a label that is not missing. */
    public void label(String label) {
        labels.add(label);
    }

    /** Adds a label that is not missing. */
    public void label(char[] text, int from, int to) {
        labels.add(text, from, to);
    }

    /** Reports how many rows are left out because they have no label, or that the labels are left out. */
    private void noteLeftOut(long leftOut, Consumer<String> notes) {
        long labelled = labels.labelled().map(rows -> rows.length).orElse(labels.size());
        if (unlabelled && labelled > 0) {
            notes.accept(
                    "%s: %d of %d rows have no label, so the labels are not used (--missing-label drop-rows leaves such rows out)"
                            .formatted(name, labels.size() - labelled, labels.size()));
        }
        if (leftOut > 0) {
            notes.accept("%s: leaves out %d of %d rows without a label".formatted(name, leftOut, labels.size()));
        }
    }

    /** Reports columns with whole numbers that doubles round. */
    public void rounded(Set<String> names) {
        rounded = names;
    }

    /** Sets the source of the unchanged fields. */
    public void fields(FieldRows from) {
        fields = Optional.of(from);
    }

    public void id(String id) {
        ids.add(id);
        idBytes += BYTES_A_TEXT + id.length();
    }

    /** @param place place of the weight, for the error message */
    public void weight(double weight, String text, String place) throws DataFormatException {
        if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY)) {
            throw new DataFormatException("%s, column '%s': '%s' is not a weight; weights are numbers of 0 or more"
                    .formatted(place, columns.names().get(columns.place(Columns.Role.WEIGHT)), text));
        }
        weights.add(weight);
    }

    /**
     * Refuses texts that do not fit into the Java heap.
     *
     * @param column name of the column of the texts
     * @throws DataFormatException if they do not fit, together with the labels and IDs
     */
    public void requireRoomForTexts(String column, TextIndex texts) throws DataFormatException {
        long maximum = Runtime.getRuntime().maxMemory() / 3;
        long others = textBytes.getOrDefault(column, 0L);
        textBytes.put(column, texts.bytes());
        allTextBytes += texts.bytes() - others;
        if (allTextBytes + labels.bytes() + idBytes + Double.BYTES * (long) weights.size() > maximum) {
            String largest = Collections.max(textBytes.entrySet(), Map.Entry.comparingByValue())
                    .getKey();
            throw new DataFormatException(
                    "%s: its texts take more than %d MB of Java heap, mostly column '%s'; leave it out with --drop, or set HEDDLE_JAVA_OPTS=-Xmx4g"
                            .formatted(name, maximum >> 20, largest));
        }
    }

    /**
     * Returns the data of the rows.
     *
     * @param kinds kinds of the columns of values
     * @param named whether the columns have names
     * @param dtype type of the values in the file
     * @param labelFile how to read the label file, for a table without labels
     * @param files the files that were read
     * @param notes receives one sentence per decision or omission
     */
    public DataSource toSource(
            List<Column> kinds,
            boolean named,
            String dtype,
            Optional<DataOptions> labelFile,
            DataOptions options,
            List<Path> files,
            Consumer<String> notes)
            throws IOException {
        if (values.rows() == 0) {
            throw new DataFormatException(name + " holds no rows");
        }
        if (!named) {
            values.withoutNames();
        }
        Optional<int[]> kept = unlabelled ? Optional.empty() : labels.labelled();
        long leftOut = kept.map(some -> values.rows() - some.length).orElse(0L);
        if (leftOut == values.rows()) {
            throw new DataFormatException("%s, column '%s' holds no label in any row"
                    .formatted(name, columns.names().get(columns.place(Columns.Role.LABEL))));
        }
        Table all = values.build(kinds);
        try {
            Table table = kept.map(all::rows).orElse(all);
            TableSource.Beside beside = beside(kept);
            UnlabelledRows unlabelledRows = new UnlabelledRows(table.rows(), Optional.ofNullable(beside.ids()), notes);
            DataSource.Description description = new DataSource.Description(
                    Path.of(name).getFileName().toString(),
                    table.rows(),
                    width,
                    dtype,
                    labelFile.isPresent() ? LabelFile.read(labelFile.get(), unlabelledRows) : labels(),
                    options.imagesIn(width, name),
                    kinds.stream().map(Column::name).toList());
            noteLeftOut(leftOut, notes);
            return new TableSource(description, table, all, beside, rounded, fields, () -> FileHash.of(files));
        } catch (IOException | RuntimeException | Error e) {
            all.close();
            throw e;
        }
    }

    private Optional<Labels> labels() {
        return columns.place(Columns.Role.LABEL) < 0 || unlabelled ? Optional.empty() : Optional.of(labels.toLabels());
    }

    /** Returns the labels, IDs and weights of the rows that are kept. */
    private TableSource.Beside beside(Optional<int[]> kept) {
        List<String> names = columns.place(Columns.Role.ID) < 0 ? null : ids;
        double[] counts = columns.place(Columns.Role.WEIGHT) < 0 ? null : weights.toDoubleArray();
        if (kept.isPresent()) {
            int[] some = kept.get();
            names = names == null
                    ? null
                    : Arrays.stream(some).mapToObj(ids::get).toList();
            counts = counts == null
                    ? null
                    : Arrays.stream(some).mapToDouble(weights::getDouble).toArray();
        }
        return new TableSource.Beside(names, counts);
    }

    @Override
    public void close() {
        values.close();
    }
}
