package io.heddle.decomposition;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.internal.columns.ColumnMoments;
import io.heddle.internal.columns.ColumnSpread;
import io.heddle.internal.rows.RowWeights;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Principal component analysis: finds the orthonormal directions of maximum variance of the rows of a matrix.
 *
 * <p>The data are centred during the computation, without a copy. Exception: values whose squares leave the range of
 * float, below about 1e-10 and above about 1e14. Products are in float with sums in double; the small dense algebra is
 * in double. The same data, options and seed give the same bits for any number of threads.
 *
 * <p>For example: {@snippet file="DecompositionExamplesTest.java" region="pca"}
 */
public final class Pca {
    /** Name, for {@link RandomGeneratorFactory}, of the random number generator of all seeds. */
    static final String RANDOM = "L64X128MixRandom";

    private Pca() {}

    /** The algorithm that finds the components. */
    public enum Solver {
        /**
         * Chooses the solver. The first rule that applies: {@link #RANDOMIZED} if there are enough rows to start from a
         * sample and at least eight times as many columns as directions; {@link #COVARIANCE} if there are at most 1000
         * columns and at least ten times as many rows, or if both are at most 500; {@link #RANDOMIZED} if the number of
         * components is below 0.8 of the smaller side; {@link #COVARIANCE}. Except for the first rule, this is
         * scikit-learn's choice, with the covariance instead of the full SVD.
         */
        AUTO,
        /**
         * Multiplies a random block by XᵀX several times, with one pass over the data each, and uses Nyström's
         * approximation of the last product: O(n·d·(components + oversampling)) per pass. Halko, Martinsson and Tropp,
         * SIAM Review 53(2), 2011; Tropp, Yurtsever, Udell and Cevher, NIPS 2017.
         */
        RANDOMIZED,
        /**
         * Computes the covariance matrix, at half the cost of a product by symmetry, and its leading eigenpairs:
         * O(n·d²). With fewer rows than columns it uses the inner products of the rows: O(n²·d).
         */
        COVARIANCE
    }

