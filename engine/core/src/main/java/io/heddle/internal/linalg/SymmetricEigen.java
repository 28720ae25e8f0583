package io.heddle.internal.linalg;

import io.heddle.parallel.WorkerPool;
import java.util.Arrays;

/**
 * All eigenpairs of a symmetric matrix, in double: Householder's reduction to a tridiagonal matrix, then implicitly
 * shifted QL. About 10 n³ operations.
 *
 * <p>Reference: Martin, Reinsch and Wilkinson, "Householder's tridiagonalization of a symmetric matrix", Numerische
 * Mathematik 11, 1968; Dubrulle, Martin and Wilkinson, "The implicit QL algorithm", Numerische Mathematik 12, 1968.
 *
 * @param values the eigenvalues, descending
 * @param vectors n × n, row i the unit eigenvector of value i
 */
public record SymmetricEigen(double[] values, double[] vectors) {
    private static final int MAXIMUM_SWEEPS = 100;

    /**
     * Sweeps after which elements in the rounding error of the largest are negligible too. In a null space, such as
     * that of columns that occur twice, each sweep brings errors of this size from the rest of the matrix.
     */
    private static final int RELATIVE_SWEEPS = 4;

    private static final double NOISE = 8 * Math.ulp(1.0);

    /**
     * @param a n × n, symmetric; overwritten
     * @throws ArithmeticException if the matrix holds NaN or infinity
     */
    public static SymmetricEigen of(double[] a, int n) {
        double[] diagonal = new double[n];
        double[] off = new double[n];
        double[] reflectors = new double[n * n];
        double[] factors = new double[n];
        tridiagonalize(a, n, diagonal, off, reflectors, factors);
        double[] q = accumulate(n, reflectors, factors);
        diagonalize(n, diagonal, off, q, n);
        return sorted(n, diagonal, q);
    }

    /**
     * Computes only the eigenvalues, descending, with about a fifth of the operations.
     *
     * @param a n × n, symmetric; overwritten
     * @throws ArithmeticException if the matrix holds NaN or infinity
     */
    public static double[] values(double[] a, int n) {
        double[] diagonal = new double[n];
        double[] off = new double[n];
        tridiagonalize(a, n, diagonal, off, new double[n * n], new double[n]);
        diagonalize(n, diagonal, off, new double[0], 0);
        Arrays.sort(diagonal);
        for (int i = 0; i < n / 2; i++) {
            double minimum = diagonal[i];
            diagonal[i] = diagonal[n - 1 - i];
            diagonal[n - 1 - i] = minimum;
        }
        return diagonal;
    }

    /** Writes the tridiagonal matrix T to two arrays, and the reflectors of Q in A = Q T Qᵀ to the other two. */
    private static void tridiagonalize(
            double[] a, int n, double[] diagonal, double[] off, double[] reflectors, double[] factors) {
        double[] v = new double[n];
        double[] w = new double[n];
        for (int k = 0; k < n; k++) {
            WorkerPool.checkInterrupted();
            diagonal[k] = a[k * n + k];
            if (k + 1 == n) {
                break;
            }
            for (int i = k + 1; i < n; i++) {
                v[i] = a[k * n + i];
            }
            factors[k] = Reflector.make(v, k + 1, n);
            off[k] = v[k + 1];
            if (factors[k] == 0) {
                continue;
            }
            v[k + 1] = 1;
            System.arraycopy(v, k + 1, reflectors, k * n + k + 1, n - k - 1);
            twoSidedUpdate(a, n, k + 1, v, factors[k], w);
        }
    }

    /** A ← H A H on the trailing block that begins at {@code from}, with H = I − factor · v vᵀ. */
    private static void twoSidedUpdate(double[] a, int n, int from, double[] v, double factor, double[] w) {
        Arrays.fill(w, from, n, 0);
        for (int i = from; i < n; i++) {
            double vi = v[i];
            int row = i * n;
            for (int j = from; j < n; j++) {
                w[j] += vi * a[row + j];
            }
        }
        double inner = 0;
        for (int i = from; i < n; i++) {
            w[i] *= factor;
            inner += w[i] * v[i];
        }
        double half = 0.5 * factor * inner;
        for (int i = from; i < n; i++) {
            w[i] -= half * v[i];
        }
        for (int i = from; i < n; i++) {
            double vi = v[i];
            double wi = w[i];
            int row = i * n;
            for (int j = from; j < n; j++) {
                a[row + j] -= vi * w[j] + wi * v[j];
            }
        }
    }

