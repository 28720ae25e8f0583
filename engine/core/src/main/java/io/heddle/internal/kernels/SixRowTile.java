package io.heddle.internal.kernels;

import static io.heddle.internal.kernels.VectorKernels.LANES;
import static io.heddle.internal.kernels.VectorKernels.SPECIES;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/**
 * The register tile for processors with 16 vector registers: 6 rows by 2 vectors, 12 sums, which leave 4 registers for
 * the operands.
 *
 * <p>That is just what one step needs, so the form of the loop decides. C2 schedules loads before multiplications, and
 * where it has room to load a fifth operand early, one of the sums goes to the stack and waits for its own store in
 * each step: half the speed. A loop of one step, with both operands packed at strides that are powers of two, leaves no
 * such room. Two steps in one iteration, operands from arrays, an offset that is itself the loop variable, or a stride
 * that is a variable do. As in {@link EightRowTile}, b's operands multiply.
 */
final class SixRowTile {
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final long BYTES = (long) LANES * Float.BYTES;
    /** Bytes between two steps of the left operand. */
    private static final long LEFT = Kernels.LEFT_STEP * (long) Float.BYTES;

    private SixRowTile() {}

    /** The sums of the tile, row after row, into {@code sums}. */
    static void run(int depth, MemorySegment a, long aOffset, MemorySegment b, long bOffset, float[] sums) {
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
        for (int k = 0; k < depth; k++) {
            long atA = aOffset + (long) k * LEFT;
            long atB = bOffset + (long) k * (2 * BYTES);
            FloatVector b0 = FloatVector.fromMemorySegment(SPECIES, b, atB, ORDER);
            FloatVector b1 = FloatVector.fromMemorySegment(SPECIES, b, atB + BYTES, ORDER);
            FloatVector x0 = FloatVector.broadcast(SPECIES, a.get(FLOAT, atA));
            s00 = b0.fma(x0, s00);
            s01 = b1.fma(x0, s01);
            FloatVector x1 = FloatVector.broadcast(SPECIES, a.get(FLOAT, atA + 4));
            s10 = b0.fma(x1, s10);
            s11 = b1.fma(x1, s11);
            FloatVector x2 = FloatVector.broadcast(SPECIES, a.get(FLOAT, atA + 8));
            s20 = b0.fma(x2, s20);
            s21 = b1.fma(x2, s21);
            FloatVector x3 = FloatVector.broadcast(SPECIES, a.get(FLOAT, atA + 12));
            s30 = b0.fma(x3, s30);
            s31 = b1.fma(x3, s31);
            FloatVector x4 = FloatVector.broadcast(SPECIES, a.get(FLOAT, atA + 16));
            s40 = b0.fma(x4, s40);
            s41 = b1.fma(x4, s41);
            FloatVector x5 = FloatVector.broadcast(SPECIES, a.get(FLOAT, atA + 20));
            s50 = b0.fma(x5, s50);
            s51 = b1.fma(x5, s51);
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
    }
}
