package io.heddle.decomposition;

import io.heddle.simd.Kernels;
import io.heddle.simd.Simd;

/**
 * The best approximation of a positive semi-definite matrix C that is known from one product Y = C·V with an
 * orthonormal V: Y (VᵀY)⁻¹ Yᵀ, Nyström's. It costs no further look at the data, and its eigenvalues never exceed those
 * of C.
 *
 * <p>Reference: Tropp, Yurtsever, Udell and Cevher, "Fixed-rank approximation of a positive-semidefinite matrix from
 * streaming data", NIPS 2017, algorithm 3.
 *
 * @param values its b eigenvalues, descending
 * @param basis d × b row-major, its eigenvectors as columns
 * @param before eigenvalues of C within the span of V, descending: what V captured
 */
record NystromStep(double[] values, double[] basis, double[] before) {
    private static final Kernels KERNELS = Simd.kernels();
    /** Y comes from float products: below this part of its length there is only rounding. */
    private static final double NOISE = 1e-7;

    /**
     * @param v d × b, orthonormal columns
     * @param y d × b, C · V; overwritten
     */
    static NystromStep of(double[] v, double[] y, int d, int b) {
        double[] core = core(v, y, d, b);
        double[] before = SymmetricEigen.of(core, b).values();
        double squares = 0;
        for (double e : y) {
            squares += e * e;
        }
        double shift = NOISE * Math.sqrt(squares);
        if (shift == 0) {
            return new NystromStep(new double[b], v.clone(), before);
        }
        double[] factor = null;
        double applied = 0;
        while (factor == null) {
            for (int i = 0; i < y.length; i++) {
                y[i] += (shift - applied) * v[i];
            }
            applied = shift;
            factor = cholesky(core(v, y, d, b), b);
            shift *= 10;
        }
        double[] r = Reflector.orthonormalize(y, d, b);
        // Y = QR and VᵀY = LLᵀ: the approximation is Q (R L⁻ᵀ)(R L⁻ᵀ)ᵀ Qᵀ.
        double[] m = timesInverseTransposed(r, factor, b);
        double[] small = new double[b * b];
        for (int i = 0; i < b; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = 0;
                for (int l = 0; l < b; l++) {
                    sum += m[i * b + l] * m[j * b + l];
                }
                small[i * b + j] = sum;
                small[j * b + i] = sum;
            }
        }
        SymmetricEigen eigen = SymmetricEigen.of(small, b);
        double[] values = eigen.values();
        double[] columns = new double[b * b];
        for (int i = 0; i < b; i++) {
            values[i] = Math.max(0, values[i] - applied);
            for (int j = 0; j < b; j++) {
                columns[j * b + i] = eigen.vectors()[i * b + j];
            }
        }
        double[] basis = new double[d * b];
        KERNELS.multiplyDoubles(d, b, b, y, 0, b, 1, columns, 0, b, basis, 0, b, false);
        return new NystromStep(values, basis, before);
    }

    private static double[] core(double[] v, double[] y, int d, int b) {
        double[] core = new double[b * b];
        KERNELS.multiplyDoubles(b, b, d, v, 0, 1, b, y, 0, b, core, 0, b, false);
        LeadingEigenpairs.symmetrize(core, b);
        return core;
    }

    /** The lower factor of A = LLᵀ, or null if A is not positive definite. */
    private static double[] cholesky(double[] a, int b) {
        double[] l = new double[b * b];
        for (int i = 0; i < b; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = a[i * b + j];
                for (int k = 0; k < j; k++) {
                    sum -= l[i * b + k] * l[j * b + k];
                }
                if (i != j) {
                    l[i * b + j] = sum / l[j * b + j];
                } else if (sum > 0) {
                    l[i * b + i] = Math.sqrt(sum);
                } else {
                    return null;
                }
            }
        }
        return l;
    }

    /** R L⁻ᵀ: row i solves L mᵢ = rᵢ. */
    private static double[] timesInverseTransposed(double[] r, double[] l, int b) {
        double[] m = new double[b * b];
        for (int i = 0; i < b; i++) {
            for (int j = 0; j < b; j++) {
                double sum = r[i * b + j];
                for (int k = 0; k < j; k++) {
                    sum -= m[i * b + k] * l[j * b + k];
                }
                m[i * b + j] = sum / l[j * b + j];
            }
        }
        return m;
    }
}
