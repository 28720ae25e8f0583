package io.heddle.neighbors;

import io.heddle.internal.columns.BinaryScaling;
import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.matrix.FloatMatrix;

/**
 * Distances of rows from differences, summed in double. They are those of the original rows, because scaling can lose
 * them: beside a value of -3.4e38, scaled differences of 1e-6 are below the smallest float.
 */
final class ExactDistances {
    /** Distances are at most √columns times 2¹²⁹, of fewer than 2³¹ columns. */
    private static final int SMALLEST_EXPONENT = -18;

    private static final Kernels KERNELS = Simd.kernels();

    private final FloatMatrix queries;
    private final FloatMatrix points;
    private final FloatMatrix scaledQueries;
    private final FloatMatrix scaledPoints;
    private final double unit;
    private final double scale;

    private ExactDistances(
            FloatMatrix queries,
            FloatMatrix points,
            FloatMatrix scaledQueries,
            FloatMatrix scaledPoints,
            int exponent) {
        this.queries = queries;
        this.points = points;
        this.scaledQueries = scaledQueries;
        this.scaledPoints = scaledPoints;
        unit = Math.scalb(1.0, Math.max(exponent, SMALLEST_EXPONENT));
        scale = Math.scalb(1.0, exponent);
    }

    static ExactDistances of(FloatMatrix queries, FloatMatrix points) {
        return new ExactDistances(queries, points, queries, points, 0);
    }

    /** As {@link #of}, for a search among scaled rows. */
    static ExactDistances scaled(
            FloatMatrix queries,
            FloatMatrix points,
            FloatMatrix scaledQueries,
            FloatMatrix scaledPoints,
            BinaryScaling scaling) {
        return new ExactDistances(queries, points, scaledQueries, scaledPoints, scaling.exponent());
    }

    long points() {
        return points.rows();
    }

    /** Offers a point by its negative distance, in a unit in which all distances are floats. */
    void offer(BestList list, long row, int number) {
        double squares = squares(queries, points, row, number);
        double length = squares < Double.POSITIVE_INFINITY
                ? Math.sqrt(squares)
                // A difference of two floats is beyond the range of float.
                : Math.sqrt(squares(scaledQueries, scaledPoints, row, number)) / scale;
        list.offer(0, -(float) (length * unit), number);
    }

    private static double squares(FloatMatrix queries, FloatMatrix points, long row, int number) {
        return KERNELS.squaredDistance(
                queries.segment(), queries.offset(row), points.segment(), points.offset(number), points.columns());
    }

    /** Returns the squared distance of scaled rows that have a score in a list. */
    double scaledSquare(float score) {
        double length = score / unit * scale;
        return length * length;
    }

    /** Returns the distance of the original rows that have a score in a list. */
    float distance(float score) {
        return (float) ((0.0 - score) / unit);
    }
}
