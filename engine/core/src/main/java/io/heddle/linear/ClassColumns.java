package io.heddle.linear;

import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * The columns of the transformed data, the constant of the intercept among them, that coordinates of one class refer
 * to.
 */
final class ClassColumns {
    private static final Kernels KERNELS = Simd.kernels();
    private static final double LARGEST_FACTOR = 1e30;
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private final DataMatrix x;
    private final long[] offsets;
    private final float[] shift;
    private final float[] scale;
    /** As {@code scale}, where one of them leaves the range of float; else null. */
    private final double[] wideScale;

    private final boolean intercept;

    /** @param coordinates of one class, ascending */
    ClassColumns(Loss loss, int[] coordinates) {
        x = loss.data().x();
        int size = coordinates.length;
        intercept = coordinates[size - 1] % loss.width() == loss.width() - 1;
        int features = intercept ? size - 1 : size;
        offsets = new long[features];
        shift = new float[features];
        scale = new float[features];
        double[] exact = new double[features];
        for (int i = 0; i < features; i++) {
            int j = coordinates[i] % loss.width();
            offsets[i] = (long) j * Float.BYTES;
            shift[i] = (float) loss.transform().shift()[j];
            exact[i] = loss.transform().scale()[j];
            scale[i] = (float) exact[i];
        }
        boolean wide = Arrays.stream(exact).anyMatch(v -> v > LARGEST_FACTOR || v > 0 && v < 1 / LARGEST_FACTOR);
        wideScale = wide ? exact : null;
    }

    int size() {
        return intercept ? offsets.length + 1 : offsets.length;
    }

    /**
     * Writes one row's columns, times a weight.
     *
     * @param scratch one row of the data's width, for data that are no floats
     */
    void gather(int row, float weight, FloatMatrix out, long outRow, FloatMatrix scratch) {
        MemorySegment source;
        long from;
        if (x instanceof FloatMatrix floats) {
            source = floats.segment();
            from = floats.offset(row);
        } else {
            x.copyRow(row, scratch, 0);
            source = scratch.segment();
            from = 0;
        }
        MemorySegment target = out.segment();
        long to = out.offset(outRow);
        for (int i = 0; wideScale != null && i < offsets.length; i++) {
            double centred = (double) source.get(FLOAT, from + offsets[i]) - shift[i];
            target.set(FLOAT, to + (long) i * Float.BYTES, (float) (centred * wideScale[i]));
        }
        for (int i = 0; wideScale == null && i < offsets.length; i++) {
            target.set(
                    FLOAT, to + (long) i * Float.BYTES, (source.get(FLOAT, from + offsets[i]) - shift[i]) * scale[i]);
        }
        if (intercept) {
            target.set(FLOAT, to + (long) offsets.length * Float.BYTES, 1f);
        }
        if (weight != 1f) {
            KERNELS.scale(weight, target, to, size());
        }
    }
}