    /**
     * The options of a fit.
     *
     * @param components number of components, 1 to the smaller of rows and columns; ignored if
     *     {@code explainedVariance} is set
     * @param explainedVariance share of the variance, 0 to 1: finds the smallest number of components that explain more
     *     than this share; 0 to use {@code components}. Requires {@link Solver#COVARIANCE}
     * @param standardize whether columns are divided by their standard deviation, as scikit-learn's StandardScaler
     *     does, in the fit and by the model; a constant column is not changed
     * @param solver how
     * @param oversampling for {@link Solver#RANDOMIZED}: minimum number of random directions in addition to the
     *     components
     * @param powerIterations for {@link Solver#RANDOMIZED}: passes over the data after the first;
     *     {@value #AUTOMATIC_ITERATIONS} to iterate until at most 1e-4 of the total variance is missing
     * @param whitening γ, 0 to 1: {@link PcaModel#transform} scales each component by variance^(−γ). 0 does not scale,
     *     0.5 gives unit variance, and 0.25 is in between: small components contribute to distances, but less than
     *     large ones
     * @param seed of the random block
     * @param progress called after each pass over the data, on the calling thread
     */
    public record Options(
            int components,
            double explainedVariance,
            boolean standardize,
            Solver solver,
            int oversampling,
            int powerIterations,
            double whitening,
            long seed,
            Consumer<Progress> progress) {
        /** Lets the solver choose the number of power iterations. */
        public static final int AUTOMATIC_ITERATIONS = -1;

        private static final double UNIT_VARIANCE = 0.5;

        /**
         * Checks the values.
         *
         * @throws InvalidInputException if one is out of range
         */
        public Options {
            require(components >= 1, "PCA needs at least 1 component, not %d", components);
            require(
                    explainedVariance >= 0 && explainedVariance < 1,
                    "the share of explained variance must be between 0 and 1, not %s",
                    explainedVariance);
            require(
                    explainedVariance == 0 || solver != Solver.RANDOMIZED,
                    "a share of the variance, %s, requires the covariance solver, not the randomized one",
                    explainedVariance);
            require(oversampling >= 0, "oversampling must be at least 0, not %d", oversampling);
            require(
                    powerIterations >= AUTOMATIC_ITERATIONS,
                    "power iterations must be at least 0, or %d for automatic, not %d",
                    AUTOMATIC_ITERATIONS,
                    powerIterations);
            require(whitening >= 0 && whitening <= 1, "whitening must be between 0 and 1, not %s", whitening);
            Objects.requireNonNull(solver, "solver");
            Objects.requireNonNull(progress, "progress");
        }

        /** {@return 50 components, AUTO, oversampling 10, automatic power iterations, no whitening, seed 0} */
        public static Options defaults() {
            return new Options(50, 0, false, Solver.AUTO, 10, AUTOMATIC_ITERATIONS, 0, 0, p -> {});
        }

        /**
         * {@return these options with that number of components, and no share of the variance}
         *
         * @param value see the component {@code components}
         */
        public Options withComponents(int value) {
            return new Options(value, 0, standardize, solver, oversampling, powerIterations, whitening, seed, progress);
        }

        /**
         * {@return these options with the smallest number of components that explain more than a share of the variance}
         *
         * @param value above 0, below 1, such as 0.95
         */
        public Options withExplainedVariance(double value) {
            return new Options(
                    components, value, standardize, solver, oversampling, powerIterations, whitening, seed, progress);
        }

        /**
         * {@return these options with another value of that name}
         *
         * @param value see the component {@code standardize}
         */
        public Options withStandardize(boolean value) {
            return new Options(
                    components,
                    explainedVariance,
                    value,
                    solver,
                    oversampling,
                    powerIterations,
                    whitening,
                    seed,
                    progress);
        }

        /**
         * {@return these options with another value of that name}
         *
         * @param value see the component {@code solver}
         */
        public Options withSolver(Solver value) {
            return new Options(
                    components,
                    explainedVariance,
                    standardize,
                    value,
                    oversampling,
                    powerIterations,
                    whitening,
                    seed,
                    progress);
        }

        /**
         * {@return these options with another value of that name}
         *
         * @param value see the component {@code oversampling}
         */
        public Options withOversampling(int value) {
            return new Options(
                    components,
                    explainedVariance,
                    standardize,
                    solver,
                    value,
                    powerIterations,
                    whitening,
                    seed,
                    progress);
        }

        /**
         * {@return these options with another value of that name}
         *
         * @param value see the component {@code powerIterations}
         */
        public Options withPowerIterations(int value) {
            return new Options(
                    components, explainedVariance, standardize, solver, oversampling, value, whitening, seed, progress);
        }

        /**
         * {@return these options with another value of that name}
         *
         * @param value see the component {@code whitening}
         */
        public Options withWhitening(double value) {
            return new Options(
                    components,
                    explainedVariance,
                    standardize,
                    solver,
                    oversampling,
                    powerIterations,
                    value,
                    seed,
                    progress);
        }

        /**
         * Unit variance, which is {@link #whitening()} 0.5, or none.
         *
         * @param value whether to scale to unit variance
         * @return these options with that whitening
         */
        public Options withWhiten(boolean value) {
            return withWhitening(value ? UNIT_VARIANCE : 0);
        }

        /**
         * {@return these options with another value of that name}
         *
         * @param value see the component {@code seed}
         */
        public Options withSeed(long value) {
            return new Options(
                    components,
                    explainedVariance,
                    standardize,
                    solver,
                    oversampling,
                    powerIterations,
                    whitening,
                    value,
                    progress);
        }

        /**
         * {@return these options with another value of that name}
         *
         * @param value see the component {@code progress}
         */
        public Options withProgress(Consumer<Progress> value) {
            return new Options(
                    components,
                    explainedVariance,
                    standardize,
                    solver,
                    oversampling,
                    powerIterations,
                    whitening,
                    seed,
                    value);
        }
    }

    /**
     * The progress of a fit.
     *
     * @param pass passes over the data so far, from 1
     * @param maximumPasses maximum number of passes; the fit ends before it if it converges
     * @param explainedVarianceRatio estimated share of the variance that the components explain
     */
    public record Progress(int pass, int maximumPasses, double explainedVarianceRatio) {}

    /**
     * The result of a solver: eigenpairs of Σ (row − mean)(row − mean)ᵀ of scaled columns, with the eigenvectors as
     * rows.
     *
     * @param passes over the data
     * @param converged whether the residual is small enough
     */
    record Subspace(double[] values, double[] vectors, int passes, boolean converged) {}

    /**
     * As {@link #fit(DataMatrix, Options, WorkerPool)}, with the shared pool.
     *
     * @param x n × d
     * @param options of the fit
     * @return the model, which the caller closes
     */
    public static PcaModel fit(DataMatrix x, Options options) {
        return fit(x, options, WorkerPool.shared());
    }

