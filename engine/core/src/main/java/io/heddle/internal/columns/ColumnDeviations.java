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

    private static double[] of(DataMatrix x, double[] mean, double[] rowWeights, int step, WorkerPool pool) {
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
        double total = rowWeights == null ? count : Arrays.stream(rowWeights).sum();
        double[] deviation = new double[d];
        for (int j = 0; j < d; j++) {
            double sum = 0;
            double square = 0;
            for (int task = 0; task < tasks; task++) {
                sum += sums[task][j];
                square += squares[task][j];
            }
            double offset = sum / total;
            deviation[j] = Math.sqrt(Math.max(0, square / total - offset * offset));
            if (deviation[j] <= NEARLY_CONSTANT * Math.abs(mean[j]) && constant(x, j, rowWeights)) {
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
