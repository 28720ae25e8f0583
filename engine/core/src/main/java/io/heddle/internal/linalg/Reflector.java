package io.heddle.internal.linalg;

import java.util.Arrays;

/**
 * Householder reflectors H = I − factor · v vᵀ with v[from] = 1, and orthonormal bases from them.
 *
 * <p>Unlike Gram–Schmidt, the basis is orthonormal to working precision for any columns; dependent columns are
 * replaced.
 */
public final class Reflector {
    /** Smaller numbers are subnormal or nearly so, and their reflector would not be orthogonal. */
    private static final double NEGLIGIBLE = 1e-280;

    private Reflector() {}

    /**
     * Computes the reflector that maps v[from, to) to a multiple of the first unit vector.
     *
     * @param v overwritten by the multiple at {@code from}, and by the reflector's elements after it
     * @return the factor; 0 if the vector already is such a multiple
     */
    static double make(double[] v, int from, int to) {
        double largest = 0;
        for (int i = from + 1; i < to; i++) {
            largest = Math.max(largest, Math.abs(v[i]));
        }
        if (largest < NEGLIGIBLE) {
            return 0;
        }
        largest = Math.max(largest, Math.abs(v[from]));
        double squares = 0;
        for (int i = from; i < to; i++) {
            double scaled = v[i] / largest;
            squares += scaled * scaled;
        }
        double first = v[from];
        double image = -Math.copySign(largest * Math.sqrt(squares), first);
        double pivot = first - image;
        for (int i = from + 1; i < to; i++) {
            v[i] /= pivot;
        }
        v[from] = image;
        return -pivot / image;
    }

    /** M[rows, columns) ← H · M[rows, columns) for a row-major M; v[rowFrom] is used as stored. */
    static void apply(
            double[] m,
            int stride,
            int rowFrom,
            int rowTo,
            int columnFrom,
            int columnTo,
            double[] v,
            double factor,
            double[] scratch) {
        Arrays.fill(scratch, columnFrom, columnTo, 0);
        for (int i = rowFrom; i < rowTo; i++) {
            double vi = v[i];
            int row = i * stride;
            for (int j = columnFrom; j < columnTo; j++) {
                scratch[j] += vi * m[row + j];
            }
        }
        for (int i = rowFrom; i < rowTo; i++) {
            double vi = factor * v[i];
            int row = i * stride;
            for (int j = columnFrom; j < columnTo; j++) {
                m[row + j] -= vi * scratch[j];
            }
        }
    }

    /**
     * Replaces the columns of a tall matrix by an orthonormal basis of a space that contains theirs: M = Q R.
     *
     * @param m n × b row-major, b ≤ n; becomes Q
     * @return R, b × b, upper triangular
     */
    public static double[] orthonormalize(double[] m, int n, int b) {
        double[] reflectors = new double[b * n];
        double[] factors = new double[b];
        double[] v = new double[n];
        double[] scratch = new double[b];
        double[] r = new double[b * b];
        for (int k = 0; k < b; k++) {
            for (int i = k; i < n; i++) {
                v[i] = m[i * b + k];
            }
            factors[k] = make(v, k, n);
            r[k * b + k] = v[k];
            v[k] = 1;
            if (factors[k] != 0) {
                apply(m, b, k, n, k + 1, b, v, factors[k], scratch);
            }
            System.arraycopy(m, k * b + k + 1, r, k * b + k + 1, b - k - 1);
            System.arraycopy(v, k, reflectors, k * n + k, n - k);
        }
        Arrays.fill(m, 0, n * b, 0);
        for (int k = 0; k < b; k++) {
            m[k * b + k] = 1;
        }
        for (int k = b - 1; k >= 0; k--) {
            if (factors[k] != 0) {
                System.arraycopy(reflectors, k * n + k, v, k, n - k);
                apply(m, b, k, n, k, b, v, factors[k], scratch);
            }
        }
        return r;
    }
}
