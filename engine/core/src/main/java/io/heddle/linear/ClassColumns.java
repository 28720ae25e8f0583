package io.heddle.linear;

import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.internal.rows.Elements;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The columns of the transformed data that the coordinates of one class refer to, including the constant column of the
 * intercept.
 */
final class ClassColumns {
    private static final Kernels KERNELS = Simd.kernels();
    private static final double LARGEST_FACTOR = 1e30;

    private final DataMatrix x;
    private final int[] columns;
    private final float[] shift;
    private final float[] scale;
    /** {@code scale} in double if one of its values is outside the range of float, otherwise null. */
    private final double[] wideScale;

    private final boolean intercept;
    private final float constant;

    /** @param coordinates of one class, ascending */
    ClassColumns(RowLoss loss, int[] coordinates) {
        x = loss.data().x();
        int size = coordinates.length;
        intercept = coordinates[size - 1] % loss.width() == loss.width() - 1;
        constant = (float) loss.transform().constant();
        int features = intercept ? size - 1 : size;
        columns = new int[features];
        shift = new float[features];
        scale = new float[features];
        double[] exact = new double[features];
        for (int i = 0; i < features; i++) {
            int j = coordinates[i] % loss.width();
            columns[i] = j;
            shift[i] = (float) loss.transform().shift()[j];
            exact[i] = loss.transform().scale()[j];
            scale[i] = (float) exact[i];
        }
        boolean wide = Arrays.stream(exact).anyMatch(v -> v > LARGEST_FACTOR || v > 0 && v < 1 / LARGEST_FACTOR);
        wideScale = wide ? exact : null;
    }

    int size() {
        return intercept ? columns.length + 1 : columns.length;
    }

    /**
     * Writes one row's columns, multiplied by a weight.
     *
     * @param scratch one row of the data's width, for data that are not floats
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
        if (wideScale == null) {
            scale(source, from, target, to);
        } else {
            scaleWide(source, from, target, to);
        }
        if (intercept) {
            Elements.set(target, to, columns.length, constant);
        }
        if (weight != 1f) {
            KERNELS.scale(weight, target, to, size());
        }
    }

    private void scale(MemorySegment source, long from, MemorySegment target, long to) {
        for (int i = 0; i < columns.length; i++) {
            Elements.set(target, to, i, (Elements.get(source, from, columns[i]) - shift[i]) * scale[i]);
        }
    }

    private void scaleWide(MemorySegment source, long from, MemorySegment target, long to) {
        for (int i = 0; i < columns.length; i++) {
            double centred = (double) Elements.get(source, from, columns[i]) - shift[i];
            Elements.set(target, to, i, (float) (centred * wideScale[i]));
        }
    }
}
