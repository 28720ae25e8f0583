package io.heddle.simd;

import static io.heddle.simd.VectorKernels.LANES;
import static io.heddle.simd.VectorKernels.SPECIES;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/**
 * The register tile for 512-bit vectors: 8 rows by 1, 2 or 3 vectors, 24 sums in flight at most, which with three
 * operands and one broadcast fills 28 of the 32 registers.
 *
 * <p>A tile of fewer rows computes its last row several times: no masks, and one edge kernel, of 5 rows, half of the
 * ten classes so common in practice. The sums are local variables, one by one, because only such reliably stay in
 * registers, and they are laid down in an array: two dozen accesses to a segment in the same method are more than C1
 * can compile, and a method that C1 gives up at its third level is, in JDK 25, never offered to C2.
 */
final class WideTile {
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final long BYTES = 64;

    private WideTile() {}

    /** The sums of the tile, row after row, into {@code sums}. */
    static void run(
            int rows,
            int columns,
            int depth,
            MemorySegment a,
            long aOffset,
            long aRow,
            long aStep,
            MemorySegment b,
            long bOffset,
            long bStep,
            float[] sums) {
        switch (columns) {
            case 48 -> {
                if (rows <= 5) {
                    tile5x3(rows, depth, a, aOffset, aRow, aStep, b, bOffset, bStep, sums);
                } else {
                    tile8x3(rows, depth, a, aOffset, aRow, aStep, b, bOffset, bStep, sums);
                }
            }
            case 32 -> tile8x2(rows, depth, a, aOffset, aRow, aStep, b, bOffset, bStep, sums);
            case 16 -> tile8x1(rows, depth, a, aOffset, aRow, aStep, b, bOffset, bStep, sums);
            default -> throw new IllegalArgumentException("a tile has 16, 32 or 48 columns, not " + columns);
        }
    }

