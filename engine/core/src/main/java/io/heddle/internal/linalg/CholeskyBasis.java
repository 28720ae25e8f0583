package io.heddle.internal.linalg;

import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import java.util.Arrays;

/**
 * Computes orthonormal bases of tall matrices by two rounds of Cholesky QR. Most of the work is matrix products, which
 * is many times faster than reflectors. Reflectors are used if the columns are nearly dependent.
 *
 * <p>Reference: Yamamoto, Nakatsukasa, Yanagisawa and Fukaya, "Roundoff error analysis of the CholeskyQR2 algorithm",
 * ETNA 44, 2015.
 */
public final class CholeskyBasis {
    /** Pivots of unit columns below this mean a condition number above 10⁶, for which two rounds are not enough. */
    private static final double MINIMUM_PIVOT = 1e-6;

    private static final Kernels KERNELS = Simd.kernels();

    private CholeskyBasis() {}

    /**
     * Replaces the columns of a tall matrix by an orthonormal basis of a space that contains theirs.
     *
     * @param m n × b row-major, b ≤ n
     */
    public static void orthonormalize(double[] m, int n, int b) {
        factorize(m, n, b);
    }

    /**
     * M = QR: replaces a tall matrix by Q, with orthonormal columns.
     *
     * @param m n × b row-major, b ≤ n
     * @return R, b × b row-major
     */
    public static double[] factorize(double[] m, int n, int b) {
        double[] r = new double[b * b];
        double[] lengths = normalizeColumns(m, n, b);
        for (int j = 0; j < b; j++) {
            r[j * b + j] = lengths[j];
        }
        double[] scratch = new double[n * b];
        for (int round = 0; round < 2; round++) {
            double[] gram = new double[b * b];
            KERNELS.multiplyDoubles(b, b, n, m, 0, 1, b, m, 0, b, gram, 0, b, false);
            double[] lower = factor(gram, b);
            if (lower == null || minimumPivot(lower, b) < MINIMUM_PIVOT) {
                return product(Reflector.orthonormalize(m, n, b), 1, r, b);
            }
            KERNELS.multiplyDoubles(n, b, b, m, 0, b, 1, inverseTransposed(lower, b), 0, b, scratch, 0, b, false);
            System.arraycopy(scratch, 0, m, 0, n * b);
            r = product(lower, b, r, b);
        }
        return r;
    }

    /** A · B, with a distance of {@code aStep} between the elements of a row of A: 1, or b for the transpose. */
    private static double[] product(double[] left, int aStep, double[] right, int b) {
        double[] out = new double[b * b];
        KERNELS.multiplyDoubles(b, b, b, left, 0, aStep == 1 ? b : 1, aStep, right, 0, b, out, 0, b, false);
        return out;
    }

    /** Divides the columns by their lengths and returns these. If a length is 0, changes nothing. */
    private static double[] normalizeColumns(double[] m, int n, int b) {
        double[] squares = new double[b];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < b; j++) {
                squares[j] += m[i * b + j] * m[i * b + j];
            }
        }
        double[] lengths = new double[b];
        double[] scale = new double[b];
        for (int j = 0; j < b; j++) {
            lengths[j] = Math.sqrt(squares[j]);
            // Reflectors are used for columns whose squares leave the range of double.
            if (!(lengths[j] > 1e-150 && lengths[j] < 1e150)) {
                Arrays.fill(lengths, 1);
                return lengths;
            }
            scale[j] = 1 / lengths[j];
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < b; j++) {
                m[i * b + j] *= scale[j];
            }
        }
        return lengths;
    }

    private static double minimumPivot(double[] lower, int b) {
        double minimum = Double.POSITIVE_INFINITY;
        for (int i = 0; i < b; i++) {
            minimum = Math.min(minimum, lower[i * b + i]);
        }
        return minimum;
    }

    /** The lower factor of A = LLᵀ, or null if A is not positive definite. */
    public static double[] factor(double[] a, int b) {
        double[] l = new double[b * b];
        for (int i = 0; i < b; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = a[i * b + j];
                for (int k = 0; k < j; k++) {
                    sum -= l[i * b + k] * l[j * b + k];
                }
                if (i != j) {
                    l[i * b + j] = sum / l[j * b + j];
                } else if (sum > 0 && sum < Double.POSITIVE_INFINITY) {
                    l[i * b + i] = Math.sqrt(sum);
                } else {
                    return null;
                }
            }
        }
        return l;
    }

    /** L⁻ᵀ of a lower factor. */
    public static double[] inverseTransposed(double[] l, int b) {
        double[] inverse = new double[b * b];
        // Row i of L⁻¹ from the rows above it; stored as column i.
        for (int i = 0; i < b; i++) {
            double[] row = new double[i + 1];
            for (int k = 0; k < i; k++) {
                double factor = -l[i * b + k];
                for (int j = 0; j <= k; j++) {
                    row[j] += factor * inverse[j * b + k];
                }
            }
            double pivot = 1 / l[i * b + i];
            row[i] = 1;
            for (int j = 0; j <= i; j++) {
                inverse[j * b + i] = row[j] * pivot;
            }
        }
        return inverse;
    }
}
