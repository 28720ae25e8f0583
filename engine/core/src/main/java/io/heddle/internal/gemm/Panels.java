package io.heddle.internal.gemm;

import static io.heddle.internal.kernels.Kernels.DOT_COLUMNS;
import static io.heddle.internal.kernels.Kernels.MAXIMUM_DOT_COLUMNS;

import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.internal.memory.OffHeap;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.RowSlices;
import io.heddle.parallel.WorkerPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The right operand of a product, depth × columns, packed so that the register tile reads it from front to back: panels
 * of {@link Kernels#tileColumns()} columns; the last one has 16 instead of 32 if that is enough. The rows of one pass
 * of a product are contiguous, panel by panel and row by row. Missing columns are zeros.
 *
 * <p>Owns its memory; may be packed repeatedly without allocation, up to the depth it was allocated for.
 *
 * <p>For example: {@snippet file="KernelExamplesTest.java" region="panels"}
 */
public final class Panels implements AutoCloseable {
    /** Rows that one task packs. */
    private static final int SLICE = 64;

    private static final int TILE_WIDTH = Simd.kernels().tileColumns();

    private final Arena arena = Arena.ofShared();
    private final MemorySegment segment;
    private final int capacity;
    private final int width;
    private int columns;
    private int padded;
    /** The same for {@link Kernels#dots}, or null. */
    private final MemorySegment lines;

    private int depth;

    private Panels(int capacity, int columns, int width) {
        this.capacity = capacity;
        this.width = width;
        this.columns = columns;
        this.padded = padded(columns);
        this.segment = OffHeap.allocate((long) capacity * padded * Float.BYTES, arena);
        boolean few = columns > 0 && columns <= MAXIMUM_DOT_COLUMNS && capacity <= Blocking.MAXIMUM_DOT_DEPTH;
        // With vectors of four floats, inner products are not faster.
        this.lines = few && Simd.lanes() >= 8 ? lines(sixteens(capacity) * padded * 16) : null;
    }

    private MemorySegment lines(int floats) {
        return Simd.kernels().dotsReadArray()
                ? MemorySegment.ofArray(new float[floats])
                : OffHeap.allocate((long) floats * Float.BYTES, arena);
    }

    private static int padded(int columns) {
        return (columns + FloatMatrix.ALIGNMENT - 1) / FloatMatrix.ALIGNMENT * FloatMatrix.ALIGNMENT;
    }

    /** Allocates memory for operands of up to {@code depth} rows. */
    public static Panels allocate(int depth, int columns) {
        return allocate(depth, columns, Simd.kernels().readsRows() ? Kernels.ROW_TILE_COLUMNS : TILE_WIDTH);
    }

    /** Allocates memory for a right operand of packed left operands only. */
    public static Panels allocateForPacked(int depth, int columns) {
        return allocate(depth, columns, TILE_WIDTH);
    }

    private static Panels allocate(int depth, int columns, int width) {
        InvalidInputException.require(
                depth >= 0 && columns >= 0, "panels cannot have a depth of %d and %d columns", depth, columns);
        return new Panels(depth, columns, width);
    }

    /** Packs B itself: depth × columns. */
    public static Panels pack(FloatMatrix b) {
        Panels p = allocate(Math.toIntExact(b.rows()), b.columns());
        p.repack(b, 0, p.capacity, null);
        return p;
    }

    /** Packs Bᵀ for a B of columns × depth. */
    public static Panels packTransposed(FloatMatrix b) {
        Panels p = allocate(b.columns(), Math.toIntExact(b.rows()));
        p.repackTransposed(b);
        return p;
    }

    /** The same, for packed left operands only. */
    public static Panels packTransposedForPacked(FloatMatrix b) {
        Panels p = allocateForPacked(b.columns(), Math.toIntExact(b.rows()));
        p.repackTransposed(b);
        return p;
    }

    /**
     * Packs rows {@code from} to {@code from + rows} of B.
     *
     * @param shift a single row that is subtracted from each row, or null
     */
    public void repack(FloatMatrix b, long from, int rows, FloatMatrix shift) {
        if (rows > capacity || b.columns() != columns) {
            throw new IllegalArgumentException(
                    "panels of %d x %d cannot hold %d x %d".formatted(capacity, columns, rows, b.columns()));
        }
        depth = rows;
        pack(b, from, 0, rows, shift);
        fillLines();
    }

    /** Packs all of B, with all threads of the pool. */
    void repack(FloatMatrix b, WorkerPool pool) {
        depth = Math.toIntExact(b.rows());
        RowSlices slices = RowSlices.of(depth, SLICE);
        pool.run(slices.count(), (slice, worker) -> {
            int from = (int) slices.from(slice);
            pack(b, from, from, (int) slices.to(slice) - from, null);
        });
        fillLines();
    }

    /** Packs some rows of a B that may have fewer columns than this was allocated for. */
    public void repackNarrower(FloatMatrix b, int rows) {
        columns = b.columns();
        padded = padded(columns);
        repack(b, 0, rows, null);
    }

    /** Whether this was allocated for exactly that depth and number of columns, and for packed operands or not. */
    boolean fit(long depth, long columns, boolean forPacked) {
        return depth == capacity
                && columns == this.columns
                && isForRows() == (!forPacked && Simd.kernels().readsRows());
    }

    /** Whether products read the rows of the left operand in place. */
    boolean isForRows() {
        return width != TILE_WIDTH;
    }

    void requireForPacked() {
        if (isForRows()) {
            throw new IllegalArgumentException("these panels are not for packed left operands");
        }
    }

    long byteSize() {
        return segment.byteSize();
    }

    /** Packs rows of B from {@code from} on as rows of the panels from {@code to} on. */
    private void pack(FloatMatrix b, long from, int to, int rows, FloatMatrix shift) {
        int piece = steps();
        for (int done = 0; done < rows; ) {
            int row = to + done;
            int k = row / piece * piece;
            int some = Math.min(rows - done, k + piece - row);
            if (isForRows()) {
                packForRows(b, from + done, some, shift, k, row - k);
            } else {
                packTiles(b, from + done, some, shift, k, row - k);
            }
            done += some;
        }
    }

    private void packTiles(FloatMatrix b, long from, int rows, FloatMatrix shift, int k, int row) {
        Simd.kernels()
                .pack(
                        b.segment(),
                        b.offset(from),
                        b.offset(1),
                        rows,
                        padded,
                        shift == null ? null : shift.segment(),
                        segment,
                        offset(0, k),
                        row,
                        offset(width, k) - offset(0, k));
    }

    private void packForRows(FloatMatrix b, long from, int rows, FloatMatrix shift, int k, int row) {
        for (int j = 0; j < padded; j += width) {
            int some = width(j);
            long bytes = (long) some * Float.BYTES;
            for (int i = 0; i < rows; i++) {
                long source = b.offset(from + i) + (long) j * Float.BYTES;
                long to = offset(j, k) + (row + i) * bytes;
                if (shift == null) {
                    MemorySegment.copy(b.segment(), source, segment, to, bytes);
                } else {
                    Simd.kernels()
                            .subtract(b.segment(), source, shift.segment(), (long) j * Float.BYTES, segment, to, some);
                }
            }
        }
    }

    /** Packs Bᵀ for a B of columns × depth, with at most the allocated depth. */
    public void repackTransposed(FloatMatrix b) {
        if (b.columns() > capacity || b.rows() != columns) {
            throw new IllegalArgumentException("panels of %d x %d cannot hold the transpose of %d x %d"
                    .formatted(capacity, columns, b.rows(), b.columns()));
        }
        depth = b.columns();
        MemorySegment source = b.segment();
        for (int j = 0; j < columns; j++) {
            int panel = j / width * width;
            int across = width(panel);
            long from = b.offset(j);
            int piece = steps();
            for (int first = 0; first < depth; first += piece) {
                long to = offset(panel, first) + (long) (j - panel) * Float.BYTES;
                for (int k = 0; k < Math.min(piece, depth - first); k++) {
                    float v = source.get(ValueLayout.JAVA_FLOAT_UNALIGNED, from + (long) (first + k) * Float.BYTES);
                    segment.set(ValueLayout.JAVA_FLOAT_UNALIGNED, to + (long) k * across * Float.BYTES, v);
                }
            }
        }
        fillLines();
    }

    /** Lets the next {@code rows} rows be written to {@link #segment} directly, panel by panel. */
    public void startRows(int rows) {
        if (rows > capacity) {
            throw new IllegalArgumentException("panels of " + capacity + " rows cannot hold " + rows);
        }
        depth = rows;
    }

    private static int sixteens(int depth) {
        return (depth + 15) / 16;
    }

    /** Packs the columns for inner products, as one panel of 16 columns. */
    private void fillLines() {
        if (!hasLines()) {
            return;
        }
        int sixteens = sixteens(depth);
        long to = 0;
        for (int group = 0; group < columns; group += DOT_COLUMNS) {
            for (int k = 0; k < sixteens * 16; k += 16) {
                for (int j = group; j < group + DOT_COLUMNS; j++) {
                    for (int l = k; l < k + 16; l++) {
                        long from = ((long) l * 16 + j) * Float.BYTES;
                        float v = l < depth && j < columns ? segment.get(ValueLayout.JAVA_FLOAT, from) : 0f;
                        lines.set(ValueLayout.JAVA_FLOAT, to, v);
                        to += Float.BYTES;
                    }
                }
            }
        }
    }

    /** Whether {@link #multiplyLines} can replace products with the panels. */
    boolean hasLines() {
        return lines != null && depth >= Blocking.MINIMUM_DOT_DEPTH;
    }

    /** out[outRow …] ← A · B for rows of A that are {@code aRow} bytes apart and padded with zeros. */
    void multiplyLines(MemorySegment a, long aOffset, long aRow, int rows, FloatMatrix out, long outRow) {
        // An array stays readable after close().
        if (!arena.scope().isAlive()) {
            throw new IllegalStateException("these panels are closed");
        }
        Simd.kernels()
                .dots(
                        rows,
                        columns,
                        sixteens(depth),
                        a,
                        aOffset,
                        aRow,
                        lines,
                        0,
                        out.segment(),
                        out.offset(outRow),
                        out.stride() * Float.BYTES);
    }

    /** Rows in one pass. */
    int steps() {
        return Blocking.steps(depth, isForRows() ? Blocking.ROW_DEPTH : Blocking.DEPTH);
    }

    /** Rows of the operand packed last. */
    public int depth() {
        return depth;
    }

    /** Columns of the operand, without padding. */
    public int columns() {
        return columns;
    }

    /** Columns with padding: a multiple of 16. */
    public int paddedColumns() {
        return padded;
    }

    /** Columns of every panel but the last. */
    public int panelColumns() {
        return width;
    }

    /** Columns of the panel that begins with column {@code j}. */
    int width(int j) {
        return Math.min(width, padded - j);
    }

    /** The memory of the panels. */
    public MemorySegment segment() {
        return segment;
    }

    /**
     * Byte at which the steps of one pass start in the panel that begins with column {@code j}. The data of a pass are
     * contiguous for any depth: panels at distances of a power of two would conflict in the caches.
     *
     * @param k the first of the steps, a multiple of {@link #steps}
     */
    long offset(int j, int k) {
        return ((long) k * padded + (long) j * Math.min(steps(), depth - k)) * Float.BYTES;
    }

    @Override
    public synchronized void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
