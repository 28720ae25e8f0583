package io.heddle.internal.kernels;

import static io.heddle.internal.kernels.NativeMemory.KIND;
import static io.heddle.internal.kernels.VectorKernels.SPECIES;
import static io.heddle.internal.kernels.VectorKernels.VECTOR;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/**
 * A product with few columns for 256-bit vectors, as inner products along the rows of both operands: 2 rows by 5
 * columns at a time, 10 sums. The rows are read in place; the register tile would require a transpose.
 */
final class NarrowDots {
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final int LANES = 8;
    private static final long BYTES = LANES * (long) Float.BYTES;
    private static final int ROWS = 2;
    private static final int COLUMNS = Kernels.DOT_COLUMNS;
    /** Floats of a row of the result. */
    private static final int WIDTH = 16;

    private static final ThreadLocal<float[]> SUMS = ThreadLocal.withInitial(() -> new float[ROWS * COLUMNS * LANES]);

    private NarrowDots() {}

    static void run(
            int rows,
            int columns,
            int sixteens,
            MemorySegment a,
            long aOffset,
            long aRow,
            MemorySegment b,
            long bOffset,
            MemorySegment c,
            long cOffset,
            long cRow) {
        float[] sums = SUMS.get();
        // The rows of a tile are half a block apart, so that memory is read in two long streams.
        int half = (rows + ROWS - 1) / ROWS;
        for (int j = 0; j < columns; j += COLUMNS) {
            long atB = bOffset + (long) j * sixteens * (2 * BYTES);
            for (int r = 0; r < half; r++) {
                int r1 = r + half < rows ? r + half : r;
                sum(sixteens, a, aOffset + r * aRow, aOffset + r1 * aRow, b, atB, sums);
                put(sums, 0, j, c, cOffset + r * cRow);
                put(sums, COLUMNS * LANES, j, c, cOffset + r1 * cRow);
            }
        }
    }

    private static void sum(
            int sixteens, MemorySegment a, long a0, long a1, MemorySegment b, long bOffset, float[] sums) {
        if (a.getClass() != KIND || b.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        FloatVector s00 = FloatVector.zero(SPECIES);
        FloatVector s01 = s00;
        FloatVector s02 = s00;
        FloatVector s03 = s00;
        FloatVector s04 = s00;
        FloatVector s10 = s00;
        FloatVector s11 = s00;
        FloatVector s12 = s00;
        FloatVector s13 = s00;
        FloatVector s14 = s00;
        for (int k = 0; k < sixteens; k++) {
            long atA = (long) k * (2 * BYTES);
            long atB = bOffset + (long) k * (COLUMNS * 2 * BYTES);
            FloatVector x0 = FloatVector.fromMemorySegment(SPECIES, a, a0 + atA, ORDER);
            FloatVector x1 = FloatVector.fromMemorySegment(SPECIES, a, a1 + atA, ORDER);
            FloatVector b0 = FloatVector.fromMemorySegment(SPECIES, b, atB, ORDER);
            s00 = x0.fma(b0, s00);
            s10 = x1.fma(b0, s10);
            FloatVector b1 = FloatVector.fromMemorySegment(SPECIES, b, atB + 2 * BYTES, ORDER);
            s01 = x0.fma(b1, s01);
            s11 = x1.fma(b1, s11);
            FloatVector b2 = FloatVector.fromMemorySegment(SPECIES, b, atB + 4 * BYTES, ORDER);
            s02 = x0.fma(b2, s02);
            s12 = x1.fma(b2, s12);
            FloatVector b3 = FloatVector.fromMemorySegment(SPECIES, b, atB + 6 * BYTES, ORDER);
            s03 = x0.fma(b3, s03);
            s13 = x1.fma(b3, s13);
            FloatVector b4 = FloatVector.fromMemorySegment(SPECIES, b, atB + 8 * BYTES, ORDER);
            s04 = x0.fma(b4, s04);
            s14 = x1.fma(b4, s14);
            FloatVector x0h = FloatVector.fromMemorySegment(SPECIES, a, a0 + BYTES + atA, ORDER);
            FloatVector x1h = FloatVector.fromMemorySegment(SPECIES, a, a1 + BYTES + atA, ORDER);
            FloatVector b0h = FloatVector.fromMemorySegment(SPECIES, b, atB + BYTES, ORDER);
            s00 = x0h.fma(b0h, s00);
            s10 = x1h.fma(b0h, s10);
            FloatVector b1h = FloatVector.fromMemorySegment(SPECIES, b, atB + 3 * BYTES, ORDER);
            s01 = x0h.fma(b1h, s01);
            s11 = x1h.fma(b1h, s11);
            FloatVector b2h = FloatVector.fromMemorySegment(SPECIES, b, atB + 5 * BYTES, ORDER);
            s02 = x0h.fma(b2h, s02);
            s12 = x1h.fma(b2h, s12);
            FloatVector b3h = FloatVector.fromMemorySegment(SPECIES, b, atB + 7 * BYTES, ORDER);
            s03 = x0h.fma(b3h, s03);
            s13 = x1h.fma(b3h, s13);
            FloatVector b4h = FloatVector.fromMemorySegment(SPECIES, b, atB + 9 * BYTES, ORDER);
            s04 = x0h.fma(b4h, s04);
            s14 = x1h.fma(b4h, s14);
        }
        if (s00.getClass() != VECTOR
                || s01.getClass() != VECTOR
                || s02.getClass() != VECTOR
                || s03.getClass() != VECTOR
                || s04.getClass() != VECTOR
                || s10.getClass() != VECTOR
                || s11.getClass() != VECTOR
                || s12.getClass() != VECTOR
                || s13.getClass() != VECTOR
                || s14.getClass() != VECTOR) {
            throw VectorKernels.otherVectors();
        }
        s00.intoArray(sums, 0 * LANES);
        s01.intoArray(sums, 1 * LANES);
        s02.intoArray(sums, 2 * LANES);
        s03.intoArray(sums, 3 * LANES);
        s04.intoArray(sums, 4 * LANES);
        s10.intoArray(sums, 5 * LANES);
        s11.intoArray(sums, 6 * LANES);
        s12.intoArray(sums, 7 * LANES);
        s13.intoArray(sums, 8 * LANES);
        s14.intoArray(sums, 9 * LANES);
    }

    /** Adds the lanes of five sums; stores of the first columns fill the rest of their row with zeros. */
    private static void put(float[] sums, int from, int column, MemorySegment c, long to) {
        if (c.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        for (int j = 0; j < COLUMNS; j++) {
            int s = from + j * LANES;
            float even = (sums[s] + sums[s + 4]) + (sums[s + 2] + sums[s + 6]);
            float odd = (sums[s + 1] + sums[s + 5]) + (sums[s + 3] + sums[s + 7]);
            c.set(FLOAT, to + (long) (column + j) * Float.BYTES, even + odd);
        }
        for (int j = column == 0 ? COLUMNS : WIDTH; j < WIDTH; j++) {
            c.set(FLOAT, to + (long) j * Float.BYTES, 0f);
        }
    }
}
