package io.heddle.decomposition;

import io.heddle.internal.gemm.Gemm;
import io.heddle.internal.linalg.CholeskyBasis;
import io.heddle.internal.linalg.LeadingEigenpairs;
import io.heddle.internal.linalg.NystromStep;
import io.heddle.internal.rows.RowSample;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Computes principal components by subspace iteration. A block of directions is multiplied by the scatter matrix, with
 * one pass over the data each time, until the estimated gain of another pass is below a tolerance.
 *
 * <p>With many rows, the block starts from the components of a sample of them, and one pass is usually enough. The
 * errors of a sample are mostly along directions of small variance, which the product damps strongly. The block also
 * has a few random directions. They show variance that the sample misses, and the solver then makes more passes.
 */
final class RandomizedSolver {
    /** Maximum missing share of the variance when the iteration stops. */
    private static final double TOLERANCE = 1e-4;
    /** Assumed rate per half-step at which the loss of a sample's components decreases; 0.16 was measured on images. */
    private static final double SAMPLE_RATE = 0.25;
    /** The rates increase from pass to pass, so predictions from them have a safety margin. */
    private static final double MARGIN = 1.5;

    private static final int MAXIMUM_PASSES = 20;
    private static final int RANDOM_DIRECTIONS = 2;
    private static final int SAMPLE_PER_COLUMN = 16;
    /** Divisor of the sample's rows: the basis is first computed for this part. */
    private static final int FEW = 4;

    private static final int LARGEST_SAMPLED_SIDE = 2048;
    /** Minimum ratio of the data's columns to the directions: below it, the covariance matrix is as fast. */
    private static final int BLOCKS_IN_COLUMNS = 8;

    private final DataMatrix x;
    private final Scaling scaling;
    private final Pca.Options options;
    private final RandomGenerator random;
    private final WorkerPool pool;
    private final int d;
    private final int k;
    private final int b;

    RandomizedSolver(DataMatrix x, Scaling scaling, Pca.Options options, RandomGenerator random, WorkerPool pool) {
        this.x = x;
        this.scaling = scaling;
        this.options = options;
        this.random = random;
        this.pool = pool;
        d = x.columns();
        k = options.components();
        b = (int) Math.min(blockSize(k, options.oversampling()), Math.min(x.rows(), d));
    }

    private static long blockSize(int components, int oversampling) {
        long wanted = (long) components + oversampling + RANDOM_DIRECTIONS;
        // Whole vectors, because padding is multiplied in any case.
        return (wanted + FloatMatrix.ALIGNMENT - 1) / FloatMatrix.ALIGNMENT * FloatMatrix.ALIGNMENT;
    }

    /** Whether there are enough rows for a sample to be cheap and accurate. */
    private static boolean isSampled(long n, int d) {
        return d <= LARGEST_SAMPLED_SIDE && 3L * SAMPLE_PER_COLUMN * d <= n;
    }

    /** Whether this solver, started from a sample, is faster than the covariance matrix even with a second pass. */
    static boolean isQuicker(long n, int d, int components, int oversampling) {
        return isSampled(n, d) && BLOCKS_IN_COLUMNS * blockSize(components, oversampling) <= d;
    }

    Pca.Subspace solve() {
        boolean automatic = options.powerIterations() == Pca.Options.AUTOMATIC_ITERATIONS;
        boolean sampled = automatic && b < d && isSampled(x.rows(), d);
        int passes = automatic ? MAXIMUM_PASSES : options.powerIterations() + 1;
        double[] v = gaussian();
        NystromStep step = null;
        double captured = 0;
        boolean converged = false;
        int pass = 0;
        try (ScatterProduct product = new ScatterProduct(scaling, b, scaling.isFar(x.rows()), pool)) {
            if (sampled) {
                startFromSample(product, v);
            }
            CholeskyBasis.orthonormalize(v, d, b);
            while (pass < passes && !(automatic && converged)) {
                pass++;
                step = NystromStep.of(v, product.apply(x, v), d, b);
                v = step.basis();
                double before = ratio(step.before());
                double now = ratio(step.values());
                options.progress().accept(new Pca.Progress(pass, passes, now));
                double gain = now - before;
                double rate = pass > 1 ? rate(before - captured, gain) : sampled ? SAMPLE_RATE : 1;
                converged = b == d || remaining(gain, rate) * (pass > 1 ? MARGIN : 1) <= TOLERANCE;
                captured = now;
            }
        }
        double[] vectors = new double[k * d];
        for (int i = 0; i < k; i++) {
            for (int j = 0; j < d; j++) {
                vectors[i * d + j] = step.basis()[j * b + i];
            }
        }
        return new Pca.Subspace(Arrays.copyOf(step.values(), k), vectors, pass, converged);
    }

    private double ratio(double[] values) {
        return scaling.ratio(Arrays.copyOf(values, k));
    }

    /** The decrease of the loss from one half-step, V to Y, to the next. */
    private static double rate(double earlierGain, double gain) {
        if (gain <= 0) {
            return 0;
        }
        return earlierGain > 0 ? Math.min(gain / earlierGain, 0.95) : 0.95;
    }

    /** The remaining loss if it decreases geometrically: it was gain / (1 − rate), and there were two half-steps. */
    private static double remaining(double gain, double rate) {
        return rate >= 1 ? Double.POSITIVE_INFINITY : Math.max(0, gain) * rate * rate / (1 - rate);
    }

    private double[] gaussian() {
        double[] v = new double[Math.multiplyExact(d, b)];
        for (int i = 0; i < v.length; i++) {
            v[i] = random.nextGaussian();
        }
        return v;
    }

    /**
     * Replaces all but the last few columns by approximate leading components of sampled rows: those of a few rows,
     * multiplied by the scatter matrix of many others. This is as accurate as the components of all sampled rows, at
     * half the cost.
     */
    private void startFromSample(ScatterProduct product, double[] v) {
        int known = b - RANDOM_DIRECTIONS;
        int rows = SAMPLE_PER_COLUMN * d;
        long[] sample = RowSample.choose(x.rows(), rows, random);
        try (FloatMatrix few = RowSample.draw(x, rows / FEW, random, pool);
                FloatMatrix mean = scaling.meanRow();
                FloatMatrix scatter = FloatMatrix.allocate(d, d)) {
            Gemm.gram(few, mean, scatter, pool);
            scale(scatter);
            double[] y = product.apply(x, sample, LeadingEigenpairs.roughly(scatter, b, random, pool));
            for (int i = 0; i < d; i++) {
                System.arraycopy(y, i * b, v, i * b, known);
            }
        }
    }

    private void scale(FloatMatrix scatter) {
        for (int i = 0; scaling.deviation() != null && i < d; i++) {
            for (int j = 0; j < d; j++) {
                scatter.set(i, j, (float) (scatter.get(i, j) * scaling.factor(i) * scaling.factor(j)));
            }
        }
    }
}
