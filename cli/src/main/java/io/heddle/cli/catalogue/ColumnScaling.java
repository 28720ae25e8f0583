package io.heddle.cli.catalogue;

import io.heddle.matrix.FloatMatrix;

/**
 * Standardizes the columns of a table to mean 0 and variance 1. Computes in double, because floats cannot represent
 * scales below 1e-38 or differences above 3e38.
 */
public final class ColumnScaling {
    private final double[] mean;
    private final double[] scale;

    private ColumnScaling(double[] mean, double[] scale) {
        this.mean = mean;
        this.scale = scale;
    }

    /** Computes the means and scales of a table; a constant column has scale 0. */
    static ColumnScaling of(FloatMatrix x) {
        int d = x.columns();
        double[] sum = new double[d];
        double[] squares = new double[d];
        float[] row = new float[d];
        for (long i = 0; i < x.rows(); i++) {
            x.getRow(i, row);
            for (int j = 0; j < d; j++) {
                sum[j] += row[j];
            }
        }
        for (long i = 0; i < x.rows(); i++) {
            x.getRow(i, row);
            for (int j = 0; j < d; j++) {
                double difference = row[j] - sum[j] / x.rows();
                squares[j] += difference * difference;
            }
        }
        double[] mean = new double[d];
        double[] scale = new double[d];
        for (int j = 0; j < d; j++) {
            mean[j] = sum[j] / x.rows();
            double deviation = Math.sqrt(squares[j] / x.rows());
            scale[j] = deviation > 1e-7 * Math.abs(mean[j]) && deviation > 0 ? 1 / deviation : 0;
        }
        return new ColumnScaling(mean, scale);
    }

    /** Standardizes a matrix in place. */
    void standardize(FloatMatrix x) {
        float[] row = new float[x.columns()];
        for (long i = 0; i < x.rows(); i++) {
            x.getRow(i, row);
            for (int j = 0; j < row.length; j++) {
                row[j] = (float) ((row[j] - mean[j]) * scale[j]);
            }
            x.setRow(i, row);
        }
    }
}
