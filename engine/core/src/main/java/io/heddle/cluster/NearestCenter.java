package io.heddle.cluster;

import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.RowSlices;
import io.heddle.parallel.WorkerPool;
import io.heddle.simd.Kernels;
import io.heddle.simd.RowBlocks;
import io.heddle.simd.Simd;

/** Finds the nearest of K centres for rows of data, block by block. Of equally near ones it takes any. */
abstract sealed class NearestCenter implements AutoCloseable permits ProductNearestCenter, SketchedNearestCenter {
    /** Rows at a time: 128 of 784 floats are 400 kB, which stay in L2 beside the centres. */
    static final int BLOCK = 128;
    /** Below this many centres, sketches of the rows cost more than products with all centres. */
    private static final int LEAST_FOR_SKETCHES = 48;

    private static final Kernels KERNELS = Simd.kernels();

    /** @param sketch of the data, or null */
    static NearestCenter of(int clusters, Origin origin, Sketch sketch, WorkerPool pool) {
        return sketch != null && clusters >= LEAST_FOR_SKETCHES
                ? new SketchedNearestCenter(clusters, sketch, pool)
                : new ProductNearestCenter(clusters, origin, pool);
    }

    /** Whether sketches would be used for so many centres. */
    static boolean wantsSketch(int clusters) {
        return clusters >= LEAST_FOR_SKETCHES;
    }

    /** Takes over the centres, K × d, as they are now, for the assignments that follow. */
    abstract void prepare(FloatMatrix centroids);

    /**
     * Assigns rows, on the thread of a worker.
     *
     * @param labels receives the number of the nearest centre of row {@code from + i} at index {@code at + i}
     */
    abstract void assign(FloatMatrix x, long from, long to, int worker, int[] labels, int at);

    @Override
    public abstract void close();

    /** Assigns all rows with all threads. */
    void assignAll(FloatMatrix x, int[] labels, WorkerPool pool) {
        RowSlices slices = RowSlices.of(x.rows(), BLOCK);
        pool.run(
                slices.count(),
                (slice, worker) ->
                        assign(x, slices.from(slice), slices.to(slice), worker, labels, (int) slices.from(slice)));
    }

    /** Assigns all rows with all threads and returns Σ ‖x − its centre‖², from differences and in double. */
    double assignAndMeasure(DataMatrix x, FloatMatrix centroids, int[] labels, WorkerPool pool) {
        RowSlices slices = RowSlices.of(x.rows(), BLOCK);
        double[] partial = new double[slices.count()];
        try (RowBlocks blocks = RowBlocks.of(x, BLOCK, pool)) {
            pool.run(slices.count(), (slice, worker) -> {
                for (long from = slices.from(slice); from < slices.to(slice); from += BLOCK) {
                    FloatMatrix block = blocks.get(from, Math.min(slices.to(slice), from + BLOCK), worker);
                    assign(block, 0, block.rows(), worker, labels, (int) from);
                    partial[slice] += squaredDistances(block, 0, block.rows(), centroids, labels, (int) from);
                }
            });
        }
        return sum(partial);
    }

    /** Σ ‖x − its centre‖² over all rows, from differences and in double. */
    static double inertia(FloatMatrix x, FloatMatrix centroids, int[] labels, WorkerPool pool) {
        RowSlices slices = RowSlices.of(x.rows(), BLOCK);
        double[] partial = new double[slices.count()];
        pool.run(
                slices.count(),
                (slice, worker) -> partial[slice] = squaredDistances(
                        x, slices.from(slice), slices.to(slice), centroids, labels, (int) slices.from(slice)));
        return sum(partial);
    }

    private static double squaredDistances(
            FloatMatrix x, long from, long to, FloatMatrix centroids, int[] labels, int at) {
        double total = 0;
        for (long i = from; i < to; i++) {
            total += KERNELS.squaredDistance(
                    x.segment(),
                    x.offset(i),
                    centroids.segment(),
                    centroids.offset(labels[at + (int) (i - from)]),
                    x.columns());
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
