package io.heddle.internal.linalg;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Computes eigenpairs of a small positive semi-definite matrix whose diagonal spans many powers of ten, such as the
 * scatter of columns of very different scales. The error of Jacobi's method is relative to each eigenvalue; that of a
 * reduction to tridiagonal form is relative to the largest.
 *
 * <p>Reference: Demmel and Veselić, "Jacobi's method is more accurate than QR", SIAM J. Matrix Anal. Appl. 13(4), 1992.
 */
public final class GradedEigen {
    /**
     * Maximum size. A sweep has about 6 n³ operations and about ten sweeps are needed; for larger matrices other
     * methods are much faster.
     */
    private static final int LARGEST = 96;
    /** Ratio of the largest and the smallest diagonal element below which the reduction is accurate enough. */
    private static final double GRADED = 1e8;

    private static final int MAXIMUM_SWEEPS = 60;
    private static final double TOLERANCE = 0x1p-52;

    private GradedEigen() {}

    public static boolean isGraded(double[] a, int n) {
        double maximum = 0;
        double minimum = Double.POSITIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            double value = a[i * n + i];
            maximum = Math.max(maximum, value);
            minimum = value > 0 ? Math.min(minimum, value) : minimum;
        }
        return n <= LARGEST && maximum > GRADED * minimum;
    }

    /**
     * @param a n × n, symmetric; overwritten
     * @param k number of pairs
     */
    public static LeadingEigenpairs of(double[] a, int n, int k) {
        double[] v = new double[n * n];
        for (int i = 0; i < n; i++) {
            v[i * n + i] = 1;
        }
        boolean rotated = true;
        for (int sweep = 0; sweep < MAXIMUM_SWEEPS && rotated; sweep++) {
            rotated = false;
            for (int p = 0; p < n; p++) {
                for (int q = p + 1; q < n; q++) {
                    double off = a[p * n + q];
                    double scale = Math.sqrt(Math.max(0, a[p * n + p]) * Math.max(0, a[q * n + q]));
                    if (off != 0 && Math.abs(off) > TOLERANCE * scale) {
                        rotate(a, v, n, p, q);
                        rotated = true;
                    }
                }
            }
        }
        int[] order = IntStream.range(0, n)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -a[i * n + i]))
                .mapToInt(i -> i)
                .toArray();
        double[] values = new double[k];
        double[] vectors = new double[k * n];
        for (int i = 0; i < k; i++) {
            values[i] = a[order[i] * n + order[i]];
            System.arraycopy(v, order[i] * n, vectors, i * n, n);
        }
        return new LeadingEigenpairs(values, vectors);
    }

    /** Rotates so that a[p][q] becomes zero, and applies the rotation to the rows of v. */
    private static void rotate(double[] a, double[] v, int n, int p, int q) {
        double off = a[p * n + q];
        double theta = (a[q * n + q] - a[p * n + p]) / (2 * off);
        double t = Math.copySign(1, theta) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        double c = 1 / Math.sqrt(t * t + 1);
        double s = t * c;
        double first = a[p * n + p] - t * off;
        double second = a[q * n + q] + t * off;
        for (int i = 0; i < n; i++) {
            double x = a[p * n + i];
            double y = a[q * n + i];
            a[p * n + i] = c * x - s * y;
            a[q * n + i] = s * x + c * y;
            double e = v[p * n + i];
            double f = v[q * n + i];
            v[p * n + i] = c * e - s * f;
            v[q * n + i] = s * e + c * f;
        }
        for (int i = 0; i < n; i++) {
            a[i * n + p] = a[p * n + i];
            a[i * n + q] = a[q * n + i];
        }
        a[p * n + p] = first;
        a[q * n + q] = second;
        a[p * n + q] = 0;
        a[q * n + p] = 0;
    }
}
