package io.heddle.preprocessing;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.internal.memory.OffHeap;
import io.heddle.matrix.InvalidInputException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Rows of typed columns with one double per value, outside the Java heap. NaN is a missing value; infinities are kept.
 * {@link Column.Kind} defines the meaning of other values.
 *
 * <p>Immutable, and usable from any number of threads. Memory: 8 bytes per value, in blocks of whole rows.
 *
 * <p>Ownership: {@link Builder#build} returns a table that owns its memory, which {@link #close()} frees.
 * {@link #select}, {@link #drop} and {@link #rows(long, long)} and {@link #rows(int[])} return views; closing a view
 * does nothing, and a view is unusable once its owner is closed.
 *
 * <p>For example: {@snippet file="PreprocessingExamplesTest.java" region="table"}
 */
public final class Table implements AutoCloseable {
    private static final long BLOCK_BYTES = 2L << 20;
    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE;

    private final Storage storage;
    private final boolean owner;
    private final boolean named;
    private final List<Column> columns;
    private final Map<String, Integer> places;
    /** For each column, its index in the storage. */
    private final int[] stored;

    private final boolean whole;
    private final Rows rows;

    /** Selects rows of the storage: a range or a list. */
    private record Rows(long first, long count, long[] listed) {
        long of(long row) {
            return listed == null ? first + row : listed[(int) row];
        }
    }

    private Table(
            Storage storage,
            boolean owner,
            boolean named,
            List<Column> columns,
            Map<String, Integer> places,
            int[] stored,
            Rows rows) {
        this.storage = storage;
        this.owner = owner;
        this.named = named;
        this.columns = columns;
        this.places = places;
        this.stored = stored;
        this.whole = stored.length == storage.width
                && IntStream.range(0, stored.length).allMatch(j -> stored[j] == j);
        this.rows = rows;
    }

    /**
     * {@return a builder of a table}
     *
     * @param columns number of columns, ≥ 1
     */
    public static Builder builder(int columns) {
        return new Builder(columns);
    }

    /**
     * {@return the size of the values of a table in bytes, without the unused part of its last block}
     *
     * @param rows number of rows
     * @param columns number of columns
     */
    public static long bytesFor(long rows, int columns) {
        require(rows >= 0 && columns >= 0, "a table cannot have %d rows and %d columns", rows, columns);
        try {
            return Math.multiplyExact(rows, (long) columns * Double.BYTES);
        } catch (ArithmeticException e) {
            throw new InvalidInputException("a table of %d x %d exceeds 2^63 bytes".formatted(rows, columns));
        }
    }

    /** {@return the number of rows} */
    public long rows() {
        return rows.count;
    }

    /** {@return name and type of each column} */
    public List<Column> columns() {
        return columns;
    }

    /** {@return whether columns have names; if not, their names are their numbers from 1} */
    public boolean named() {
        return named;
    }

    /**
     * {@return the index of a column, or −1 if there is none of this name}
     *
     * @param name name of the column
     */
    public int indexOf(String name) {
        return places.getOrDefault(name, -1);
    }

    /**
     * {@return the number of a row in the table that owns the memory; it differs from {@code row} in a view of some
     * rows}
     *
     * @param row number of the row in this table
     * @throws IndexOutOfBoundsException if there is no such row
     */
    public long sourceRow(long row) {
        return rows.of(Objects.checkIndex(row, rows.count));
    }

    /**
     * {@return a value: NaN if it is missing}
     *
     * @param row number of the row
     * @param column number of the column
     * @throws IndexOutOfBoundsException if there is no such row or column
     * @throws IllegalStateException if the table is closed
     */
    public double value(long row, int column) {
        Objects.checkIndex(row, rows.count);
        return storage.get(rows.of(row), stored[column]);
    }

    /**
     * Copies a row.
     *
     * @param row number of the row
     * @param to receives a value for each column, from index 0 on
     * @throws IndexOutOfBoundsException if there is no such row, or {@code to} is too short
     * @throws IllegalStateException if the table is closed
     */
    public void getRow(long row, double[] to) {
        Objects.checkIndex(row, rows.count);
        Objects.checkFromIndexSize(0, stored.length, to.length);
        long at = rows.of(row);
        if (whole) {
            storage.copy(at, to);
            return;
        }
        for (int j = 0; j < stored.length; j++) {
            to[j] = storage.get(at, stored[j]);
        }
    }

    /**
     * {@return a view of some columns}
     *
     * @param chosen their indices, in the order of the view, without duplicates
     * @throws IndexOutOfBoundsException if there is no such column
     */
    public Table select(int... chosen) {
        List<Column> some = new ArrayList<>();
        int[] behind = new int[chosen.length];
        for (int j = 0; j < chosen.length; j++) {
            some.add(columns.get(chosen[j]));
            behind[j] = stored[chosen[j]];
        }
        return new Table(storage, false, named, List.copyOf(some), places(some), behind, rows);
    }

    /**
     * {@return a view without some columns, the others in their order}
     *
     * @param dropped indices of the columns to leave out
     * @throws IndexOutOfBoundsException if there is no such column
     */
    public Table drop(int... dropped) {
        boolean[] out = new boolean[columns.size()];
        for (int j : dropped) {
            out[Objects.checkIndex(j, out.length)] = true;
        }
        return select(IntStream.range(0, out.length).filter(j -> !out[j]).toArray());
    }

    /**
     * {@return a view of consecutive rows}
     *
     * @param from first row, inclusive
     * @param to last row, exclusive
     * @throws IndexOutOfBoundsException unless 0 ≤ from ≤ to ≤ rows
     */
    public Table rows(long from, long to) {
        Objects.checkFromToIndex(from, to, rows.count);
        Rows some = rows.listed == null
                ? new Rows(rows.first + from, to - from, null)
                : new Rows(0, to - from, Arrays.copyOfRange(rows.listed, (int) from, (int) to));
        return view(some);
    }

    /**
     * {@return a view of some rows}
     *
     * @param chosen their numbers, in the order of the view
     * @throws IndexOutOfBoundsException if there is no such row
     */
    public Table rows(int[] chosen) {
        long[] listed = new long[chosen.length];
        for (int i = 0; i < listed.length; i++) {
            listed[i] = rows.of(Objects.checkIndex(chosen[i], rows.count));
        }
        return view(new Rows(0, listed.length, listed));
    }

    private Table view(Rows some) {
        return new Table(storage, false, named, columns, places, stored, some);
    }

    private static Map<String, Integer> places(List<Column> columns) {
        Map<String, Integer> places = new HashMap<>();
        for (Column column : columns) {
            require(
                    places.put(column.name(), places.size()) == null,
                    "a table cannot have two columns '%s'",
                    column.name());
        }
        return places;
    }

    /** Frees the memory if this table owns it; may be called again without effect. */
    @Override
    public void close() {
        if (owner) {
            storage.close();
        }
    }

    @Override
    public String toString() {
        return "Table[%d x %d]".formatted(rows.count, columns.size());
    }

    /** Blocks whose number of rows is a power of two, so that a shift finds a row. */
    private static final class Storage {
        private final int width;
        private final int shift;
        private final Arena arena = Arena.ofShared();
        private final List<MemorySegment> blocks = new ArrayList<>();

        Storage(int width) {
            this.width = width;
            long fit = Math.max(1, BLOCK_BYTES / ((long) width * Double.BYTES));
            this.shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(fit);
        }

        private MemorySegment block(long row) {
            if (!arena.scope().isAlive()) {
                throw new IllegalStateException("this table is closed");
            }
            return blocks.get((int) (row >>> shift));
        }

        private long offset(long row) {
            return (row & (1L << shift) - 1) * width * Double.BYTES;
        }

        double get(long row, int column) {
            return block(row).get(DOUBLE, offset(row) + (long) column * Double.BYTES);
        }

        void set(long row, int column, double value) {
            block(row).set(DOUBLE, offset(row) + (long) column * Double.BYTES, value);
        }

        void copy(long row, double[] to) {
            MemorySegment.copy(block(row), DOUBLE, offset(row), to, 0, width);
        }

        void put(long row, double[] from) {
            if (row >>> shift == blocks.size()) {
                blocks.add(OffHeap.allocate(((long) width << shift) * Double.BYTES, arena));
            }
            MemorySegment.copy(from, 0, block(row), DOUBLE, offset(row), width);
        }

        void close() {
            if (arena.scope().isAlive()) {
                arena.close();
            }
        }
    }

    /**
     * Builds a table row by row. The kinds of the columns are needed only at the end. Until then, values may be
     * replaced, for example if text follows after numbers. Not thread-safe.
     */
    public static final class Builder implements AutoCloseable {
        private final Storage storage;
        private boolean named = true;
        private boolean built;
        private long rows;

        private Builder(int columns) {
            require(columns >= 1, "a table needs at least one column, not %d", columns);
            storage = new Storage(columns);
        }

        /** {@return the number of rows so far} */
        public long rows() {
            return rows;
        }

        /**
         * Adds a row.
         *
         * @param row a value for each column, from index 0 on; copied
         * @return this builder
         * @throws IndexOutOfBoundsException if there are too few values
         * @throws OutOfMemoryError if there is not enough memory
         */
        public Builder add(double... row) {
            requireOpen();
            Objects.checkFromIndexSize(0, storage.width, row.length);
            storage.put(rows, row);
            rows++;
            return this;
        }

        /**
         * {@return a value that was added}
         *
         * @param row number of the row
         * @param column number of the column
         */
        public double value(long row, int column) {
            requireOpen();
            Objects.checkIndex(row, rows);
            return storage.get(row, Objects.checkIndex(column, storage.width));
        }

        /**
         * Replaces a value that was added.
         *
         * @param row number of the row
         * @param column number of the column
         * @param value the new one
         */
        public void set(long row, int column, double value) {
            requireOpen();
            Objects.checkIndex(row, rows);
            storage.set(row, Objects.checkIndex(column, storage.width), value);
        }

        /**
         * Declares that the columns have no names. They are then named by their numbers from 1.
         *
         * @return this builder
         */
        public Builder withoutNames() {
            named = false;
            return this;
        }

        /**
         * Builds the table, which then owns the memory.
         *
         * @param columns name and type of each column
         * @return the table, which the caller closes
         * @throws InvalidInputException if the number of columns is not the number of values in a row, two columns have
         *     the same name, or a value is not valid for its kind: an index without a category, or a boolean other than
         *     0 and 1
         */
        public Table build(List<Column> columns) {
            requireOpen();
            require(
                    columns.size() == storage.width,
                    "there are %d columns, but %d values in a row",
                    columns.size(),
                    storage.width);
            List<Column> own = List.copyOf(columns);
            Map<String, Integer> places = places(own);
            for (int j = 0; j < own.size(); j++) {
                requireKind(own.get(j), j);
            }
            int[] stored = IntStream.range(0, storage.width).toArray();
            built = true;
            return new Table(storage, true, named, own, places, stored, new Rows(0, rows, null));
        }

        private void requireKind(Column column, int j) {
            int values =
                    switch (column.kind()) {
                        case CATEGORY -> column.categories().size();
                        case BOOLEAN -> 2;
                        case NUMBER, DATE, TIMESTAMP -> 0;
                    };
            if (column.kind() != Column.Kind.CATEGORY && column.kind() != Column.Kind.BOOLEAN) {
                return;
            }
            for (long i = 0; i < rows; i++) {
                double v = storage.get(i, j);
                if (!Double.isNaN(v) && !(v == (int) v && v >= 0 && v < values)) {
                    throw new InvalidInputException("row %d, column '%s' holds %s, which is not %s from 0 to %d"
                            .formatted(
                                    i,
                                    column.name(),
                                    v,
                                    column.kind() == Column.Kind.BOOLEAN ? "a boolean" : "an index of a category",
                                    values - 1));
                }
            }
        }

        private void requireOpen() {
            if (built) {
                throw new IllegalStateException("the table has been built");
            }
        }

        /** Frees the memory unless a table was built; may be called again without effect. */
        @Override
        public void close() {
            if (!built) {
                storage.close();
            }
        }
    }
}
