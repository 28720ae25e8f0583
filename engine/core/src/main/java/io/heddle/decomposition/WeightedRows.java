package io.heddle.decomposition;

import io.heddle.internal.columns.ColumnDeviations;
import io.heddle.internal.columns.ColumnMoments;
import io.heddle.internal.columns.FiniteCheck;
import io.heddle.internal.rows.RowSample;
import io.heddle.internal.rows.RowWeights;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;

/**
 * The rows of a weighted fit. Rows of weight 0 are left out: the values of such a row, for example 9.97e36 for a
 * missing value, would cost the means of the others all their digits.
 *
 * @param x rows that count
 * @param weights of these rows; their sum is {@code count}
 * @param count number of rows that the fit represents: the sum of the weights if all are whole numbers, because a row
 *     of weight 2 then counts as two rows; otherwise the number of rows of x
 * @param copied whether x is a copy
 */
record WeightedRows(DataMatrix x, double[] weights, long count, boolean copied) implements AutoCloseable {
    /** Whole numbers up to this are exact in double, and so are their sums. */
    private static final double LARGEST_COUNT = 0x1p53;

    static WeightedRows of(DataMatrix x, RowWeights given, WorkerPool pool) {
        boolean all = given.countOfPositive(x.rows()) == x.rows();
        if (!all && x instanceof FloatMatrix floats) {
            FiniteCheck.require(floats, "the data", pool);
        }
        double[] weights = all ? given.values() : given.of(given.rows(true)).values();
        double total = Arrays.stream(weights).sum();
        boolean counts = total <= LARGEST_COUNT && Arrays.stream(weights).allMatch(w -> w == Math.rint(w));
        double factor = counts ? 1 : weights.length / total;
        double[] scaled = Arrays.stream(weights).map(w -> w * factor).toArray();
        DataMatrix rows = all ? x : RowSample.gather(x, given.rows(true), pool).withColumnNames(x.columnNames());
        return new WeightedRows(rows, scaled, counts ? (long) total : weights.length, !all);
    }

    /**
     * Copies the rows for a solver: centred by the weighted means, divided by the weighted deviations if the fit
     * standardizes, multiplied by the root of their weight, and by a power of two that keeps products in the range of
     * float. The sum of their outer products then is the weighted one. O(n · d) memory.
     */
    WithinRange centred(ColumnMoments moments, boolean standardize, WorkerPool pool) {
        Scaling scaling = scaling(moments.mean(), standardize, pool);
        double spread = scaling.squaredDeviations() / x.rows();
        int exponent = spread > 0 ? -Math.getExponent(Math.sqrt(spread)) : 0;
        FloatMatrix rows = scaling.apply(x, i -> Math.scalb(Math.sqrt(weights[(int) i]), exponent), pool);
        double factor = Math.scalb(1.0, -2 * exponent);
        return new WithinRange(
                rows,
                new Scaling(new double[x.columns()], null, scaling.squaredDeviations() / factor),
                scaling,
                factor);
    }

    private Scaling scaling(double[] near, boolean standardize, WorkerPool pool) {
        ColumnDeviations.Sums first = ColumnDeviations.sums(x, near, weights, pool);
        double[] mean = near.clone();
        for (int j = 0; j < mean.length; j++) {
            mean[j] += first.sums()[j] / first.total();
        }
        ColumnDeviations.Sums sums = ColumnDeviations.sums(x, mean, weights, pool);
        double[] deviation = new double[mean.length];
        double squares = 0;
        double standardized = 0;
        for (int j = 0; j < mean.length; j++) {
            double found = sums.deviation(j);
            boolean constant = Scaling.isConstant(found, mean[j]);
            deviation[j] = constant ? 1 : found;
            squares += found * found * sums.total();
            standardized += constant ? 0 : sums.total();
        }
        return standardize ? new Scaling(mean, deviation, standardized) : new Scaling(mean, null, squares);
    }

    @Override
    public void close() {
        if (copied) {
            ((FloatMatrix) x).close();
        }
    }
}
