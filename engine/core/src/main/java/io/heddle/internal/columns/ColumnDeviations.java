package io.heddle.internal.columns;

import io.heddle.internal.gemm.RowBlocks;
import io.heddle.matrix.DataMatrix;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;

/** Computes standard deviations of columns, in double; 0 for constant columns only. */
public final class ColumnDeviations {
    private static final int ROWS = 1024;
    /** Relative to the mean: below this, a deviation may be rounding error, so the values are compared. */
    private static final double NEARLY_CONSTANT = 1e-7;
    /** Number of rows in the sample of an estimate. */
    private static final int SAMPLE = 8_192;

    private ColumnDeviations() {}

    /**
     * Sums over rows that give deviations; those of two sets of rows add up.
     *
     * @param sums of each column, less the mean that was given
     * @param squares of the same
     * @param total how much the rows count together
     */
    public record Sums(double[] sums, double[] squares, double total) {
        /** The standard deviation of a column; 0 also where its squares vanish in double. */
        public double deviation(int column) {
            double offset = sums[column] / total;
            return Math.sqrt(Math.max(0, squares[column] / total - offset * offset));
        }

        /** Whether so small a deviation from a mean may be its rounding, so that the values decide. */
        public static boolean nearlyConstant(double deviation, double mean) {
            return deviation <= NEARLY_CONSTANT * Math.abs(mean);
        }
    }

    /** Estimates deviations from evenly spaced rows; uses all rows for columns that are constant in these. */
    public static double[] estimate(DataMatrix x, double[] mean, WorkerPool pool) {
        int step = Math.toIntExact(Math.max(1, x.rows() / SAMPLE));
        return of(x, mean, null, step, pool);
    }

    /**
     * Computes the deviations of all rows: O(rows · columns).
     *
     * @param mean of the columns, without weights
     * @param rowWeights weight of each row in the deviation, or null; rows of weight 0 are ignored
     */
    public static double[] of(DataMatrix x, double[] mean, double[] rowWeights, WorkerPool pool) {
        return of(x, mean, rowWeights, 1, pool);
    }

    /**
     * Sums of the differences from given means, and of their squares. O(rows · columns).
     *
     * @param mean near those of the columns
     * @param rowWeights how much each row counts, or null
     */
    public static Sums sums(DataMatrix x, double[] mean, double[] rowWeights, WorkerPool pool) {
        return sums(x, mean, rowWeights, 1, pool);
    }

    private static Sums sums(DataMatrix x, double[] mean, double[] rowWeights, int step, WorkerPool pool) {
        int d = x.columns();
        long count = Math.ceilDiv(x.rows(), step);
        int tasks = Math.toIntExact((count + ROWS - 1) / ROWS);
        double[][] sums = new double[tasks][d];
        double[][] squares = new double[tasks][d];
        try (RowBlocks blocks = RowBlocks.of(x, 1, pool)) {
            pool.run(tasks, (task, worker) -> {
                float[] row = new float[d];
                long to = Math.min(count, (task + 1L) * ROWS);
                for (long k = (long) task * ROWS; k < to; k++) {
                    long i = k * step;
                    blocks.get(i, i + 1, worker).getRow(0, row);
                    double weight = rowWeights == null ? 1 : rowWeights[(int) i];
                    add(row, mean, weight, sums[task], squares[task]);
                }
            });
        }
        double[] sum = new double[d];
        double[] square = new double[d];
        for (int task = 0; task < tasks; task++) {
            for (int j = 0; j < d; j++) {
                sum[j] += sums[task][j];
                square[j] += squares[task][j];
            }
        }
        double total = rowWeights == null ? count : Arrays.stream(rowWeights).sum();
        return new Sums(sum, square, total);
    }

    private static double[] of(DataMatrix x, double[] mean, double[] rowWeights, int step, WorkerPool pool) {
        Sums sums = sums(x, mean, rowWeights, step, pool);
        double[] deviation = new double[mean.length];
        for (int j = 0; j < deviation.length; j++) {
            deviation[j] = sums.deviation(j);
            if (Sums.nearlyConstant(deviation[j], mean[j]) && constant(x, j, rowWeights)) {
                deviation[j] = 0;
            } else if (deviation[j] == 0) {
                deviation[j] = ofColumn(x, j, mean[j]);
            }
        }
        return deviation;
    }

    private static void add(float[] row, double[] mean, double weight, double[] sums, double[] squares) {
        for (int j = 0; j < mean.length; j++) {
            double centred = row[j] - mean[j];
            sums[j] += weight * centred;
            squares[j] += weight * centred * centred;
        }
    }

    /** The deviation of a column that is constant in the sample. */
    private static double ofColumn(DataMatrix x, int column, double mean) {
        double squares = 0;
        for (long i = 0; i < x.rows(); i++) {
            double centred = x.get(i, column) - mean;
            squares += centred * centred;
        }
        return Math.sqrt(squares / x.rows());
    }

    private static boolean constant(DataMatrix x, int column, double[] rowWeights) {
        float first = Float.NaN;
        for (long i = 0; i < x.rows(); i++) {
            if (rowWeights != null && rowWeights[(int) i] == 0) {
                continue;
            }
            float value = x.get(i, column);
            if (Float.isNaN(first)) {
                first = value;
            } else if (value != first) {
                return false;
            }
        }
        return true;
    }
}
