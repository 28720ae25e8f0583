package io.heddle.cluster;

import io.heddle.internal.columns.ColumnMoments;
import io.heddle.internal.rows.RowSample;
import io.heddle.internal.rows.RowWeights;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.RowSlices;
import io.heddle.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;

/**
 * First centres for many rows, from Lloyd's algorithm on a sample of them. Greedy k-means++ chooses several sets of
 * seeds from a small part of the sample, each takes some iterations there, and the best one some on the whole sample.
 * The means of the sample's rows are then near a good optimum, so the fit needs fewer iterations on all rows.
 *
 * <p>The part may lack outliers and clusters of a few rows. If the sample has much more inertia per row, the better of
 * these centres and those from seeds of the whole sample is taken.
 *
 * <p>If rows have sketches, these replace the rows: the directions of most spread decide which rows are near. Only the
 * means at the end read the rows.
 *
 * <p>O(s·K·(starts·ln K + iterations)·c + S·d) for parts of s rows of a sample of S, and c columns of sketches.
 *
 * <p>Reference: Bradley and Fayyad, "Refining initial points for k-means clustering", ICML 1998.
 */
final class RefinedSeeds {
    /** Rows of the part of the sample: at least, and for each cluster. */
    private static final int MINIMUM_PART = 4_096;

    private static final int PART_PER_CLUSTER = 40;
    private static final int MAXIMUM_STARTS = 8;
    /**
     * Clusters of all starts together. More clusters have fewer starts, because each takes longer and they differ less.
     */
    private static final int SEEDS = 100;

    private static final int ITERATIONS = 15;
    /**
     * The inertia per row of the sample, as a multiple of that of the part, above which the part lacked rows that
     * matter: outliers, or clusters of a few rows. Ordinary data have up to 1.08 with 50 clusters.
     */
    private static final double MISSED = 1.1;

    private static final int BLOCK = 256;

    private final FloatMatrix sample;
    private final KMeans.Options options;
    private final RandomGenerator random;
    private final WorkerPool pool;

    private RefinedSeeds(FloatMatrix sample, int clusters, RandomGenerator random, WorkerPool pool) {
        this.sample = sample;
        this.random = random;
        this.pool = pool;
        options = KMeans.Options.defaults().withClusters(clusters);
    }

    /** Whether there are so few clusters that several starts are compared. One start brings no better optimum. */
    static boolean pays(int clusters) {
        return clusters <= SEEDS / 2;
    }

    /**
     * Computes centres.
     *
     * @param rows the sample, as row numbers of x
     * @param sketches of the rows of x, or null
     * @param unit whether centres have unit length
     * @param centers K × d, overwritten
     * @return whether there are centres: not if the sample has too few distinct rows, or squared distances leave the
     *     range of float
     */
    static boolean find(
            DataMatrix x,
            long[] rows,
            Sketch.Sketches sketches,
            boolean unit,
            FloatMatrix centers,
            RandomGenerator random,
            WorkerPool pool) {
        int clusters = (int) centers.rows();
        int[] labels;
        try (FloatMatrix sample =
                sketches == null ? RowSample.gather(x, rows, pool) : coordinates(sketches, rows, pool)) {
            labels = new RefinedSeeds(sample, clusters, random, pool).labels();
        }
        return labels != null && means(x, rows, labels, unit, centers, pool);
    }

    /** Copies the coordinates of sketches, with zeros for the lengths of the residuals: whole vectors are faster. */
    private static FloatMatrix coordinates(Sketch.Sketches sketches, long[] rows, WorkerPool pool) {
        FloatMatrix all = sketches.rows();
        int columns = Sketch.residual(all.columns());
        RowSlices slices = RowSlices.of(rows.length, BLOCK);
        return FloatMatrix.allocate(
                rows.length,
                all.columns(),
                copy -> pool.run(slices.count(), (slice, worker) -> {
                    for (long i = slices.from(slice); i < slices.to(slice); i++) {
                        MemorySegment.copy(
                                all.segment(),
                                all.offset(rows[(int) i]),
                                copy.segment(),
                                copy.offset(i),
                                (long) columns * Float.BYTES);
                    }
                }));
    }

    /** Returns the cluster of each row of the sample, or null. */
    private int[] labels() {
        int clusters = options.clusters();
        int count = Math.min((int) sample.rows(), Math.max(MINIMUM_PART, PART_PER_CLUSTER * clusters));
        // Rows of the sample are in the order of the data, which may be sorted.
        long[] spread = RowSample.choose(sample.rows(), count, random);
        try (FloatMatrix part = RowSample.gather(sample, spread, pool);
                FloatMatrix best = FloatMatrix.allocate(clusters, sample.columns())) {
            double perRow = improvePart(part, best) / count;
            if (Double.isNaN(perRow)) {
                return null;
            }
            ColumnMoments moments = moments(sample);
            Found found = improve(sample, moments, perRow * sample.rows(), best);
            if (found.inertia <= MISSED * perRow * sample.rows()) {
                return found.labels;
            }
            double potential = GreedySeeding.seed(sample, RowWeights.NONE, best, random, pool);
            Found other = improve(sample, moments, potential, best);
            return (other.inertia < found.inertia ? other : found).labels;
        }
    }

