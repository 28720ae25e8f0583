package io.heddle.metrics;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.internal.columns.BinaryScaling;
import io.heddle.internal.columns.ColumnMoments;
import io.heddle.internal.columns.ColumnSpread;
import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * The silhouette of a clustering, which needs no true classes. It is the mean over rows of (b − a) / max(a, b), where a
 * is the mean Euclidean distance to the other rows of the same cluster and b the smallest mean distance to the rows of
 * another cluster. A row alone in its cluster counts as 0. From −1 to 1. Rousseeuw, J. Comput. Appl. Math. 20, 1987.
 *
 * <p>For example: {@snippet file="MetricsExamplesTest.java" region="silhouette"}
 */
public final class Silhouette {
    private static final String RANDOM = "L64X128MixRandom";
    private static final int BLOCK = 64;
    private static final Kernels KERNELS = Simd.kernels();

    private Silhouette() {}

    /**
     * The rows to sample.
     *
     * @param sample number of rows used, at least 2; if the data have no more rows, all are used and the silhouette is
     *     exact
     * @param seed of the sample, drawn without replacement
     */
    public record Options(int sample, long seed) {
        /**
         * Checks the values.
         *
         * @throws InvalidInputException if one lies outside its range
         */
        public Options {
            require(sample >= 2, "a silhouette needs a sample of at least 2 rows, not %d", sample);
        }

        /** {@return a sample of 5,000 rows, seed 0} */
        public static Options defaults() {
            return new Options(5000, 0);
        }

        /**
         * {@return a copy of these options with this value}
         *
         * @param value see the component {@code sample}
         */
        public Options withSample(int value) {
            return new Options(value, seed);
        }

        /**
         * {@return a copy of these options with this value}
         *
         * @param value see the component {@code seed}
         */
        public Options withSeed(long value) {
            return new Options(sample, value);
        }
    }

    /**
     * As {@link #score(FloatMatrix, int[], Options, WorkerPool)}, with the shared pool.
     *
     * @param x n × d
     * @param clusters the cluster of each row
     * @param options of the sample
     * @return the mean silhouette
     */
    public static double score(FloatMatrix x, int[] clusters, Options options) {
        return score(x, clusters, options, WorkerPool.shared());
    }

    /**
     * {@return the mean silhouette, in O(sample² · d), with the same bits for any number of threads}
     *
     * @param x n × d
     * @param clusters the cluster of each row, any ints
     * @param options of the sample
     * @param pool whose threads share the work
     * @throws InvalidInputException if there is not one cluster for each row, if the sample lies in fewer than 2
     *     clusters, if values are not finite, or if all rows are equal after rounding to float
     */
    public static double score(FloatMatrix x, int[] clusters, Options options, WorkerPool pool) {
        require(clusters.length == x.rows(), "%d clusters do not fit %d rows", clusters.length, x.rows());
        ColumnMoments moments = ColumnMoments.of(x, "the data", pool);
        ColumnSpread.check(x, moments, "the data");
        if (BinaryScaling.isNeeded(x, moments)) {
            double spread = moments.squaredDeviations() / x.rows();
            try (FloatMatrix moved = BinaryScaling.of(x, spread).apply(x, pool)) {
                return mean(moved, clusters, options, pool);
            }
        }
        return mean(x, clusters, options, pool);
    }

    private static double mean(FloatMatrix x, int[] clusters, Options options, WorkerPool pool) {
        int[] rows = byCluster(draw(clusters.length, options), clusters);
        int[] starts = starts(rows, clusters);
        require(
                starts.length > 2,
                "a silhouette needs at least 2 clusters, but the %d rows of the sample are in %d",
                rows.length,
                starts.length - 1);
        int tasks = (rows.length + BLOCK - 1) / BLOCK;
        double[] sums = new double[tasks];
        try (FloatMatrix sample = x.gather(rows)) {
            float[][] scratch = new float[pool.threads()][rows.length];
            pool.run(tasks, (task, worker) -> {
                int own = 0;
                for (int i = task * BLOCK; i < Math.min(rows.length, (task + 1) * BLOCK); i++) {
                    while (i >= starts[own + 1]) {
                        own++;
                    }
                    sums[task] += ofRow(sample, i, own, starts, scratch[worker]);
                }
            });
        }
        return Arrays.stream(sums).sum() / rows.length;
    }

    private static double ofRow(FloatMatrix sample, int row, int own, int[] starts, float[] squares) {
        KERNELS.squaredDistances(
                sample.segment(),
                sample.offset(row),
                sample.segment(),
                0,
                sample.offset(1),
                squares.length,
                sample.columns(),
                squares,
                0);
        if (starts[own + 1] - starts[own] == 1) {
            return 0;
        }
        double within = 0;
        double beyond = Double.POSITIVE_INFINITY;
        for (int k = 0; k + 1 < starts.length; k++) {
            double sum = 0;
            for (int i = starts[k]; i < starts[k + 1]; i++) {
                sum += Math.sqrt(squares[i]);
            }
            int size = starts[k + 1] - starts[k];
            if (k == own) {
                within = sum / (size - 1);
            } else {
                beyond = Math.min(beyond, sum / size);
            }
        }
        double greater = Math.max(within, beyond);
        return greater > 0 ? (beyond - within) / greater : 0;
    }

    private static int[] draw(int n, Options options) {
        int[] rows = new int[n];
        Arrays.setAll(rows, i -> i);
        if (n <= options.sample()) {
            return rows;
        }
        RandomGenerator random = RandomGeneratorFactory.of(RANDOM).create(options.seed());
        for (int i = 0; i < options.sample(); i++) {
            int j = random.nextInt(i, n);
            int chosen = rows[j];
            rows[j] = rows[i];
            rows[i] = chosen;
        }
        return Arrays.copyOf(rows, options.sample());
    }

    /** The rows, sorted by cluster and then by number. */
    private static int[] byCluster(int[] rows, int[] clusters) {
        long[] keys = new long[rows.length];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = (long) clusters[rows[i]] << 32 | rows[i];
        }
        Arrays.sort(keys);
        int[] sorted = new int[keys.length];
        Arrays.setAll(sorted, i -> (int) keys[i]);
        return sorted;
    }

    /** The start of each cluster among the sorted rows, then the number of rows. */
    private static int[] starts(int[] rows, int[] clusters) {
        int[] starts = new int[rows.length + 1];
        int count = 0;
        for (int i = 0; i < rows.length; i++) {
            if (i == 0 || clusters[rows[i]] != clusters[rows[i - 1]]) {
                starts[count++] = i;
            }
        }
        starts[count++] = rows.length;
        return Arrays.copyOf(starts, count);
    }
}
