package io.heddle.matrix;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.internal.memory.FileSegment;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * A dense row-major matrix with one byte per value, such as pixels. It takes a quarter of the memory of floats. A byte
 * b, 0 to 255, represents the float scale · b. Rows are contiguous, without padding.
 *
 * <p>A matrix may be a memory-mapped file that is larger than the machine's memory. The algorithms that take a
 * {@link DataMatrix} read it block by block and convert one block at a time to floats.
 *
 * <p>Ownership: {@link #open} and {@link #map} return a matrix that frees its memory, or unmaps the file, when it is
 * closed. {@link #wrap} returns a view; the caller keeps the memory. Thread-safe.
 *
 * <p>For example: {@snippet file="MatrixExamplesTest.java" region="byte-matrix"}
 */
public final class ByteMatrix implements DataMatrix {
    private static final int UNSIGNED = 0xff;

    private final MemorySegment segment;
    private final Arena owned;
    private final long rows;
    private final int columns;
    private final float scale;
    private final List<String> columnNames;

    private ByteMatrix(MemorySegment segment, Arena owned, long rows, int columns, float scale) {
        this(segment, owned, rows, columns, scale, List.of());
    }

    private ByteMatrix(
            MemorySegment segment, Arena owned, long rows, int columns, float scale, List<String> columnNames) {
        this.segment = segment;
        this.owned = owned;
        this.rows = rows;
        this.columns = columns;
        this.scale = scale;
        this.columnNames = columnNames;
    }

    /**
     * Opens a part of a file: reads up to 64 MB into memory, maps more as {@link #map} does.
     *
     * @param file has the values row by row; further bytes are ignored
     * @param offset byte at which the first row begins, ≥ 0
     * @param rows number of rows, ≥ 0
     * @param columns number of columns, ≥ 0
     * @param scale the value of the byte 1; 255 times it must be finite
     * @return the matrix, which the caller closes
     * @throws InvalidInputException if the file ends before the last row, or a size or the scale is invalid
     * @throws IOException if the file cannot be read
     */
    public static ByteMatrix open(Path file, long offset, long rows, int columns, float scale) throws IOException {
        return of(file, offset, rows, columns, scale, FileSegment::of);
    }

    /**
     * Maps a part of a file. If the file is shortened while the matrix is in use, an access beyond its new end throws
     * an {@link InternalError}, and the rest of its last page reads as zeros. The JVM keeps running.
     *
     * @param file has the values row by row; further bytes are ignored
     * @param offset byte at which the first row begins, ≥ 0
     * @param rows number of rows, ≥ 0
     * @param columns number of columns, ≥ 0
     * @param scale the value of the byte 1; 255 times it must be finite
     * @return the matrix, which the caller closes
     * @throws InvalidInputException if the file ends before the last row, or a size or the scale is invalid
     * @throws IOException if the file cannot be read
     */
    public static ByteMatrix map(Path file, long offset, long rows, int columns, float scale) throws IOException {
        return of(
                file,
                offset,
                rows,
                columns,
                scale,
                (channel, path, from, bytes, arena) -> channel.map(FileChannel.MapMode.READ_ONLY, from, bytes, arena));
    }

    /** Loads or maps bytes of a file. */
    @FunctionalInterface
    private interface Access {
        MemorySegment segment(FileChannel channel, Path path, long offset, long bytes, Arena arena) throws IOException;
    }

    private static ByteMatrix of(Path file, long offset, long rows, int columns, float scale, Access access)
            throws IOException {
        long bytes = bytesFor(rows, columns, scale);
        require(offset >= 0, "rows cannot begin at byte %d of a file", offset);
        // Shared, as every matrix is: any thread may read it.
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(file)) {
            long size = channel.size();
            require(
                    bytes <= size - offset,
                    "%d rows of %d bytes from byte %d on need a file of %d bytes, but %s has %d",
                    rows,
                    columns,
                    offset,
                    offset + bytes,
                    file,
                    size);
            return new ByteMatrix(access.segment(channel, file, offset, bytes, arena), arena, rows, columns, scale);
        } catch (IOException | RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    /**
     * {@return a view of memory that the caller owns}
     *
     * @param values at least rows · columns bytes; further ones are ignored
     * @param rows number of rows
     * @param columns bytes in a row
     * @param scale the value of the byte 1; 255 times it must be finite
     * @throws InvalidInputException if there are too few bytes, or a size or the scale is invalid
     */
    public static ByteMatrix wrap(MemorySegment values, long rows, int columns, float scale) {
        long bytes = bytesFor(rows, columns, scale);
        require(
                bytes <= values.byteSize(),
                "%d bytes cannot fill a matrix of %d x %d",
                values.byteSize(),
                rows,
                columns);
        return new ByteMatrix(values.asSlice(0, bytes), null, rows, columns, scale);
    }

    private static long bytesFor(long rows, int columns, float scale) {
        require(rows >= 0 && columns >= 0, "a matrix cannot have %d rows and %d columns", rows, columns);
        require(Float.isFinite(scale), "the scale of bytes must be a finite number, not %s", scale);
        require(
                Float.isFinite(UNSIGNED * scale),
                "255 times the scale of bytes exceeds floats: the scale is %s",
                scale);
        try {
            return Math.multiplyExact(rows, (long) columns);
        } catch (ArithmeticException e) {
            throw new InvalidInputException("a matrix of %d x %d exceeds 2^63 bytes".formatted(rows, columns));
        }
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
    public ByteMatrix withColumnNames(List<String> names) {
        return new ByteMatrix(segment(), owned, rows, columns, scale, NamedColumns.of(names, columns));
    }

    /** {@return the value of the byte 1} */
    public float scale() {
        return scale;
    }

    /**
     * {@return the byte offset of a row's first value within {@link #segment()}}
     *
     * @param row number of the row
     */
    public long offset(long row) {
        return row * columns;
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
        Objects.checkIndex(row, rows);
        Objects.checkIndex(column, columns);
        return valueAt(segment(), offset(row) + column);
    }

    private float valueAt(MemorySegment bytes, long at) {
        return scale * (bytes.get(ValueLayout.JAVA_BYTE, at) & UNSIGNED);
    }

    @Override
    public void copyRow(long row, FloatMatrix to, long toRow) {
        Objects.checkIndex(row, rows);
        Objects.checkIndex(toRow, to.rows());
        require(to.columns() == columns, "a row of %d values does not fit into %s", columns, to);
        MemorySegment bytes = segment();
        MemorySegment floats = to.segment();
        long from = offset(row);
        long start = to.offset(toRow);
        for (int j = 0; j < columns; j++) {
            floats.set(ValueLayout.JAVA_FLOAT_UNALIGNED, start + (long) j * Float.BYTES, valueAt(bytes, from + j));
        }
    }

    @Override
    public FloatMatrix gather(int[] indices) {
        for (int index : indices) {
            Objects.checkIndex(index, rows);
        }
        return FloatMatrix.allocate(indices.length, columns, copy -> {
                    for (int i = 0; i < indices.length; i++) {
                        copyRow(indices[i], copy, i);
                    }
                })
                .withColumnNames(columnNames);
    }

    /** Unmaps the file if this matrix has mapped one; may be called again without effect. */
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
        return "ByteMatrix[%d x %d, %s a step]".formatted(rows, columns, scale);
    }
}