    /** Qᵀ, row by row. */
    private static double[] accumulate(int n, double[] reflectors, double[] factors) {
        double[] q = new double[n * n];
        for (int i = 0; i < n; i++) {
            q[i * n + i] = 1;
        }
        double[] v = new double[n];
        double[] t = new double[n];
        for (int k = n - 2; k >= 0; k--) {
            WorkerPool.checkInterrupted();
            if (factors[k] != 0) {
                System.arraycopy(reflectors, k * n, v, 0, n);
                Reflector.apply(q, n, k + 1, n, k + 1, n, v, factors[k], t);
            }
        }
        double[] transposed = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                transposed[j * n + i] = q[i * n + j];
            }
        }
        return transposed;
    }

    /** @param rows n rows of any width, to which the rotations are applied */
    private static void diagonalize(int n, double[] d, double[] e, double[] rows, int width) {
        double largest = 0;
        for (int i = 0; i < n; i++) {
            largest = Math.max(largest, Math.max(Math.abs(d[i]), Math.abs(e[i])));
        }
        for (int l = 0; l < n; l++) {
            WorkerPool.checkInterrupted();
            int sweeps = 0;
            int m;
            while ((m = firstSplit(l, n, d, e, sweeps < RELATIVE_SWEEPS ? Double.MIN_NORMAL : NOISE * largest)) > l) {
                if (++sweeps > MAXIMUM_SWEEPS) {
                    throw new ArithmeticException("eigenvalues do not converge: the matrix is not finite");
                }
                sweep(l, m, d, e, rows, width);
            }
        }
    }

    /**
     * The first index from l on whose off-diagonal element is negligible: relative to its neighbours, or below a limit.
     */
    private static int firstSplit(int l, int n, double[] d, double[] e, double limit) {
        int m = l;
        while (m < n - 1) {
            double size = Math.abs(d[m]) + Math.abs(d[m + 1]);
            if (Math.abs(e[m]) <= Math.ulp(1.0) * size || Math.abs(e[m]) < limit) {
                break;
            }
            m++;
        }
        return m;
    }

    /** One QL sweep from m down to l, with Wilkinson's shift; the rotations are applied to the rows as well. */
    private static void sweep(int l, int m, double[] d, double[] e, double[] rows, int width) {
        double g = (d[l + 1] - d[l]) / (2 * e[l]);
        g = d[m] - d[l] + e[l] / (g + Math.copySign(Math.hypot(g, 1), g));
        double s = 1;
        double c = 1;
        double p = 0;
        for (int i = m - 1; i >= l; i--) {
            double f = s * e[i];
            double b = c * e[i];
            double r = Math.sqrt(f * f + g * g);
            e[i + 1] = r;
            if (r == 0) {
                // The matrix splits here within the sweep.
                d[i + 1] -= p;
                e[m] = 0;
                return;
            }
            s = f / r;
            c = g / r;
            g = d[i + 1] - p;
            r = (d[i] - g) * s + 2 * c * b;
            p = s * r;
            d[i + 1] = g + p;
            g = c * r - b;
            rotate(rows, i * width, (i + 1) * width, width, c, s);
        }
        d[l] -= p;
        e[l] = g;
        e[m] = 0;
    }

    private static void rotate(double[] rows, int x, int y, int n, double c, double s) {
        for (int k = 0; k < n; k++) {
            double a = rows[x + k];
            double b = rows[y + k];
            rows[y + k] = s * a + c * b;
            rows[x + k] = c * a - s * b;
        }
    }

    private static SymmetricEigen sorted(int n, double[] d, double[] rows) {
        int[] order = java.util.stream.IntStream.range(0, n)
                .boxed()
                .sorted((i, j) -> Double.compare(d[j], d[i]))
                .mapToInt(i -> i)
                .toArray();
        double[] values = new double[n];
        double[] vectors = new double[n * n];
        for (int i = 0; i < n; i++) {
            values[i] = d[order[i]];
            System.arraycopy(rows, order[i] * n, vectors, i * n, n);
        }
        return new SymmetricEigen(values, vectors);
    }
}
