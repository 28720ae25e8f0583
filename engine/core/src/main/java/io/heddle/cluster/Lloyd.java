package io.heddle.cluster;

import io.heddle.internal.columns.ColumnMoments;
import io.heddle.internal.rows.RowReader;
import io.heddle.internal.rows.RowSample;
import io.heddle.internal.rows.RowWeights;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.RowSlices;
import io.heddle.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Lloyd's algorithm: assigns every row to its nearest centre and moves every centre to the mean of its rows, until no
 * row changes its centre or the centres hardly move. The sums are kept between iterations, and only rows that changed
 * their centre are read again.
 *
 * <p>An empty cluster takes the row that is farthest from its centre.
 */
final class Lloyd {
    /** From this number of clusters on, products of sketches cost less than bounds. */
    private static final int MANY_CLUSTERS = 256;
    /** Rows of the sample for the seeds. */
    private static final long MINIMUM_SAMPLE = 16_384;

    private static final long MAXIMUM_SAMPLE = 65_536;
    /**
     * Rows of the sample for each of many clusters. With 40, seeds take twice as long, and the inertia is .1 % lower.
     */
    private static final long SAMPLED_PER_CLUSTER = 20;

    private static final int BLOCK = 128;

    private final DataMatrix x;
    private final RowWeights weights;
    private final int n;
    private final int k;
    private final KMeans.Options options;
    private final double squaredDeviations;
    private final ColumnMoments moments;
    private final double tolerance;
    private final FloatMatrix mean;
    private final FloatMatrix centroids;
    private final CenterAssignment assignment;
    private final ClusterSums sums;
    private final int[] labels;
    private final WorkerPool pool;
    private int iterations;
    private boolean converged;

    private Lloyd(
            DataMatrix x,
            RowWeights weights,
            ColumnMoments moments,
            KMeans.Options options,
            FloatMatrix mean,
            FloatMatrix centroids,
            CenterAssignment assignment,
            int[] labels,
            WorkerPool pool) {
        this.x = x;
        this.weights = weights;
        this.n = (int) x.rows();
        this.k = options.clusters();
        this.options = options;
        this.squaredDeviations = squaredDeviations(x, weights, moments, mean, pool);
        this.moments = moments;
        this.tolerance = ShiftTolerance.absolute(x, moments, options);
        this.mean = mean;
        this.centroids = centroids;
        this.assignment = assignment;
        this.labels = labels;
        this.sums = new ClusterSums(k, x.columns(), weights, options.isCosine(), pool);
        this.pool = pool;
    }

    /**
     * @param sketch of the data, or null
     * @param centroids K × d, overwritten by the best result
     */
    static Outcome fit(
            DataMatrix x,
            RowWeights weights,
            ColumnMoments moments,
            FloatMatrix mean,
            Sketch sketch,
            FloatMatrix centroids,
            KMeans.Options options,
            RandomGenerator random,
            WorkerPool pool) {
        Outcome best = null;
        try (Sketch.Sketches sketches = sketch == null ? null : sketch.projectAll(x, pool);
                FloatMatrix candidate = FloatMatrix.allocate(options.clusters(), x.columns())) {
            for (int init = 1; init <= options.initializations(); init++) {
                boolean inDouble = seed(x, weights, sketches, options.isCosine(), candidate, random, pool);
                Outcome found =
                        from(candidate, inDouble, init, x, weights, mean, sketch, sketches, moments, options, pool);
                if (best == null || found.inertia() < best.inertia()) {
                    MemorySegment.copy(
                            candidate.segment(), 0, centroids.segment(), 0, candidate.offset(candidate.rows()));
                    best = found;
                }
            }
        }
        return best;
    }

    /**
     * The seeds come from a sample, unless it has too few distinct rows or more than half of all, which saves no time.
     *
     * @param sketches of the rows of x, or null
     * @param unit whether centres have unit length
     * @return whether the squared distances of rows to seeds leave the range of float
     */
    private static boolean seed(
            DataMatrix x,
            RowWeights weights,
            Sketch.Sketches sketches,
            boolean unit,
            FloatMatrix seeds,
            RandomGenerator random,
            WorkerPool pool) {
        int clusters = (int) seeds.rows();
        long sampled = sampleSize(x.rows(), clusters);
        if (sampled <= x.rows() / 2) {
            long[] rows = weights.sampleRows(x.rows(), (int) sampled, random);
            if (RefinedSeeds.pays(clusters) && RefinedSeeds.find(x, rows, sketches, unit, seeds, random, pool)) {
                return false;
            }
            GreedySeeding.Chosen chosen = choose(x, rows, sketches, clusters, random, pool);
            if (chosen.potential() > 0) {
                chosen.copyTo(seeds, x);
                return GreedySeeding.isSmall(chosen.potential(), sampled);
            }
        }
        double potential = sketches == null
                ? GreedySeeding.seed(x, weights, seeds, random, pool)
                : SketchedSeeding.seed(x, weights, sketches, seeds, random, pool);
        return potential > 0 && GreedySeeding.isSmall(potential, x.rows());
    }

    /** A quarter of the rows misses a cluster of ten rows in 6 of 100 cases. Many clusters need a larger sample. */
    private static long sampleSize(long rows, long clusters) {
        return clusters >= MANY_CLUSTERS
                ? Math.max(MINIMUM_SAMPLE, SAMPLED_PER_CLUSTER * clusters)
                : Math.clamp(rows / 4, MINIMUM_SAMPLE, MAXIMUM_SAMPLE);
    }

