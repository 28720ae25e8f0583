package io.heddle.cluster;

import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.internal.rows.Elements;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;

/**
 * Moves centres to the means of the rows of a batch.
 *
 * <p>The rows are sorted by cluster, so that the sums of one cluster, in double, stay in the L1 cache while its rows
 * are read. A task has one cluster, or with few clusters some of its columns. So every sum is computed in the order of
 * the rows, without partial sums.
 */
final class BatchMeans {
    /** Tasks for any number of threads: fewer clusters than this are divided by columns. */
    private static final int TASKS = 16;

    private static final int MINIMUM_WIDTH = 256;
    private static final Kernels KERNELS = Simd.kernels();

    private final int k;
    private final int d;
    private final int width;
    private final int parts;
    private final boolean unit;
    private final WorkerPool pool;
    private final double[][] sums;
    /** The rows of cluster j are {@code order[starts[j]]} to {@code order[starts[j + 1] - 1]}. */
    private final int[] starts;

    private int[] order = {};

    /** @param unit whether centres are kept at unit length */
    BatchMeans(int clusters, int d, boolean unit, WorkerPool pool) {
        this.k = clusters;
        this.d = d;
        this.unit = unit;
        this.pool = pool;
        int wanted = Math.clamp(TASKS / clusters, 1, Math.max(1, d / MINIMUM_WIDTH));
        width = Math.ceilDiv(Math.ceilDiv(d, wanted), FloatMatrix.ALIGNMENT) * FloatMatrix.ALIGNMENT;
        parts = Math.ceilDiv(d, width);
        sums = new double[pool.threads()][width];
        starts = new int[k + 1];
    }

    /**
     * Moves each centre that has rows to the weighted mean of its position and those rows.
     *
     * @param rows the first of x, which count
     * @param labels the cluster of each
     * @param before the weight of each centre's position, in rows
     * @return the squared shift of each centre
     */
    double[] move(FloatMatrix x, int rows, int[] labels, FloatMatrix centroids, double[] before) {
        sort(rows, labels);
        if (!unit) {
            return blend(x, centroids, before);
        }
        try (FloatMatrix previous = centroids.copy()) {
            blend(x, centroids, before);
            return UnitRows.restore(centroids, previous, j -> count(j) > 0);
        }
    }

    /** The number of rows in a cluster in the last batch. */
    int count(int cluster) {
        return starts[cluster + 1] - starts[cluster];
    }

    private void sort(int rows, int[] labels) {
        if (order.length < rows) {
            order = new int[rows];
        }
        Arrays.fill(starts, 0);
        for (int i = 0; i < rows; i++) {
            starts[labels[i] + 1]++;
        }
        for (int j = 0; j < k; j++) {
            starts[j + 1] += starts[j];
        }
        int[] next = starts.clone();
        for (int i = 0; i < rows; i++) {
            order[next[labels[i]]++] = i;
        }
    }

    private double[] blend(FloatMatrix x, FloatMatrix centroids, double[] before) {
        double[] shifts = new double[k * parts];
        pool.run(shifts.length, (task, worker) -> {
            int cluster = task / parts;
            if (count(cluster) > 0) {
                shifts[task] = blend(x, cluster, task % parts * width, sums[worker], centroids, before[cluster]);
            }
        });
        double[] squared = new double[k];
        for (int task = 0; task < shifts.length; task++) {
            squared[task / parts] += shifts[task];
        }
        return squared;
    }

    /** Moves the columns of a centre from {@code first} on; returns the square of their shift. */
    private double blend(FloatMatrix x, int cluster, int first, double[] own, FloatMatrix centroids, double before) {
        int columns = Math.min(width, d - first);
        Arrays.fill(own, 0, columns, 0);
        for (int i = starts[cluster]; i < starts[cluster + 1]; i++) {
            KERNELS.addToSums(x.segment(), Elements.offset(x, order[i], first), columns, own, 0);
        }
        double share = 1 / (before + count(cluster));
        long at = Elements.offset(centroids, cluster, first);
        return KERNELS.blend(before * share, centroids.segment(), at, columns, share, own, 0);
    }
}
