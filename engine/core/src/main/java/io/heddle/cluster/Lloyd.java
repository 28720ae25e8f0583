package io.heddle.cluster;

import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.RowSlices;
import io.heddle.parallel.WorkerPool;
import io.heddle.simd.ColumnMoments;
import io.heddle.simd.Kernels;
import io.heddle.simd.Simd;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Lloyd's algorithm: assign every row to its nearest centre, move every centre to the mean of its rows, again until no
 * row changes its centre or the centres hardly move. The sums are kept from one iteration to the next and only the rows
 * that changed are read again.
 *
 * <p>A cluster that runs empty takes the row that is farthest from its centre.
 */
final class Lloyd {
    private static final Kernels KERNELS = Simd.kernels();

    private final FloatMatrix x;
    private final int n;
    private final int k;
    private final int d;
    private final KMeans.Options options;
    private final double squaredDeviations;
    private final double tolerance;
    private final NearestCenter nearest;
    private final WorkerPool pool;
    private final RowSlices slices;

    private final FloatMatrix centroids;
    private final ClusterSums sums;
    private final int[] labels;
    private final int[] before;
    private final float[] values;
    private final int[] moved;
    private final int[] movedFrom;
    private int iterations;
    private boolean converged;

    private Lloyd(
            FloatMatrix x,
            ColumnMoments moments,
            KMeans.Options options,
            NearestCenter nearest,
            FloatMatrix centroids,
            WorkerPool pool) {
        this.x = x;
        this.n = (int) x.rows();
        this.k = options.clusters();
        this.d = x.columns();
        this.options = options;
        this.squaredDeviations = moments.squaredDeviations();
        this.tolerance = KMeans.absoluteTolerance(x, moments, options);
        this.nearest = nearest;
        this.centroids = centroids;
        this.pool = pool;
        this.slices = RowSlices.of(n, NearestCenter.BLOCK);
        this.sums = new ClusterSums(k, d, pool);
        this.labels = new int[n];
        this.before = new int[n];
        this.values = new float[n];
        this.moved = new int[n];
        this.movedFrom = new int[n];
    }

    static KMeansModel fit(
            FloatMatrix x, ColumnMoments moments, KMeans.Options options, RandomGenerator random, WorkerPool pool) {
        KMeansModel best = null;
        for (int init = 1; init <= options.initializations(); init++) {
            FloatMatrix seeds = FloatMatrix.allocate(options.clusters(), x.columns());
            GreedySeeding.seed(x, seeds, random, pool);
            KMeansModel found = from(seeds, init, x, moments, options, pool);
            if (best == null || found.inertia() < best.inertia()) {
                if (best != null) {
                    best.close();
                }
                best = found;
            } else {
                found.close();
            }
        }
        return best;
    }

    /** One run from given centres, which the model takes over. */
    static KMeansModel from(
            FloatMatrix centroids,
            int init,
            FloatMatrix x,
            ColumnMoments moments,
            KMeans.Options options,
            WorkerPool pool) {
        NearestCenter.Origin origin = NearestCenter.Origin.of(moments.meanRow(), moments.squaredDeviations(), x.rows());
        try (NearestCenter nearest = new NearestCenter(options.clusters(), origin, pool)) {
            Lloyd run = new Lloyd(x, moments, options, nearest, centroids, pool);
            run.run(init);
            double inertia = NearestCenter.inertia(x, centroids, run.labels, pool);
            return new KMeansModel(centroids, origin, run.labels, inertia, run.iterations, run.converged);
        }
    }

    private void run(int init) {
        Arrays.fill(labels, -1);
        boolean assigned = false;
        while (iterations < options.maxIterations() && !converged) {
            iterations++;
            System.arraycopy(labels, 0, before, 0, n);
            nearest.prepare(centroids);
            nearest.assignAll(x, labels, values);
            int changed = collectMoved();
            sums.move(x, moved, changed, movedFrom, labels);
            boolean relocated = relocateEmpty();
            options.progress().accept(new KMeans.Progress(init, iterations, roughInertia()));
            if (changed == 0 && !relocated) {
                converged = true;
                assigned = true;
            } else {
                converged = moveCenters() <= tolerance && tolerance > 0;
            }
        }
        if (!assigned) {
            nearest.prepare(centroids);
            nearest.assignAll(x, labels, values);
        }
    }

    /** Lists the rows whose label changed, in their order, and where they were. */
    private int collectMoved() {
        int[] counts = new int[slices.count() + 1];
        pool.run(slices.count(), (slice, worker) -> {
            int changed = 0;
            int to = (int) slices.to(slice);
            for (int i = (int) slices.from(slice); i < to; i++) {
                changed += labels[i] != before[i] ? 1 : 0;
            }
            counts[slice + 1] = changed;
        });
        for (int slice = 0; slice < slices.count(); slice++) {
            counts[slice + 1] += counts[slice];
        }
        pool.run(slices.count(), (slice, worker) -> {
            int at = counts[slice];
            int to = (int) slices.to(slice);
            for (int i = (int) slices.from(slice); i < to; i++) {
                if (labels[i] != before[i]) {
                    moved[at] = i;
                    movedFrom[at] = before[i];
                    at++;
                }
            }
        });
        return counts[slices.count()];
    }

    private double roughInertia() {
        double sum = squaredDeviations;
        for (float v : values) {
            sum += v;
        }
        return Math.max(0, sum);
    }

    /** Moves each centre to the mean of its rows; one without rows stays where it is. Returns Σ ‖shift‖². */
    private double moveCenters() {
        double[] shifts = new double[ClusterSums.stripes(d)];
        ClusterSums.eachStripe(d, pool, (from, to, task) -> {
            double sum = 0;
            for (int j = 0; j < k; j++) {
                for (int l = from; l < to && sums.count(j) > 0; l++) {
                    float mean = (float) sums.mean(j, l);
                    double shift = mean - centroids.get(j, l);
                    sum += shift * shift;
                    centroids.set(j, l, mean);
                }
            }
            shifts[task] = sum;
        });
        return Arrays.stream(shifts).sum();
    }

    /** Gives each empty cluster one of the rows farthest from their centres. */
    private boolean relocateEmpty() {
        int[] empty = java.util.stream.IntStream.range(0, k)
                .filter(j -> sums.count(j) == 0)
                .toArray();
        if (empty.length == 0) {
            return false;
        }
        long[] farthest = byDistance();
        int next = 0;
        for (int i = n - 1; i >= 0 && next < empty.length; i--) {
            // A distance in the upper half, its bits in the order of its size, and the row's complement below it.
            float distance = Float.intBitsToFloat((int) (farthest[i] >>> 32));
            int row = n - 1 - (int) farthest[i];
            if (distance == 0) {
                break;
            }
            if (sums.count(labels[row]) > 1) {
                moved[0] = row;
                movedFrom[0] = labels[row];
                labels[row] = empty[next++];
                sums.move(x, moved, 1, movedFrom, labels);
            }
        }
        return next > 0;
    }

    private long[] byDistance() {
        long[] keys = new long[n];
        pool.run(slices.count(), (slice, worker) -> {
            for (int i = (int) slices.from(slice); i < slices.to(slice); i++) {
                double distance = KERNELS.squaredDistance(
                        x.segment(), x.offset(i), centroids.segment(), centroids.offset(labels[i]), d);
                keys[i] = (long) Float.floatToIntBits((float) distance) << 32 | n - 1 - i;
            }
        });
        Arrays.sort(keys);
        return keys;
    }
}
