package io.heddle.internal.kernels;

import static io.heddle.internal.kernels.VectorKernels.LANES;
import static io.heddle.internal.kernels.VectorKernels.SHAPE;
import static io.heddle.internal.kernels.VectorKernels.SPECIES;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/** The sums of a register tile, row after row, in an array of the calling thread, and their stores. */
final class TileSums {
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final long BYTES = (long) LANES * Float.BYTES;
    private static final ThreadLocal<float[]> OWN =
            ThreadLocal.withInitial(() -> new float[SHAPE.rows() * Kernels.TILE_COLUMNS]);

    private TileSums() {}

    static float[] of(
            int rows,
            int columns,
            int depth,
            MemorySegment a,
            long aOffset,
            MemorySegment b,
            long bOffset,
            long bStep) {
        // C2 derives the range of the offsets from this check.
        if (depth < 0 || depth > Kernels.MAXIMUM_TILE_DEPTH) {
            throw new IllegalArgumentException("a tile cannot have a depth of " + depth);
        }
        float[] sums = OWN.get();
        // Separate kernels for constant strides, which are faster.
        boolean packed = bStep == (long) columns * Float.BYTES;
        if (SHAPE == TileShape.TWELVE_ROWS) {
            if (packed) {
                TwelveRowTile.run(rows, columns, depth, a, aOffset, b, bOffset, sums);
            } else {
                TwelveRowStridedTile.run(rows, columns, depth, a, aOffset, b, bOffset, bStep, sums);
            }
        } else if (packed) {
            SixRowTile.run(depth, a, aOffset, b, bOffset, sums);
        } else {
            SixRowStridedTile.run(depth, a, aOffset, b, bOffset, bStep, sums);
        }
        return sums;
    }

    /** c ← sums. */
    static void put(float[] sums, int rows, int columns, MemorySegment c, long cOffset, long cRow) {
        NativeMemory.require(c);
        if (columns == LANES) {
            for (int r = 0; r < rows; r++) {
                FloatVector.fromArray(SPECIES, sums, r * LANES).intoMemorySegment(c, cOffset + r * cRow, ORDER);
            }
            return;
        }
        for (int r = 0; r < rows; r++) {
            long at = cOffset + r * cRow;
            FloatVector s0 = FloatVector.fromArray(SPECIES, sums, r * (2 * LANES));
            FloatVector s1 = FloatVector.fromArray(SPECIES, sums, r * (2 * LANES) + LANES);
            s0.intoMemorySegment(c, at, ORDER);
            s1.intoMemorySegment(c, at + BYTES, ORDER);
        }
    }

    /** c ← c + sums. */
    static void add(float[] sums, int rows, int columns, MemorySegment c, long cOffset, long cRow) {
        NativeMemory.require(c);
        if (columns == LANES) {
            for (int r = 0; r < rows; r++) {
                FloatVector.fromMemorySegment(SPECIES, c, cOffset + r * cRow, ORDER)
                        .add(FloatVector.fromArray(SPECIES, sums, r * LANES))
                        .intoMemorySegment(c, cOffset + r * cRow, ORDER);
            }
            return;
        }
        for (int r = 0; r < rows; r++) {
            long at = cOffset + r * cRow;
            FloatVector c0 = FloatVector.fromMemorySegment(SPECIES, c, at, ORDER);
            FloatVector c1 = FloatVector.fromMemorySegment(SPECIES, c, at + BYTES, ORDER);
            c0.add(FloatVector.fromArray(SPECIES, sums, r * (2 * LANES))).intoMemorySegment(c, at, ORDER);
            c1.add(FloatVector.fromArray(SPECIES, sums, r * (2 * LANES) + LANES))
                    .intoMemorySegment(c, at + BYTES, ORDER);
        }
    }
}
