package io.heddle.cluster;

import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.RowSlices;
import io.heddle.parallel.WorkerPool;
import io.heddle.simd.Gemm;
import io.heddle.simd.Kernels;
import io.heddle.simd.Panels;
import io.heddle.simd.Simd;

/**
 * Finds the nearest of K centres for rows of data: a block of rows is multiplied by all centres, and the least of each
 * row is taken while the products are in cache.
 *
 * <p>‖x − c‖² cancels where the data lies far from the origin, so everything is told relative to the data's mean m:
 * with c' = c − m, ‖x − c‖² − ‖x − m‖² = x·(−2c') + ‖c'‖² + 2 m·c'. The left side ranks the centres of a row, and the
 * right side needs no centred copy of the data. Only where the mean is far greater than the spread, rows are centred
 * too, block by block.
 */
final class NearestCenter implements AutoCloseable {
    /** Rows at a time: 128 of 784 floats are 400 kB, which stay in L2 beside the centres. */
    static final int BLOCK = 128;
    /** ‖m‖² beyond this many times the mean ‖x − m‖² has rows centred. */
    private static final double FAR_FROM_ORIGIN = 100;

    private static final Kernels KERNELS = Simd.kernels();

    private final int k;
    private final int d;
    private final Origin origin;
    private final WorkerPool pool;
    private final FloatMatrix folded;
    private final FloatMatrix bias;
    private final Panels panels;
    private final FloatMatrix scores;
    private final FloatMatrix shifted;

    /**
     * Where distances are told from.
     *
     * @param mean 1 × d
     * @param centerRows whether rows have to be centred as well
     */
    record Origin(FloatMatrix mean, boolean centerRows) implements AutoCloseable {
        static Origin of(FloatMatrix mean, double squaredDeviations, long rows) {
            double squares = 0;
            for (int j = 0; j < mean.columns(); j++) {
                squares += (double) mean.get(0, j) * mean.get(0, j);
            }
            return new Origin(mean, squares * rows > FAR_FROM_ORIGIN * squaredDeviations);
        }

        @Override
        public void close() {
            mean.close();
        }
    }

    NearestCenter(int clusters, Origin origin, WorkerPool pool) {
        this.k = clusters;
        this.d = origin.mean().columns();
        this.origin = origin;
        this.pool = pool;
        folded = FloatMatrix.allocate(k, d);
        bias = FloatMatrix.allocate(1, k);
        panels = Panels.allocate(d, k);
        scores = FloatMatrix.allocate((long) pool.threads() * BLOCK, k);
        shifted = FloatMatrix.allocate(origin.centerRows() ? (long) pool.threads() * BLOCK : 0, d);
    }

    /** Takes over the centres, K × d, for the assignments that follow. */
    void prepare(FloatMatrix centroids) {
        for (int j = 0; j < k; j++) {
            double norm = 0;
            double inner = 0;
            for (int l = 0; l < d; l++) {
                float m = origin.mean().get(0, l);
                float c = centroids.get(j, l) - m;
                folded.set(j, l, -2 * c);
                norm += (double) c * c;
                inner += (double) m * c;
            }
            bias.set(0, j, (float) (origin.centerRows() ? norm : norm + 2 * inner));
        }
        panels.repackTransposed(folded);
    }

    /**
     * Assigns rows, on the thread of a worker.
     *
     * @param labels receives the number of the nearest centre of row {@code from + i} at index {@code at + i}
     * @param values receives its ‖x − c‖² − ‖x − m‖² there
     */
    void assign(FloatMatrix x, long from, long to, int worker, int[] labels, float[] values, int at) {
        long scratch = (long) worker * BLOCK;
        for (long row = from; row < to; row += BLOCK) {
            int rows = (int) Math.min(BLOCK, to - row);
            if (origin.centerRows()) {
                FloatMatrix mean = origin.mean();
                for (int i = 0; i < rows; i++) {
                    KERNELS.subtract(
                            x.segment(),
                            x.offset(row + i),
                            mean.segment(),
                            0,
                            shifted.segment(),
                            shifted.offset(scratch + i),
                            d);
                }
                Gemm.multiplyRows(shifted, scratch, scratch + rows, panels, scores, scratch);
            } else {
                Gemm.multiplyRows(x, row, row + rows, panels, scores, scratch);
            }
            KERNELS.leastBiased(
                    scores.segment(),
                    scores.offset(scratch),
                    scores.offset(1),
                    rows,
                    k,
                    bias.segment(),
                    0,
                    labels,
                    values,
                    at + (int) (row - from));
        }
    }

    /** Assigns all rows with all threads. */
    void assignAll(FloatMatrix x, int[] labels, float[] values) {
        RowSlices slices = RowSlices.of(x.rows(), BLOCK);
        pool.run(
                slices.count(),
                (slice, worker) -> assign(
                        x, slices.from(slice), slices.to(slice), worker, labels, values, (int) slices.from(slice)));
    }

    /** Σ ‖x − its centre‖² over all rows, from differences and in double. */
    static double inertia(FloatMatrix x, FloatMatrix centroids, int[] labels, WorkerPool pool) {
        RowSlices slices = RowSlices.of(x.rows(), BLOCK);
        double[] partial = new double[slices.count()];
        pool.run(slices.count(), (slice, worker) -> {
            double sum = 0;
            for (long i = slices.from(slice); i < slices.to(slice); i++) {
                sum += KERNELS.squaredDistance(
                        x.segment(), x.offset(i), centroids.segment(), centroids.offset(labels[(int) i]), x.columns());
            }
            partial[slice] = sum;
        });
        double total = 0;
        for (double p : partial) {
            total += p;
        }
        return total;
    }

    @Override
    public void close() {
        folded.close();
        bias.close();
        panels.close();
        scores.close();
        shifted.close();
    }
}
