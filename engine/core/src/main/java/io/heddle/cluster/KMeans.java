package io.heddle.cluster;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.internal.rows.RowWeights;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.random.RandomGeneratorFactory;

/**
 * K-means clustering: finds K centres that minimize the inertia, the sum of squared distances of the rows to their
 * nearest centres.
 *
 * <p>Both algorithms start from greedy k-means++ seeds. If the data has at least twice as many rows, LLOYD takes them
 * from a sample of a quarter of the rows, 16,384 to 65,536, or with 256 clusters or more of 20 rows per cluster.
 * Distances are compared in float, after subtracting the mean of the data to avoid cancellation. The sums for centres
 * and the reported inertia are in double. The same data, options and seed give the same bits for any number of threads.
 *
 * <p>For example: {@snippet file="ClusterExamplesTest.java" region="k-means"}
 */
public final class KMeans {
    /** Name, for {@link RandomGeneratorFactory}, of the random number generator of all seeds. */
    public static final String RANDOM = "L64X128MixRandom";

    private KMeans() {}

    /** The algorithm. */
    public enum Algorithm {
        /**
         * Mini-batch k-means: random batches of rows move the centres, each with its own learning rate. It needs a few
         * thousand rows instead of many passes. Sculley, "Web-scale k-means clustering", WWW 2010; with the
         * reassignment of rarely used centres and the stopping rule of scikit-learn's MiniBatchKMeans. If there are not
         * more rows than in a batch, or than three for each cluster, it is the same as {@link #LLOYD}.
         */
        MINI_BATCH,
        /**
         * Lloyd's algorithm: assigns all rows, then moves all centres, until nothing changes. Lloyd, IEEE Trans. IT 28,
         * 1982.
         */
        LLOYD
    }

    /** The distance. */
    public enum Distance {
        /** The Euclidean length of the difference of a row and a centre. */
        EUCLIDEAN,
        /**
         * The angle between a row and a centre: spherical k-means. Rows are scaled to unit length, and so are centres
         * after each step. The inertia is Σ ‖row − centre‖² of these, 2 − 2 · cosine per row. Rows of zeros have no
         * direction and are refused. Dhillon and Modha, Machine Learning 42, 2001. Takes a copy of the data.
         */
        COSINE
    }

