package io.heddle.internal.linalg;

import io.heddle.internal.gemm.Gemm;
import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * The leading eigenpairs of a symmetric positive semi-definite matrix, in double: subspace iteration with a Chebyshev
 * filter and a Rayleigh–Ritz step after each application, until the residuals are below a tolerance. For many pairs the
 * full decomposition is faster and is used instead.
 *
 * <p>Reference: Zhou and Saad, "A Chebyshev–Davidson algorithm for large symmetric eigenproblems", SIAM J. Matrix Anal.
 * Appl. 29, 2007; Saad, "Numerical Methods for Large Eigenvalue Problems", 2nd ed., chapter 5.
 *
 * @param values the leading eigenvalues, descending
 * @param vectors row i is the unit eigenvector of value i
 */
public record LeadingEigenpairs(double[] values, double[] vectors) {
    private static final Kernels KERNELS = Simd.kernels();
    private static final int SMALL = 96;
    private static final int MAXIMUM_CYCLES = 60;
    private static final int MAXIMUM_DEGREE = 10;
    private static final int ROWS = 32;
    /** Degrees of the filters for an approximate basis. Further filters do not improve the later result. */
    private static final int[] ROUGH_DEGREES = {2, 4};
    /** Guard vectors: additional vectors that speed up the convergence of the leading ones. */
    private static final int GUARD = 12;

    /** Multiplies a block by the matrix. */
    @FunctionalInterface
    private interface Product {
        /** out ← A · v, both n × b. */
        void apply(double[] v, double[] out);
    }

    /**
     * @param a n × n, symmetric; not changed
     * @param k number of pairs, 1 ≤ k ≤ n
     * @param tolerance largest ‖A v − λ v‖, as a part of the largest eigenvalue
     */
    public static LeadingEigenpairs of(
            double[] a, int n, int k, double tolerance, RandomGenerator random, WorkerPool pool) {
        int b = (k + GUARD + 23) / 24 * 24;
        if (n <= SMALL || 3 * b > n) {
            return full(a, n, k);
        }
        Product product = (from, to) -> product(a, n, from, b, to, pool);
        double[] v = gaussian(n, b, random);
        double[] image = new double[n * b];
        double[] next = new double[n * b];
        for (int cycle = 0; cycle < MAXIMUM_CYCLES; cycle++) {
            CholeskyBasis.orthonormalize(v, n, b);
            product.apply(v, image);
            double[] values = rayleighRitz(n, b, v, image, next);
            if (values[0] <= 0 || residual(n, b, k, v, image, values) <= tolerance * values[0]) {
                return new LeadingEigenpairs(Arrays.copyOf(values, k), leadingRows(n, b, k, v));
            }
            // Low degrees first: a high degree would turn inaccurate vectors all towards the leading eigenvector.
            int degree = Math.min(MAXIMUM_DEGREE, 2 + 2 * cycle);
            double[] filtered = filter(product, n, b, degree, values, v, image, next);
            if (filtered == next) {
                next = v;
            } else if (filtered == image) {
                image = v;
            }
            v = filtered;
        }
        return full(a, n, k);
    }

    /**
     * Computes an approximate orthonormal basis of the leading eigenspace, with seven products with A in float. Its
     * errors are along directions of small variance. This is accurate enough for a basis that is multiplied by a
     * similar matrix afterwards.
     *
     * @param a n × n, symmetric; not changed
     * @param b directions, fewer than n
     * @return n × b row-major
     */
    public static double[] roughly(FloatMatrix a, int b, RandomGenerator random, WorkerPool pool) {
        int n = a.columns();
        try (FloatMatrix left = FloatMatrix.allocate(n, b);
                FloatMatrix right = FloatMatrix.allocate(n, b)) {
            float[] row = new float[b];
            // Scaled so that products of large values stay in the range of float.
            double scale = 1 / Math.max(Float.MIN_NORMAL, largestDiagonal(a));
            Product product = (from, to) -> {
                for (int i = 0; i < n; i++) {
                    for (int j = 0; j < b; j++) {
                        row[j] = (float) (scale * from[i * b + j]);
                    }
                    left.setRow(i, row);
                }
                Gemm.multiply(a, false, left, false, right, pool);
                for (int i = 0; i < n; i++) {
                    right.getRow(i, row);
                    for (int j = 0; j < b; j++) {
                        to[i * b + j] = row[j] / scale;
                    }
                }
            };
            double[] v = new double[n * b];
            product.apply(gaussian(n, b, random), v);
            for (int degree : ROUGH_DEGREES) {
                CholeskyBasis.orthonormalize(v, n, b);
                double[] image = new double[n * b];
                double[] spare = new double[n * b];
                product.apply(v, image);
                // The filter requires the bounds of the spectrum, not the pairs.
                double[] values = SymmetricEigen.values(projected(n, b, v, image), b);
                if (values[0] <= 0) {
                    return v;
                }
                v = filter(product, n, b, degree, values, v, image, spare);
            }
            CholeskyBasis.orthonormalize(v, n, b);
            return v;
        }
    }

