package io.heddle.neighbors;

import io.heddle.internal.columns.ColumnMoments;
import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;

/**
 * Differences of unit rows from their mean direction, computed in double before rounding to float. If all rows have
 * nearly the same direction, products of unit rows are 1 up to rounding, but the differences are still distinct.
 */
final class DirectionSpace {
    /** Mean squared distance of unit rows from their mean below which products of floats lose too many digits. */
    private static final double NARROW = 1e-3;

    private static final Kernels KERNELS = Simd.kernels();

    private final double[] mean;

    private DirectionSpace(double[] mean) {
        this.mean = mean;
    }

    /** Whether rows of unit length, none of them zero, have nearly the same direction. */
    static boolean isNarrow(FloatMatrix unit, WorkerPool pool) {
        double spread = ColumnMoments.of(unit, "the directions", pool).squaredDeviations();
        return spread < NARROW * unit.rows() && hasDirections(unit);
    }

    /** Whether no row is zero. */
    static boolean hasDirections(FloatMatrix unit) {
        for (long i = 0; i < unit.rows(); i++) {
            long at = unit.offset(i);
            if (KERNELS.dot(unit.segment(), at, unit.segment(), at, unit.columns()) == 0) {
                return false;
            }
        }
        return true;
    }

    /** Creates the space around the mean direction of points. */
    static DirectionSpace of(FloatMatrix points) {
        double[] mean = new double[points.columns()];
        float[] row = new float[points.columns()];
        for (long i = 0; i < points.rows(); i++) {
            points.getRow(i, row);
            double length = length(row);
            for (int j = 0; j < row.length; j++) {
                mean[j] += row[j] / length / points.rows();
            }
        }
        return new DirectionSpace(mean);
    }

    /** Returns the differences of rows from the mean direction, which the caller closes. */
    FloatMatrix project(FloatMatrix x) {
        FloatMatrix out = FloatMatrix.allocate(x.rows(), x.columns());
        float[] row = new float[x.columns()];
        for (long i = 0; i < x.rows(); i++) {
            x.getRow(i, row);
            double length = length(row);
            for (int j = 0; j < row.length; j++) {
                row[j] = (float) (row[j] / length - mean[j]);
            }
            out.setRow(i, row);
        }
        return out;
    }

    private static double length(float[] row) {
        double squares = 0;
        for (float v : row) {
            squares += (double) v * v;
        }
        return Math.sqrt(squares);
    }
}