    /**
     * The options of a fit.
     *
     * @param clusters centres to find, 1 to the number of rows
     * @param algorithm how
     * @param distance what is near
     * @param batchSize for MINI_BATCH: rows in a batch, drawn with replacement
     * @param maxIterations maximum number of passes over the data; for MINI_BATCH the same number of rows
     * @param tolerance stop when the sum of the centres' squared shifts in one step is below this share of the columns'
     *     mean variance, which MINI_BATCH estimates from 2,048 rows if there are 16,384 or more, without weights and
     *     with means of at most 1,000; 0 for LLOYD: stop when no assignment changes
     * @param initializations number of seedings; LLOYD completes each run and keeps the one with the lowest inertia,
     *     MINI_BATCH keeps the best seeding by the inertia on a sample of the data
     * @param reassignmentRatio for MINI_BATCH: centres used less often than this share of the most used one are moved
     *     to random rows; 0 for never
     * @param maxNoImprovement for MINI_BATCH: stop after this many batches without a new minimum of the smoothed
     *     inertia, but not before 100 rows per cluster, or as many as there are; 0 for never
     * @param seed of the seedings and batches
     * @param progress called after each iteration or batch, on the calling thread; begins again if MINI_BATCH starts
     *     again, see {@link KMeans#fit(DataMatrix, double[], Options, WorkerPool)}
     */
    public record Options(
            int clusters,
            Algorithm algorithm,
            Distance distance,
            int batchSize,
            int maxIterations,
            double tolerance,
            int initializations,
            double reassignmentRatio,
            int maxNoImprovement,
            long seed,
            Consumer<Progress> progress) {
        /**
         * Checks the values.
         *
         * @throws InvalidInputException if one is out of range
         */
        public Options {
            require(clusters >= 1, "k-means needs at least 1 cluster, not %d", clusters);
            require(batchSize >= 1, "the batch size must be at least 1, not %d", batchSize);
            require(maxIterations >= 1, "the number of iterations must be at least 1, not %d", maxIterations);
            require(
                    tolerance >= 0 && Double.isFinite(tolerance),
                    "the tolerance must be a finite number of at least 0, not %s",
                    tolerance);
            require(initializations >= 1, "the number of initializations must be at least 1, not %d", initializations);
            require(
                    reassignmentRatio >= 0 && reassignmentRatio <= 1,
                    "the reassignment ratio must be between 0 and 1, not %s",
                    reassignmentRatio);
            require(
                    maxNoImprovement >= 0,
                    "the number of batches without improvement must be at least 0, not %d",
                    maxNoImprovement);
            Objects.requireNonNull(algorithm, "algorithm");
            Objects.requireNonNull(distance, "distance");
            Objects.requireNonNull(progress, "progress");
        }

        /**
         * {@return 10 clusters by MINI_BATCH and EUCLIDEAN distance with batches of 1024, 300 iterations, tolerance
         * 1e-4, 1 initialization, reassignment ratio 0.01, 10 batches without improvement, seed 0}
         */
        public static Options defaults() {
            return new Options(10, Algorithm.MINI_BATCH, Distance.EUCLIDEAN, 1024, 300, 1e-4, 1, 0.01, 10, 0, p -> {});
        }

        /**
         * {@return these options with another value of that name}
         *
         * @param value see the component {@code clusters}
         */
        public Options withClusters(int value) {
            return new Options(
                    value,
                    algorithm,
                    distance,
                    batchSize,
                    maxIterations,
                    tolerance,
                    initializations,
                    reassignmentRatio,
                    maxNoImprovement,
                    seed,
                    progress);
        }

        /**
         * {@return these options with another value of that name}
         *
         * @param value see the component {@code algorithm}
         */
        public Options withAlgorithm(Algorithm value) {
            return new Options(
                    clusters,
                    value,
                    distance,
                    batchSize,
                    maxIterations,
                    tolerance,
                    initializations,
                    reassignmentRatio,
                    maxNoImprovement,
                    seed,
                    progress);
        }

        /**
         * {@return these options with another value of that name}
         *
         * @param value see the component {@code distance}
         */
        public Options withDistance(Distance value) {
            return new Options(
                    clusters,
                    algorithm,
                    value,
                    batchSize,
                    maxIterations,
                    tolerance,
                    initializations,
                    reassignmentRatio,
                    maxNoImprovement,
                    seed,
                    progress);
        }

        boolean isCosine() {
            return distance == Distance.COSINE;
        }

        /**
         * {@return these options with another value of that name}
         *
         * @param value see the component {@code batchSize}
         */
        public Options withBatchSize(int value) {
            return new Options(
                    clusters,
                    algorithm,
                    distance,
                    value,
                    maxIterations,
                    tolerance,
                    initializations,
                    reassignmentRatio,
                    maxNoImprovement,
                    seed,
                    progress);
        }

        /**
         * {@return these options with another value of that name}
         *
         * @param value see the component {@code maxIterations}
         */
        public Options withMaxIterations(int value) {
            return new Options(
                    clusters,
                    algorithm,
                    distance,
                    batchSize,
                    value,
                    tolerance,
                    initializations,
                    reassignmentRatio,
                    maxNoImprovement,
                    seed,
                    progress);
        }

        /**
         * {@return these options with another value of that name}
         *
         * @param value see the component {@code tolerance}
         */
        public Options withTolerance(double value) {
            return new Options(
                    clusters,
                    algorithm,
                    distance,
                    batchSize,
                    maxIterations,
                    value,
                    initializations,
                    reassignmentRatio,
                    maxNoImprovement,
                    seed,
                    progress);
        }

        /**
         * {@return these options with another value of that name}
         *
         * @param value see the component {@code initializations}
         */
        public Options withInitializations(int value) {
            return new Options(
                    clusters,
                    algorithm,
                    distance,
                    batchSize,
                    maxIterations,
                    tolerance,
                    value,
                    reassignmentRatio,
                    maxNoImprovement,
                    seed,
                    progress);
        }

        /**
         * {@return these options with another value of that name}
         *
         * @param value see the component {@code reassignmentRatio}
         */
        public Options withReassignmentRatio(double value) {
            return new Options(
                    clusters,
                    algorithm,
                    distance,
                    batchSize,
                    maxIterations,
                    tolerance,
                    initializations,
                    value,
                    maxNoImprovement,
                    seed,
                    progress);
        }

        /**
         * {@return these options with another value of that name}
         *
         * @param value see the component {@code maxNoImprovement}
         */
        public Options withMaxNoImprovement(int value) {
            return new Options(
                    clusters,
                    algorithm,
                    distance,
                    batchSize,
                    maxIterations,
                    tolerance,
                    initializations,
                    reassignmentRatio,
                    value,
                    seed,
                    progress);
        }

        /**
         * {@return these options with another value of that name}
         *
         * @param value see the component {@code seed}
         */
        public Options withSeed(long value) {
            return new Options(
                    clusters,
                    algorithm,
                    distance,
                    batchSize,
                    maxIterations,
                    tolerance,
                    initializations,
                    reassignmentRatio,
                    maxNoImprovement,
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
                    clusters,
                    algorithm,
                    distance,
                    batchSize,
                    maxIterations,
                    tolerance,
                    initializations,
                    reassignmentRatio,
                    maxNoImprovement,
                    seed,
                    value);
        }
    }

