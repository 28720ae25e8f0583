package io.heddle.cluster;

import io.heddle.internal.gemm.RowBlocks;
import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.internal.rows.RowReader;
import io.heddle.internal.rows.RowWeights;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.RowSlices;
import io.heddle.parallel.WorkerPool;

/**
 * Finds the nearest of K centres for rows of data, block by block. If several are equally near, or differ by less than
 * a hundredth of the squared distance only because of rounding, it returns any of them.
 */
abstract sealed class NearestCenter implements AutoCloseable
        permits ProductNearestCenter, SketchedNearestCenter, DifferenceNearestCenter {
    /** Rows at a time: 128 of 784 floats are 400 kB, which stay in L2 with the centres. */
    static final int BLOCK = 128;
    /** Below this many centres, sketches of the rows cost more than products with all centres. */
    private static final int MINIMUM_FOR_SKETCHES = 48;

    private static final Kernels KERNELS = Simd.kernels();

    /**
     * Distances from products have an error of about 10⁻⁷ of the data's spread. If the inertia is below this share,
     * most rows would have to be measured again, see {@link ProductError}.
     */
    private static final double TIGHT = 1e-3;

    private FloatMatrix centers;

    /** Whether an inertia is so small relative to the spread that distances must be computed from differences. */
    static boolean isTight(double inertia, double squaredDeviations) {
        return inertia < TIGHT * squaredDeviations;
    }

    /**
     * @param sketch of the data, or null
     * @param tight see {@link #isTight}
     */
    static NearestCenter of(int clusters, Origin origin, Sketch sketch, boolean tight, WorkerPool pool) {
        if (tight) {
            return new DifferenceNearestCenter(false);
        }
        return sketch != null && clusters >= MINIMUM_FOR_SKETCHES
                ? new SketchedNearestCenter(clusters, sketch, pool)
                : new ProductNearestCenter(clusters, origin, pool);
    }

    /** Whether sketches would be used for so many centres. */
    static boolean wantsSketch(int clusters) {
        return clusters >= MINIMUM_FOR_SKETCHES;
    }

    /** Prepares the next assignments for these centres, K × d, which are read again by them. */
    void prepare(FloatMatrix centroids) {
        centers = centroids;
    }

    /** The centres of the last {@link #prepare}. */
    final FloatMatrix centers() {
        return centers;
    }

    /**
     * Assigns rows, on the thread of a worker.
     *
     * @param known the sketches of all rows of x, or null
     * @param labels receives the number of the nearest centre of row {@code from + i} at index {@code at + i}
     */
    abstract void assign(FloatMatrix x, Sketch.Sketches known, long from, long to, int worker, int[] labels, int at);

    /**
     * Assigns rows, on the thread of a worker. A centre may be farther than the nearest by the rounding error of
     * products, which takes a fraction of the time in narrow rows.
     *
     * @param labels receives the number of the centre of row i at index i
     */
    void assignNearly(FloatMatrix x, long from, long to, int worker, int[] labels) {
        assign(x, null, from, to, worker, labels, (int) from);
    }

    /**
     * Assigns rows, on the thread of a worker; returns Σ ‖x − its centre‖², from differences. The terms may have the
     * precision of float.
     *
     * @param known the sketches of all rows of x, or null
     * @param labels receives the number of the nearest centre of row i at index i
     */
    double assignAndSum(FloatMatrix x, Sketch.Sketches known, int from, int to, int worker, int[] labels) {
        return assignAndWeigh(x, known, from, to, worker, RowWeights.NONE, labels, from);
    }

    /**
     * Assigns rows, on the thread of a worker; returns Σ weight · ‖x − its centre‖², from differences and in double.
     *
     * @param known the sketches of all rows of x, or null
     * @param weights row {@code from + i} of x has the weight {@code at + i}
     * @param labels receives the number of the nearest centre of row {@code from + i} at index {@code at + i}
     */
    double assignAndWeigh(
            FloatMatrix x,
            Sketch.Sketches known,
            long from,
            long to,
            int worker,
            RowWeights weights,
            int[] labels,
            int at) {
        assign(x, known, from, to, worker, labels, at);
        return squaredDistances(x, from, to, weights, centers, labels, at);
    }

    /** The sketches of all rows of the data, if many assignments of them are faster with these; else null. */
    Sketch.Sketches sketches(DataMatrix x, WorkerPool pool) {
        return null;
    }

    @Override
    public abstract void close();

    /**
     * Assigns all rows with all threads.
     *
     * @param known the sketches of all rows, or null
     */
    void assignAll(FloatMatrix x, Sketch.Sketches known, int[] labels, WorkerPool pool) {
        RowSlices slices = RowSlices.of(x.rows(), BLOCK);
        pool.run(
                slices.count(),
                (slice, worker) -> assign(
                        x, known, slices.from(slice), slices.to(slice), worker, labels, (int) slices.from(slice)));
    }

    /**
     * Assigns all rows with all threads; returns Σ weight · ‖x − its centre‖², from differences and in double.
     *
     * @param known the sketches of all rows, or null
     */
    double assignAndMeasure(DataMatrix x, Sketch.Sketches known, RowWeights weights, int[] labels, WorkerPool pool) {
        RowSlices slices = RowSlices.of(x.rows(), BLOCK);
        double[] partial = new double[slices.count()];
        try (RowBlocks blocks = RowBlocks.of(x, BLOCK, pool)) {
            pool.run(slices.count(), (slice, worker) -> {
                for (long from = slices.from(slice); from < slices.to(slice); from += BLOCK) {
                    long to = Math.min(slices.to(slice), from + BLOCK);
                    FloatMatrix block = blocks.get(from, to, worker);
                    Sketch.Sketches own = known == null ? null : known.of(from, to);
                    partial[slice] += assignAndWeigh(block, own, 0, block.rows(), worker, weights, labels, (int) from);
                }
            });
        }
        return sum(partial);
    }

    /** Σ weight · ‖x − its centre‖² over all rows, from differences and in double. */
    static double inertia(DataMatrix x, RowWeights weights, FloatMatrix centroids, int[] labels, WorkerPool pool) {
        RowSlices slices = RowSlices.of(x.rows(), BLOCK);
        double[] partial = new double[slices.count()];
        try (RowReader reader = RowReader.of(x, pool)) {
            pool.run(slices.count(), (slice, worker) -> {
                for (long i = slices.from(slice); i < slices.to(slice); i++) {
                    int row = (int) i;
                    partial[slice] += weights.of(row)
                            * squaredDistance(reader.floats(), reader.read(i, worker), centroids, labels[row]);
                }
            });
        }
        return sum(partial);
    }

    /** ‖row of x − centre‖², from differences and in double. */
    static double squaredDistance(FloatMatrix x, long row, FloatMatrix centroids, int center) {
        return KERNELS.squaredDistance(
                x.segment(), x.offset(row), centroids.segment(), centroids.offset(center), x.columns());
    }

    /** The largest ‖centre‖², in double. */
    static double largestSquaredNorm(FloatMatrix centroids) {
        double largest = 0;
        for (long i = 0; i < centroids.rows(); i++) {
            double squares = 0;
            for (int j = 0; j < centroids.columns(); j++) {
                squares += Math.pow(centroids.get(i, j), 2);
            }
            largest = Math.max(largest, squares);
        }
        return largest;
    }

    private static double squaredDistances(
            FloatMatrix x, long from, long to, RowWeights weights, FloatMatrix centroids, int[] labels, int at) {
        double total = 0;
        for (long i = from; i < to; i++) {
            int row = at + (int) (i - from);
            total += weights.of(row) * squaredDistance(x, i, centroids, labels[row]);
        }
        return total;
    }

    private static double sum(double[] partial) {
        double total = 0;
        for (double p : partial) {
            total += p;
        }
        return total;
    }
}
