package io.heddle.internal.linalg;

import io.heddle.parallel.WorkerPool;

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
     * O(n³). Ends early if the thread is interrupted, see {@link WorkerPool#checkInterrupted}.
     *
     * @param a n × n with a positive diagonal; overwritten
     * @param right n values, overwritten by the solution
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
                a[i * n + j] *= scale[i] * scale[j];
            }
        }
        double raise = n * RAISE;
        double[] factor = a.clone();
        while (!factored(factor, n, raise)) {
            System.arraycopy(a, 0, factor, 0, a.length);
            raise *= MORE;
        }
        substitute(factor, right);
        for (int i = 0; i < n; i++) {
            right[i] *= scale[i];
        }
    }

    /** Upper factor U of UᵀU, row by row. */
    private static boolean factored(double[] a, int n, double raise) {
        for (int k = 0; k < n; k++) {
            WorkerPool.checkInterrupted();
            double pivot = a[k * n + k] + raise;
            if (!(pivot > raise / 2)) {
                return false;
            }
            double root = Math.sqrt(pivot);
            a[k * n + k] = root;
            for (int j = k + 1; j < n; j++) {
                a[k * n + j] /= root;
            }
            for (int i = k + 1; i < n; i++) {
                subtract(a, a[k * n + i], k * n, i * n, i, n);
            }
        }
        return true;
    }

    private static void subtract(double[] a, double factor, int from, int to, int first, int n) {
        for (int j = first; j < n; j++) {
            a[to + j] -= factor * a[from + j];
        }
    }

    private static void substitute(double[] u, double[] right) {
        int n = right.length;
        for (int i = 0; i < n; i++) {
            right[i] /= u[i * n + i];
            for (int j = i + 1; j < n; j++) {
                right[j] -= u[i * n + j] * right[i];
            }
        }
        for (int i = n - 1; i >= 0; i--) {
            double sum = right[i];
            for (int j = i + 1; j < n; j++) {
                sum -= u[i * n + j] * right[j];
            }
            right[i] = sum / u[i * n + i];
        }
    }
}
