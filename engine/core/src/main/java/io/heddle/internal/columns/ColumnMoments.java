package io.heddle.internal.columns;

import io.heddle.internal.gemm.RowBlocks;
import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.RowSlices;
import io.heddle.parallel.WorkerPool;

/**
 * Means and spread of the rows of a matrix, in double, from one pass over the data. The same pass refuses values that
 * are not finite.
 *
 * <p>For example: {@snippet file="KernelExamplesTest.java" region="column-moments"}
 *
 * @param mean the mean of each column
 * @param squaredDeviations Σ ‖row − mean‖² over all rows
 * @param largestSquaredNorm the largest ‖row‖²
 */
public record ColumnMoments(double[] mean, double squaredDeviations, double largestSquaredNorm) {
    private static final int BLOCK = 256;
    /** Rows of a sample are copied, a block per thread. */
    private static final int SMALL_BLOCK = 16;

    /** If Σ‖row‖² exceeds the spread by this factor, the difference of sums is not accurate enough. */
    private static final double CANCELLATION = 1e6;

    /**
     * @param name names the matrix in error messages
     * @throws InvalidInputException naming the first element that is NaN or infinite
     */
    public static ColumnMoments of(DataMatrix x, String name, WorkerPool pool) {
        ColumnMoments found;
        try (RowBlocks blocks = RowBlocks.of(x, BLOCK, pool)) {
            found = of(blocks, BLOCK, x.columns(), pool);
        }
        // The square of any finite float is finite in double, and so is any sum of them that fits in memory.
        if (!Double.isFinite(found.squaredDeviations) && x instanceof FloatMatrix floats) {
            FiniteCheck.require(floats, name, pool);
        }
        return found;
    }

    /**
     * The moments of some rows, for an estimate of those of all: the squared deviations are multiplied by the ratio of
     * the numbers of rows. They are NaN if a value in these rows is not finite.
     *
     * @param rows numbers of rows of x, at least one
     */
    public static ColumnMoments estimate(DataMatrix x, long[] rows, WorkerPool pool) {
        try (RowBlocks blocks = RowBlocks.of(x, rows, SMALL_BLOCK, pool)) {
            ColumnMoments found = of(blocks, SMALL_BLOCK, x.columns(), pool);
            double all = found.squaredDeviations * x.rows() / rows.length;
            return new ColumnMoments(found.mean, all, found.largestSquaredNorm);
        }
    }

    private static ColumnMoments of(RowBlocks blocks, int height, int d, WorkerPool pool) {
        long n = blocks.rows();
        RowSlices slices = RowSlices.of(n, height);
        double[] sums = new double[Math.multiplyExact(slices.count(), d)];
        double[] squares = new double[slices.count()];
        double[] largest = new double[slices.count()];
        Kernels kernels = Simd.kernels();
        pool.run(slices.count(), (slice, worker) -> {
            double total = 0;
            double maximum = 0;
            long to = slices.to(slice);
            for (long from = slices.from(slice); from < to; from += height) {
                FloatMatrix block = blocks.get(from, Math.min(to, from + height), worker);
                for (int i = 0; i < block.rows(); i++) {
                    double norm = kernels.addToSums(block.segment(), block.offset(i), d, sums, slice * d);
                    total += norm;
                    maximum = Math.max(maximum, norm);
                }
            }
            squares[slice] = total;
            largest[slice] = maximum;
        });
        double[] mean = new double[d];
        double total = 0;
        double maximum = 0;
        for (int slice = 0; slice < slices.count(); slice++) {
            for (int j = 0; j < d; j++) {
                mean[j] += sums[slice * d + j];
            }
            total += squares[slice];
            maximum = Math.max(maximum, largest[slice]);
        }
        double meanNorm = 0;
        for (int j = 0; j < d; j++) {
            mean[j] /= Math.max(1, n);
            meanNorm += mean[j] * mean[j];
        }
        double deviations = Math.max(0, total - n * meanNorm);
        if (deviations * CANCELLATION < total) {
            deviations = squaredDeviations(blocks, height, slices, mean, pool);
        }
        return new ColumnMoments(mean, deviations, maximum);
    }

    private static double squaredDeviations(
            RowBlocks blocks, int height, RowSlices slices, double[] mean, WorkerPool pool) {
        int d = mean.length;
        Kernels kernels = Simd.kernels();
        double[] partial = new double[slices.count()];
        try (FloatMatrix rounded = FloatMatrix.allocate(1, d)) {
            double rounding = 0;
            for (int j = 0; j < d; j++) {
                rounded.set(0, j, (float) mean[j]);
                rounding += Math.pow(mean[j] - (float) mean[j], 2);
            }
            pool.run(slices.count(), (slice, worker) -> {
                double sum = 0;
                long to = slices.to(slice);
                for (long from = slices.from(slice); from < to; from += height) {
                    FloatMatrix block = blocks.get(from, Math.min(to, from + height), worker);
                    for (int i = 0; i < block.rows(); i++) {
                        sum += kernels.squaredDistance(block.segment(), block.offset(i), rounded.segment(), 0, d);
                    }
                }
                partial[slice] = sum;
            });
            double total = 0;
            for (double p : partial) {
                total += p;
            }
            return Math.max(0, total - blocks.rows() * rounding);
        }
    }

    /** The means as a matrix of one row, rounded to float; owned by the caller. */
    public FloatMatrix meanRow() {
        FloatMatrix row = FloatMatrix.allocate(1, mean.length);
        for (int j = 0; j < mean.length; j++) {
            row.set(0, j, (float) mean[j]);
        }
        return row;
    }
}
