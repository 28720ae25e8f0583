package io.heddle.cluster;

import io.heddle.internal.columns.ColumnMoments;
import io.heddle.matrix.FloatMatrix;

/**
 * The mean of the data, from which distances are told lest they cancel.
 *
 * @param mean 1 × d
 * @param centerRows whether it is so far from zero, compared with the spread, that rows have to be centred as well
 */
record Origin(FloatMatrix mean, boolean centerRows) implements AutoCloseable {
    /** ‖mean‖² beyond this many times the mean ‖x − mean‖² has rows centred. */
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
