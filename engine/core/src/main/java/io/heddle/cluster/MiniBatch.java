package io.heddle.cluster;

import io.heddle.internal.columns.ColumnMoments;
import io.heddle.internal.rows.RowWeights;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.RowSlices;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Mini-batch k-means: each step samples a batch of rows, assigns them, and moves each centre towards the mean of its
 * rows, by their share of all rows that were assigned to the centre so far. Rarely used centres are moved to rows of
 * the batch. Rows with weights are sampled in proportion to them and then have equal weight.
 *
 * <p>It stops when the exponentially smoothed inertia of the batches has no new minimum for a number of steps. Then all
 * rows are assigned once. The first batches count equally. If the first one counted fully, as in scikit-learn, the
 * steps would depend on it: after one with a high inertia, there are new minima for dozens of steps. The inertia of
 * batches of a few rows is mostly noise, so the first rows do not end it.
 */
final class MiniBatch {
    private static final int BLOCK = 64;
    /** Without improvement, it stops after this number of rows per cluster, or after the number of all rows. */
    private static final long ROWS_PER_CLUSTER = 100;

    private final DataMatrix x;
    private final RowWeights rowWeights;
    private final int n;
    private final int k;
    private final int size;
    private final KMeans.Options options;
    private final ColumnMoments moments;
    private final double tolerance;
    private final NearestCenter nearest;
    private final RandomGenerator random;
    private final WorkerPool pool;

    private final FloatMatrix centroids;
    private final Batch batch;
    private final int[] labels;
    private final double[] weights;
    private final BatchMeans means;

    private long sinceReassignment;
    /** The weight of the batches in {@link #smoothed}: 1 after many. */
    private double smoothedWeight;

    private double smoothed;
    private double minimumSmoothed = Double.POSITIVE_INFINITY;
    private int withoutImprovement;
    private boolean done;

    private MiniBatch(
            DataMatrix x,
            RowWeights rowWeights,
            ColumnMoments moments,
            KMeans.Options options,
            NearestCenter nearest,
            FloatMatrix centroids,
            Batch batch,
            RandomGenerator random,
            WorkerPool pool) {
        this.x = x;
        this.rowWeights = rowWeights;
        this.n = (int) x.rows();
        this.k = options.clusters();
        this.size = (int) batch.rows().rows();
        this.options = options;
        this.moments = moments;
        this.tolerance = ShiftTolerance.absolute(x, moments, options);
        this.nearest = nearest;
        this.centroids = centroids;
        this.batch = batch;
        this.random = random;
        this.pool = pool;
        labels = new int[size];
        weights = new double[k];
        means = new BatchMeans(k, x.columns(), options.isCosine(), pool);
    }

    /**
     * @param sketch of the data, or null
     * @param centroids K × d, overwritten by the result
     */
    static Outcome fit(
            DataMatrix x,
            RowWeights weights,
            ColumnMoments moments,
            Origin origin,
            Sketch sketch,
            FloatMatrix centroids,
            KMeans.Options options,
            RandomGenerator random,
            WorkerPool pool) {
        int size = (int) Math.min(options.batchSize(), x.rows());
        try (SampleSeeding seeding =
                new SampleSeeding(x, weights, moments, options, size, origin, sketch, random, pool)) {
            seeding.seed(centroids);
            NearestCenter nearest = seeding.nearest();
            try (Sketch.Sketches known = nearest.sketches(x, pool);
                    Batch batch = Batch.allocate(x, known, size)) {
                MiniBatch run = new MiniBatch(x, weights, moments, options, nearest, centroids, batch, random, pool);
                int steps = run.run();
                int[] labels = new int[run.n];
                nearest.prepare(centroids);
                double inertia = nearest.assignAndMeasure(x, known, weights, labels, pool);
                return new Outcome(labels, inertia, steps, run.done);
            }
        }
    }

    private int run() {
        long steps = Math.clamp((long) options.maxIterations() * n / size, 1, Integer.MAX_VALUE);
        int step = 0;
        while (step < steps && !done) {
            step++;
            step(step);
        }
        return step;
    }

    private void step(int step) {
        int[] rows = new int[size];
        for (int i = 0; i < size; i++) {
            rows[i] = rowWeights.draw(n, random);
        }
        nearest.prepare(centroids);
        double inertia = assign(rows) / size;
        boolean reassign = reassignmentIsDue();
        double shift = moveCenters();
        if (reassign) {
            reassign();
        }
        follow(step, inertia, shift);
    }

