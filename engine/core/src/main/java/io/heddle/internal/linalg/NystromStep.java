package io.heddle.internal.linalg;

import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;

/**
 * Nyström's approximation Y (VᵀY)⁻¹ Yᵀ of a positive semi-definite matrix C, given one product Y = C·V with an
 * orthonormal V. It needs no further pass over the data, and its eigenvalues never exceed those of C.
 *
 * <p>Reference: Tropp, Yurtsever, Udell and Cevher, "Fixed-rank approximation of a positive-semidefinite matrix from
 * streaming data", NIPS 2017, algorithm 3.
 *
 * @param values its b eigenvalues, descending; 0 for those below the rounding error of float products
 * @param basis d × b row-major, its eigenvectors as columns
 * @param before eigenvalues of C within the span of V, descending: what V captured
 */
public record NystromStep(double[] values, double[] basis, double[] before) {
    private static final Kernels KERNELS = Simd.kernels();
    /** Y comes from float products: below this share of its length there is only rounding error. */
    private static final double NOISE = 1e-7;

    /**
     * @param v d × b, orthonormal columns
     * @param y d × b, C · V; overwritten
     */
    public static NystromStep of(double[] v, double[] y, int d, int b) {
        double[] core = core(v, y, d, b);
        double[] before = SymmetricEigen.values(core, b);
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
            factor = CholeskyBasis.factor(core(v, y, d, b), b);
            shift *= 10;
        }
        double[] r = CholeskyBasis.factorize(y, d, b);
        // Y = QR and VᵀY = LLᵀ: the approximation is Q (R L⁻ᵀ)(R L⁻ᵀ)ᵀ Qᵀ.
        double[] m = new double[b * b];
        KERNELS.multiplyDoubles(b, b, b, r, 0, b, 1, CholeskyBasis.inverseTransposed(factor, b), 0, b, m, 0, b, false);
        double[] transposed = transpose(m, b);
        double[] small = new double[b * b];
        KERNELS.multiplyDoubles(b, b, b, m, 0, b, 1, transposed, 0, b, small, 0, b, false);
        LeadingEigenpairs.symmetrize(small, b);
        SymmetricEigen eigen = SymmetricEigen.of(small, b);
        double[] values = eigen.values();
        double[] columns = transpose(eigen.vectors(), b);
        for (int i = 0; i < b; i++) {
            double value = values[i] - applied;
            // Values below the shift are rounding error, which whitening would amplify.
            values[i] = value > applied ? value : 0;
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

    private static double[] transpose(double[] m, int b) {
        double[] t = new double[b * b];
        for (int i = 0; i < b; i++) {
            for (int j = 0; j < b; j++) {
                t[j * b + i] = m[i * b + j];
            }
        }
        return t;
    }
}
