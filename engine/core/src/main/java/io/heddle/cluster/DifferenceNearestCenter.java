package io.heddle.cluster;

import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.matrix.FloatMatrix;

/**
 * Computes the distances of each row to all centres from differences. This is slower than products, but the rounding
 * error is relative to the distance to the nearest centre and not to the spread of the data. It is used for clusters
 * that are tiny relative to their distances, for example if one column separates them and another is 10⁹ times as wide.
 */
final class DifferenceNearestCenter extends NearestCenter {
    private static final Kernels KERNELS = Simd.kernels();

    /** Below this, a squared distance in float may be wrong: the squares in its sum leave the range of float. */
    static final float SMALLEST = 0x1p-100f;

    private final boolean inDouble;

    /** @param inDouble whether squares are computed in double, for values whose squares leave the range of float */
    DifferenceNearestCenter(boolean inDouble) {
        this.inDouble = inDouble;
    }

    @Override
    void assign(FloatMatrix x, Sketch.Sketches known, long from, long to, int worker, int[] labels, int at) {
        if (inDouble) {
            assignInDouble(x, from, to, labels, at);
            return;
        }
        FloatMatrix centers = centers();
        int k = (int) centers.rows();
        float[] distances = new float[k];
        for (long i = from; i < to; i++) {
            KERNELS.squaredDistances(
                    x.segment(), x.offset(i), centers.segment(), 0, centers.offset(1), k, x.columns(), distances, 0);
            int best = 0;
            for (int j = 1; j < k; j++) {
                if (distances[j] < distances[best]) {
                    best = j;
                }
            }
            labels[at + (int) (i - from)] = exact(x, i, centers, best, distances[best]);
        }
    }

    private void assignInDouble(FloatMatrix x, long from, long to, int[] labels, int at) {
        for (long i = from; i < to; i++) {
            labels[at + (int) (i - from)] = nearest(x, i, centers());
        }
    }

    /**
     * The number of the nearest centre of a row.
     *
     * @param found the nearest by distances in float
     * @param squares the squared distance from it
     */
    static int exact(FloatMatrix x, long row, FloatMatrix centers, int found, float squares) {
        boolean rounded = squares < SMALLEST && squaredDistance(x, row, centers, found) > 0;
        return rounded ? nearest(x, row, centers) : found;
    }

    /** The number of the nearest centre of a row, from differences that are squared in double. */
    static int nearest(FloatMatrix x, long row, FloatMatrix centers) {
        int best = 0;
        double minimum = Double.POSITIVE_INFINITY;
        for (int j = 0; j < centers.rows(); j++) {
            double squares = squaredDistance(x, row, centers, j);
            if (squares < minimum) {
                minimum = squares;
                best = j;
            }
        }
        return best;
    }

    @Override
    public void close() {
        // There is no memory to free.
    }
}
