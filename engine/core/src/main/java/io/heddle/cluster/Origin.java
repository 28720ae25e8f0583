package io.heddle.cluster;

import io.heddle.internal.columns.ColumnMoments;
import io.heddle.matrix.FloatMatrix;

/**
 * The mean of the data, which is subtracted before computing distances, to avoid cancellation.
 *
 * @param mean 1 × d
 * @param centerRows whether it is so far from zero, relative to the spread, that rows must be centred too
 */
record Origin(FloatMatrix mean, boolean centerRows) implements AutoCloseable {
    /** ‖mean‖² beyond this many times the mean ‖x − mean‖² requires centring the rows. */
    private static final double FAR = 100;

    static Origin of(ColumnMoments moments, long rows) {
        double squares = 0;
        for (double m : moments.mean()) {
            squares += m * m;
        }
        return new Origin(moments.meanRow(), squares * rows > FAR * moments.squaredDeviations());
    }

    @Override
    public void close() {
        mean.close();
    }
}
