package io.heddle.decomposition;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.internal.gemm.Gemm;
import io.heddle.internal.linalg.GradedEigen;
import io.heddle.internal.linalg.LeadingEigenpairs;
import io.heddle.internal.linalg.Reflector;
import io.heddle.internal.linalg.SymmetricEigen;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.util.random.RandomGenerator;

/**
 * Computes principal components from a matrix of inner products: of the columns, or of the rows if there are fewer
 * rows.
 */
final class CovarianceSolver {
    /** Largest side of the matrix that is decomposed; in double it then takes 3.2 GB. */
    private static final long LARGEST_SIDE = 20_000;

    private static final double TOLERANCE = 1e-10;

    private CovarianceSolver() {}

    static Pca.Subspace solve(DataMatrix x, Scaling scaling, int k, RandomGenerator random, WorkerPool pool) {
        return solve(x, scaling, (a, n) -> k, random, pool);
    }

    /** The smallest number of components that explain more than a share of the variance. */
    static Pca.Subspace solve(DataMatrix x, Scaling scaling, double share, RandomGenerator random, WorkerPool pool) {
        return solve(x, scaling, (a, n) -> count(a, n, share), random, pool);
    }

    /** Chooses the number of components from their variances. */
    @FunctionalInterface
    private interface Count {
        int of(double[] a, int n);
    }

    private static int count(double[] a, int n, double share) {
        double[] values = SymmetricEigen.values(a.clone(), n);
        double total = 0;
        for (int i = 0; i < n; i++) {
            values[i] = Math.max(0, values[i]);
            total += values[i];
        }
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += values[i];
            if (sum > share * total) {
                return i + 1;
            }
        }
        // This happens only for data without variance.
        return 1;
    }

    private static Pca.Subspace solve(
            DataMatrix x, Scaling scaling, Count count, RandomGenerator random, WorkerPool pool) {
        long side = Math.min(x.rows(), x.columns());
        require(
                side <= LARGEST_SIDE,
                "the covariance solver takes at most %d rows or columns, but the data has %d rows and %d columns;"
                        + " choose the randomized solver",
                LARGEST_SIDE,
                x.rows(),
                x.columns());
        return x.columns() <= x.rows()
                ? byColumns(x, scaling, count, random, pool)
                : byRows(x, scaling, count, random, pool);
    }

    private static Pca.Subspace byColumns(
            DataMatrix x, Scaling scaling, Count count, RandomGenerator random, WorkerPool pool) {
        int d = x.columns();
        double[] a;
        try (FloatMatrix mean = scaling.meanRow();
                FloatMatrix scatter = FloatMatrix.allocate(d, d)) {
            Gemm.gram(x, mean, scatter, pool);
            a = toDoubles(scatter);
        }
        for (int i = 0; i < d; i++) {
            for (int j = 0; j < d; j++) {
                // The means were rounded to float.
                double rounding = x.rows() * scaling.remainder(i) * scaling.remainder(j);
                a[i * d + j] = (a[i * d + j] - rounding) * scaling.factor(i) * scaling.factor(j);
            }
        }
        int k = count.of(a, d);
        LeadingEigenpairs pairs = GradedEigen.isGraded(a, d)
                ? GradedEigen.of(a, d, k)
                : LeadingEigenpairs.of(a, d, k, TOLERANCE, random, pool);
        return new Pca.Subspace(pairs.values(), pairs.vectors(), 1, true);
    }

    private static Pca.Subspace byRows(
            DataMatrix x, Scaling scaling, Count count, RandomGenerator random, WorkerPool pool) {
        int n = Math.toIntExact(x.rows());
        int d = x.columns();
        // This is the only copy of the data. It is small, because there are fewer rows than columns.
        try (FloatMatrix centred = FloatMatrix.allocate(n, d);
                FloatMatrix products = FloatMatrix.allocate(n, n)) {
            float[] row = new float[d];
            for (int i = 0; i < n; i++) {
                x.copyRow(i, centred, i);
                centred.getRow(i, row);
                for (int j = 0; j < d; j++) {
                    row[j] = (float) ((row[j] - scaling.mean()[j]) * scaling.factor(j));
                }
                centred.setRow(i, row);
            }
            Gemm.multiply(centred, false, centred, true, products, pool);
            double[] a = toDoubles(products);
            LeadingEigenpairs.symmetrize(a, n);
            int k = count.of(a, n);
            LeadingEigenpairs pairs = LeadingEigenpairs.of(a, n, k, TOLERANCE, random, pool);
            try (FloatMatrix left = FloatMatrix.allocate(k, n);
                    FloatMatrix right = FloatMatrix.allocate(k, d)) {
                for (int i = 0; i < k; i++) {
                    for (int j = 0; j < n; j++) {
                        left.set(i, j, (float) pairs.vectors()[i * n + j]);
                    }
                }
                Gemm.multiply(left, false, centred, false, right, pool);
                return new Pca.Subspace(pairs.values(), orthonormalRows(right, k, d), 1, true);
            }
        }
    }

    /**
     * Orthonormalizes the rows, beginning with the first. A row of zeros becomes some direction orthogonal to the
     * others.
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