    /**
     * The progress of a fit.
     *
     * @param initialization which seeding, from 1
     * @param iteration the iteration or batch, from 1
     * @param inertia approximate inertia over all rows; for MINI_BATCH extrapolated from the smoothed inertia of
     *     batches
     */
    public record Progress(int initialization, int iteration, double inertia) {}

    /**
     * As {@link #fit(DataMatrix, Options, WorkerPool)}, with the shared pool.
     *
     * @param x n × d
     * @param options of the fit
     * @return the model, which the caller closes
     */
    public static KMeansModel fit(DataMatrix x, Options options) {
        return fit(x, options, WorkerPool.shared());
    }

    /**
     * As {@link #fit(DataMatrix, double[], Options, WorkerPool)}, with weight 1 for all rows.
     *
     * @param x n × d; read, never changed
     * @param options of the fit
     * @param pool whose threads share the work
     * @return as there
     */
    public static KMeansModel fit(DataMatrix x, Options options, WorkerPool pool) {
        return fit(x, RowWeights.NONE, options, pool);
    }

    /**
     * If the data have fewer distinct rows than clusters, some clusters stay empty. {@link KMeansModel#emptyClusters()}
     * lists them.
     *
     * <p>A row of weight w counts as w copies of it: in seeding, in the means and in the inertia. MINI_BATCH samples
     * rows in proportion to the weights.
     *
     * <p>Off-heap memory for K clusters with t threads, in bytes, at most: for LLOYD 4·(n·(g + s) + d·(4·K + 256·t +
     * 2048) + 128·t·(K + s)), where g is the smaller of 64 and K/6 + 1, and s is 32 if d is 128 or more, else 0, or 64
     * if both K and d are 256 or more; for MINI_BATCH with batches of B rows, B at least K, 4·(d·(6·B + 5·K) + 240·B +
     * 128·t·K), 20·B·d for several initializations, and 4·n·s if K is 48 or more and n at most 524,288. Numbers of
     * columns count as multiples of 16. In addition 1 MB per thread, 4·n·d for COSINE or values whose squares leave the
     * range of float, and 4·n·d if rows have a weight of 0. The seeds of LLOYD come from a sample of S rows if n is at
     * least 2·S: S is n/4, at least 16,384 and at most 65,536, or for K of 256 and more 20·K, at least 16,384. They
     * take 4·S·(d + 80) bytes, or 8·S·(s + 10) with s above 0.
     *
     * <p>Bytes are converted row by row, never all at once. Values whose squares leave the range of float, below about
     * 1e-10 and above about 1e14, are copied as floats and scaled by a power of two. MINI_BATCH may find such values,
     * or values that are not finite, only when it assigns all rows at the end. It then starts again with a scaled copy,
     * or throws.
     *
     * @param x n × d; read, never changed
     * @param weights one per row, finite and ≥ 0; copied
     * @param options of the fit
     * @param pool whose threads share the work
     * @return a model that owns its memory
     * @throws InvalidInputException if there are fewer rows with a weight above 0 than clusters, no columns, 2³¹ rows
     *     or more, weights that do not fit, values that are not finite, no spread left by rounding to float, or for
     *     {@link Distance#COSINE} a row of zeros
     */
    public static KMeansModel fit(DataMatrix x, double[] weights, Options options, WorkerPool pool) {
        return fit(x, RowWeights.of(weights, x.rows()), options, pool);
    }

    private static KMeansModel fit(DataMatrix x, RowWeights weights, Options options, WorkerPool pool) {
        long counted = weights.countOfPositive(x.rows());
        require(
                options.clusters() <= counted,
                "k-means cannot find %d clusters in %d rows%s",
                options.clusters(),
                counted,
                weights.isNone() ? "" : " with a weight above 0");
        require(x.columns() >= 1, "k-means needs at least 1 column");
        require(
                x.rows() < Integer.MAX_VALUE - 8,
                "k-means takes fewer than 2^31 rows, because labels are an array, but the data has %d",
                x.rows());
        if (options.isCosine()) {
            try (FloatMatrix unit = UnitRows.of(x, "the data", pool)) {
                return new KMeansFit(weights, options, pool).of(unit);
            }
        }
        return new KMeansFit(weights, options, pool).of(x);
    }
}
