package io.heddle.simd;

import static io.heddle.simd.Kernels.TILE_COLUMNS;

import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The right operand of a product, depth × columns, packed so that the register tile reads it from front to back: panels
 * of {@value Kernels#TILE_COLUMNS} columns, the last one 16, 32 or 48 wide, each stored row after row. Missing columns
 * are zeros.
 *
 * <p>Owns its memory; may be packed again and again without allocation, up to the depth it was allocated for.
 */
public final class Panels implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final MemorySegment segment;
    private final int capacity;
    private final int columns;
    private final int padded;
    private int depth;

    private Panels(int capacity, int columns) {
        this.capacity = capacity;
        this.columns = columns;
        this.padded = (columns + FloatMatrix.ALIGNMENT - 1) / FloatMatrix.ALIGNMENT * FloatMatrix.ALIGNMENT;
        this.segment = arena.allocate((long) capacity * padded * Float.BYTES, 64);
    }

    /** Room for operands of up to {@code depth} rows. */
    public static Panels allocate(int depth, int columns) {
        InvalidInputException.require(
                depth >= 0 && columns >= 0, "panels cannot have a depth of %d and %d columns", depth, columns);
        return new Panels(depth, columns);
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

    /**
     * Packs rows {@code from} to {@code from + rows} of B.
     *
     * @param shift a single row subtracted from each row on the way, or null
     */
    public void repack(FloatMatrix b, long from, int rows, FloatMatrix shift) {
        if (rows > capacity || b.columns() != columns) {
            throw new IllegalArgumentException(
                    "panels of %d x %d cannot hold %d x %d".formatted(capacity, columns, rows, b.columns()));
        }
        depth = rows;
        MemorySegment source = b.segment();
        Kernels kernels = Simd.kernels();
        for (int j = 0; j < padded; j += TILE_COLUMNS) {
            int width = Math.min(TILE_COLUMNS, padded - j);
            long at = (long) j * Float.BYTES;
            long to = panelOffset(j);
            for (int i = 0; i < rows; i++) {
                long row = b.offset(from + i) + at;
                if (shift == null) {
                    MemorySegment.copy(source, row, segment, to, (long) width * Float.BYTES);
                } else {
                    kernels.subtract(source, row, shift.segment(), at, segment, to, width);
                }
                to += (long) width * Float.BYTES;
            }
        }
    }

    /** Packs Bᵀ for a B of columns × depth, depth at most what was allocated. */
    public void repackTransposed(FloatMatrix b) {
        if (b.columns() > capacity || b.rows() != columns) {
            throw new IllegalArgumentException("panels of %d x %d cannot hold the transpose of %d x %d"
                    .formatted(capacity, columns, b.rows(), b.columns()));
        }
        depth = b.columns();
        MemorySegment source = b.segment();
        for (int j = 0; j < columns; j++) {
            int panel = j / TILE_COLUMNS * TILE_COLUMNS;
            int width = Math.min(TILE_COLUMNS, padded - panel);
            long to = panelOffset(panel) + (long) (j - panel) * Float.BYTES;
            long from = b.offset(j);
            for (int k = 0; k < depth; k++) {
                float v = source.get(ValueLayout.JAVA_FLOAT_UNALIGNED, from + (long) k * Float.BYTES);
                segment.set(ValueLayout.JAVA_FLOAT_UNALIGNED, to + (long) k * width * Float.BYTES, v);
            }
        }
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
    int paddedColumns() {
        return padded;
    }

    MemorySegment segment() {
        return segment;
    }

    /** Byte at which the panel that begins with column {@code j}, a multiple of 48, starts. */
    long panelOffset(int j) {
        return (long) j * capacity * Float.BYTES;
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
