package io.heddle.internal.kernels;

import static io.heddle.internal.kernels.Kernels.AFFINE_BIASES;
import static io.heddle.internal.kernels.Kernels.AFFINE_GROUP;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The plain twin of {@link AffineFloats} and {@link AffineBytes}, for a row from anywhere; and what they do with a row
 * that is shorter than a vector.
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
            for (int i = 0; i < n; i++) {
                sum = Math.fma(at(row, bytes, from, i), packed.get(FLOAT, weights + i * step), sum);
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
