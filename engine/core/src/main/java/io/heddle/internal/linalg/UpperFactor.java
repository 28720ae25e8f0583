package io.heddle.internal.linalg;

import io.heddle.parallel.WorkerPool;

/** The upper factor U of A = UᵀU in double, row by row, so that the inner loops run along rows. */
final class UpperFactor {
    private UpperFactor() {}

    /** The square roots of the pivots. */
    @FunctionalInterface
    interface Roots {
        /** Returns the square root of pivot {@code k} or of its replacement; 0 if there is none. */
        double of(int k, double pivot);
    }

    /**
     * O(n³ / 3). Ends early if the thread is interrupted, see {@link WorkerPool#checkInterrupted}.
     *
     * @param a n rows of n; the part on and above the diagonal is overwritten by U
     * @return whether all pivots have roots
     */
    static boolean compute(double[][] a, Roots roots) {
        int n = a.length;
        for (int k = 0; k < n; k++) {
            WorkerPool.checkInterrupted();
            double root = roots.of(k, a[k][k]);
            if (root == 0) {
                return false;
            }
            a[k][k] = root;
            divide(a[k], k + 1, n, root);
            for (int i = k + 1; i < n; i++) {
                subtract(a[k][i], a[k], a[i], i, n);
            }
        }
        return true;
    }

    /** Computes row {@code i} of U⁻ᵀ from the rows above, which are complete. */
    static void invertRow(double[][] upper, int i, double[][] inverse) {
        inverse[i][i] = 1;
        for (int t = 0; t < i; t++) {
            subtract(upper[t][i], inverse[t], inverse[i], 0, t + 1);
        }
        divide(inverse[i], 0, i + 1, upper[i][i]);
    }

    static void divide(double[] row, int from, int to, double divisor) {
        for (int j = from; j < to; j++) {
            row[j] /= divisor;
        }
    }

    // Both rows have the same index: C2 does not vectorize a loop over two places of one array.

    /** Subtracts a row times a weight from another, between two columns. */
    static void subtract(double weight, double[] row, double[] other, int from, int to) {
        for (int j = from; j < to; j++) {
            other[j] -= weight * row[j];
        }
    }
}