    private static void tile8x3(
            int rows,
            int depth,
            MemorySegment a,
            long aOffset,
            long aRow,
            long aStep,
            MemorySegment b,
            long bOffset,
            long bStep,
            float[] sums) {
        long a1 = aOffset + Math.min(1, rows - 1) * aRow;
        long a2 = aOffset + Math.min(2, rows - 1) * aRow;
        long a3 = aOffset + Math.min(3, rows - 1) * aRow;
        long a4 = aOffset + Math.min(4, rows - 1) * aRow;
        long a5 = aOffset + Math.min(5, rows - 1) * aRow;
        long a6 = aOffset + Math.min(6, rows - 1) * aRow;
        long a7 = aOffset + Math.min(7, rows - 1) * aRow;
        FloatVector s00 = FloatVector.zero(SPECIES);
        FloatVector s01 = s00;
        FloatVector s02 = s00;
        FloatVector s10 = s00;
        FloatVector s11 = s00;
        FloatVector s12 = s00;
        FloatVector s20 = s00;
        FloatVector s21 = s00;
        FloatVector s22 = s00;
        FloatVector s30 = s00;
        FloatVector s31 = s00;
        FloatVector s32 = s00;
        FloatVector s40 = s00;
        FloatVector s41 = s00;
        FloatVector s42 = s00;
        FloatVector s50 = s00;
        FloatVector s51 = s00;
        FloatVector s52 = s00;
        FloatVector s60 = s00;
        FloatVector s61 = s00;
        FloatVector s62 = s00;
        FloatVector s70 = s00;
        FloatVector s71 = s00;
        FloatVector s72 = s00;
        for (int k = 0; k < depth; k++) {
            long atA = k * aStep;
            long atB = bOffset + k * bStep;
            FloatVector b0 = FloatVector.fromMemorySegment(SPECIES, b, atB, ORDER);
            FloatVector b1 = FloatVector.fromMemorySegment(SPECIES, b, atB + BYTES, ORDER);
            FloatVector b2 = FloatVector.fromMemorySegment(SPECIES, b, atB + 2 * BYTES, ORDER);
            FloatVector x0 = FloatVector.broadcast(SPECIES, a.get(FLOAT, aOffset + atA));
            s00 = x0.fma(b0, s00);
            s01 = x0.fma(b1, s01);
            s02 = x0.fma(b2, s02);
            FloatVector x1 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a1 + atA));
            s10 = x1.fma(b0, s10);
            s11 = x1.fma(b1, s11);
            s12 = x1.fma(b2, s12);
            FloatVector x2 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a2 + atA));
            s20 = x2.fma(b0, s20);
            s21 = x2.fma(b1, s21);
            s22 = x2.fma(b2, s22);
            FloatVector x3 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a3 + atA));
            s30 = x3.fma(b0, s30);
            s31 = x3.fma(b1, s31);
            s32 = x3.fma(b2, s32);
            FloatVector x4 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a4 + atA));
            s40 = x4.fma(b0, s40);
            s41 = x4.fma(b1, s41);
            s42 = x4.fma(b2, s42);
            FloatVector x5 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a5 + atA));
            s50 = x5.fma(b0, s50);
            s51 = x5.fma(b1, s51);
            s52 = x5.fma(b2, s52);
            FloatVector x6 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a6 + atA));
            s60 = x6.fma(b0, s60);
            s61 = x6.fma(b1, s61);
            s62 = x6.fma(b2, s62);
            FloatVector x7 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a7 + atA));
            s70 = x7.fma(b0, s70);
            s71 = x7.fma(b1, s71);
            s72 = x7.fma(b2, s72);
        }
        s00.intoArray(sums, 0 * LANES);
        s01.intoArray(sums, 1 * LANES);
        s02.intoArray(sums, 2 * LANES);
        s10.intoArray(sums, 3 * LANES);
        s11.intoArray(sums, 4 * LANES);
        s12.intoArray(sums, 5 * LANES);
        s20.intoArray(sums, 6 * LANES);
        s21.intoArray(sums, 7 * LANES);
        s22.intoArray(sums, 8 * LANES);
        s30.intoArray(sums, 9 * LANES);
        s31.intoArray(sums, 10 * LANES);
        s32.intoArray(sums, 11 * LANES);
        s40.intoArray(sums, 12 * LANES);
        s41.intoArray(sums, 13 * LANES);
        s42.intoArray(sums, 14 * LANES);
        s50.intoArray(sums, 15 * LANES);
        s51.intoArray(sums, 16 * LANES);
        s52.intoArray(sums, 17 * LANES);
        s60.intoArray(sums, 18 * LANES);
        s61.intoArray(sums, 19 * LANES);
        s62.intoArray(sums, 20 * LANES);
        s70.intoArray(sums, 21 * LANES);
        s71.intoArray(sums, 22 * LANES);
        s72.intoArray(sums, 23 * LANES);
    }

    private static void tile5x3(
            int rows,
            int depth,
            MemorySegment a,
            long aOffset,
            long aRow,
            long aStep,
            MemorySegment b,
            long bOffset,
            long bStep,
            float[] sums) {
        long a1 = aOffset + Math.min(1, rows - 1) * aRow;
        long a2 = aOffset + Math.min(2, rows - 1) * aRow;
        long a3 = aOffset + Math.min(3, rows - 1) * aRow;
        long a4 = aOffset + Math.min(4, rows - 1) * aRow;
        FloatVector s00 = FloatVector.zero(SPECIES);
        FloatVector s01 = s00;
        FloatVector s02 = s00;
        FloatVector s10 = s00;
        FloatVector s11 = s00;
        FloatVector s12 = s00;
        FloatVector s20 = s00;
        FloatVector s21 = s00;
        FloatVector s22 = s00;
        FloatVector s30 = s00;
        FloatVector s31 = s00;
        FloatVector s32 = s00;
        FloatVector s40 = s00;
        FloatVector s41 = s00;
        FloatVector s42 = s00;
        for (int k = 0; k < depth; k++) {
            long atA = k * aStep;
            long atB = bOffset + k * bStep;
            FloatVector b0 = FloatVector.fromMemorySegment(SPECIES, b, atB, ORDER);
            FloatVector b1 = FloatVector.fromMemorySegment(SPECIES, b, atB + BYTES, ORDER);
            FloatVector b2 = FloatVector.fromMemorySegment(SPECIES, b, atB + 2 * BYTES, ORDER);
            FloatVector x0 = FloatVector.broadcast(SPECIES, a.get(FLOAT, aOffset + atA));
            s00 = x0.fma(b0, s00);
            s01 = x0.fma(b1, s01);
            s02 = x0.fma(b2, s02);
            FloatVector x1 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a1 + atA));
            s10 = x1.fma(b0, s10);
            s11 = x1.fma(b1, s11);
            s12 = x1.fma(b2, s12);
            FloatVector x2 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a2 + atA));
            s20 = x2.fma(b0, s20);
            s21 = x2.fma(b1, s21);
            s22 = x2.fma(b2, s22);
            FloatVector x3 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a3 + atA));
            s30 = x3.fma(b0, s30);
            s31 = x3.fma(b1, s31);
            s32 = x3.fma(b2, s32);
            FloatVector x4 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a4 + atA));
            s40 = x4.fma(b0, s40);
            s41 = x4.fma(b1, s41);
            s42 = x4.fma(b2, s42);
        }
        s00.intoArray(sums, 0 * LANES);
        s01.intoArray(sums, 1 * LANES);
        s02.intoArray(sums, 2 * LANES);
        s10.intoArray(sums, 3 * LANES);
        s11.intoArray(sums, 4 * LANES);
        s12.intoArray(sums, 5 * LANES);
        s20.intoArray(sums, 6 * LANES);
        s21.intoArray(sums, 7 * LANES);
        s22.intoArray(sums, 8 * LANES);
        s30.intoArray(sums, 9 * LANES);
        s31.intoArray(sums, 10 * LANES);
        s32.intoArray(sums, 11 * LANES);
        s40.intoArray(sums, 12 * LANES);
        s41.intoArray(sums, 13 * LANES);
        s42.intoArray(sums, 14 * LANES);
    }

    private static void tile8x2(
            int rows,
            int depth,
            MemorySegment a,
            long aOffset,
            long aRow,
            long aStep,
            MemorySegment b,
            long bOffset,
            long bStep,
            float[] sums) {
        long a1 = aOffset + Math.min(1, rows - 1) * aRow;
        long a2 = aOffset + Math.min(2, rows - 1) * aRow;
        long a3 = aOffset + Math.min(3, rows - 1) * aRow;
        long a4 = aOffset + Math.min(4, rows - 1) * aRow;
        long a5 = aOffset + Math.min(5, rows - 1) * aRow;
        long a6 = aOffset + Math.min(6, rows - 1) * aRow;
        long a7 = aOffset + Math.min(7, rows - 1) * aRow;
        FloatVector s00 = FloatVector.zero(SPECIES);
        FloatVector s01 = s00;
        FloatVector s10 = s00;
        FloatVector s11 = s00;
        FloatVector s20 = s00;
        FloatVector s21 = s00;
        FloatVector s30 = s00;
        FloatVector s31 = s00;
        FloatVector s40 = s00;
        FloatVector s41 = s00;
        FloatVector s50 = s00;
        FloatVector s51 = s00;
        FloatVector s60 = s00;
        FloatVector s61 = s00;
        FloatVector s70 = s00;
        FloatVector s71 = s00;
        for (int k = 0; k < depth; k++) {
            long atA = k * aStep;
            long atB = bOffset + k * bStep;
            FloatVector b0 = FloatVector.fromMemorySegment(SPECIES, b, atB, ORDER);
            FloatVector b1 = FloatVector.fromMemorySegment(SPECIES, b, atB + BYTES, ORDER);
            FloatVector x0 = FloatVector.broadcast(SPECIES, a.get(FLOAT, aOffset + atA));
            s00 = x0.fma(b0, s00);
            s01 = x0.fma(b1, s01);
            FloatVector x1 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a1 + atA));
            s10 = x1.fma(b0, s10);
            s11 = x1.fma(b1, s11);
            FloatVector x2 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a2 + atA));
            s20 = x2.fma(b0, s20);
            s21 = x2.fma(b1, s21);
            FloatVector x3 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a3 + atA));
            s30 = x3.fma(b0, s30);
            s31 = x3.fma(b1, s31);
            FloatVector x4 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a4 + atA));
            s40 = x4.fma(b0, s40);
            s41 = x4.fma(b1, s41);
            FloatVector x5 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a5 + atA));
            s50 = x5.fma(b0, s50);
            s51 = x5.fma(b1, s51);
            FloatVector x6 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a6 + atA));
            s60 = x6.fma(b0, s60);
            s61 = x6.fma(b1, s61);
            FloatVector x7 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a7 + atA));
            s70 = x7.fma(b0, s70);
            s71 = x7.fma(b1, s71);
        }
        s00.intoArray(sums, 0 * LANES);
        s01.intoArray(sums, 1 * LANES);
        s10.intoArray(sums, 2 * LANES);
        s11.intoArray(sums, 3 * LANES);
        s20.intoArray(sums, 4 * LANES);
        s21.intoArray(sums, 5 * LANES);
        s30.intoArray(sums, 6 * LANES);
        s31.intoArray(sums, 7 * LANES);
        s40.intoArray(sums, 8 * LANES);
        s41.intoArray(sums, 9 * LANES);
        s50.intoArray(sums, 10 * LANES);
        s51.intoArray(sums, 11 * LANES);
        s60.intoArray(sums, 12 * LANES);
        s61.intoArray(sums, 13 * LANES);
        s70.intoArray(sums, 14 * LANES);
        s71.intoArray(sums, 15 * LANES);
    }

    private static void tile8x1(
            int rows,
            int depth,
            MemorySegment a,
            long aOffset,
            long aRow,
            long aStep,
            MemorySegment b,
            long bOffset,
            long bStep,
            float[] sums) {
        long a1 = aOffset + Math.min(1, rows - 1) * aRow;
        long a2 = aOffset + Math.min(2, rows - 1) * aRow;
        long a3 = aOffset + Math.min(3, rows - 1) * aRow;
        long a4 = aOffset + Math.min(4, rows - 1) * aRow;
        long a5 = aOffset + Math.min(5, rows - 1) * aRow;
        long a6 = aOffset + Math.min(6, rows - 1) * aRow;
        long a7 = aOffset + Math.min(7, rows - 1) * aRow;
        FloatVector s00 = FloatVector.zero(SPECIES);
        FloatVector s10 = s00;
        FloatVector s20 = s00;
        FloatVector s30 = s00;
        FloatVector s40 = s00;
        FloatVector s50 = s00;
        FloatVector s60 = s00;
        FloatVector s70 = s00;
        for (int k = 0; k < depth; k++) {
            long atA = k * aStep;
            long atB = bOffset + k * bStep;
            FloatVector b0 = FloatVector.fromMemorySegment(SPECIES, b, atB, ORDER);
            FloatVector x0 = FloatVector.broadcast(SPECIES, a.get(FLOAT, aOffset + atA));
            s00 = x0.fma(b0, s00);
            FloatVector x1 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a1 + atA));
            s10 = x1.fma(b0, s10);
            FloatVector x2 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a2 + atA));
            s20 = x2.fma(b0, s20);
            FloatVector x3 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a3 + atA));
            s30 = x3.fma(b0, s30);
            FloatVector x4 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a4 + atA));
            s40 = x4.fma(b0, s40);
            FloatVector x5 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a5 + atA));
            s50 = x5.fma(b0, s50);
            FloatVector x6 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a6 + atA));
            s60 = x6.fma(b0, s60);
            FloatVector x7 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a7 + atA));
            s70 = x7.fma(b0, s70);
        }
        s00.intoArray(sums, 0 * LANES);
        s10.intoArray(sums, 1 * LANES);
        s20.intoArray(sums, 2 * LANES);
        s30.intoArray(sums, 3 * LANES);
        s40.intoArray(sums, 4 * LANES);
        s50.intoArray(sums, 5 * LANES);
        s60.intoArray(sums, 6 * LANES);
        s70.intoArray(sums, 7 * LANES);
    }
}
