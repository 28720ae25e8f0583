package io.heddle.internal.linalg;

import io.heddle.parallel.WorkerPool;
import java.util.Arrays;

/**
 * Solves symmetric positive semidefinite systems in double, scaled to a unit diagonal. The diagonal is increased by
 * about the rounding error of the factor, or by more if the matrix is still not positive definite. So the step along a
 * direction without curvature is finite.
 */
public final class DenseCholesky {
    private static final double RAISE = 1e-14;
    private static final double MORE = 100;

    private DenseCholesky() {}

    /**
     * O(n³), for any positive diagonal, even of subnormal numbers. Ends early if the thread is interrupted, see
     * {@link WorkerPool#checkInterrupted}.
     *
     * @param a n × n with a positive diagonal; overwritten
     * @param right n values, overwritten by the solution, or by zeros if the matrix is not finite
     */
    public static void solve(double[] a, double[] right) {
        int n = right.length;
        double[] scale = new double[n];
        for (int i = 0; i < n; i++) {
            scale[i] = 1 / Math.sqrt(a[i * n + i]);
        }
        for (int i = 0; i < n; i++) {
            right[i] *= scale[i];
            for (int j = 0; j < n; j++) {
                // One after the other, because the product of two factors can exceed the range of double.
                a[i * n + j] = a[i * n + j] * scale[i] * scale[j];
            }
        }
        double raise = n * RAISE;
        double[][] factor = rows(a, n);
        while (!factored(factor, raise)) {
            if (raise > n) {
                // Then the diagonal dominates, unless a value is not finite.
                Arrays.fill(right, 0);
                return;
            }
            factor = rows(a, n);
            raise *= MORE;
        }
        substitute(factor, right);
        for (int i = 0; i < n; i++) {
            right[i] *= scale[i];
        }
    }

    private static double[][] rows(double[] a, int n) {
        double[][] rows = new double[n][];
        Arrays.setAll(rows, i -> Arrays.copyOfRange(a, i * n, (i + 1) * n));
        return rows;
    }

    private static boolean factored(double[][] a, double raise) {
        return UpperFactor.compute(a, (k, pivot) -> pivot + raise > raise / 2 ? Math.sqrt(pivot + raise) : 0);
    }

    private static void substitute(double[][] u, double[] right) {
        int n = right.length;
        for (int i = 0; i < n; i++) {
            right[i] /= u[i][i];
            UpperFactor.subtract(right[i], u[i], right, i + 1, n);
        }
        for (int i = n - 1; i >= 0; i--) {
            double sum = right[i];
            for (int j = i + 1; j < n; j++) {
                sum -= u[i][j] * right[j];
            }
            right[i] = sum / u[i][i];
        }
    }
}