    /** Chooses rows of a sample as seeds. */
    private static GreedySeeding.Chosen choose(
            DataMatrix x,
            long[] rows,
            Sketch.Sketches sketches,
            int clusters,
            RandomGenerator random,
            WorkerPool pool) {
        if (sketches != null) {
            return SketchedSeeding.choose(x, rows, RowWeights.NONE, sketches, clusters, random, pool);
        }
        try (FloatMatrix sample = RowSample.gather(x, rows, pool)) {
            return GreedySeeding.choose(sample, RowWeights.NONE, clusters, random, pool)
                    .numbered(rows);
        }
    }

    /**
     * One run from given centres.
     *
     * @param centroids K × d, overwritten by the result
     * @param inDouble whether squared distances leave the range of float
     * @param mean 1 × d, of the rows of x
     * @param sketch of the data, or null
     * @param sketches of the rows of x, or null
     */
    static Outcome from(
            FloatMatrix centroids,
            boolean inDouble,
            int init,
            DataMatrix x,
            RowWeights weights,
            FloatMatrix mean,
            Sketch sketch,
            Sketch.Sketches sketches,
            ColumnMoments moments,
            KMeans.Options options,
            WorkerPool pool) {
        int[] labels = new int[(int) x.rows()];
        Arrays.fill(labels, -1);
        boolean many = sketch != null && centroids.rows() >= MANY_CLUSTERS;
        CenterGroups groups = many || inDouble ? null : CenterGroups.sort(centroids);
        try (CenterAssignment assignment = inDouble
                ? new DoubleAssignment(x, centroids, labels, pool)
                : many
                        ? new SketchedAssignment(x, centroids, labels, sketch, sketches, pool)
                        : new BoundedAssignment(x, centroids, groups, labels, sketch, sketches, pool)) {
            Lloyd run = new Lloyd(x, weights, moments, options, mean, centroids, assignment, labels, pool);
            run.run(init);
            if (groups != null) {
                groups.restore(centroids, labels);
            }
            double inertia = NearestCenter.inertia(x, weights, centroids, labels, pool);
            return new Outcome(labels, inertia, run.iterations, run.converged);
        }
    }

    private void run(int init) {
        boolean assigned = false;
        while (iterations < options.maxIterations() && !converged) {
            iterations++;
            ChangedRows changed = assignment.assign();
            sums.move(x, changed.rows(), changed.count(), changed.previous(), labels);
            boolean relocated = relocateEmpty();
            if (changed.count() == 0 && !relocated) {
                converged = true;
                assigned = true;
            } else {
                double[] shifts = sums.moveCenters(centroids);
                assignment.centersMoved(shifts);
                double limit = ShiftTolerance.of(tolerance, inertia(), x, moments, options);
                converged = limit > 0 && Arrays.stream(shifts).sum() <= limit;
            }
            options.progress().accept(new KMeans.Progress(init, iterations, inertia()));
        }
        if (!assigned) {
            assignment.assign();
        }
    }

    private static double squaredDeviations(
            DataMatrix x, RowWeights weights, ColumnMoments moments, FloatMatrix mean, WorkerPool pool) {
        return weights.isNone()
                ? moments.squaredDeviations()
                : NearestCenter.inertia(x, weights, mean, new int[(int) x.rows()], pool);
    }

    /** Approximates the inertia from the sums. For rows and centres of unit length it is 2 − 2 · cosine per row. */
    private double inertia() {
        double inertia = options.isCosine()
                ? 2 * (weights.total(n) - sums.sumOfLengths())
                : squaredDeviations - sums.spreadOfMeans(mean);
        return Math.max(0, inertia);
    }

    /** Assigns to each empty cluster one of the rows farthest from their centres. */
    private boolean relocateEmpty() {
        int[] empty = IntStream.range(0, k).filter(j -> sums.count(j) == 0).toArray();
        if (empty.length == 0) {
            return false;
        }
        long[] farthest = byDistance();
        int next = 0;
        for (int i = n - 1; i >= 0 && next < empty.length; i--) {
            // The upper half has a distance with bits in sorting order, the lower half the complement of the row
            // number.
            float distance = Float.intBitsToFloat((int) (farthest[i] >>> 32));
            int row = n - 1 - (int) farthest[i];
            if (distance == 0) {
                break;
            }
            if (weights.of(row) > 0 && sums.count(labels[row]) > 1) {
                int[] from = {labels[row]};
                labels[row] = empty[next++];
                sums.move(x, new int[] {row}, 1, from, labels);
                assignment.forget(row);
            }
        }
        return next > 0;
    }

    private long[] byDistance() {
        long[] keys = new long[n];
        RowSlices slices = RowSlices.of(n, BLOCK);
        try (RowReader reader = RowReader.of(x, pool)) {
            pool.run(slices.count(), (slice, worker) -> {
                for (int i = (int) slices.from(slice); i < slices.to(slice); i++) {
                    double distance = NearestCenter.squaredDistance(
                            reader.floats(), reader.read(i, worker), centroids, labels[i]);
                    keys[i] = (long) Float.floatToIntBits((float) distance) << 32 | n - 1 - i;
                }
            });
        }
        Arrays.sort(keys);
        return keys;
    }
}
