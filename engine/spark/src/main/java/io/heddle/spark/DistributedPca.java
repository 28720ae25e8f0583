package io.heddle.spark;

import io.heddle.decomposition.Pca;
import io.heddle.internal.linalg.CholeskyBasis;
import io.heddle.internal.linalg.GradedEigen;
import io.heddle.internal.linalg.LeadingEigenpairs;
import io.heddle.internal.linalg.NystromStep;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import io.heddle.spark.partition.DistributedRows;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Principal components from sums over all partitions: from the scatter matrix, or for many columns by subspace
 * iteration, in which each pass sends d · b numbers.
 */
final class DistributedPca {
    private static final String RANDOM = "L64X128MixRandom";
    private static final double TOLERANCE = 1e-10;
    /** Maximum number of columns for a sum of the scatter matrix: 17 MB for each partition. */
    private static final int MAXIMUM_FOR_SCATTER = 2048;
    /** Minimum number of directions in addition to the components. */
    private static final int OVERSAMPLING = 12;
    /** Missing share of the variance at which subspace iteration stops. */
    private static final double MISSING = 1e-4;

    private static final int MAXIMUM_PASSES = 20;

    private final DistributedRows rows;
    private final Moments moments;
    private final float[] rounded;
    private final int d;
    private final int k;
    private final RandomGenerator random;

    private DistributedPca(DistributedRows rows, int k, long seed) {
        this.rows = rows;
        this.k = k;
        d = rows.columns();
        moments = Moments.of(rows);
        rounded = Moments.rounded(moments.mean());
        random = RandomGeneratorFactory.of(RANDOM).create(seed);
    }

    static PcaParts fit(DistributedRows rows, int k, boolean iterated, long seed) {
        DistributedPca fit = new DistributedPca(rows, k, seed);
        return iterated ? fit.iterate() : fit.decompose();
    }

    /** Returns whether to use subspace iteration. As in the core, it is not used for nearly all components. */
    static boolean isIterated(DistributedRows rows, int k, String solver) {
        boolean few = k < 0.8 * Math.min(rows.rows(), rows.columns());
        return solver.equals(HeddlePca.RANDOMIZED)
                || solver.equals(HeddlePca.AUTO) && few && rows.columns() > MAXIMUM_FOR_SCATTER;
    }

    private PcaParts decompose() {
        double[] scatter = mirrored(rows.sum(new ScatterWork(rounded)));
        LeadingEigenpairs pairs = GradedEigen.isGraded(scatter, d)
                ? GradedEigen.of(scatter, d, k)
                : LeadingEigenpairs.of(scatter, d, k, TOLERANCE, random, WorkerPool.shared());
        return parts(pairs.values(), pairs.vectors(), Pca.Solver.COVARIANCE, 1, true);
    }

    /** Multiplies random directions by the scatter matrix until the gain of another pass is small. */
    private PcaParts iterate() {
        int wanted = (k + OVERSAMPLING + FloatMatrix.ALIGNMENT - 1) / FloatMatrix.ALIGNMENT * FloatMatrix.ALIGNMENT;
        int b = (int) Math.min(wanted, Math.min(rows.rows(), d));
        double[] v = new double[Math.multiplyExact(d, b)];
        for (int i = 0; i < v.length; i++) {
            v[i] = random.nextGaussian();
        }
        CholeskyBasis.orthonormalize(v, d, b);
        NystromStep step = null;
        double captured = 0;
        boolean converged = false;
        int passes = 0;
        while (passes < MAXIMUM_PASSES && !converged) {
            passes++;
            double[] product = centred(rows.sum(new ProductWork(rounded, floats(v))), v, b);
            step = NystromStep.of(v, product, d, b);
            v = step.basis();
            double now = share(step.values());
            double before = share(step.before());
            converged = b == d || passes > 1 && remaining(before - captured, now - before) <= MISSING;
            captured = now;
        }
        double[] vectors = new double[k * d];
        for (int i = 0; i < k; i++) {
            for (int j = 0; j < d; j++) {
                vectors[i * d + j] = step.basis()[j * b + i];
            }
        }
        return parts(step.values(), vectors, Pca.Solver.RANDOMIZED, passes, converged);
    }

    /** Subtracts the effect of rounding the means to float: rows · r (rᵀ V), with r the remainders of the means. */
    private double[] centred(double[] product, double[] v, int b) {
        double[] along = new double[b];
        for (int i = 0; i < d; i++) {
            double remainder = moments.mean()[i] - rounded[i];
            for (int j = 0; j < b; j++) {
                along[j] += remainder * v[i * b + j];
            }
        }
        for (int i = 0; i < d; i++) {
            double remainder = moments.rows() * (moments.mean()[i] - rounded[i]);
            for (int j = 0; j < b; j++) {
                product[i * b + j] -= remainder * along[j];
            }
        }
        return product;
    }

    private double share(double[] values) {
        double sum = 0;
        for (int i = 0; i < k; i++) {
            sum += values[i];
        }
        return moments.squaredDeviations() > 0 ? Math.min(1, sum / moments.squaredDeviations()) : 1;
    }

    /** The remaining loss if it decreases geometrically, from the gains of the two half-steps of each pass. */
    private static double remaining(double earlier, double gain) {
        if (gain <= 0) {
            return 0;
        }
        double rate = earlier > 0 ? Math.min(gain / earlier, 0.95) : 0.95;
        return 1.5 * gain * rate * rate / (1 - rate);
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    private PcaParts parts(double[] values, double[] vectors, Pca.Solver solver, int passes, boolean converged) {
        double[] variance = new double[k];
        float[] components = new float[Math.multiplyExact(k, d)];
        for (int i = 0; i < k; i++) {
            // Rounding can make the smallest eigenvalues of a singular covariance negative.
            variance[i] = Math.max(0, values[i]) / (moments.rows() - 1);
            double sign = sign(vectors, i * d, d);
            for (int j = 0; j < d; j++) {
                components[i * d + j] = (float) (sign * vectors[i * d + j]);
            }
        }
        return new PcaParts(
                components,
                moments.mean(),
                new double[0],
                variance,
                moments.squaredDeviations() / (moments.rows() - 1),
                moments.rows(),
                0,
                solver.name(),
                passes,
                converged);
    }

    /** The whole matrix, relative to the mean itself and not to the mean rounded to float. */
    private double[] mirrored(double[] upper) {
        double[] all = new double[Math.multiplyExact(d, d)];
        int at = 0;
        for (int i = 0; i < d; i++) {
            double remainder = moments.rows() * (moments.mean()[i] - rounded[i]);
            for (int j = i; j < d; j++) {
                double value = upper[at++] - remainder * (moments.mean()[j] - rounded[j]);
                all[i * d + j] = value;
                all[j * d + i] = value;
            }
        }
        return all;
    }

    /** The element of largest magnitude is made positive. */
    private static double sign(double[] vectors, int from, int d) {
        int largest = from;
        for (int j = from + 1; j < from + d; j++) {
            if (Math.abs(vectors[j]) > Math.abs(vectors[largest])) {
                largest = j;
            }
        }
        return vectors[largest] < 0 ? -1 : 1;
    }
}