    private static double largestDiagonal(FloatMatrix a) {
        double maximum = 0;
        for (int i = 0; i < a.columns(); i++) {
            maximum = Math.max(maximum, a.get(i, i));
        }
        return maximum;
    }

    private static double[] gaussian(int n, int b, RandomGenerator random) {
        double[] v = new double[n * b];
        for (int i = 0; i < v.length; i++) {
            v[i] = random.nextGaussian();
        }
        return v;
    }

    private static LeadingEigenpairs full(double[] a, int n, int k) {
        SymmetricEigen all = SymmetricEigen.of(a.clone(), n);
        return new LeadingEigenpairs(Arrays.copyOf(all.values(), k), Arrays.copyOf(all.vectors(), k * n));
    }

    /** out ← A · v, the rows divided among the threads. */
    private static void product(double[] a, int n, double[] v, int b, double[] out, WorkerPool pool) {
        pool.run((n + ROWS - 1) / ROWS, (task, worker) -> {
            int from = task * ROWS;
            int rows = Math.min(ROWS, n - from);
            KERNELS.multiplyDoubles(rows, b, n, a, from * n, n, 1, v, 0, b, out, from * b, b, false);
        });
    }

    /** Converts an orthonormal basis and its product with A to Ritz vectors and theirs; returns the Ritz values. */
    private static double[] rayleighRitz(int n, int b, double[] v, double[] image, double[] scratch) {
        SymmetricEigen ritz = SymmetricEigen.of(projected(n, b, v, image), b);
        double[] columns = new double[b * b];
        for (int i = 0; i < b; i++) {
            for (int j = 0; j < b; j++) {
                columns[j * b + i] = ritz.vectors()[i * b + j];
            }
        }
        rotate(n, b, v, columns, scratch);
        rotate(n, b, image, columns, scratch);
        return ritz.values();
    }

    /** VᵀAV, from V and AV. */
    private static double[] projected(int n, int b, double[] v, double[] image) {
        double[] projected = new double[b * b];
        KERNELS.multiplyDoubles(b, b, n, v, 0, 1, b, image, 0, b, projected, 0, b, false);
        symmetrize(projected, b);
        return projected;
    }

    public static void symmetrize(double[] m, int b) {
        for (int i = 0; i < b; i++) {
            for (int j = 0; j < i; j++) {
                double mean = 0.5 * (m[i * b + j] + m[j * b + i]);
                m[i * b + j] = mean;
                m[j * b + i] = mean;
            }
        }
    }

    private static void rotate(int n, int b, double[] m, double[] columns, double[] scratch) {
        KERNELS.multiplyDoubles(n, b, b, m, 0, b, 1, columns, 0, b, scratch, 0, b, false);
        System.arraycopy(scratch, 0, m, 0, n * b);
    }

    private static double residual(int n, int b, int k, double[] v, double[] image, double[] values) {
        double[] squares = new double[b];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < k; j++) {
                double r = image[i * b + j] - values[j] * v[i * b + j];
                squares[j] += r * r;
            }
        }
        return Math.sqrt(Arrays.stream(squares).max().orElse(0));
    }

    private static double[] leadingRows(int n, int b, int k, double[] v) {
        double[] rows = new double[k * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < k; j++) {
                rows[j * n + i] = v[i * b + j];
            }
        }
        return rows;
    }

    /**
     * Applies the Chebyshev polynomial that is small between 0 and the smallest Ritz value and is scaled to 1 at the
     * largest. Overwrites all three blocks; returns the block with the result.
     */
    private static double[] filter(
            Product product, int n, int b, int degree, double[] values, double[] v, double[] image, double[] spare) {
        double cut = Math.max(values[b - 1], values[0] * 1e-14);
        double half = cut / 2;
        double sigma = half / (values[0] - half);
        double first = sigma;
        double[] before = v;
        double[] now = image;
        double[] next = spare;
        for (int i = 0; i < n * b; i++) {
            now[i] = (now[i] - half * before[i]) * (sigma / half);
        }
        for (int step = 2; step <= degree; step++) {
            product.apply(now, next);
            double following = 1 / (2 / first - sigma);
            double outer = 2 * following / half;
            double back = sigma * following;
            for (int i = 0; i < n * b; i++) {
                next[i] = (next[i] - half * now[i]) * outer - back * before[i];
            }
            double[] free = before;
            before = now;
            now = next;
            next = free;
            sigma = following;
        }
        return now;
    }
}
