package io.heddle.internal.kernels;

import static io.heddle.internal.kernels.Kernels.AFFINE_BIASES;
import static io.heddle.internal.kernels.Kernels.AFFINE_BLOCK;
import static io.heddle.internal.kernels.Kernels.AFFINE_GROUP;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * An affine map of one row: the plain form, for a row from anywhere, and for rows that are shorter than a vector.
 *
 * <p>The vector forms are generated, one for each kind of row: {@link AffineFloatArray}, {@link AffineFloatSegment},
 * {@link AffineByteArray} and {@link AffineByteSegment}. One call site for rows on the heap and outside of it is slow.
 * They compute nine outputs at a time: nine sums in flight along the row, and one read of the weights, which are stored
 * in the order in which they are read. The lanes of all nine are then summed together, as in {@link WideDots}. Nothing
 * is kept between calls, so that virtual threads need no scratch memory. No access is masked: where a masked access
 * reaches past the end of a row, the JDK checks its lanes in a way that allocates in some states of compilation.
 *
 * <p>Both forms sum in blocks of {@link Kernels#AFFINE_BLOCK} vectors, so that the rounding error grows with the length
 * of a block and the number of blocks, not with their product.
 */
final class ScalarAffine {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private ScalarAffine() {}

    /**
     * @param row an array or a segment, not a function of an index, which would be an object made for every call
     * @param bytes whether it is of bytes
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
