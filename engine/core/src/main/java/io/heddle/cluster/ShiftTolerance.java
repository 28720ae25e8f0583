package io.heddle.cluster;

import io.heddle.internal.columns.ColumnMoments;
import io.heddle.matrix.DataMatrix;

/** Maximum shift of the centres in the last iteration of a fit. */
final class ShiftTolerance {
    private ShiftTolerance() {}

    /** {@link #absolute(DataMatrix, ColumnMoments, KMeans.Options)}, or relative to the inertia if that is tiny. */
    static double of(double absolute, double inertia, DataMatrix x, ColumnMoments moments, KMeans.Options options) {
        return NearestCenter.isTight(inertia, moments.squaredDeviations())
                ? options.tolerance() * inertia / ((double) x.rows() * x.columns())
                : absolute;
    }

    /**
     * The absolute tolerance for the shift of the centres, relative to the columns' mean variance as in scikit-learn.
     */
    static double absolute(DataMatrix x, ColumnMoments moments, KMeans.Options options) {
        return options.tolerance() * moments.squaredDeviations() / ((double) x.rows() * x.columns());
    }
}
