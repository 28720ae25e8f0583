package io.heddle.cluster;

import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.internal.rows.Elements;
import io.heddle.internal.rows.RowWeights;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.RowSlices;
import io.heddle.parallel.WorkerPool;
import java.util.function.IntUnaryOperator;

/**
 * The weighted sum, in double, the number and the weight of the rows in each cluster.
 *
 * <p>The columns, not the rows, are divided among threads. So every sum is computed in the order of the rows, without
 * partial sums.
 */
final class ClusterSums {
    /**
     * Approximate number of stripes of columns, whose shifts are summed one by one, so that the bits do not depend on
     * the number of threads. The width of a stripe is a multiple of a vector.
     */
    private static final int STRIPES = 12;
    /** Rows of bytes that are converted at a time: 6 MB of 784 columns. */
    private static final int CHUNK = 2_048;
    /** Rows that a thread converts at a time. */
    private static final int COPIED = 64;

    private static final Kernels KERNELS = Simd.kernels();

    private final int k;
    private final int d;
    private final int stripe;
    private final double[] sums;
    private final long[] counts;
    private final double[] masses;
    private final RowWeights weights;
    private final boolean unit;
    private final double[] shifts;
    private final WorkerPool pool;

    /**
     * @param weights of all rows that may be added or moved
     * @param unit whether centres are kept at unit length
     */
    ClusterSums(int clusters, int d, RowWeights weights, boolean unit, WorkerPool pool) {
        this.k = clusters;
        this.d = d;
        this.weights = weights;
        this.unit = unit;
        this.pool = pool;
        int width = (d + STRIPES - 1) / STRIPES;
        stripe = (width + FloatMatrix.ALIGNMENT - 1) / FloatMatrix.ALIGNMENT * FloatMatrix.ALIGNMENT;
        sums = new double[Math.multiplyExact(clusters, d)];
        counts = new long[clusters];
        masses = new double[clusters];
        shifts = new double[Math.multiplyExact(clusters, stripes())];
    }

    private int stripes() {
        return (d + stripe - 1) / stripe;
    }

    private int width(int task) {
        return Math.min(stripe, d - task * stripe);
    }

    /** As few as there are threads, because memory is read fastest along whole rows. */
    private int parts() {
        return Math.min(pool.threads(), stripes());
    }

    /** The stripes of a part end where those of the next begin. */
    private int firstStripe(int part) {
        return part * stripes() / parts();
    }

    /**
     * Moves rows from one cluster to another. Bytes are converted some rows at a time.
     *
     * @param moved the rows
     * @param from the previous cluster of each row of {@code moved}; −1 for none
     * @param labels the current cluster of every row
     */
    void move(DataMatrix x, int[] moved, int count, int[] from, int[] labels) {
        for (int i = 0; i < count; i++) {
            double weight = weights.of(moved[i]);
            if (from[i] >= 0) {
                count(from[i], -1, weight);
            }
            count(labels[moved[i]], 1, weight);
        }
        if (x instanceof FloatMatrix floats) {
            move(floats, moved, i -> moved[i], 0, count, from, labels);
            return;
        }
        try (FloatMatrix chunk = FloatMatrix.allocate(Math.min(count, CHUNK), d)) {
            for (int start = 0; start < count; start += CHUNK) {
                int begin = start;
                int end = Math.min(count, start + CHUNK);
                RowSlices slices = RowSlices.of(end - begin, COPIED);
                pool.run(slices.count(), (slice, worker) -> {
                    for (int i = (int) slices.from(slice); i < slices.to(slice); i++) {
                        x.copyRow(moved[begin + i], chunk, i);
                    }
                });
                move(chunk, moved, i -> i - begin, begin, end, from, labels);
            }
        }
    }

    /** @param place the row of {@code x} that holds the values of {@code moved[i]} */
    private void move(
            FloatMatrix x, int[] moved, IntUnaryOperator place, int begin, int end, int[] from, int[] labels) {
        pool.run(parts(), (part, worker) -> {
            int first = firstStripe(part) * stripe;
            int width = Math.min(d, firstStripe(part + 1) * stripe) - first;
            for (int i = begin; i < end; i++) {
                int row = place.applyAsInt(i);
                double weight = weights.of(moved[i]);
                if (from[i] >= 0) {
                    subtract(x, row, first, width, weight, from[i] * d + first);
                }
                add(x, row, first, width, weight, labels[moved[i]] * d + first);
            }
        });
    }

    /** Rows of weight 0 are ignored: a cluster without other rows is empty. */
    private void count(int cluster, int rows, double weight) {
        if (weight > 0) {
            counts[cluster] += rows;
            // Removes the rounding error after the last row was subtracted.
            masses[cluster] = counts[cluster] == 0 ? 0 : masses[cluster] + rows * weight;
        }
    }

    private void add(FloatMatrix x, int row, int first, int width, double weight, int to) {
        if (weight == 1) {
            KERNELS.addToSums(x.segment(), Elements.offset(x, row, first), width, sums, to);
        } else {
            Elements.addToSums(x, row, first, first + width, weight, sums, to);
        }
    }

    private void subtract(FloatMatrix x, int row, int first, int width, double weight, int to) {
        if (weight == 1) {
            KERNELS.subtractFromSums(x.segment(), Elements.offset(x, row, first), width, sums, to);
        } else {
            Elements.addToSums(x, row, first, first + width, -weight, sums, to);
        }
    }

    /** The number of rows with a weight above 0 in a cluster. */
    long count(int cluster) {
        return counts[cluster];
    }

    /** The sum of the weights of the rows in a cluster. */
    double mass(int cluster) {
        return masses[cluster];
    }

    /**
     * Moves each centre that has rows to their weighted mean. Other centres do not move.
     *
     * @return the squared shift of each centre
     */
    double[] moveCenters(FloatMatrix centroids) {
        if (!unit) {
            return toMeans(centroids);
        }
        try (FloatMatrix previous = centroids.copy()) {
            toMeans(centroids);
            return UnitRows.restore(centroids, previous, j -> counts[j] > 0);
        }
    }

    private double[] toMeans(FloatMatrix centroids) {
        pool.run(parts(), (part, worker) -> {
            for (int task = firstStripe(part); task < firstStripe(part + 1); task++) {
                toMeans(task, centroids);
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

    private void toMeans(int task, FloatMatrix centroids) {
        int first = task * stripe;
        int width = width(task);
        for (int j = 0; j < k; j++) {
            long at = Elements.offset(centroids, j, first);
            shifts[task * k + j] = counts[j] == 0
                    ? 0
                    : KERNELS.blend(0, centroids.segment(), at, width, 1 / masses[j], sums, j * d + first);
        }
    }

    /** Σ over the clusters of mass · ‖their mean − m‖²: the difference of the rows' spread and their inertia. */
    double spreadOfMeans(FloatMatrix m) {
        double total = 0;
        for (int j = 0; j < k; j++) {
            double squares = 0;
            for (int l = 0; l < d && counts[j] > 0; l++) {
                double difference = sums[j * d + l] / masses[j] - m.get(0, l);
                squares += difference * difference;
            }
            total += masses[j] * squares;
        }
        return total;
    }

    /** Σ over the clusters of ‖the sum of their rows‖: for rows and centres of unit length, Σ mass · cosine. */
    double sumOfLengths() {
        double total = 0;
        for (int j = 0; j < k; j++) {
            double squares = 0;
            for (int l = 0; l < d; l++) {
                squares += sums[j * d + l] * sums[j * d + l];
            }
            total += Math.sqrt(squares);
        }
        return total;
    }
}
