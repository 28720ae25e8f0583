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
    /** About as many stripes of columns, each a whole number of vectors. */
    private static final int STRIPES = 12;

    private static final Kernels KERNELS = Simd.kernels();

    private final int k;
    private final int d;
    private final int stripe;
    private final double[] sums;
    private final long[] counts;
    private final double[] shifts;
    private final WorkerPool pool;

    ClusterSums(int clusters, int d, WorkerPool pool) {
        this.k = clusters;
        this.d = d;
        this.pool = pool;
        int width = (d + STRIPES - 1) / STRIPES;
        stripe = (width + FloatMatrix.ALIGNMENT - 1) / FloatMatrix.ALIGNMENT * FloatMatrix.ALIGNMENT;
        sums = new double[Math.multiplyExact(clusters, d)];
        counts = new long[clusters];
        shifts = new double[Math.multiplyExact(clusters, stripes())];
    }

    private int stripes() {
        return (d + stripe - 1) / stripe;
    }

    private int width(int task) {
        return Math.min(stripe, d - task * stripe);
    }

    private static long bytes(int columns) {
        return (long) columns * Float.BYTES;
    }

    /** Forgets all rows. */
    void clear() {
        Arrays.fill(sums, 0);
        Arrays.fill(counts, 0);
    }

    /** Adds the first rows of x to the clusters that their labels name. */
    void add(FloatMatrix x, int rows, int[] labels) {
        for (int i = 0; i < rows; i++) {
            counts[labels[i]]++;
        }
        pool.run(stripes(), (task, worker) -> {
            int first = task * stripe;
            int width = width(task);
            for (int i = 0; i < rows; i++) {
                KERNELS.addToSums(x.segment(), x.offset(i) + bytes(first), width, sums, labels[i] * d + first);
            }
        });
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
        pool.run(stripes(), (task, worker) -> {
            int first = task * stripe;
            int width = width(task);
            for (int i = 0; i < count; i++) {
                long at = x.offset(moved[i]) + bytes(first);
                if (from[i] >= 0) {
                    KERNELS.subtractFromSums(x.segment(), at, width, sums, from[i] * d + first);
                }
                KERNELS.addToSums(x.segment(), at, width, sums, labels[moved[i]] * d + first);
            }
        });
    }

    long count(int cluster) {
        return counts[cluster];
    }

    /**
     * Moves each centre that has rows to the weighted mean of where it is and those rows; one without stays.
     *
     * @param weights what each centre's place weighs, in rows
     * @return the squared shift of each centre
     */
    double[] moveCenters(FloatMatrix centroids, double[] weights) {
        pool.run(stripes(), (task, worker) -> {
            int first = task * stripe;
            int width = width(task);
            for (int j = 0; j < k; j++) {
                double share = 1 / (weights[j] + counts[j]);
                shifts[task * k + j] = counts[j] == 0
                        ? 0
                        : KERNELS.blend(
                                weights[j] * share,
                                centroids.segment(),
                                centroids.offset(j) + bytes(first),
                                width,
                                share,
                                sums,
                                j * d + first);
            }
        });
        double[] squared = new double[k];
        for (int task = 0; task < stripes(); task++) {
            for (int j = 0; j < k; j++) {
                squared[j] += shifts[task * k + j];
            }
        }
        return squared;
    }

    /** Σ over the clusters of rows · ‖their mean − m‖²: by how much the rows' spread exceeds their inertia. */
    double spreadOfMeans(FloatMatrix m) {
        double total = 0;
        for (int j = 0; j < k; j++) {
            double squares = 0;
            for (int l = 0; l < d && counts[j] > 0; l++) {
                double difference = sums[j * d + l] / counts[j] - m.get(0, l);
                squares += difference * difference;
            }
            total += counts[j] * squares;
        }
        return total;
    }
}
