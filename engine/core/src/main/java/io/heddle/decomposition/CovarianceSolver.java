package io.heddle.decomposition;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import io.heddle.simd.Gemm;
import io.heddle.simd.Kernels;
import io.heddle.simd.Simd;
import java.util.random.RandomGenerator;

/** Principal components from a matrix of inner products: of the columns, or of the rows where they are fewer. */
final class CovarianceSolver {
    /** Largest side of the matrix that is decomposed; in double it then takes 3.2 GB. */
    private static final long LARGEST_SIDE = 20_000;

    private static final double TOLERANCE = 1e-10;
    private static final Kernels KERNELS = Simd.kernels();

    private CovarianceSolver() {}

    static Pca.Subspace solve(DataMatrix x, FloatMatrix mean, int k, RandomGenerator random, WorkerPool pool) {
        long side = Math.min(x.rows(), x.columns());
        require(
                side <= LARGEST_SIDE,
                "the covariance solver takes at most %d rows or columns, but the data has %d rows and %d columns;"
                        + " choose the randomized solver",
                LARGEST_SIDE,
                x.rows(),
                x.columns());
        return x.columns() <= x.rows() ? byColumns(x, mean, k, random, pool) : byRows(x, mean, k, random, pool);
    }

    private static Pca.Subspace byColumns(
            DataMatrix x, FloatMatrix mean, int k, RandomGenerator random, WorkerPool pool) {
        int d = x.columns();
        try (FloatMatrix scatter = FloatMatrix.allocate(d, d)) {
            Gemm.gram(x, mean, scatter, pool);
            LeadingEigenpairs pairs = LeadingEigenpairs.of(toDoubles(scatter), d, k, TOLERANCE, random, pool);
            return new Pca.Subspace(pairs.values(), pairs.vectors());
        }
    }

    private static Pca.Subspace byRows(DataMatrix x, FloatMatrix mean, int k, RandomGenerator random, WorkerPool pool) {
        int n = Math.toIntExact(x.rows());
        int d = x.columns();
        // The one place where the data is copied: it has fewer rows than columns, so it is small.
        try (FloatMatrix centred = FloatMatrix.allocate(n, d);
                FloatMatrix products = FloatMatrix.allocate(n, n);
                FloatMatrix left = FloatMatrix.allocate(k, n);
                FloatMatrix right = FloatMatrix.allocate(k, d)) {
            for (int i = 0; i < n; i++) {
                x.copyRow(i, centred, i);
                long row = centred.offset(i);
                KERNELS.subtract(centred.segment(), row, mean.segment(), 0, centred.segment(), row, d);
            }
            Gemm.multiply(centred, false, centred, true, products, pool);
            double[] a = toDoubles(products);
            LeadingEigenpairs.symmetrize(a, n);
            LeadingEigenpairs pairs = LeadingEigenpairs.of(a, n, k, TOLERANCE, random, pool);
            for (int i = 0; i < k; i++) {
                for (int j = 0; j < n; j++) {
                    left.set(i, j, (float) pairs.vectors()[i * n + j]);
                }
            }
            Gemm.multiply(left, false, centred, false, right, pool);
            return new Pca.Subspace(pairs.values(), orthonormalRows(right, k, d));
        }
    }

    /**
     * The rows made orthonormal from the first on; one without length becomes some direction orthogonal to the rest.
     */
    private static double[] orthonormalRows(FloatMatrix m, int k, int d) {
        double[] tall = new double[d * k];
        for (int i = 0; i < k; i++) {
            for (int j = 0; j < d; j++) {
                tall[j * k + i] = m.get(i, j);
            }
        }
        double[] r = Reflector.orthonormalize(tall, d, k);
        double[] rows = new double[k * d];
        for (int i = 0; i < k; i++) {
            double sign = r[i * k + i] < 0 ? -1 : 1;
            for (int j = 0; j < d; j++) {
                rows[i * d + j] = sign * tall[j * k + i];
            }
        }
        return rows;
    }

    private static double[] toDoubles(FloatMatrix m) {
        int n = m.columns();
        double[] out = new double[n * n];
        float[] row = new float[n];
        for (int i = 0; i < n; i++) {
            m.getRow(i, row);
            for (int j = 0; j < n; j++) {
                out[i * n + j] = row[j];
            }
        }
        return out;
    }
}
