package io.heddle.internal.kernels;

import static io.heddle.internal.kernels.VectorKernels.LANES;
import static io.heddle.internal.kernels.VectorKernels.SPECIES;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/**
 * The register tile for processors with 32 vector registers: 8 rows by 1 or 2 vectors. 16 sums in flight hide the
 * latency of the fused multiply-add, and each step loads less than it multiplies.
 *
 * <p>A fused multiply-add is called on an operand that comes from b, the few that all the rows share. C2 knows the
 * class of the object it is called on by the profile alone, and trusts that only until the methods inlined so far were
 * deoptimised a hundred times between them, wherever in the program that was. Every read from a segment adds its own,
 * so that objects made later, row by row, would in the end be called virtually, and their sums become objects.
 *
 * <p>A tile of fewer rows computes rows that are not stored: no masks, and one edge kernel, of 5 rows, half of the ten
 * classes so common in practice. The sums are local variables, one by one, because only such reliably stay in
 * registers, and they are laid down in an array: two dozen accesses to a segment in the same method are more than C1
 * can compile, and a method that C1 gives up at its third level is, in JDK 25, never offered to C2.
 */
final class EightRowTile {
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final long BYTES = (long) LANES * Float.BYTES;
    /** Bytes between two steps of the left operand. */
    private static final long LEFT = Kernels.LEFT_STEP * (long) Float.BYTES;

    private EightRowTile() {}

    /** The sums of the tile, row after row, into {@code sums}. */
    static void run(
            int rows,
            int columns,
            int depth,
            MemorySegment a,
            long aOffset,
            MemorySegment b,
            long bOffset,
            float[] sums) {
        if (columns == LANES) {
            tile8x1(depth, a, aOffset, b, bOffset, sums);
        } else if (rows <= 5) {
            tile5x2(depth, a, aOffset, b, bOffset, sums);
        } else {
            tile8x2(depth, a, aOffset, b, bOffset, sums);
        }
    }

    private static void tile5x2(int depth, MemorySegment a, long aOffset, MemorySegment b, long bOffset, float[] sums) {
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
    }

    private static void tile8x2(int depth, MemorySegment a, long aOffset, MemorySegment b, long bOffset, float[] sums) {
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
            FloatVector x6 = FloatVector.broadcast(SPECIES, a.get(FLOAT, atA + 24));
            s60 = b0.fma(x6, s60);
            s61 = b1.fma(x6, s61);
            FloatVector x7 = FloatVector.broadcast(SPECIES, a.get(FLOAT, atA + 28));
            s70 = b0.fma(x7, s70);
            s71 = b1.fma(x7, s71);
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

    private static void tile8x1(int depth, MemorySegment a, long aOffset, MemorySegment b, long bOffset, float[] sums) {
        FloatVector s00 = FloatVector.zero(SPECIES);
        FloatVector s10 = s00;
        FloatVector s20 = s00;
        FloatVector s30 = s00;
        FloatVector s40 = s00;
        FloatVector s50 = s00;
        FloatVector s60 = s00;
        FloatVector s70 = s00;
        for (int k = 0; k < depth; k++) {
            long atA = aOffset + (long) k * LEFT;
            long atB = bOffset + (long) k * BYTES;
            FloatVector b0 = FloatVector.fromMemorySegment(SPECIES, b, atB, ORDER);
            FloatVector x0 = FloatVector.broadcast(SPECIES, a.get(FLOAT, atA));
            s00 = b0.fma(x0, s00);
            FloatVector x1 = FloatVector.broadcast(SPECIES, a.get(FLOAT, atA + 4));
            s10 = b0.fma(x1, s10);
            FloatVector x2 = FloatVector.broadcast(SPECIES, a.get(FLOAT, atA + 8));
            s20 = b0.fma(x2, s20);
            FloatVector x3 = FloatVector.broadcast(SPECIES, a.get(FLOAT, atA + 12));
            s30 = b0.fma(x3, s30);
            FloatVector x4 = FloatVector.broadcast(SPECIES, a.get(FLOAT, atA + 16));
            s40 = b0.fma(x4, s40);
            FloatVector x5 = FloatVector.broadcast(SPECIES, a.get(FLOAT, atA + 20));
            s50 = b0.fma(x5, s50);
            FloatVector x6 = FloatVector.broadcast(SPECIES, a.get(FLOAT, atA + 24));
            s60 = b0.fma(x6, s60);
            FloatVector x7 = FloatVector.broadcast(SPECIES, a.get(FLOAT, atA + 28));
            s70 = b0.fma(x7, s70);
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
