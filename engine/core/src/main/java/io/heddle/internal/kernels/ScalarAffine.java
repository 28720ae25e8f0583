package io.heddle.internal.kernels;

import static io.heddle.internal.kernels.Kernels.AFFINE_BIASES;
import static io.heddle.internal.kernels.Kernels.AFFINE_BLOCK;
import static io.heddle.internal.kernels.Kernels.AFFINE_GROUP;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * An affine map of one row: the scalar form, for rows in any memory, and for rows that are shorter than a vector.
 *
 * <p>The vector forms are generated, one for each kind of memory: {@link AffineFloatArray}, {@link AffineFloatSegment},
 * {@link AffineByteArray} and {@link AffineByteSegment}. One call site for rows on the heap and off-heap would be slow.
 * They compute nine sums at a time along the row and read the weights once, in the order in which they are stored. The
 * lanes of all nine are then summed together, as in {@link WideDots}. Calls have no state, so virtual threads need no
 * scratch memory. No access is masked: if a masked access exceeds the end of a row, the JDK checks its lanes by code
 * that sometimes allocates.
 *
 * <p>Both forms sum in blocks of {@link Kernels#AFFINE_BLOCK} vectors, so that the rounding error grows with the length
 * of a block plus the number of blocks, not with their product.
 */
final class ScalarAffine {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private ScalarAffine() {}

    /**
     * @param row an array or a segment; a function of an index would allocate in every call
     * @param bytes whether the values are bytes
     * @param from index or offset at which it begins
     * @param lanes 1, or more than n
     */
    static int run(
            Object row,
            boolean bytes,
            long from,
            int n,
            MemorySegment packed,
            int lanes,
            int outputs,
            boolean relative,
            float[] out,
            int outFrom) {
        float best = relative ? 0 : Float.NEGATIVE_INFINITY;
        int index = 0;
        boolean finite = true;
        long groupBytes = Kernels.affineGroupFloats(n, lanes) * Float.BYTES;
        long step = (lanes == 1 ? AFFINE_GROUP : 1) * (long) Float.BYTES;
        for (int j = 0; j < outputs; j++) {
            long group = j / AFFINE_GROUP * groupBytes;
            long weights = group + (AFFINE_BIASES + j % AFFINE_GROUP * lanes) * (long) Float.BYTES;
            float sum = 0;
            for (int block = 0; block < n; block += AFFINE_BLOCK) {
                int end = Math.min(n, block + AFFINE_BLOCK);
                float partial = 0;
                for (int i = block; i < end; i++) {
                    partial = FusedMultiplyAdd.of(
                            at(row, bytes, from, i), packed.get(FLOAT, weights + i * step), partial);
                }
                sum += partial;
            }
            float y = sum + packed.get(FLOAT, group + (long) (j % AFFINE_GROUP) * Float.BYTES);
            if (out != null) {
                out[outFrom + j] = y;
            }
            if (y > best) {
                best = y;
                index = relative ? j + 1 : j;
            }
            finite &= Float.isFinite(y);
        }
        return finite ? index : ~index;
    }

    /** Stores the first outputs of a group, at least one. */
    static void store(
            float y0,
            float y1,
            float y2,
            float y3,
            float y4,
            float y5,
            float y6,
            float y7,
            float y8,
            float[] out,
            int from,
            int some) {
        out[from] = y0;
        if (some > 1) {
            out[from + 1] = y1;
        }
        if (some > 2) {
            out[from + 2] = y2;
        }
        if (some > 3) {
            out[from + 3] = y3;
        }
        if (some > 4) {
            out[from + 4] = y4;
        }
        if (some > 5) {
            out[from + 5] = y5;
        }
        if (some > 6) {
            out[from + 6] = y6;
        }
        if (some > 7) {
            out[from + 7] = y7;
        }
        if (some > 8) {
            out[from + 8] = y8;
        }
    }

    private static float at(Object row, boolean bytes, long from, int i) {
        if (row instanceof float[] floats) {
            return floats[(int) from + i];
        }
        if (row instanceof byte[] some) {
            return Byte.toUnsignedInt(some[(int) from + i]);
        }
        MemorySegment outside = (MemorySegment) row;
        return bytes
                ? Byte.toUnsignedInt(outside.get(ValueLayout.JAVA_BYTE, from + i))
                : outside.get(FLOAT, from + (long) i * Float.BYTES);
    }
}
