package io.heddle.internal.kernels;

import static io.heddle.internal.kernels.NativeMemory.KIND;
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
        checkDepth(depth);
        float[] sums = OWN.get();
        // Separate kernels for constant strides, which are faster.
        boolean packed = bStep == (long) columns * Float.BYTES;
        if (SHAPE == TileShape.TWELVE_ROWS) {
            if (packed) {
                TwelveRowTile.run(rows, columns, depth, a, aOffset, b, bOffset, sums);
            } else {
                TwelveRowStridedTile.run(rows, columns, depth, a, aOffset, b, bOffset, bStep, sums);
            }
        } else if (packed && b.getClass() == NativeMemory.ARRAY) {
            SixRowArrayTile.run(
                    depth,
                    NativeMemory.array(a),
                    NativeMemory.index(aOffset),
                    NativeMemory.array(b),
                    NativeMemory.index(bOffset),
                    sums);
        } else if (packed && a.getClass() == KIND) {
            SixRowTile.run(depth, a, aOffset, b, bOffset, sums);
        } else {
            if (rows > SHAPE.stridedRows()) {
                throw new IllegalArgumentException("a tile of rows in place cannot have " + rows + " rows");
            }
            FiveRowStridedTile.run(depth, NativeMemory.array(a), NativeMemory.index(aOffset), b, bOffset, bStep, sums);
        }
        return sums;
    }

    /** C2 derives the range of the offsets from this check. */
    static void checkDepth(int depth) {
        if (depth < 0 || depth > Kernels.MAXIMUM_TILE_DEPTH) {
            throw new IllegalArgumentException("a tile cannot have a depth of " + depth);
        }
    }

    /** The array of the calling thread. */
    static float[] own() {
        return OWN.get();
    }

    /** sums ← before + sums, for whole vectors. */
    static void add(MemorySegment before, float[] sums, int n) {
        if (before.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        for (int i = 0; i < n; i += LANES) {
            FloatVector.fromMemorySegment(SPECIES, before, (long) i * Float.BYTES, ORDER)
                    .add(FloatVector.fromArray(SPECIES, sums, i))
                    .intoArray(sums, i);
        }
    }

    /** c ← sums, or c + sums if {@code accumulate}, for 1 to 4 vectors in a row. */
    static void store(
            float[] sums, int rows, int vectors, MemorySegment c, long cOffset, long cRow, boolean accumulate) {
        if (vectors <= 2) {
            if (accumulate) {
                add(sums, rows, vectors * LANES, c, cOffset, cRow);
            } else {
                put(sums, rows, vectors * LANES, c, cOffset, cRow);
            }
        } else if (vectors == 3) {
            storeThree(sums, rows, c, cOffset, cRow, accumulate);
        } else if (accumulate) {
            addFour(sums, rows, c, cOffset, cRow);
        } else {
            putFour(sums, rows, c, cOffset, cRow);
        }
    }

    private static void putFour(float[] sums, int rows, MemorySegment c, long cOffset, long cRow) {
        if (c.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        for (int r = 0; r < rows; r++) {
            long at = cOffset + r * cRow;
            int from = r * (4 * LANES);
            FloatVector s0 = FloatVector.fromArray(SPECIES, sums, from);
            FloatVector s1 = FloatVector.fromArray(SPECIES, sums, from + LANES);
            FloatVector s2 = FloatVector.fromArray(SPECIES, sums, from + 2 * LANES);
            FloatVector s3 = FloatVector.fromArray(SPECIES, sums, from + 3 * LANES);
            s0.intoMemorySegment(c, at, ORDER);
            s1.intoMemorySegment(c, at + BYTES, ORDER);
            s2.intoMemorySegment(c, at + 2 * BYTES, ORDER);
            s3.intoMemorySegment(c, at + 3 * BYTES, ORDER);
        }
    }

    private static void addFour(float[] sums, int rows, MemorySegment c, long cOffset, long cRow) {
        if (c.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        for (int r = 0; r < rows; r++) {
            long at = cOffset + r * cRow;
            int from = r * (4 * LANES);
            FloatVector c0 = FloatVector.fromMemorySegment(SPECIES, c, at, ORDER);
            FloatVector c1 = FloatVector.fromMemorySegment(SPECIES, c, at + BYTES, ORDER);
            FloatVector c2 = FloatVector.fromMemorySegment(SPECIES, c, at + 2 * BYTES, ORDER);
            FloatVector c3 = FloatVector.fromMemorySegment(SPECIES, c, at + 3 * BYTES, ORDER);
            c0.add(FloatVector.fromArray(SPECIES, sums, from)).intoMemorySegment(c, at, ORDER);
            c1.add(FloatVector.fromArray(SPECIES, sums, from + LANES)).intoMemorySegment(c, at + BYTES, ORDER);
            c2.add(FloatVector.fromArray(SPECIES, sums, from + 2 * LANES)).intoMemorySegment(c, at + 2 * BYTES, ORDER);
            c3.add(FloatVector.fromArray(SPECIES, sums, from + 3 * LANES)).intoMemorySegment(c, at + 3 * BYTES, ORDER);
        }
    }

    private static void storeThree(
            float[] sums, int rows, MemorySegment c, long cOffset, long cRow, boolean accumulate) {
        if (c.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        for (int r = 0; r < rows; r++) {
            for (int v = 0; v < 3; v++) {
                long at = cOffset + r * cRow + v * BYTES;
                FloatVector sum = FloatVector.fromArray(SPECIES, sums, (3 * r + v) * LANES);
                if (accumulate) {
                    sum = FloatVector.fromMemorySegment(SPECIES, c, at, ORDER).add(sum);
                }
                sum.intoMemorySegment(c, at, ORDER);
            }
        }
    }

    /** c ← sums. */
    static void put(float[] sums, int rows, int columns, MemorySegment c, long cOffset, long cRow) {
        if (c.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
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
        if (c.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
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
