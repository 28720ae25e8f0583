package io.heddle.internal.kernels;

import static io.heddle.internal.kernels.NativeMemory.KIND;
import static io.heddle.internal.kernels.VectorKernels.BY_1;
import static io.heddle.internal.kernels.VectorKernels.BY_2;
import static io.heddle.internal.kernels.VectorKernels.BY_4;
import static io.heddle.internal.kernels.VectorKernels.BY_8;
import static io.heddle.internal.kernels.VectorKernels.SPECIES;
import static io.heddle.internal.kernels.VectorKernels.VECTOR;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/**
 * A product with few columns for 512-bit vectors, as inner products along the rows of both operands: 3 rows by 5
 * columns at a time, 15 sums. The register tile would be slower because of broadcasts and padding columns.
 */
final class WideDots {
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int LANES = 16;
    private static final long BYTES = LANES * (long) Float.BYTES;
    private static final int ROWS = 3;
    private static final int COLUMNS = Kernels.DOT_COLUMNS;
    /** The sums of the tile, a vector each, and a vector of zeros that makes them sixteen. */
    private static final ThreadLocal<float[]> SUMS = ThreadLocal.withInitial(() -> new float[LANES * LANES]);

    // Masks of the lanes whose number has that bit.
    private static final VectorMask<Float> HAVE_8 = VectorMask.fromLong(SPECIES, 0xff00);
    private static final VectorMask<Float> HAVE_4 = VectorMask.fromLong(SPECIES, 0xf0f0);
    private static final VectorMask<Float> HAVE_2 = VectorMask.fromLong(SPECIES, 0xcccc);
    private static final VectorMask<Float> HAVE_1 = VectorMask.fromLong(SPECIES, 0xaaaa);

    // Lanes of the sums of five columns within the 16 floats of a row of the result, and their shift.
    private static final VectorMask<Float> FIRST_FIVE = VectorMask.fromLong(SPECIES, 0x1f);
    private static final VectorMask<Float> SECOND_FIVE = VectorMask.fromLong(SPECIES, 0x1f << COLUMNS);
    private static final VectorMask<Float> THIRD_FIVE = VectorMask.fromLong(SPECIES, 0x1f << 2 * COLUMNS);
    private static final VectorShuffle<Float> DOWN_5 = VectorShuffle.iota(SPECIES, COLUMNS, 1, true);
    private static final VectorShuffle<Float> DOWN_10 = VectorShuffle.iota(SPECIES, 2 * COLUMNS, 1, true);
    private static final VectorShuffle<Float> UP_5 = VectorShuffle.iota(SPECIES, LANES - COLUMNS, 1, true);
    private static final VectorShuffle<Float> UP_10 = VectorShuffle.iota(SPECIES, LANES - 2 * COLUMNS, 1, true);

    private WideDots() {}

    static void run(
            int rows,
            int columns,
            int vectors,
            MemorySegment a,
            long aOffset,
            long aRow,
            MemorySegment b,
            long bOffset,
            MemorySegment c,
            long cOffset,
            long cRow) {
        float[] sums = SUMS.get();
        // The rows of a tile are a third of the block apart, so that memory is read in three long streams.
        int third = (rows + ROWS - 1) / ROWS;
        // Five columns stay in L1 for the whole block, which is read from memory once and from L2 afterwards.
        for (int j = 0; j < columns; j += COLUMNS) {
            long atB = bOffset + (long) j * vectors * BYTES;
            for (int r = 0; r < third; r++) {
                int r1 = r + third < rows ? r + third : r;
                int r2 = r + 2 * third < rows ? r + 2 * third : r;
                sum(vectors, a, aOffset + r * aRow, aOffset + r1 * aRow, aOffset + r2 * aRow, b, atB, sums);
                fold(sums, j, c, cOffset + r * cRow, cOffset + r1 * cRow, cOffset + r2 * cRow);
            }
        }
    }

