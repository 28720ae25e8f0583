package io.heddle.internal.kernels;

import static io.heddle.internal.kernels.NativeMemory.KIND;
import static io.heddle.internal.kernels.VectorKernels.LANES;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Packs panels of the left operand. If the elements of a row are contiguous, blocks are transposed in registers; if
 * those of a step are, they are copied. The vectors have eight floats, or four if the processor has no longer ones.
 */
final class LeftPacking {
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final VectorSpecies<Float> SPECIES = LANES >= 8 ? FloatVector.SPECIES_256 : FloatVector.SPECIES_128;
    private static final int SIDE = SPECIES.length();
    private static final long SIDE_BYTES = (long) SIDE * Float.BYTES;
    private static final int LEFT_STEP = VectorKernels.SHAPE.leftStep();
    private static final long STEP = LEFT_STEP * (long) Float.BYTES;

    private static final VectorShuffle<Float> BY_4 = exchange(4);
    private static final VectorShuffle<Float> BY_2 = exchange(2);
    private static final VectorShuffle<Float> BY_1 = exchange(1);
    // Masks of the lanes whose number has that bit.
    private static final VectorMask<Float> HAVE_4 = VectorMask.fromLong(SPECIES, 0xf0 & (1 << SIDE) - 1);
    private static final VectorMask<Float> HAVE_2 = VectorMask.fromLong(SPECIES, 0xcc & (1 << SIDE) - 1);
    private static final VectorMask<Float> HAVE_1 = VectorMask.fromLong(SPECIES, 0xaa & (1 << SIDE) - 1);

    private LeftPacking() {}

    private static VectorShuffle<Float> exchange(int distance) {
        return VectorShuffle.fromOp(SPECIES, i -> (i ^ distance) % SIDE);
    }

