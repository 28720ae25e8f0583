package io.heddle.internal.kernels;

import static io.heddle.internal.kernels.VectorKernels.LANES;
import static io.heddle.internal.kernels.VectorKernels.SPECIES;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The register tile of convolutions for any width: 7 or 8 pixels by one vector of channels, which it stores itself. On
 * 16 registers 8 sums leave no spills and were as fast as any other shape; see {@link ConvolutionTile}.
 */
final class NarrowConvolutionTile {
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final long BYTES = (long) LANES * Float.BYTES;
    private static final int SEVEN = 7;

    private NarrowConvolutionTile() {}

    /** A whole tile of one vector, see {@link ConvolutionKernels#tile}. */
    static void run(
            int rows,
            int segments,
            int run,
            MemorySegment a,
            long aOffset,
            long aRow,
            long aSegment,
            MemorySegment b,
            long bOffset,
            long biasOffset,
            MemorySegment c,
            long cOffset,
            long cRow) {
        if (rows <= SEVEN) {
            tile7x1(rows, segments, run, a, aOffset, aRow, aSegment, b, bOffset, biasOffset, c, cOffset, cRow);
        } else {
            tile8x1(rows, segments, run, a, aOffset, aRow, aSegment, b, bOffset, biasOffset, c, cOffset, cRow);
        }
    }