    private ColumnMoments moments(FloatMatrix rows) {
        return ColumnMoments.of(rows, "the sample", pool);
    }

    /** Computes the best centres of several sets of seeds; returns their inertia, NaN if there are none. */
    private double improvePart(FloatMatrix part, FloatMatrix best) {
        int clusters = options.clusters();
        int starts = Math.min(MAXIMUM_STARTS, SEEDS / clusters);
        ColumnMoments moments = moments(part);
        long[] seeds = random.longs(starts).toArray();
        double[] inertia = new double[starts];
        try (FloatMatrix all = FloatMatrix.allocate((long) starts * clusters, part.columns())) {
            // A start for each thread: the loops of one are too short to be divided.
            pool.run(starts, (start, worker) -> {
                FloatMatrix centers = all.rows((long) start * clusters, (start + 1L) * clusters);
                RandomGenerator own = RandomGeneratorFactory.of(KMeans.RANDOM).create(seeds[start]);
                double potential = GreedySeeding.seed(part, RowWeights.NONE, centers, own, pool);
                inertia[start] = potential > 0 && !GreedySeeding.isSmall(potential, part.rows())
                        ? improve(part, moments, potential, centers).inertia
                        : Double.NaN;
            });
            int least = 0;
            for (int start = 0; start < starts; start++) {
                if (Double.isNaN(inertia[start])) {
                    return Double.NaN;
                }
                least = inertia[start] < inertia[least] ? start : least;
            }
            MemorySegment.copy(
                    all.segment(), all.offset((long) least * clusters), best.segment(), 0, best.offset(clusters));
            return inertia[least];
        }
    }

    private record Found(int[] labels, double inertia) {}

    /**
     * Improves centres by Lloyd's algorithm without bounds, which take longer than they save for so few rows and
     * columns. A centre without rows does not move.
     *
     * @param approximately the inertia, which decides how distances are computed
     */
    private Found improve(FloatMatrix rows, ColumnMoments moments, double approximately, FloatMatrix centers) {
        int n = (int) rows.rows();
        int[] labels = new int[n];
        double[] none = new double[options.clusters()];
        double limit = ShiftTolerance.absolute(rows, moments, options);
        boolean tight = NearestCenter.isTight(approximately, moments.squaredDeviations());
        RowSlices slices = RowSlices.of(n, BLOCK);
        BatchMeans means = new BatchMeans(options.clusters(), rows.columns(), false, pool);
        try (Origin origin = Origin.of(moments, n);
                NearestCenter nearest = NearestCenter.of(options.clusters(), origin, null, tight, pool)) {
            double shift = Double.POSITIVE_INFINITY;
            for (int i = 0; i < ITERATIONS && shift > limit; i++) {
                nearest.prepare(centers);
                pool.run(
                        slices.count(),
                        (slice, worker) ->
                                nearest.assignNearly(rows, slices.from(slice), slices.to(slice), worker, labels));
                shift = Arrays.stream(means.move(rows, n, labels, centers, none))
                        .sum();
            }
            nearest.prepare(centers);
            return new Found(labels, nearest.assignAndMeasure(rows, null, RowWeights.NONE, labels, pool));
        }
    }

    /** Computes the means of the clusters of the sample; returns false if one is empty. */
    private static boolean means(
            DataMatrix x, long[] rows, int[] labels, boolean unit, FloatMatrix centers, WorkerPool pool) {
        int clusters = (int) centers.rows();
        boolean[] seen = new boolean[clusters];
        int[] all = new int[(int) x.rows()];
        int[] sampled = new int[rows.length];
        for (int i = 0; i < rows.length; i++) {
            int cluster = labels[i];
            sampled[i] = (int) rows[i];
            all[sampled[i]] = cluster;
            if (!seen[cluster]) {
                // Remains if the mean of unit rows has no direction.
                x.copyRow(rows[i], centers, cluster);
                seen[cluster] = true;
            }
        }
        int[] none = new int[rows.length];
        Arrays.fill(none, -1);
        ClusterSums sums = new ClusterSums(clusters, x.columns(), RowWeights.NONE, unit, pool);
        sums.move(x, sampled, sampled.length, none, all);
        sums.moveCenters(centers);
        return IntStream.range(0, clusters).allMatch(j -> seen[j]);
    }
}
