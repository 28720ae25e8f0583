package io.heddle.cluster;

import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.matrix.FloatMatrix;
import java.util.Arrays;

/**
 * The rounding error of squared distances from float products with centres relative to an origin m: with c' = c − m, ‖x
 * − c‖² − ‖x − m‖² = −2 c'·x + ‖c‖² − ‖m‖².
 *
 * <p>It is relative to the norms of the operands and not to the distance. If a few rows are far from all others, the
 * mean is too, and the error can exceed the distances between most rows and their centres. A centre that is as near to
 * a row as the found one has ‖c'‖ of at most the row's distance from the origin and from the found centre together, so
 * the error is known without looking at the other centres.
 *
 * @param origin ‖m‖, or 0 if the rows are centred before they are multiplied
 */
record ProductError(double origin) {
    private static final Kernels KERNELS = Simd.kernels();
    /** Error of a product of floats, relative to the norms of its operands: eight times the rounding of a float. */
    private static final double ROUNDING = 0x1p-21;
    /** Maximum error, as a part of the squared distance, with which a centre counts as the nearest. */
    private static final double ACCEPTED = 1.0 / 256;

    /**
     * Whether another centre could be much nearer to a row than the one found.
     *
     * @param squares the row's squared distance from that centre, exact
     * @param fromOrigin the row's squared distance from the origin
     */
    boolean misleads(double squares, double fromOrigin) {
        if (squares < DifferenceNearestCenter.SMALLEST) {
            return squares > 0;
        }
        double far = Math.sqrt(Math.max(0, fromOrigin));
        double reach = far + Math.sqrt(squares);
        double error = ROUNDING * reach * (2 * (far + origin) + reach + 2 * origin);
        // Also true for values that are not finite.
        return !(error <= ACCEPTED * squares);
    }

    /**
     * Whether a row exists for which products relative to the first centre could find a centre that is not the nearest.
     * It is then at least half as far from the found centre as the next one is. O(K² · d).
     *
     * @param centers K × d
     */
    static boolean misleadsAmong(FloatMatrix centers) {
        int k = (int) centers.rows();
        int d = centers.columns();
        double[] gap = new double[k];
        Arrays.fill(gap, Double.POSITIVE_INFINITY);
        float[] squares = new float[k];
        for (int i = 1; i < k; i++) {
            KERNELS.squaredDistances(
                    centers.segment(), centers.offset(i), centers.segment(), 0, centers.offset(1), i, d, squares, 0);
            for (int j = 0; j < i; j++) {
                double between = squares[j] < DifferenceNearestCenter.SMALLEST
                        ? NearestCenter.squaredDistance(centers, i, centers, j)
                        : squares[j];
                if (between > 0) {
                    gap[i] = Math.min(gap[i], between);
                    gap[j] = Math.min(gap[j], between);
                }
            }
        }
        double norm = 0;
        for (int j = 0; j < d; j++) {
            norm += Math.pow(centers.get(0, j), 2);
        }
        ProductError error = new ProductError(Math.sqrt(norm));
        for (int i = 0; i < k; i++) {
            double half = Math.sqrt(gap[i]) / 2;
            double far = Math.sqrt(NearestCenter.squaredDistance(centers, i, centers, 0)) + half;
            if (half < Double.POSITIVE_INFINITY && error.misleads(half * half, far * far)) {
                return true;
            }
        }
        return false;
    }
}
