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
 *
 * <p>The columns are in an array: 50 instructions for sixteen steps instead of 81, because its bounds are checked once.
 * The stores in the loop keep the order of the loads, as in {@link SixRowArrayTile}; without them C2 loads the second
 * half early and moves sums to the stack.
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
        float[] packed = NativeMemory.array(b);
        // The rows of a tile are half a block apart, so that memory is read in two long streams.
        int half = (rows + ROWS - 1) / ROWS;
        for (int j = 0; j < columns; j += COLUMNS) {
            int atB = NativeMemory.index(bOffset) + j * sixteens * (2 * LANES);
            for (int r = 0; r < half; r++) {
                int r1 = r + half < rows ? r + half : r;
                sum(sixteens, a, aOffset + r * aRow, aOffset + r1 * aRow, packed, atB, sums);
                put(sums, 0, j, c, cOffset + r * cRow);
                put(sums, COLUMNS * LANES, j, c, cOffset + r1 * cRow);
            }
        }
    }

    private static void sum(int sixteens, MemorySegment a, long a0, long a1, float[] b, int bOffset, float[] sums) {
        if (a.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        MemorySegment first = a.asSlice(a0);
        MemorySegment second = a.asSlice(a1);
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
        int end = sixteens * (2 * LANES);
        for (int i = 0; i < end; i += 2 * LANES) {
            long atA = (long) i * Float.BYTES;
            int atB = bOffset + i * COLUMNS;
            FloatVector x0 = FloatVector.fromMemorySegment(SPECIES, first, atA, ORDER);
            FloatVector x1 = FloatVector.fromMemorySegment(SPECIES, second, atA, ORDER);
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, atB);
            sums[0] = 0;
            s00 = b0.fma(x0, s00);
            s10 = b0.fma(x1, s10);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, atB + 2 * LANES);
            sums[0] = 0;
            s01 = b1.fma(x0, s01);
            s11 = b1.fma(x1, s11);
            FloatVector b2 = FloatVector.fromArray(SPECIES, b, atB + 4 * LANES);
            sums[0] = 0;
            s02 = b2.fma(x0, s02);
            s12 = b2.fma(x1, s12);
            FloatVector b3 = FloatVector.fromArray(SPECIES, b, atB + 6 * LANES);
            sums[0] = 0;
            s03 = b3.fma(x0, s03);
            s13 = b3.fma(x1, s13);
            FloatVector b4 = FloatVector.fromArray(SPECIES, b, atB + 8 * LANES);
            sums[0] = 0;
            s04 = b4.fma(x0, s04);
            s14 = b4.fma(x1, s14);
            sums[1] = 0;
            FloatVector x0h = FloatVector.fromMemorySegment(SPECIES, first, atA + BYTES, ORDER);
            FloatVector x1h = FloatVector.fromMemorySegment(SPECIES, second, atA + BYTES, ORDER);
            FloatVector b0h = FloatVector.fromArray(SPECIES, b, atB + LANES);
            sums[0] = 0;
            s00 = b0h.fma(x0h, s00);
            s10 = b0h.fma(x1h, s10);
            FloatVector b1h = FloatVector.fromArray(SPECIES, b, atB + 3 * LANES);
            sums[0] = 0;
            s01 = b1h.fma(x0h, s01);
            s11 = b1h.fma(x1h, s11);
            FloatVector b2h = FloatVector.fromArray(SPECIES, b, atB + 5 * LANES);
            sums[0] = 0;
            s02 = b2h.fma(x0h, s02);
            s12 = b2h.fma(x1h, s12);
            FloatVector b3h = FloatVector.fromArray(SPECIES, b, atB + 7 * LANES);
            sums[0] = 0;
            s03 = b3h.fma(x0h, s03);
            s13 = b3h.fma(x1h, s13);
            FloatVector b4h = FloatVector.fromArray(SPECIES, b, atB + 9 * LANES);
            sums[0] = 0;
            s04 = b4h.fma(x0h, s04);
            s14 = b4h.fma(x1h, s14);
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
