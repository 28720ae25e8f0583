package io.heddle.cluster;

import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import io.heddle.simd.Kernels;
import io.heddle.simd.Simd;
import java.util.Arrays;

/**
 * The sum, in double, and the number of the rows in each cluster.
 *
 * <p>Threads divide the columns among them, never the rows: every sum is taken in the order of the rows, and no partial
 * sums need to be merged.
 */
final class ClusterSums {
    /** Columns of one task: two cache lines of floats. */
    private static final int STRIPE = 32;

    private static final Kernels KERNELS = Simd.kernels();

    private final int d;
    private final double[] sums;
    private final long[] counts;
    private final WorkerPool pool;

    ClusterSums(int clusters, int d, WorkerPool pool) {
        this.d = d;
        this.pool = pool;
        sums = new double[Math.multiplyExact(clusters, d)];
        counts = new long[clusters];
    }

    /** What a task does with its columns. */
    @FunctionalInterface
    interface Stripe {
        void run(int from, int to, int task);
    }

    /** Number of stripes of d columns. */
    static int stripes(int d) {
        return (d + STRIPE - 1) / STRIPE;
    }

    static void eachStripe(int d, WorkerPool pool, Stripe stripe) {
        pool.run(stripes(d), (task, worker) -> stripe.run(task * STRIPE, Math.min(d, (task + 1) * STRIPE), task));
    }

    /**
     * Moves rows from one cluster to another.
     *
     * @param moved the rows
     * @param from where each of {@code moved} was, by its position; −1 for nowhere
     * @param labels where every row is now, by its number
     */
    void move(FloatMatrix x, int[] moved, int count, int[] from, int[] labels) {
        for (int i = 0; i < count; i++) {
            if (from[i] >= 0) {
                counts[from[i]]--;
            }
            counts[labels[moved[i]]]++;
        }
        eachStripe(d, pool, (first, last, task) -> {
            long bytes = (long) first * Float.BYTES;
            for (int i = 0; i < count; i++) {
                long at = x.offset(moved[i]) + bytes;
                if (from[i] >= 0) {
                    KERNELS.subtractFromSums(x.segment(), at, last - first, sums, from[i] * d + first);
                }
                KERNELS.addToSums(x.segment(), at, last - first, sums, labels[moved[i]] * d + first);
            }
        });
    }

    long count(int cluster) {
        return counts[cluster];
    }

    double mean(int cluster, int column) {
        return sums[cluster * d + column] / counts[cluster];
    }

    void clear() {
        Arrays.fill(sums, 0);
        Arrays.fill(counts, 0);
    }
}