    /**
     * Finds the components.
     *
     * <p>Off-heap memory with t threads and k components, in bytes, at most: for COVARIANCE with n ≥ d 4·d·(9·d +
     * 512·t), with n &lt; d 4·(2·n·d + n² + k·(n + 2·d)); for RANDOMIZED 4·(d·(13·d + 256·t) + b·((t + 4)·d + 128·t)),
     * where b is k + oversampling + 2. Numbers of columns count as multiples of 16. In addition 1 MB per thread,
     * 1,280·t·d for data in bytes, and 4·n·d for values whose squares leave the range of float.
     *
     * @param x n × d, n at least 2; read, never changed
     * @param options of the fit
     * @param pool whose threads share the work
     * @return a model that owns its memory
     * @throws InvalidInputException if there are fewer than 2 rows, more components than rows or columns, values that
     *     are not finite, or if rounding to float has left no spread
     */
    public static PcaModel fit(DataMatrix x, Options options, WorkerPool pool) {
        requireRows(x.rows(), x.columns(), "", options);
        ColumnMoments moments = ColumnMoments.of(x, "the data", pool);
        ColumnSpread.check(x, moments, "the data");
        Scaling scaling = options.standardize() ? Scaling.standardizing(x, moments, pool) : Scaling.centring(moments);
        try (WithinRange range = WithinRange.of(x, moments, scaling, pool)) {
            return model(range, x.columnNames(), x.rows(), options, pool);
        }
    }

    /**
     * Finds the components of weighted rows. A row of weight w counts as w rows in means, deviations and components;
     * one of weight 0 is left out. If all weights are whole numbers, variances have the divisor Σw − 1, so the result
     * is that of repeated rows. Otherwise only ratios of the weights matter, as if their mean was 1.
     *
     * <p>Takes 4·n·d bytes for a scaled copy of the rows, and the same for a copy of those that count if some have
     * weight 0, in addition to {@link #fit(DataMatrix, Options, WorkerPool)}.
     *
     * @param x n × d, n at least 2; read, never changed
     * @param weights one per row, finite and ≥ 0; or null for 1 each
     * @param options of the fit
     * @param pool whose threads share the work
     * @return a model that owns its memory; {@link PcaModel#rows()} is Σw for whole weights, otherwise the number of
     *     rows with a weight above 0
     * @throws InvalidInputException as without weights, where only rows with a weight above 0 count; if the weights do
     *     not fit; or if all are 0
     */
    public static PcaModel fit(DataMatrix x, double[] weights, Options options, WorkerPool pool) {
        if (weights == null) {
            return fit(x, options, pool);
        }
        RowWeights given = RowWeights.of(weights, x.rows());
        requireRows(given.countOfPositive(x.rows()), x.columns(), " with a weight above 0", options);
        try (WeightedRows counted = WeightedRows.of(x, given, pool)) {
            ColumnMoments moments = ColumnMoments.of(counted.x(), "the data", pool);
            ColumnSpread.check(counted.x(), moments, "the data");
            try (WithinRange range = counted.centred(moments, options.standardize(), pool)) {
                return model(range, x.columnNames(), counted.count(), options, pool);
            }
        }
    }

    private static void requireRows(long n, int d, String which, Options options) {
        int k = options.explainedVariance() > 0 ? 1 : options.components();
        require(n >= 2, "PCA needs at least 2 rows%s, but the data has %d", which, n);
        require(
                k <= Math.min(n, d),
                "PCA cannot find %d components in data of %d rows%s and %d columns: at most %d",
                k,
                n,
                which,
                d,
                Math.min(n, d));
    }

    /** @param count number of rows that the fit represents */
    private static PcaModel model(WithinRange range, List<String> names, long count, Options options, WorkerPool pool) {
        DataMatrix rows = range.rows();
        Solver solver =
                options.solver() == Solver.AUTO ? choose(rows.rows(), rows.columns(), options) : options.solver();
        Subspace found = solve(rows, range.scaling(), solver, options, pool);
        return PcaModel.of(range.restore(found), range.restored(), names, count, options.whitening(), solver);
    }

    private static Subspace solve(DataMatrix x, Scaling scaling, Solver solver, Options options, WorkerPool pool) {
        RandomGenerator random = RandomGeneratorFactory.of(RANDOM).create(options.seed());
        if (solver == Solver.RANDOMIZED) {
            return new RandomizedSolver(x, scaling, options, random, pool).solve();
        }
        Subspace found = options.explainedVariance() > 0
                ? CovarianceSolver.solve(x, scaling, options.explainedVariance(), random, pool)
                : CovarianceSolver.solve(x, scaling, options.components(), random, pool);
        options.progress().accept(new Progress(1, 1, scaling.ratio(found.values())));
        return found;
    }

    static Solver choose(long n, int d, Options options) {
        int k = options.components();
        if (options.explainedVariance() > 0) {
            return Solver.COVARIANCE;
        }
        if (options.powerIterations() == Options.AUTOMATIC_ITERATIONS
                && RandomizedSolver.isQuicker(n, d, k, options.oversampling())) {
            return Solver.RANDOMIZED;
        }
        if (d <= 1000 && n >= 10L * d || Math.max(n, d) <= 500) {
            return Solver.COVARIANCE;
        }
        return k < 0.8 * Math.min(n, d) ? Solver.RANDOMIZED : Solver.COVARIANCE;
    }
}