    private static void sum(
            int vectors, MemorySegment a, long a0, long a1, long a2, MemorySegment b, long bOffset, float[] sums) {
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
        FloatVector s20 = s00;
        FloatVector s21 = s00;
        FloatVector s22 = s00;
        FloatVector s23 = s00;
        FloatVector s24 = s00;
        for (int k = 0; k < vectors; k++) {
            long atA = k * BYTES;
            long atB = bOffset + k * (COLUMNS * BYTES);
            FloatVector x0 = FloatVector.fromMemorySegment(SPECIES, a, a0 + atA, ORDER);
            FloatVector x1 = FloatVector.fromMemorySegment(SPECIES, a, a1 + atA, ORDER);
            FloatVector x2 = FloatVector.fromMemorySegment(SPECIES, a, a2 + atA, ORDER);
            FloatVector b0 = FloatVector.fromMemorySegment(SPECIES, b, atB, ORDER);
            s00 = x0.fma(b0, s00);
            s10 = x1.fma(b0, s10);
            s20 = x2.fma(b0, s20);
            FloatVector b1 = FloatVector.fromMemorySegment(SPECIES, b, atB + BYTES, ORDER);
            s01 = x0.fma(b1, s01);
            s11 = x1.fma(b1, s11);
            s21 = x2.fma(b1, s21);
            FloatVector b2 = FloatVector.fromMemorySegment(SPECIES, b, atB + 2 * BYTES, ORDER);
            s02 = x0.fma(b2, s02);
            s12 = x1.fma(b2, s12);
            s22 = x2.fma(b2, s22);
            FloatVector b3 = FloatVector.fromMemorySegment(SPECIES, b, atB + 3 * BYTES, ORDER);
            s03 = x0.fma(b3, s03);
            s13 = x1.fma(b3, s13);
            s23 = x2.fma(b3, s23);
            FloatVector b4 = FloatVector.fromMemorySegment(SPECIES, b, atB + 4 * BYTES, ORDER);
            s04 = x0.fma(b4, s04);
            s14 = x1.fma(b4, s14);
            s24 = x2.fma(b4, s24);
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
                || s14.getClass() != VECTOR
                || s20.getClass() != VECTOR
                || s21.getClass() != VECTOR
                || s22.getClass() != VECTOR
                || s23.getClass() != VECTOR
                || s24.getClass() != VECTOR) {
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
        s20.intoArray(sums, 10 * LANES);
        s21.intoArray(sums, 11 * LANES);
        s22.intoArray(sums, 12 * LANES);
        s23.intoArray(sums, 13 * LANES);
        s24.intoArray(sums, 14 * LANES);
    }

    /**
     * Sums the lanes of each of the 15 vectors. Two vectors are folded into one with half of its lanes from each; after
     * four such steps lane i is the sum of vector i. Five lanes are stored to each row of c; stores of the first
     * columns fill the rest with zeros. The lanes are shifted to their columns and stored from the start of the row,
     * because a masked store beyond the end of a segment, even with inactive lanes, is slow in the JDK and may
     * allocate.
     */
    private static void fold(float[] sums, int column, MemorySegment c, long to0, long to1, long to2) {
        if (c.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        FloatVector s0 = FloatVector.fromArray(SPECIES, sums, 0 * LANES);
        FloatVector s8 = FloatVector.fromArray(SPECIES, sums, 8 * LANES);
        FloatVector a0 = s0.blend(s8, HAVE_8).add(s8.blend(s0, HAVE_8).rearrange(BY_8));
        FloatVector s4 = FloatVector.fromArray(SPECIES, sums, 4 * LANES);
        FloatVector s12 = FloatVector.fromArray(SPECIES, sums, 12 * LANES);
        FloatVector a4 = s4.blend(s12, HAVE_8).add(s12.blend(s4, HAVE_8).rearrange(BY_8));
        FloatVector b0 = a0.blend(a4, HAVE_4).add(a4.blend(a0, HAVE_4).rearrange(BY_4));
        FloatVector s2 = FloatVector.fromArray(SPECIES, sums, 2 * LANES);
        FloatVector s10 = FloatVector.fromArray(SPECIES, sums, 10 * LANES);
        FloatVector a2 = s2.blend(s10, HAVE_8).add(s10.blend(s2, HAVE_8).rearrange(BY_8));
        FloatVector s6 = FloatVector.fromArray(SPECIES, sums, 6 * LANES);
        FloatVector s14 = FloatVector.fromArray(SPECIES, sums, 14 * LANES);
        FloatVector a6 = s6.blend(s14, HAVE_8).add(s14.blend(s6, HAVE_8).rearrange(BY_8));
        FloatVector b2 = a2.blend(a6, HAVE_4).add(a6.blend(a2, HAVE_4).rearrange(BY_4));
        FloatVector c0 = b0.blend(b2, HAVE_2).add(b2.blend(b0, HAVE_2).rearrange(BY_2));
        FloatVector s1 = FloatVector.fromArray(SPECIES, sums, 1 * LANES);
        FloatVector s9 = FloatVector.fromArray(SPECIES, sums, 9 * LANES);
        FloatVector a1 = s1.blend(s9, HAVE_8).add(s9.blend(s1, HAVE_8).rearrange(BY_8));
        FloatVector s5 = FloatVector.fromArray(SPECIES, sums, 5 * LANES);
        FloatVector s13 = FloatVector.fromArray(SPECIES, sums, 13 * LANES);
        FloatVector a5 = s5.blend(s13, HAVE_8).add(s13.blend(s5, HAVE_8).rearrange(BY_8));
        FloatVector b1 = a1.blend(a5, HAVE_4).add(a5.blend(a1, HAVE_4).rearrange(BY_4));
        FloatVector s3 = FloatVector.fromArray(SPECIES, sums, 3 * LANES);
        FloatVector s11 = FloatVector.fromArray(SPECIES, sums, 11 * LANES);
        FloatVector a3 = s3.blend(s11, HAVE_8).add(s11.blend(s3, HAVE_8).rearrange(BY_8));
        FloatVector s7 = FloatVector.fromArray(SPECIES, sums, 7 * LANES);
        FloatVector s15 = FloatVector.fromArray(SPECIES, sums, 15 * LANES);
        FloatVector a7 = s7.blend(s15, HAVE_8).add(s15.blend(s7, HAVE_8).rearrange(BY_8));
        FloatVector b3 = a3.blend(a7, HAVE_4).add(a7.blend(a3, HAVE_4).rearrange(BY_4));
        FloatVector c1 = b1.blend(b3, HAVE_2).add(b3.blend(b1, HAVE_2).rearrange(BY_2));
        FloatVector d0 = c0.blend(c1, HAVE_1).add(c1.blend(c0, HAVE_1).rearrange(BY_1));
        if (column == 0) {
            FloatVector zero = FloatVector.zero(SPECIES);
            zero.blend(d0, FIRST_FIVE).intoMemorySegment(c, to0, ORDER);
            zero.blend(d0.rearrange(DOWN_5), FIRST_FIVE).intoMemorySegment(c, to1, ORDER);
            zero.blend(d0.rearrange(DOWN_10), FIRST_FIVE).intoMemorySegment(c, to2, ORDER);
        } else if (column == COLUMNS) {
            d0.rearrange(UP_5).intoMemorySegment(c, to0, ORDER, SECOND_FIVE);
            d0.intoMemorySegment(c, to1, ORDER, SECOND_FIVE);
            d0.rearrange(DOWN_5).intoMemorySegment(c, to2, ORDER, SECOND_FIVE);
        } else {
            d0.rearrange(UP_10).intoMemorySegment(c, to0, ORDER, THIRD_FIVE);
            d0.rearrange(UP_5).intoMemorySegment(c, to1, ORDER, THIRD_FIVE);
            d0.intoMemorySegment(c, to2, ORDER, THIRD_FIVE);
        }
    }
}
