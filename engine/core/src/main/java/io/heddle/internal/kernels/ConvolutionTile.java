package io.heddle.internal.kernels;

import static io.heddle.internal.kernels.VectorKernels.LANES;
import static io.heddle.internal.kernels.VectorKernels.SPECIES;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/**
 * The register tile of convolutions where vectors have 512 bits: 4, 7 or 8 pixels by two vectors of channels. Seven,
 * because planes of 7, 14 and 28 pixels are so common; four is for an image alone, whose planes make few tiles. As in
 * {@link WideTile}, missing pixels repeat the last one, b's operands multiply, and the sums are laid down in an array:
 * to store them here would be more accesses to segments than C1 compiles.
 */
final class ConvolutionTile {
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final long BYTES = (long) LANES * Float.BYTES;
    private static final int FOUR = 4;
    private static final int SEVEN = 7;

    private ConvolutionTile() {}

    /** The sums of a tile of two vectors, row after row, into {@code sums}. */
    static void sums(
            int rows,
            int segments,
            int run,
            MemorySegment a,
            long aOffset,
            long aRow,
            long aSegment,
            MemorySegment b,
            long bOffset,
            float[] sums) {
        if (rows <= FOUR) {
            tile4x2(rows, segments, run, a, aOffset, aRow, aSegment, b, bOffset, sums);
        } else if (rows <= SEVEN) {
            tile7x2(rows, segments, run, a, aOffset, aRow, aSegment, b, bOffset, sums);
        } else {
            tile8x2(rows, segments, run, a, aOffset, aRow, aSegment, b, bOffset, sums);
        }
    }

