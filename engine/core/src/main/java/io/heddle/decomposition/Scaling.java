package io.heddle.decomposition;

import io.heddle.internal.columns.BinaryScaling;
import io.heddle.internal.columns.ColumnMoments;
import io.heddle.internal.gemm.RowBlocks;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.RowSlices;
import io.heddle.parallel.WorkerPool;
import java.util.function.LongToDoubleFunction;

/**
 * The scaling of columns before a PCA: each is centred and, if standardized, divided by its deviation. Means are in
 * double, because rounding them to float matters for data far from zero.
 *
 * @param mean one per column
 * @param deviation one per column, 1 for a constant column; null to not standardize
 * @param squaredDeviations the sum over the scaled columns
 */
record Scaling(double[] mean, double[] deviation, double squaredDeviations) {
    private static final int BLOCK = 256;
    /** Relative to the mean: deviations below this are rounding error of a constant column. */
    private static final double NOISE = 1e-12;
    /** ‖mean‖² beyond this many times the mean ‖x − mean‖² requires centring rows before they are multiplied. */
    private static final double FAR = 100;

    static Scaling centring(ColumnMoments moments) {
        return new Scaling(moments.mean(), null, moments.squaredDeviations());
    }

    static Scaling standardizing(DataMatrix x, ColumnMoments moments, WorkerPool pool) {
        double[] mean = moments.mean();
        double[] squares = squaredDeviations(x, mean, pool);
        double[] deviation = new double[mean.length];
        double total = 0;
        for (int j = 0; j < mean.length; j++) {
            double found = Math.sqrt(squares[j] / x.rows());
            boolean constant = isConstant(found, mean[j]);
            deviation[j] = constant ? 1 : found;
            total += constant ? 0 : x.rows();
        }
        return new Scaling(mean, deviation, total);
    }

    /** Whether a deviation is only rounding error of the mean. */
    static boolean isConstant(double deviation, double mean) {
        return deviation <= NOISE * Math.abs(mean);
    }

    private static double[] squaredDeviations(DataMatrix x, double[] mean, WorkerPool pool) {
        int d = mean.length;
        RowSlices slices = RowSlices.of(x.rows(), BLOCK);
        double[][] partial = new double[slices.count()][d];
        try (RowBlocks blocks = RowBlocks.of(x, BLOCK, pool)) {
            pool.run(slices.count(), (slice, worker) -> {
                float[] row = new float[d];
                double[] sums = partial[slice];
                long to = slices.to(slice);
                for (long from = slices.from(slice); from < to; from += BLOCK) {
                    FloatMatrix block = blocks.get(from, Math.min(to, from + BLOCK), worker);
                    for (long i = 0; i < block.rows(); i++) {
                        block.getRow(i, row);
                        for (int j = 0; j < d; j++) {
                            double difference = row[j] - mean[j];
                            sums[j] += difference * difference;
                        }
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

    int columns() {
        return mean.length;
    }

    /**
     * Returns a value minus its column's mean; 0 if the difference is rounding error of the mean, as in a constant
     * column.
     */
    double fromMean(double value, int column) {
        double difference = value - mean[column];
        return Math.abs(difference) <= NOISE * Math.abs(mean[column]) ? 0 : difference;
    }

    /**
     * Copies rows, centred and scaled in double.
     *
     * @param more a further factor of each row
     * @return n × d, owned by the caller
     */
    FloatMatrix apply(DataMatrix x, LongToDoubleFunction more, WorkerPool pool) {
        int d = x.columns();
        RowSlices slices = RowSlices.of(x.rows(), BLOCK);
        return FloatMatrix.allocate(
                x.rows(),
                d,
                out -> pool.run(slices.count(), (slice, worker) -> {
                    float[] row = new float[d];
                    for (long i = slices.from(slice); i < slices.to(slice); i++) {
                        double own = more.applyAsDouble(i);
                        x.copyRow(i, out, i);
                        out.getRow(i, row);
                        for (int j = 0; j < d; j++) {
                            row[j] = (float) (fromMean(row[j], j) * factor(j) * own);
                        }
                        out.setRow(i, row);
                    }
                }));
    }

    /** Returns the factor of a centred column. */
    double factor(int column) {
        return deviation == null ? 1 : 1 / deviation[column];
    }

    /** Returns the part of a mean that rounding to float loses. */
    double remainder(int column) {
        return mean[column] - (float) mean[column];
    }

    /** The means rounded to float, 1 × d, owned by the caller. */
    FloatMatrix meanRow() {
        FloatMatrix row = FloatMatrix.allocate(1, mean.length);
        for (int j = 0; j < mean.length; j++) {
            row.set(0, j, (float) mean[j]);
        }
        return row;
    }

    /** Whether the data are so far from zero, relative to their spread, that each row must be centred. */
    boolean isFar(long rows) {
        double squares = 0;
        for (int j = 0; j < mean.length; j++) {
            double scaled = mean[j] * factor(j);
            squares += scaled * scaled;
        }
        return squares * rows > FAR * squaredDeviations;
    }

    /** Whether float products with the columns, or with their factors, would leave the range of float. */
    boolean leavesRange(ColumnMoments moments) {
        return BinaryScaling.isNeeded(1, moments.largestSquaredNorm()) || hasExtremeDeviation();
    }

    /** Whether a column's divisor is outside the range in which float products are accurate. */
    boolean hasExtremeDeviation() {
        for (int j = 0; deviation != null && j < deviation.length; j++) {
            if (BinaryScaling.isNeeded(deviation[j] * deviation[j], deviation[j] * deviation[j])) {
                return true;
            }
        }
        return false;
    }

    /** Returns the share of the variance that scatter values explain. */
    double ratio(double[] values) {
        double sum = 0;
        for (double v : values) {
            sum += v;
        }
        return squaredDeviations > 0 ? Math.min(1, sum / squaredDeviations) : 0;
    }
}
