package io.heddle.cli.selection;

import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;

/**
 * The values of λ to try: from the smallest one at which all weights are zero, falling by a constant factor. Friedman,
 * Hastie and Tibshirani, "Regularization Paths for Generalized Linear Models via Coordinate Descent", J. Stat. Software
 * 33 (2010).
 */
public final class LambdaGrid {
    /** Without an L1 part no λ makes all weights zero; glmnet then takes this share too. */
    private static final double LEAST_L1_RATIO = 1e-3;

    private LambdaGrid() {}

    /**
     * The smallest λ at which all weights are zero: the largest derivative of the mean loss by a weight there, over
     * l1Ratio. O(rows · columns · classes).
     *
     * @param x rows of data
     * @param labels from 0 to classes − 1
     * @param l1Ratio taken as 0.001 if it is less
     * @param standardize whether columns count as scaled to unit variance
     */
    public static double largest(FloatMatrix x, int[] labels, int classes, double l1Ratio, boolean standardize) {
        int n = labels.length;
        int d = x.columns();
        int[] sizes = new int[classes];
        double[][] classSums = new double[classes][d];
        double[] mean = new double[d];
        float[] row = new float[d];
        for (int i = 0; i < n; i++) {
            x.getRow(i, row);
            double[] sums = classSums[labels[i]];
            sizes[labels[i]]++;
            for (int j = 0; j < d; j++) {
                sums[j] += row[j];
                mean[j] += row[j];
            }
        }
        for (int j = 0; j < d; j++) {
            mean[j] /= n;
        }
        double[] deviation = standardize ? deviations(x, mean) : null;
        double largest = 0;
        for (int c = 0; c < classes; c++) {
            for (int j = 0; j < d; j++) {
                // The intercepts alone give each class its share as probability.
                double derivative = Math.abs(classSums[c][j] - sizes[c] * mean[j]) / n;
                if (standardize) {
                    derivative = deviation[j] > 0 ? derivative / deviation[j] : 0;
                }
                largest = Math.max(largest, derivative);
            }
        }
        InvalidInputException.require(
                largest > 0, "no column tells the classes apart, so there is no path of penalties to follow");
        return largest / Math.max(l1Ratio, LEAST_L1_RATIO);
    }

    private static double[] deviations(FloatMatrix x, double[] mean) {
        double[] squares = new double[mean.length];
        float[] row = new float[mean.length];
        for (long i = 0; i < x.rows(); i++) {
            x.getRow(i, row);
            for (int j = 0; j < row.length; j++) {
                squares[j] += (row[j] - mean[j]) * (row[j] - mean[j]);
            }
        }
        for (int j = 0; j < squares.length; j++) {
            squares[j] = Math.sqrt(squares[j] / x.rows());
        }
        return squares;
    }

    /**
     * @param largest the first value
     * @param ratio the last value as a share of the first, above 0 and below 1
     * @param count how many, at least 2
     * @return falling by a constant factor
     */
    public static double[] falling(double largest, double ratio, int count) {
        InvalidInputException.require(ratio > 0 && ratio < 1, "the ratio of lambdas lies between 0 and 1, not at %s", ratio);
        InvalidInputException.require(count >= 2 && count <= 1000, "a path has 2 to 1000 lambdas, not %d", count);
        double[] lambdas = new double[count];
        for (int i = 0; i < count; i++) {
            lambdas[i] = largest * Math.pow(ratio, (double) i / (count - 1));
        }
        return lambdas;
    }
}
