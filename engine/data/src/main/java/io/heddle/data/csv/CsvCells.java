package io.heddle.data.csv;

import io.heddle.data.DataOptions;
import io.heddle.data.TextOptions;
import io.heddle.data.csv.CsvColumn.Kind;
import io.heddle.data.rows.Columns;
import io.heddle.data.rows.Columns.Role;
import io.heddle.data.rows.TableRows;
import io.heddle.files.DataFormatException;
import io.heddle.preprocessing.Column;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/**
 * Converts the fields of a text to a table, according to the kind of each column. If a later field changes the kind of
 * a column, the rest of the text is scanned but not stored, and the text must be read again.
 */
public final class CsvCells implements CsvRecords.Sink, AutoCloseable {
    /** Number of rows between two checks of the kinds of the columns. */
    private static final int ROWS_A_CHECK = 1 << 12;

    private final String name;
    private final CsvHead head;
    private final Columns columns;
    private final DataOptions options;
    private final Supplier<MissingTexts> missing;
    private final MissingTexts missingLabels;
    private final CsvColumn[] cells;
    private final DigitGroups numbers;
    private final Role[] roles;

    /** For each field of a record, its index in a row of the table. */
    private final int[] slots;

    private final Kind[] kinds;
    private final double[] row;
    private final double scale;
    private TableRows rows;
    private boolean headerPending;
    private boolean stale;
    private boolean comment;
    /** Whether the last field beyond those of the header is empty. */
    private boolean lastIsEmpty;

    private long line;
    private final long[] lastLines = new long[LastLines.MAXIMUM_LINES];
    private long emptyLines;
    private long count;

    /** @param missing creates the texts of missing values */
    CsvCells(String name, CsvHead head, Columns columns, DataOptions options, Supplier<MissingTexts> missing) {
        this.name = name;
        this.head = head;
        this.columns = columns;
        this.options = options;
        this.missing = missing;
        this.missingLabels = missing.get();
        this.numbers = new DigitGroups(head.point(), options.text());
        this.scale = options.scaleFor(false);
        this.cells = new CsvColumn[columns.names().size()];
        this.roles = columns.roles().toArray(Role[]::new);
        this.kinds = head.kinds().toArray(Kind[]::new);
        this.slots = new int[cells.length];
        int[] values = columns.values();
        for (int k = 0; k < values.length; k++) {
            slots[values[k]] = k;
            if (options.roles().kinds().get(columns.names().get(values[k])) == Column.Kind.CATEGORY) {
                kinds[values[k]] = Kind.TEXT;
            }
        }
        this.row = new double[values.length];
    }

    @Override
    public void restart() {
        close();
        rows = new TableRows(name, columns, row.length, options);
        headerPending = head.header();
        stale = false;
        emptyLines = 0;
        count = 0;
        for (int j : columns.values()) {
            kinds[j] = cells[j] == null ? kinds[j] : cells[j].kind();
            String column = columns.names().get(j);
            boolean codes = options.roles().kinds().get(column) == Column.Kind.NUMBER;
            cells[j] =
                    new CsvColumn(column, missing.get(), head.point(), numbers, kinds[j], codes, head.groups(options));
        }
        Arrays.fill(row, Double.NaN);
    }

    @Override
    public void begin(long start) {
        line = start;
    }

    @Override
    public void field(int index, char[] buffer, int from, int to) throws IOException {
        if (headerPending || index >= cells.length) {
            lastIsEmpty = from == to;
            return;
        }
        if (index == 0) {
            comment = from < to && buffer[from] == '#';
        }
        CsvColumn cell = cells[index];
        if (cell != null) {
            row[slots[index]] = cell.accept(buffer, from, to);
        } else if (!stale) {
            beside(roles[index], buffer, from, to);
        }
    }

