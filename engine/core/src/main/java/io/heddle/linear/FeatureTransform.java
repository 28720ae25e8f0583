package io.heddle.linear;

import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import io.heddle.simd.ColumnMoments;
import io.heddle.simd.RowBlocks;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * x ↦ (x − shift) · scale, column by column, without a copy of the data: it is folded into weights and gradients. The
 * shift is always the mean, which leaves the optimum as it is (the intercept is free) and makes the problem better
 * conditioned; the scale is 1, or 1 / standard deviation.
 */
record FeatureTransform(double[] shift, double[] scale) {
    private static final int ROWS = 1024;

    /**
     * Means and, if asked for, standard deviations, with sums in double: one read of the data, or two.
     *
     * @throws io.heddle.matrix.InvalidInputException naming the first element that is not finite
     */
    static FeatureTransform of(DataMatrix x, boolean standardize, WorkerPool pool) {
        double[] mean = ColumnMoments.of(x, "the data", pool).mean();
        double[] scale = new double[x.columns()];
        Arrays.fill(scale, 1);
        if (standardize) {
            double[] squares = squaredDeviations(x, mean, pool);
            for (int j = 0; j < scale.length; j++) {
                double deviation = Math.sqrt(squares[j] / x.rows());
                // A constant column carries no information whatever its scale.
                scale[j] = deviation > 0 ? 1 / deviation : 1;
            }
        }
        return new FeatureTransform(mean, scale);
    }

    /** Σ (x − mean)² per column, merged in the order of the row blocks. */
    private static double[] squaredDeviations(DataMatrix x, double[] mean, WorkerPool pool) {
        int d = x.columns();
        int tasks = Math.toIntExact((x.rows() + ROWS - 1) / ROWS);
        double[][] partial = new double[tasks][d];
        try (RowBlocks blocks = RowBlocks.of(x, 1, pool)) {
            pool.run(tasks, (task, worker) -> {
                double[] sums = partial[task];
                float[] row = new float[d];
                long to = Math.min(x.rows(), (task + 1L) * ROWS);
                for (long i = (long) task * ROWS; i < to; i++) {
                    blocks.get(i, i + 1, worker).getRow(0, row);
                    for (int j = 0; j < d; j++) {
                        double centred = row[j] - mean[j];
                        sums[j] += centred * centred;
                    }
                }
            });
        }
        double[] total = new double[d];
        for (double[] sums : partial) {
            for (int j = 0; j < d; j++) {
                total[j] += sums[j];
            }
        }
        return total;
    }

    int features() {
        return shift.length;
    }

    /**
     * Weights and biases for the data as they are, from parameters for the transformed data.
     *
     * @param parameters classes × (features + 1)
     * @param weights classes × features, overwritten
     * @param biases one row of classes, overwritten
     */
    void fold(double[] parameters, FloatMatrix weights, FloatMatrix biases) {
        int d = features();
        MemorySegment w = weights.segment();
        for (int c = 0; c < weights.rows(); c++) {
            int at = c * (d + 1);
            double bias = parameters[at + d];
            long row = weights.offset(c);
            for (int j = 0; j < d; j++) {
                double folded = parameters[at + j] * scale[j];
                bias -= folded * shift[j];
                w.set(ValueLayout.JAVA_FLOAT_UNALIGNED, row + (long) j * Float.BYTES, (float) folded);
            }
            biases.set(0, c, (float) bias);
        }
    }

    /** The inverse of {@link #fold}; classes that the weights lack stay as they are. */
    void unfold(FloatMatrix weights, float[] biases, double[] parameters) {
        int d = features();
        for (int c = 0; c < weights.rows(); c++) {
            int at = c * (d + 1);
            double bias = biases[c];
            for (int j = 0; j < d; j++) {
                double w = weights.get(c, j);
                parameters[at + j] = w / scale[j];
                bias += w * shift[j];
            }
            parameters[at + d] = bias;
        }
    }
}
