package io.heddle.simd;

import static io.heddle.simd.Kernels.AFFINE_BIASES;
import static io.heddle.simd.Kernels.AFFINE_GROUP;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The plain twin of {@link AffineFloats} and {@link AffineBytes}, for a row from anywhere. */
final class ScalarAffine {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    /** Entry i of a row. */
    @FunctionalInterface
    interface Row {
        float at(int i);
    }

    private ScalarAffine() {}

    static int run(Row row, int n, MemorySegment packed, int outputs, boolean relative, float[] out, int outFrom) {
        float best = relative ? 0 : Float.NEGATIVE_INFINITY;
        int index = 0;
        boolean finite = true;
        for (int j = 0; j < outputs; j++) {
            long group = j / AFFINE_GROUP * Kernels.affineGroupFloats(n, 1) * Float.BYTES;
            long weights = group + (long) (AFFINE_BIASES + j % AFFINE_GROUP) * Float.BYTES;
            float sum = 0;
            for (int i = 0; i < n; i++) {
                sum = Math.fma(row.at(i), packed.get(FLOAT, weights + (long) i * AFFINE_GROUP * Float.BYTES), sum);
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
}
