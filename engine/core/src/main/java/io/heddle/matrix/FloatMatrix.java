package io.heddle.matrix;

import io.heddle.internal.memory.OffHeap;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * A dense row-major matrix of floats in off-heap memory.
 *
 * <p>Every row starts on a 64-byte boundary: the row stride is the number of columns rounded up to {@value #ALIGNMENT}
 * floats, and the padding is zero, so a kernel may read whole vectors to the end of a row. Code that writes through
 * {@link #segment()} must keep the padding zero. Row numbers are {@code long}: a matrix may have more than 2³¹
 * elements.
 *
 * <p>Ownership: {@link #allocate} and {@link #copyOf} return a matrix that owns its memory, which {@link #close()}
 * frees. {@link #rows(long, long)} returns a view; closing a view does nothing, and a view is unusable once the owner
 * is closed. Several threads may read and write different elements at the same time.
 *
 * <p>For example: {@snippet file="MatrixExamplesTest.java" region="float-matrix"}
 */
public final class FloatMatrix implements DataMatrix {
    /** Floats to which the row stride is rounded up: one vector of 512 bits. */
    public static final int ALIGNMENT = 16;

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

    private final MemorySegment segment;
    private final Arena owned;
    private final long rows;
    private final int columns;
    private final long stride;
    private final List<String> columnNames;

    private FloatMatrix(MemorySegment segment, Arena owned, long rows, int columns, long stride) {
        this(segment, owned, rows, columns, stride, List.of());
    }

    private FloatMatrix(
            MemorySegment segment, Arena owned, long rows, int columns, long stride, List<String> columnNames) {
        this.segment = segment;
        this.owned = owned;
        this.rows = rows;
        this.columns = columns;
        this.stride = stride;
        this.columnNames = columnNames;
    }

    /**
     * Allocates a matrix of zeros that owns its memory.
     *
     * @param rows number of rows, ≥ 0
     * @param columns number of columns, ≥ 0
     * @return the matrix, which the caller closes
     * @throws InvalidInputException if a size is negative or the matrix would exceed 2⁶³ bytes
     * @throws OutOfMemoryError if there is not enough memory
     */
    public static FloatMatrix allocate(long rows, int columns) {
        long bytes = bytesFor(rows, columns);
        // Shared everywhere: one kind of arena keeps the type profile of every kernel monomorphic.
        Arena arena = Arena.ofShared();
        try {
            MemorySegment segment = OffHeap.allocate(bytes, arena);
            return new FloatMatrix(segment, arena, rows, columns, strideFor(columns));
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    /**
     * Allocates a matrix of zeros and fills it; if that fails, the memory is freed.
     *
     * @param rows number of rows, ≥ 0
     * @param columns number of columns, ≥ 0
     * @param fill sets the elements
     * @return the matrix, which the caller closes
     * @throws InvalidInputException if a size is negative or the matrix would exceed 2⁶³ bytes
     * @throws OutOfMemoryError if there is not enough memory
     * @throws RuntimeException or {@link Error}: what {@code fill} throws
     */
    public static FloatMatrix allocate(long rows, int columns, Consumer<FloatMatrix> fill) {
        FloatMatrix m = allocate(rows, columns);
        try {
            fill.accept(m);
            return m;
        } catch (RuntimeException | Error e) {
            m.close();
            throw e;
        }
    }

    /**
     * Copies an array into a new matrix that owns its memory.
     *
     * @param values rows · columns values in row-major order
     * @param rows number of rows
     * @param columns number of columns
     * @return the matrix, which the caller closes
     * @throws InvalidInputException if the length is not rows · columns
     */
    public static FloatMatrix copyOf(float[] values, int rows, int columns) {
        InvalidInputException.require(
                values.length == (long) rows * columns,
                "an array of %d values cannot fill a matrix of %d x %d",
                values.length,
                rows,
                columns);
        FloatMatrix m = allocate(rows, columns);
        for (int i = 0; i < rows; i++) {
            MemorySegment.copy(values, i * columns, m.segment, FLOAT, m.offset(i), columns);
        }
        return m;
    }

    /**
     * {@return the size in bytes of a matrix of this shape, padding included}
     *
     * @param rows number of rows
     * @param columns number of columns
     */
    public static long bytesFor(long rows, int columns) {
        InvalidInputException.require(
                rows >= 0 && columns >= 0, "a matrix cannot have %d rows and %d columns", rows, columns);
        try {
            return Math.multiplyExact(rows, Math.multiplyExact(strideFor(columns), (long) Float.BYTES));
        } catch (ArithmeticException e) {
            throw new InvalidInputException("a matrix of %d x %d exceeds 2^63 bytes".formatted(rows, columns));
        }
    }

    private static long strideFor(int columns) {
        return ((long) columns + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public int columns() {
        return columns;
    }

    @Override
    public List<String> columnNames() {
        return columnNames;
    }

    @Override
    public FloatMatrix withColumnNames(List<String> names) {
        return new FloatMatrix(segment(), owned, rows, columns, stride, NamedColumns.of(names, columns));
    }

    /** {@return the floats from the start of one row to the start of the next, a multiple of {@value #ALIGNMENT}} */
    public long stride() {
        return stride;
    }

    /**
     * {@return the byte offset of a row's first element within {@link #segment()}}
     *
     * @param row number of the row
     */
    public long offset(long row) {
        return row * stride * Float.BYTES;
    }

    /**
     * {@return the memory behind the matrix, for kernels: row {@code i} starts at byte {@link #offset(long) offset(i)}}
     *
     * @throws IllegalStateException if the matrix is closed
     */
    public MemorySegment segment() {
        if (!segment.scope().isAlive()) {
            throw new IllegalStateException("this matrix of %d x %d is closed".formatted(rows, columns));
        }
        return segment;
    }

    @Override
    public float get(long row, int column) {
        return segment().get(FLOAT, elementOffset(row, column));
    }

    /**
     * Sets an element.
     *
     * @param row number of the row
     * @param column number of the column
     * @param value the new value
     * @throws IndexOutOfBoundsException if the row or column does not exist
     * @throws IllegalStateException if the matrix is closed
     */
    public void set(long row, int column, float value) {
        segment().set(FLOAT, elementOffset(row, column), value);
    }

    private long elementOffset(long row, int column) {
        if (row < 0 || row >= rows || column < 0 || column >= columns) {
            throw new IndexOutOfBoundsException(
                    "element (%d, %d) lies outside a matrix of %d x %d".formatted(row, column, rows, columns));
        }
        return (row * stride + column) * Float.BYTES;
    }

    /**
     * Copies a row to an array.
     *
     * @param row number of the row
     * @param target array of at least {@link #columns()} floats, filled from index 0
     */
    public void getRow(long row, float[] target) {
        Objects.checkIndex(row, rows);
        MemorySegment.copy(segment(), FLOAT, offset(row), target, 0, columns);
    }

    /**
     * Sets a row from an array.
     *
     * @param row number of the row
     * @param source array of at least {@link #columns()} floats, read from index 0
     */
    public void setRow(long row, float[] source) {
        Objects.checkIndex(row, rows);
        MemorySegment.copy(source, 0, segment(), FLOAT, offset(row), columns);
    }

    @Override
    public void copyRow(long row, FloatMatrix to, long toRow) {
        Objects.checkIndex(row, rows);
        Objects.checkIndex(toRow, to.rows);
        InvalidInputException.require(to.columns == columns, "a row of %d values does not fit into %s", columns, to);
        MemorySegment.copy(segment(), offset(row), to.segment(), to.offset(toRow), offset(1));
    }

    /**
     * {@return a view of consecutive rows that shares this matrix's memory}
     *
     * @param from first row, inclusive
     * @param to last row, exclusive
     * @throws IndexOutOfBoundsException unless 0 ≤ from ≤ to ≤ rows
     */
    public FloatMatrix rows(long from, long to) {
        Objects.checkFromToIndex(from, to, rows);
        MemorySegment slice = segment().asSlice(offset(from), offset(to) - offset(from));
        return new FloatMatrix(slice, null, to - from, columns, stride, columnNames);
    }

    /**
     * {@return a view of the beginning of this matrix's memory with another shape, for scratch memory}
     *
     * @param newRows number of rows, ≥ 0
     * @param newColumns number of columns, ≥ 0
     * @throws InvalidInputException if the new shape needs more memory
     */
    public FloatMatrix reshaped(long newRows, int newColumns) {
        long bytes = bytesFor(newRows, newColumns);
        InvalidInputException.require(
                bytes <= segment().byteSize(),
                "a matrix of %d x %d does not fit into the memory of one of %d x %d",
                newRows,
                newColumns,
                rows,
                columns);
        return new FloatMatrix(segment.asSlice(0, bytes), null, newRows, newColumns, strideFor(newColumns));
    }

    @Override
    public FloatMatrix gather(int[] indices) {
        MemorySegment source = segment();
        for (int index : indices) {
            Objects.checkIndex(index, rows);
        }
        FloatMatrix m = allocate(indices.length, columns);
        long rowBytes = offset(1);
        for (int i = 0; i < indices.length; i++) {
            MemorySegment.copy(source, offset(indices[i]), m.segment, m.offset(i), rowBytes);
        }
        return m.withColumnNames(columnNames);
    }

    /**
     * Copies the whole matrix into a new one that owns its memory.
     *
     * @return the copy, which the caller closes
     */
    public FloatMatrix copy() {
        MemorySegment source = segment();
        FloatMatrix m = allocate(rows, columns);
        MemorySegment.copy(source, 0, m.segment, 0, offset(rows));
        return m.withColumnNames(columnNames);
    }

    /** {@return whether this matrix frees memory when it is closed; a view does not} */
    public boolean ownsMemory() {
        return owned != null;
    }

    /** Frees the memory if this matrix owns it; may be called again without effect. */
    @Override
    public void close() {
        if (owned == null) {
            return;
        }
        // Not on this object, because a matrix with other names shares the memory.
        synchronized (owned) {
            if (owned.scope().isAlive()) {
                owned.close();
            }
        }
    }

    @Override
    public String toString() {
        return "FloatMatrix[%d x %d]".formatted(rows, columns);
    }
}
