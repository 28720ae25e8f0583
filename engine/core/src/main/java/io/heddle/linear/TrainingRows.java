package io.heddle.linear;

import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;

/**
 * What a classifier learns from.
 *
 * @param x n × features
 * @param labels n classes
 * @param weights how much each row counts, 1 on the average; null where all count alike
 * @param classes number of classes
 * @param transform of the features
 */
record TrainingRows(DataMatrix x, int[] labels, double[] weights, int classes, FeatureTransform transform) {
    private static final int BLOCK = 256;

    int count() {
        return labels.length;
    }

    /** Parameters per class: features and the intercept. */
    int width() {
        return x.columns() + 1;
    }

    /** Copies chosen rows; whoever asks closes the copy's {@link #x()}. */
    TrainingRows gather(long[] rows, WorkerPool pool) {
        FloatMatrix copy = FloatMatrix.allocate(rows.length, x.columns());
        int[] y = new int[rows.length];
        double[] w = weights == null ? null : new double[rows.length];
        pool.run((rows.length + BLOCK - 1) / BLOCK, (task, worker) -> {
            for (int i = task * BLOCK; i < Math.min(rows.length, (task + 1) * BLOCK); i++) {
                x.copyRow(rows[i], copy, i);
                y[i] = labels[(int) rows[i]];
                if (w != null) {
                    w[i] = weights[(int) rows[i]];
                }
            }
        });
        return new TrainingRows(copy, y, w, classes, transform);
    }
}