    private static void tile8x1(
            int rows,
            int segments,
            int run,
            MemorySegment a,
            long aOffset,
            long aRow,
            long aSegment,
            MemorySegment b,
            long bOffset,
            long biasOffset,
            MemorySegment c,
            long cOffset,
            long cRow) {
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
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        FloatVector s4 = s0;
        FloatVector s5 = s0;
        FloatVector s6 = s0;
        FloatVector s7 = s0;
        for (int s = 0; s < segments; s++) {
            long a0 = aOffset + (long) s * aSegment;
            long a1 = a0 + row1;
            long a2 = a0 + row2;
            long a3 = a0 + row3;
            long a4 = a0 + row4;
            long a5 = a0 + row5;
            long a6 = a0 + row6;
            long a7 = a0 + row7;
            long weights = bOffset + (long) s * run * BYTES;
            for (int k = 0; k < run; k++) {
                long atA = (long) k * Float.BYTES;
                long atB = weights + (long) k * BYTES;
                FloatVector b0 = FloatVector.fromMemorySegment(SPECIES, b, atB, ORDER);
                FloatVector x0 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a0 + atA));
                s0 = b0.fma(x0, s0);
                FloatVector x1 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a1 + atA));
                s1 = b0.fma(x1, s1);
                FloatVector x2 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a2 + atA));
                s2 = b0.fma(x2, s2);
                FloatVector x3 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a3 + atA));
                s3 = b0.fma(x3, s3);
                FloatVector x4 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a4 + atA));
                s4 = b0.fma(x4, s4);
                FloatVector x5 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a5 + atA));
                s5 = b0.fma(x5, s5);
                FloatVector x6 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a6 + atA));
                s6 = b0.fma(x6, s6);
                FloatVector x7 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a7 + atA));
                s7 = b0.fma(x7, s7);
            }
        }
        if (biasOffset >= 0) {
            FloatVector shift = FloatVector.fromMemorySegment(SPECIES, b, biasOffset, ORDER);
            s0 = shift.add(s0);
            s0 = s0.blend(0f, s0.compare(VectorOperators.LT, 0f));
            s1 = shift.add(s1);
            s1 = s1.blend(0f, s1.compare(VectorOperators.LT, 0f));
            s2 = shift.add(s2);
            s2 = s2.blend(0f, s2.compare(VectorOperators.LT, 0f));
            s3 = shift.add(s3);
            s3 = s3.blend(0f, s3.compare(VectorOperators.LT, 0f));
            s4 = shift.add(s4);
            s4 = s4.blend(0f, s4.compare(VectorOperators.LT, 0f));
            s5 = shift.add(s5);
            s5 = s5.blend(0f, s5.compare(VectorOperators.LT, 0f));
            s6 = shift.add(s6);
            s6 = s6.blend(0f, s6.compare(VectorOperators.LT, 0f));
            s7 = shift.add(s7);
            s7 = s7.blend(0f, s7.compare(VectorOperators.LT, 0f));
        }
        s0.intoMemorySegment(c, cOffset, ORDER);
        s1.intoMemorySegment(c, cOffset + r1 * cRow, ORDER);
        s2.intoMemorySegment(c, cOffset + r2 * cRow, ORDER);
        s3.intoMemorySegment(c, cOffset + r3 * cRow, ORDER);
        s4.intoMemorySegment(c, cOffset + r4 * cRow, ORDER);
        s5.intoMemorySegment(c, cOffset + r5 * cRow, ORDER);
        s6.intoMemorySegment(c, cOffset + r6 * cRow, ORDER);
        s7.intoMemorySegment(c, cOffset + r7 * cRow, ORDER);
    }

    private static void tile7x1(
            int rows,
            int segments,
            int run,
            MemorySegment a,
            long aOffset,
            long aRow,
            long aSegment,
            MemorySegment b,
            long bOffset,
            long biasOffset,
            MemorySegment c,
            long cOffset,
            long cRow) {
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
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        FloatVector s4 = s0;
        FloatVector s5 = s0;
        FloatVector s6 = s0;
        for (int s = 0; s < segments; s++) {
            long a0 = aOffset + (long) s * aSegment;
            long a1 = a0 + row1;
            long a2 = a0 + row2;
            long a3 = a0 + row3;
            long a4 = a0 + row4;
            long a5 = a0 + row5;
            long a6 = a0 + row6;
            long weights = bOffset + (long) s * run * BYTES;
            for (int k = 0; k < run; k++) {
                long atA = (long) k * Float.BYTES;
                long atB = weights + (long) k * BYTES;
                FloatVector b0 = FloatVector.fromMemorySegment(SPECIES, b, atB, ORDER);
                FloatVector x0 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a0 + atA));
                s0 = b0.fma(x0, s0);
                FloatVector x1 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a1 + atA));
                s1 = b0.fma(x1, s1);
                FloatVector x2 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a2 + atA));
                s2 = b0.fma(x2, s2);
                FloatVector x3 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a3 + atA));
                s3 = b0.fma(x3, s3);
                FloatVector x4 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a4 + atA));
                s4 = b0.fma(x4, s4);
                FloatVector x5 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a5 + atA));
                s5 = b0.fma(x5, s5);
                FloatVector x6 = FloatVector.broadcast(SPECIES, a.get(FLOAT, a6 + atA));
                s6 = b0.fma(x6, s6);
            }
        }
        if (biasOffset >= 0) {
            FloatVector shift = FloatVector.fromMemorySegment(SPECIES, b, biasOffset, ORDER);
            s0 = shift.add(s0);
            s0 = s0.blend(0f, s0.compare(VectorOperators.LT, 0f));
            s1 = shift.add(s1);
            s1 = s1.blend(0f, s1.compare(VectorOperators.LT, 0f));
            s2 = shift.add(s2);
            s2 = s2.blend(0f, s2.compare(VectorOperators.LT, 0f));
            s3 = shift.add(s3);
            s3 = s3.blend(0f, s3.compare(VectorOperators.LT, 0f));
            s4 = shift.add(s4);
            s4 = s4.blend(0f, s4.compare(VectorOperators.LT, 0f));
            s5 = shift.add(s5);
            s5 = s5.blend(0f, s5.compare(VectorOperators.LT, 0f));
            s6 = shift.add(s6);
            s6 = s6.blend(0f, s6.compare(VectorOperators.LT, 0f));
        }
        s0.intoMemorySegment(c, cOffset, ORDER);
        s1.intoMemorySegment(c, cOffset + r1 * cRow, ORDER);
        s2.intoMemorySegment(c, cOffset + r2 * cRow, ORDER);
        s3.intoMemorySegment(c, cOffset + r3 * cRow, ORDER);
        s4.intoMemorySegment(c, cOffset + r4 * cRow, ORDER);
        s5.intoMemorySegment(c, cOffset + r5 * cRow, ORDER);
        s6.intoMemorySegment(c, cOffset + r6 * cRow, ORDER);
    }
}
