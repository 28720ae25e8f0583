package io.heddle.simd;

import static io.heddle.simd.VectorKernels.LANES;
import static io.heddle.simd.VectorKernels.SPECIES;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/**
 * The register tile for 128- and 256-bit vectors, made of pieces of 4 rows by 2 vectors: 8 sums, which leave room for
 * the operands in 16 registers. As in {@link WideTile}, missing rows repeat the last one and b's operands multiply.
 */
final class NarrowTile {
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final long BYTES = (long) LANES * Float.BYTES;

    private NarrowTile() {}

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
        for (int j = 0; j < columns; j += 2 * LANES) {
            long at = (long) j * Float.BYTES;
            for (int r = 0; r < rows; r += 4) {
                int some = Math.min(4, rows - r);
                long aBlock = aOffset + r * aRow;
                piece(some, depth, a, aBlock, aRow, aStep, b, bOffset + at, bStep, sums, r * columns + j, columns);
            }
        }
    }

    private static void piece(
            int rows,
            int depth,
            MemorySegment a,
            long aOffset,
            long aRow,
            long aStep,
            MemorySegment b,
            long bOffset,
            long bStep,
            float[] sums,
            int at,
            int row) {
        long a1 = aOffset + Math.min(1, rows - 1) * aRow;
        long a2 = aOffset + Math.min(2, rows - 1) * aRow;
        long a3 = aOffset + Math.min(3, rows - 1) * aRow;
        FloatVector s00 = FloatVector.zero(SPECIES);
        FloatVector s01 = s00;
        FloatVector s10 = s00;
        FloatVector s11 = s00;
        FloatVector s20 = s00;
        FloatVector s21 = s00;
        FloatVector s30 = s00;
        FloatVector s31 = s00;
        for (int k = 0; k < depth; k++) {
            long atA = k * aStep;
            long atB = bOffset + k * bStep;
            FloatVector b0 = FloatVector.fromMemorySegment(SPECIES, b, atB, ORDER);
            FloatVector b1 = FloatVector.fromMemorySegment(SPECIES, b, atB + BYTES, ORDER);
            FloatVector x0 = FloatVector.broadcast(SPECIES, a.get(FLOAT, aOffset + atA));
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
        s00.intoArray(sums, at);
        s01.intoArray(sums, at + LANES);
        s10.intoArray(sums, at + row);
        s11.intoArray(sums, at + row + LANES);
        s20.intoArray(sums, at + 2 * row);
        s21.intoArray(sums, at + 2 * row + LANES);
        s30.intoArray(sums, at + 3 * row);
        s31.intoArray(sums, at + 3 * row + LANES);
    }
}
