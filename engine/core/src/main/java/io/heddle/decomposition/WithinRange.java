package io.heddle.decomposition;

import io.heddle.internal.columns.BinaryScaling;
import io.heddle.internal.columns.ColumnMoments;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;

/**
 * The data for a solver: the original, or a scaled copy if float products would leave their range. In the copy, columns
 * are standardized in double if the fit standardizes; otherwise all are multiplied by the same power of two.
 *
 * @param rows the rows that the solver reads
 * @param scaling of these rows
 * @param restored the scaling of the original data
 * @param factor factor that restores a squared length
 */
record WithinRange(DataMatrix rows, Scaling scaling, Scaling restored, double factor) implements AutoCloseable {
    /** Takes O(n · d) memory if a copy is needed. */
    static WithinRange of(DataMatrix x, ColumnMoments moments, Scaling scaling, WorkerPool pool) {
        if (!(x instanceof FloatMatrix floats)) {
            return new WithinRange(x, scaling, scaling, 1);
        }
        if (scaling.deviation() != null) {
            return scaling.leavesRange(moments) ? standardized(floats, scaling, pool) : asItIs(x, scaling);
        }
        return BinaryScaling.isNeeded(x, moments) ? scaled(floats, moments, pool) : asItIs(x, scaling);
    }

    private static WithinRange asItIs(DataMatrix x, Scaling scaling) {
        return new WithinRange(x, scaling, scaling, 1);
    }

    private static WithinRange scaled(FloatMatrix x, ColumnMoments moments, WorkerPool pool) {
        BinaryScaling binary = BinaryScaling.of(x, moments.squaredDeviations() / x.rows());
        FloatMatrix rows = binary.apply(x, pool);
        try {
            ColumnMoments moved = ColumnMoments.of(rows, "the scaled data", pool);
            double[] mean = moved.mean().clone();
            for (int j = 0; j < mean.length; j++) {
                mean[j] = binary.restore(mean[j], j);
            }
            Scaling restored = new Scaling(mean, null, binary.square(moved.squaredDeviations()));
            return new WithinRange(rows, Scaling.centring(moved), restored, binary.square(1));
        } catch (RuntimeException | Error e) {
            rows.close();
            throw e;
        }
    }

    private static WithinRange standardized(FloatMatrix x, Scaling scaling, WorkerPool pool) {
        FloatMatrix rows = scaling.apply(x, i -> 1, pool);
        int d = x.columns();
        return new WithinRange(rows, new Scaling(new double[d], null, scaling.squaredDeviations()), scaling, 1);
    }

    /** Converts a solver's result to the original data. */
    Pca.Subspace restore(Pca.Subspace found) {
        double[] values = found.values().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] *= factor;
        }
        return new Pca.Subspace(values, found.vectors(), found.passes(), found.converged());
    }

    @Override
    public void close() {
        if (scaling != restored) {
            ((FloatMatrix) rows).close();
        }
    }
}