    /** Copies the batch and assigns it; returns its inertia. */
    private double assign(int[] rows) {
        RowSlices slices = RowSlices.of(size, BLOCK);
        double[] partial = new double[slices.count()];
        pool.run(slices.count(), (slice, worker) -> {
            int from = (int) slices.from(slice);
            int to = (int) slices.to(slice);
            for (int i = from; i < to; i++) {
                batch.copy(rows[i], i);
            }
            partial[slice] = nearest.assignAndSum(batch.rows(), batch.sketches(), from, to, worker, labels);
        });
        double total = 0;
        for (double p : partial) {
            total += p;
        }
        return total;
    }

    /** Every 10·K rows, or when a centre has never been used. */
    private boolean reassignmentIsDue() {
        sinceReassignment += size;
        boolean due = sinceReassignment >= 10L * k || Arrays.stream(weights).anyMatch(w -> w == 0);
        if (due) {
            sinceReassignment = 0;
        }
        return due;
    }

    /** Moves each centre to the weighted mean of its position and its rows; returns Σ ‖shift‖². */
    private double moveCenters() {
        double[] shifts = means.move(batch.rows(), size, labels, centroids, weights);
        for (int j = 0; j < k; j++) {
            weights[j] += means.count(j);
        }
        return Arrays.stream(shifts).sum();
    }

    /** Moves rarely used centres to rows of the batch. */
    private void reassign() {
        double maximum = Arrays.stream(weights).max().orElse(0);
        int[] rare = IntStream.range(0, k)
                .filter(j -> weights[j] < options.reassignmentRatio() * maximum)
                .boxed()
                .sorted((i, j) -> Double.compare(weights[i], weights[j]))
                .limit(size / 2)
                .mapToInt(i -> i)
                .toArray();
        if (rare.length == 0) {
            return;
        }
        boolean[] moved = new boolean[k];
        int[] order = IntStream.range(0, size).toArray();
        for (int i = 0; i < rare.length; i++) {
            // The first steps of a shuffle give distinct rows.
            int other = random.nextInt(i, size);
            int row = order[other];
            order[other] = order[i];
            order[i] = row;
            batch.rows().copyRow(row, centroids, rare[i]);
            moved[rare[i]] = true;
        }
        // The minimum weight of the others, so that it is not moved again at once.
        double minimum = IntStream.range(0, k)
                .filter(j -> !moved[j])
                .mapToDouble(j -> weights[j])
                .min()
                .orElse(0);
        for (int j : rare) {
            weights[j] = minimum;
        }
    }

    /** Updates the smoothed inertia. The first step is ignored, because it depends on the seeds. */
    private void follow(int step, double inertia, double shift) {
        if (!Double.isFinite(inertia)) {
            // A value of the batch is not finite, and so the inertia of all rows is not either.
            done = true;
            return;
        }
        if (step > 1) {
            double alpha = Math.min(1, 2.0 * size / (n + 1.0));
            smoothedWeight += (1 - smoothedWeight) * alpha;
            smoothed += (inertia - smoothed) * alpha / smoothedWeight;
            if (smoothed < minimumSmoothed) {
                minimumSmoothed = smoothed;
                withoutImprovement = 0;
            } else {
                withoutImprovement++;
            }
            double limit = ShiftTolerance.of(tolerance, smoothed * n, x, moments, options);
            done = limit > 0 && shift <= limit
                    || options.maxNoImprovement() > 0
                            && withoutImprovement >= options.maxNoImprovement()
                            && (long) step * size >= Math.min(n, ROWS_PER_CLUSTER * k);
        }
        options.progress().accept(new KMeans.Progress(1, step, (step > 1 ? smoothed : inertia) * n));
    }

    /**
     * Copies of the rows of a batch.
     *
     * @param x the data
     * @param known the sketches of all rows of x, or null; left open
     * @param rows of the batch
     * @param sketches of these, or null
     */
    private record Batch(DataMatrix x, Sketch.Sketches known, FloatMatrix rows, Sketch.Sketches sketches)
            implements AutoCloseable {
        static Batch allocate(DataMatrix x, Sketch.Sketches known, int size) {
            Sketch.Sketches sketches = known == null ? null : known.empty(size);
            try {
                return new Batch(x, known, FloatMatrix.allocate(size, x.columns()), sketches);
            } catch (RuntimeException | Error e) {
                if (sketches != null) {
                    sketches.close();
                }
                throw e;
            }
        }

        void copy(int row, int to) {
            x.copyRow(row, rows, to);
            if (known != null) {
                known.rows().copyRow(row, sketches.rows(), to);
            }
        }

        @Override
        public void close() {
            rows.close();
            if (sketches != null) {
                sketches.close();
            }
        }
    }
}