    static void run(
            int rows,
            int depth,
            MemorySegment a,
            long aOffset,
            long aRow,
            long aStep,
            MemorySegment out,
            long outOffset) {
        if (a.getClass() != KIND || out.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        int done = 0;
        if (aStep == Float.BYTES) {
            done = depth - depth % SIDE;
            for (int k = 0; k < done; k += SIDE) {
                long from = aOffset + (long) k * Float.BYTES;
                long to = outOffset + k * STEP;
                for (int r = 0; r < rows; r += SIDE) {
                    int some = Math.min(SIDE, rows - r);
                    long at = (long) r * Float.BYTES;
                    if (SIDE == 4) {
                        transposeFour(some, a, from + r * aRow, aRow, out, to + at);
                    } else if (some <= 4) {
                        transposeHalf(some, a, from + r * aRow, aRow, out, to + at);
                    } else {
                        transposeEight(some, a, from + r * aRow, aRow, out, to + at);
                    }
                }
            }
        } else if (aRow == Float.BYTES && aStep >= STEP) {
            // Whole vectors: lanes beyond the rows are not used. The last vector may exceed the segment.
            done = Math.max(0, depth - 1);
            for (int k = 0; k < done; k++) {
                for (int r = 0; r < LEFT_STEP; r += SIDE) {
                    long at = (long) r * Float.BYTES;
                    FloatVector.fromMemorySegment(SPECIES, a, aOffset + k * aStep + at, ORDER)
                            .intoMemorySegment(out, outOffset + k * STEP + at, ORDER);
                }
            }
        }
        for (int k = done; k < depth; k++) {
            for (int r = 0; r < rows; r++) {
                float v = a.get(FLOAT, aOffset + r * aRow + k * aStep);
                out.set(FLOAT, outOffset + k * STEP + (long) r * Float.BYTES, v);
            }
        }
    }

    /** Eight steps of up to eight rows; missing rows repeat the last one. */
    private static void transposeEight(int rows, MemorySegment a, long from, long aRow, MemorySegment out, long to) {
        if (a.getClass() != KIND || out.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        int last = rows - 1;
        FloatVector x0 = FloatVector.fromMemorySegment(SPECIES, a, from, ORDER);
        FloatVector x4 = FloatVector.fromMemorySegment(SPECIES, a, from + Math.min(4, last) * aRow, ORDER);
        FloatVector a0 = x0.blend(x4.rearrange(BY_4), HAVE_4);
        FloatVector a4 = x0.rearrange(BY_4).blend(x4, HAVE_4);
        FloatVector x2 = FloatVector.fromMemorySegment(SPECIES, a, from + Math.min(2, last) * aRow, ORDER);
        FloatVector x6 = FloatVector.fromMemorySegment(SPECIES, a, from + Math.min(6, last) * aRow, ORDER);
        FloatVector a2 = x2.blend(x6.rearrange(BY_4), HAVE_4);
        FloatVector a6 = x2.rearrange(BY_4).blend(x6, HAVE_4);
        FloatVector b0 = a0.blend(a2.rearrange(BY_2), HAVE_2);
        FloatVector b2 = a0.rearrange(BY_2).blend(a2, HAVE_2);
        FloatVector b4 = a4.blend(a6.rearrange(BY_2), HAVE_2);
        FloatVector b6 = a4.rearrange(BY_2).blend(a6, HAVE_2);
        FloatVector x1 = FloatVector.fromMemorySegment(SPECIES, a, from + Math.min(1, last) * aRow, ORDER);
        FloatVector x5 = FloatVector.fromMemorySegment(SPECIES, a, from + Math.min(5, last) * aRow, ORDER);
        FloatVector a1 = x1.blend(x5.rearrange(BY_4), HAVE_4);
        FloatVector a5 = x1.rearrange(BY_4).blend(x5, HAVE_4);
        FloatVector x3 = FloatVector.fromMemorySegment(SPECIES, a, from + Math.min(3, last) * aRow, ORDER);
        FloatVector x7 = FloatVector.fromMemorySegment(SPECIES, a, from + Math.min(7, last) * aRow, ORDER);
        FloatVector a3 = x3.blend(x7.rearrange(BY_4), HAVE_4);
        FloatVector a7 = x3.rearrange(BY_4).blend(x7, HAVE_4);
        FloatVector b1 = a1.blend(a3.rearrange(BY_2), HAVE_2);
        FloatVector b3 = a1.rearrange(BY_2).blend(a3, HAVE_2);
        FloatVector b5 = a5.blend(a7.rearrange(BY_2), HAVE_2);
        FloatVector b7 = a5.rearrange(BY_2).blend(a7, HAVE_2);
        b0.blend(b1.rearrange(BY_1), HAVE_1).intoMemorySegment(out, to, ORDER);
        b0.rearrange(BY_1).blend(b1, HAVE_1).intoMemorySegment(out, to + STEP, ORDER);
        b2.blend(b3.rearrange(BY_1), HAVE_1).intoMemorySegment(out, to + 2 * STEP, ORDER);
        b2.rearrange(BY_1).blend(b3, HAVE_1).intoMemorySegment(out, to + 3 * STEP, ORDER);
        b4.blend(b5.rearrange(BY_1), HAVE_1).intoMemorySegment(out, to + 4 * STEP, ORDER);
        b4.rearrange(BY_1).blend(b5, HAVE_1).intoMemorySegment(out, to + 5 * STEP, ORDER);
        b6.blend(b7.rearrange(BY_1), HAVE_1).intoMemorySegment(out, to + 6 * STEP, ORDER);
        b6.rearrange(BY_1).blend(b7, HAVE_1).intoMemorySegment(out, to + 7 * STEP, ORDER);
    }

    /** Eight steps of up to four rows; missing rows repeat the last one, and later floats of a step are undefined. */
    private static void transposeHalf(int rows, MemorySegment a, long from, long aRow, MemorySegment out, long to) {
        if (a.getClass() != KIND || out.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        int last = rows - 1;
        FloatVector x0 = FloatVector.fromMemorySegment(SPECIES, a, from, ORDER);
        FloatVector x2 = FloatVector.fromMemorySegment(SPECIES, a, from + Math.min(2, last) * aRow, ORDER);
        FloatVector a0 = x0.blend(x2.rearrange(BY_2), HAVE_2);
        FloatVector a2 = x0.rearrange(BY_2).blend(x2, HAVE_2);
        FloatVector x1 = FloatVector.fromMemorySegment(SPECIES, a, from + Math.min(1, last) * aRow, ORDER);
        FloatVector x3 = FloatVector.fromMemorySegment(SPECIES, a, from + Math.min(3, last) * aRow, ORDER);
        FloatVector a1 = x1.blend(x3.rearrange(BY_2), HAVE_2);
        FloatVector a3 = x1.rearrange(BY_2).blend(x3, HAVE_2);
        FloatVector b0 = a0.blend(a1.rearrange(BY_1), HAVE_1);
        FloatVector b1 = a0.rearrange(BY_1).blend(a1, HAVE_1);
        FloatVector b2 = a2.blend(a3.rearrange(BY_1), HAVE_1);
        FloatVector b3 = a2.rearrange(BY_1).blend(a3, HAVE_1);
        // The lower half of each vector is a step, the upper half the fourth step after it.
        b0.intoMemorySegment(out, to, ORDER);
        b1.intoMemorySegment(out, to + STEP, ORDER);
        b2.intoMemorySegment(out, to + 2 * STEP, ORDER);
        b3.intoMemorySegment(out, to + 3 * STEP, ORDER);
        b0.rearrange(BY_4).intoMemorySegment(out, to + 4 * STEP, ORDER);
        b1.rearrange(BY_4).intoMemorySegment(out, to + 5 * STEP, ORDER);
        b2.rearrange(BY_4).intoMemorySegment(out, to + 6 * STEP, ORDER);
        b3.rearrange(BY_4).intoMemorySegment(out, to + 7 * STEP, ORDER);
    }

    /** Four steps of up to four rows; missing rows repeat the last one. */
    private static void transposeFour(int rows, MemorySegment a, long from, long aRow, MemorySegment out, long to) {
        if (a.getClass() != KIND || out.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        int last = rows - 1;
        FloatVector x0 = FloatVector.fromMemorySegment(SPECIES, a, from, ORDER);
        FloatVector x2 = FloatVector.fromMemorySegment(SPECIES, a, from + Math.min(2, last) * aRow, ORDER);
        FloatVector a0 = x0.blend(x2.rearrange(BY_2), HAVE_2);
        FloatVector a2 = x0.rearrange(BY_2).blend(x2, HAVE_2);
        FloatVector x1 = FloatVector.fromMemorySegment(SPECIES, a, from + Math.min(1, last) * aRow, ORDER);
        FloatVector x3 = FloatVector.fromMemorySegment(SPECIES, a, from + Math.min(3, last) * aRow, ORDER);
        FloatVector a1 = x1.blend(x3.rearrange(BY_2), HAVE_2);
        FloatVector a3 = x1.rearrange(BY_2).blend(x3, HAVE_2);
        a0.blend(a1.rearrange(BY_1), HAVE_1).intoMemorySegment(out, to, ORDER);
        a0.rearrange(BY_1).blend(a1, HAVE_1).intoMemorySegment(out, to + STEP, ORDER);
        a2.blend(a3.rearrange(BY_1), HAVE_1).intoMemorySegment(out, to + 2 * STEP, ORDER);
        a2.rearrange(BY_1).blend(a3, HAVE_1).intoMemorySegment(out, to + 3 * STEP, ORDER);
    }
}
