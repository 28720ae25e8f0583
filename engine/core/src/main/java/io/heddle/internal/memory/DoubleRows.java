package io.heddle.internal.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A matrix of doubles in off-heap memory, without padding. */
public final class DoubleRows implements AutoCloseable {
    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE;

    private final Arena arena;
    private final MemorySegment segment;
    private final int columns;

    private DoubleRows(Arena arena, MemorySegment segment, int columns) {
        this.arena = arena;
        this.segment = segment;
        this.columns = columns;
    }

    /**
     * Allocates zeros.
     *
     * @throws OutOfMemoryError if there is not enough memory
     */
    public static DoubleRows allocate(long rows, int columns) {
        Arena arena = Arena.ofShared();
        try {
            long bytes = Math.multiplyExact(Math.multiplyExact(rows, (long) columns), (long) Double.BYTES);
            return new DoubleRows(arena, OffHeap.allocate(bytes, arena), columns);
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    private long offset(long row) {
        return row * columns * Double.BYTES;
    }

    /** Reads an element. */
    public double get(long row, int column) {
        return segment.get(DOUBLE, offset(row) + (long) column * Double.BYTES);
    }

    /** Copies rows, one after the other, from the beginning of an array. */
    public void store(double[] values, long from, int count) {
        MemorySegment.copy(values, 0, segment, DOUBLE, offset(from), count * columns);
    }

    /** Copies rows, one after the other, to the beginning of an array. */
    public void load(long from, int count, double[] values) {
        MemorySegment.copy(segment, DOUBLE, offset(from), values, 0, count * columns);
    }

    @Override
    public void close() {
        arena.close();
    }
}