    private void beside(Role role, char[] buffer, int from, int to) throws IOException {
        switch (role) {
            case LABEL -> {
                if (missingLabels.contains(buffer, from, to)) {
                    rows.missingLabel(new String(buffer, from, to - from), place());
                } else {
                    rows.label(buffer, from, to);
                }
            }
            case ID -> rows.id(new String(buffer, from, to - from));
            case WEIGHT -> rows.weight(numbers.parse(buffer, from, to), new String(buffer, from, to - from), place());
            case VALUE, OUT -> {
                // Values are stored as cells; columns that are left out are ignored.
            }
        }
    }

    private String place() {
        return "%s, line %d".formatted(name, line);
    }

    @Override
    public boolean end(long start, int fields, boolean empty) throws IOException {
        if (empty) {
            // In a table of one column, an empty line is a missing value unless it is the last one.
            emptyLines += cells.length == 1 && !headerPending ? 1 : 0;
            return true;
        }
        if (fields != cells.length) {
            boolean ended = fields == cells.length + 1 && lastIsEmpty && !comment;
            throw ended
                    ? new DataFormatException(
                            "%s, line %d ends with a separator, which makes %d fields where line %d has %d; delete the separators at the ends of lines, or add one to line %d"
                                    .formatted(name, start, fields, head.firstLine(), cells.length, head.firstLine()))
                    : ragged(name, start, fields, head, comment);
        }
        if (headerPending) {
            headerPending = false;
            return true;
        }
        for (; emptyLines > 0; emptyLines--) {
            add(new double[] {Double.NaN}, start - emptyLines);
        }
        add(row, start);
        return true;
    }

    private void add(double[] values, long start) throws IOException {
        lastLines[(int) (count++ % lastLines.length)] = start;
        if (stale) {
            return;
        }
        if (scale != 1) {
            for (int j = 0; j < cells.length; j++) {
                if (cells[j] != null && cells[j].kind() == Kind.NUMBER) {
                    values[slots[j]] *= scale;
                }
            }
        }
        rows.add(values);
        if (rows.rows() % ROWS_A_CHECK == 0) {
            look();
        }
    }

    private void look() throws IOException {
        if (anyStale()) {
            stale = true;
            rows.close();
            Arrays.stream(cells).filter(Objects::nonNull).forEach(CsvColumn::forgetTexts);
            return;
        }
        for (CsvColumn cell : cells) {
            if (cell != null && cell.kind() == Kind.TEXT) {
                rows.requireRoomForTexts(cell.name(), cell.texts());
            }
        }
    }

    private boolean anyStale() {
        return Arrays.stream(cells).anyMatch(c -> c != null && c.isStale());
    }

    /** Returns whether the text must be read again, because the kind of a column has changed. */
    boolean isStale() {
        return stale || anyStale();
    }

    /** Returns the columns of values, in the order of the table. */
    List<CsvColumn> values() {
        return Arrays.stream(cells).filter(Objects::nonNull).toList();
    }

    /** Returns the numbers of the lines in which the last rows start, the last one first. */
    long[] lastLines() {
        return LongStream.range(0, Math.min(count, lastLines.length))
                .map(i -> lastLines[(int) ((count - 1 - i) % lastLines.length)])
                .toArray();
    }

    /** Returns the rows, after the text was read for the last time. */
    TableRows rows() {
        return rows;
    }

    private static DataFormatException ragged(String name, long line, int fields, CsvHead head, boolean comment) {
        boolean comments = comment || TextOptions.isComment(head.given().getFirst());
        return ragged(name, line, fields, head.firstLine(), head.given().size(), comments);
    }

    /** @param comment whether one of the two lines looks like a comment */
    static DataFormatException ragged(String name, long line, int fields, long firstLine, int width, boolean comment) {
        return new DataFormatException("%s, line %d has %d field%s where line %d has %d%s"
                .formatted(
                        name,
                        line,
                        fields,
                        fields == 1 ? "" : "s",
                        firstLine,
                        width,
                        comment ? TextOptions.commentHint("#") : ""));
    }

    @Override
    public void close() {
        if (rows != null) {
            rows.close();
        }
    }
}