    private static void tile8x2(
            int rows,
            int segments,
            int run,
            MemorySegment a,
            long aOffset,
            long aRow,
            long aSegment,
            MemorySegment b,
            long bOffset,
            float[] sums) {
        int r1 = Math.min(1, rows - 1);
        int r2 = Math.min(2, rows - 1);
        int r3 = Math.min(3, rows - 1);
        int r4 = Math.min(4, rows - 1);
        int r5 = Math.min(5, rows - 1);
        int r6 = Math.min(6, rows - 1);
        int r7 = Math.min(7, rows - 1);
        long row1 = r1 * aRow;
        long row2 = r2 * aRow;
        long row3 = r3 * aRow;
        long row4 = r4 * aRow;
        long row5 = r5 * aRow;
        long row6 = r6 * aRow;
        long row7 = r7 * aRow;
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
        for (int s = 0; s < segments; s++) {
            long a0 = aOffset + (long) s * aSegment;
            long a1 = a0 + row1;
            long a2 = a0 + row2;
            long a3 = a0 + row3;
            long a4 = a0 + row4;
            long a5 = a0 + row5;
            long a6 = a0 + row6;
            long a7 = a0 + row7;
            long weights = bOffset + (long) s * run * (2 * BYTES);
            for (int k = 0; k < run; k++) {
                long atA = (long) k * Float.BYTES;
                long atB = weights + (long) k * (2 * BYTES);
                FloatVector b0 = FloatVector.fromMemorySegment(SPECIES, b, atB, ORDER);
                FloatVector b1 = FloatVector.fromMemorySegment(SPECIES, b, atB + BYTES, ORDER);
                FloatVector x0 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a0 + atA));
                s00 = b0.fma(x0, s00);
                s01 = b1.fma(x0, s01);
                FloatVector x1 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a1 + atA));
                s10 = b0.fma(x1, s10);
                s11 = b1.fma(x1, s11);
                FloatVector x2 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a2 + atA));
                s20 = b0.fma(x2, s20);
                s21 = b1.fma(x2, s21);
                FloatVector x3 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a3 + atA));
                s30 = b0.fma(x3, s30);
                s31 = b1.fma(x3, s31);
                FloatVector x4 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a4 + atA));
                s40 = b0.fma(x4, s40);
                s41 = b1.fma(x4, s41);
                FloatVector x5 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a5 + atA));
                s50 = b0.fma(x5, s50);
                s51 = b1.fma(x5, s51);
                FloatVector x6 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a6 + atA));
                s60 = b0.fma(x6, s60);
                s61 = b1.fma(x6, s61);
                FloatVector x7 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a7 + atA));
                s70 = b0.fma(x7, s70);
                s71 = b1.fma(x7, s71);
            }
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

    private static void tile7x2(
            int rows,
            int segments,
            int run,
            MemorySegment a,
            long aOffset,
            long aRow,
            long aSegment,
            MemorySegment b,
            long bOffset,
            float[] sums) {
        int r1 = Math.min(1, rows - 1);
        int r2 = Math.min(2, rows - 1);
        int r3 = Math.min(3, rows - 1);
        int r4 = Math.min(4, rows - 1);
        int r5 = Math.min(5, rows - 1);
        int r6 = Math.min(6, rows - 1);
        long row1 = r1 * aRow;
        long row2 = r2 * aRow;
        long row3 = r3 * aRow;
        long row4 = r4 * aRow;
        long row5 = r5 * aRow;
        long row6 = r6 * aRow;
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
        for (int s = 0; s < segments; s++) {
            long a0 = aOffset + (long) s * aSegment;
            long a1 = a0 + row1;
            long a2 = a0 + row2;
            long a3 = a0 + row3;
            long a4 = a0 + row4;
            long a5 = a0 + row5;
            long a6 = a0 + row6;
            long weights = bOffset + (long) s * run * (2 * BYTES);
            for (int k = 0; k < run; k++) {
                long atA = (long) k * Float.BYTES;
                long atB = weights + (long) k * (2 * BYTES);
                FloatVector b0 = FloatVector.fromMemorySegment(SPECIES, b, atB, ORDER);
                FloatVector b1 = FloatVector.fromMemorySegment(SPECIES, b, atB + BYTES, ORDER);
                FloatVector x0 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a0 + atA));
                s00 = b0.fma(x0, s00);
                s01 = b1.fma(x0, s01);
                FloatVector x1 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a1 + atA));
                s10 = b0.fma(x1, s10);
                s11 = b1.fma(x1, s11);
                FloatVector x2 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a2 + atA));
                s20 = b0.fma(x2, s20);
                s21 = b1.fma(x2, s21);
                FloatVector x3 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a3 + atA));
                s30 = b0.fma(x3, s30);
                s31 = b1.fma(x3, s31);
                FloatVector x4 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a4 + atA));
                s40 = b0.fma(x4, s40);
                s41 = b1.fma(x4, s41);
                FloatVector x5 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a5 + atA));
                s50 = b0.fma(x5, s50);
                s51 = b1.fma(x5, s51);
                FloatVector x6 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a6 + atA));
                s60 = b0.fma(x6, s60);
                s61 = b1.fma(x6, s61);
            }
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
    }

    private static void tile4x2(
            int rows,
            int segments,
            int run,
            MemorySegment a,
            long aOffset,
            long aRow,
            long aSegment,
            MemorySegment b,
            long bOffset,
            float[] sums) {
        int r1 = Math.min(1, rows - 1);
        int r2 = Math.min(2, rows - 1);
        int r3 = Math.min(3, rows - 1);
        long row1 = r1 * aRow;
        long row2 = r2 * aRow;
        long row3 = r3 * aRow;
        FloatVector s00 = FloatVector.zero(SPECIES);
        FloatVector s01 = s00;
        FloatVector s10 = s00;
        FloatVector s11 = s00;
        FloatVector s20 = s00;
        FloatVector s21 = s00;
        FloatVector s30 = s00;
        FloatVector s31 = s00;
        for (int s = 0; s < segments; s++) {
            long a0 = aOffset + (long) s * aSegment;
            long a1 = a0 + row1;
            long a2 = a0 + row2;
            long a3 = a0 + row3;
            long weights = bOffset + (long) s * run * (2 * BYTES);
            for (int k = 0; k < run; k++) {
                long atA = (long) k * Float.BYTES;
                long atB = weights + (long) k * (2 * BYTES);
                FloatVector b0 = FloatVector.fromMemorySegment(SPECIES, b, atB, ORDER);
                FloatVector b1 = FloatVector.fromMemorySegment(SPECIES, b, atB + BYTES, ORDER);
                FloatVector x0 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a0 + atA));
                s00 = b0.fma(x0, s00);
                s01 = b1.fma(x0, s01);
                FloatVector x1 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a1 + atA));
                s10 = b0.fma(x1, s10);
                s11 = b1.fma(x1, s11);
                FloatVector x2 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a2 + atA));
                s20 = b0.fma(x2, s20);
                s21 = b1.fma(x2, s21);
                FloatVector x3 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a3 + atA));
                s30 = b0.fma(x3, s30);
                s31 = b1.fma(x3, s31);
            }
        }
        s00.intoArray(sums, 0 * LANES);
        s01.intoArray(sums, 1 * LANES);
        s10.intoArray(sums, 2 * LANES);
        s11.intoArray(sums, 3 * LANES);
        s20.intoArray(sums, 4 * LANES);
        s21.intoArray(sums, 5 * LANES);
        s30.intoArray(sums, 6 * LANES);
        s31.intoArray(sums, 7 * LANES);
    }
}
