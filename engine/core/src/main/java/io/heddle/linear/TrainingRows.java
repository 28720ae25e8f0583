package io.heddle.linear;

import io.heddle.internal.rows.RowSample;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;

/**
 * The training data of a classifier.
 *
 * @param x n × features
 * @param labels n classes
 * @param weights weight of each row, with mean 1; null if all are equal
 * @param classes number of classes
 * @param transform of the features
 * @param total divisor of sums over the rows: n, or for a partition the number of rows in all partitions
 */
record TrainingRows(DataMatrix x, int[] labels, double[] weights, int classes, FeatureTransform transform, long total) {

    /** Training data that are not a partition. */
    TrainingRows(DataMatrix x, int[] labels, double[] weights, int classes, FeatureTransform transform) {
        this(x, labels, weights, classes, transform, labels.length);
    }

    int count() {
        return labels.length;
    }

    /** Parameters per class: features and the intercept. */
    int width() {
        return x.columns() + 1;
    }

    /** The sum of the weights of each class. */
    double[] classWeights() {
        double[] sums = new double[classes];
        for (int i = 0; i < labels.length; i++) {
            sums[labels[i]] += weights == null ? 1 : weights[i];
        }
        return sums;
    }

    /** Copies rows; the caller closes the copy's {@link #x()}. */
    TrainingRows gather(long[] rows, WorkerPool pool) {
        int[] y = new int[rows.length];
        double[] w = weights == null ? null : new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            y[i] = labels[(int) rows[i]];
            if (w != null) {
                w[i] = weights[(int) rows[i]];
            }
        }
        FloatMatrix copy = RowSample.gather(x, rows, pool);
        return new TrainingRows(copy, y, w, classes, transform);
    }
}
