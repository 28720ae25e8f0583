package io.heddle.cluster;

import io.heddle.internal.gemm.Gemm;
import io.heddle.internal.gemm.Panels;
import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.internal.rows.RowWeights;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;

/**
 * Multiplies a block of rows by all centres and finds the minimum of each row while the products are in cache.
 *
 * <p>If the data are far from zero, ‖x − c‖² cancels. So everything is relative to the data's mean m: with c' = c − m,
 * ‖x − c‖² − ‖x − m‖² = x·(−2c') + ‖c'‖² + 2 m·c'. The left side ranks the centres of a row, and the right side needs
 * no centred copy of the data. If the mean is much larger than the spread, rows are centred too, block by block. The
 * distance from the found centre is then computed exactly, and if rounding may have misled, those from all centres.
 */
final class ProductNearestCenter extends NearestCenter {
    private static final Kernels KERNELS = Simd.kernels();

    private final int k;
    private final int d;
    private final Origin origin;
    private final FloatMatrix zeros;
    private final double originSquares;
    private final FloatMatrix folded;
    private final FloatMatrix bias;
    private final Panels panels;
    private final FloatMatrix scores;
    private final FloatMatrix shifted;
    private final ProductError error;

    ProductNearestCenter(int clusters, Origin origin, WorkerPool pool) {
        this.k = clusters;
        this.d = origin.mean().columns();
        this.origin = origin;
        zeros = FloatMatrix.allocate(1, d);
        originSquares = KERNELS.squaredDistance(origin.mean().segment(), 0, zeros.segment(), 0, d);
        folded = FloatMatrix.allocate(k, d);
        bias = FloatMatrix.allocate(1, k);
        panels = Panels.allocate(d, k);
        scores = FloatMatrix.allocate((long) pool.threads() * BLOCK, k);
        shifted = FloatMatrix.allocate(origin.centerRows() ? (long) pool.threads() * BLOCK : 0, d);
        error = new ProductError(origin.centerRows() ? 0 : Math.sqrt(originSquares));
    }

    @Override
    void prepare(FloatMatrix centroids) {
        super.prepare(centroids);
        FloatMatrix mean = origin.mean();
        for (int j = 0; j < k; j++) {
            long from = centroids.offset(j);
            long to = folded.offset(j);
            KERNELS.subtract(centroids.segment(), from, mean.segment(), 0, folded.segment(), to, d);
            KERNELS.scale(-2, folded.segment(), to, d);
            // ‖c'‖² + 2 m·c' is ‖c‖² − ‖m‖².
            double squares = origin.centerRows()
                    ? KERNELS.squaredDistance(centroids.segment(), from, mean.segment(), 0, d)
                    : KERNELS.squaredDistance(centroids.segment(), from, zeros.segment(), 0, d) - originSquares;
            bias.set(0, j, (float) squares);
        }
        panels.repackTransposed(folded);
    }

    @Override
    void assign(FloatMatrix x, Sketch.Sketches known, long from, long to, int worker, int[] labels, int at) {
        assignAndWeigh(x, known, from, to, worker, RowWeights.NONE, labels, at);
    }

    @Override
    double assignAndWeigh(
            FloatMatrix x,
            Sketch.Sketches known,
            long from,
            long to,
            int worker,
            RowWeights weights,
            int[] labels,
            int at) {
        double total = 0;
        long scratch = (long) worker * BLOCK;
        int[] found = new int[BLOCK];
        float[] values = new float[BLOCK];
        for (long row = from; row < to; row += BLOCK) {
            int rows = (int) Math.min(BLOCK, to - row);
            rank(x, row, rows, scratch, found, values);
            int first = at + (int) (row - from);
            for (int i = 0; i < rows; i++) {
                double squares = squaredDistance(x, row + i, centers(), found[i]);
                if (error.misleads(squares, squares - values[i])) {
                    found[i] = DifferenceNearestCenter.nearest(x, row + i, centers());
                    squares = squaredDistance(x, row + i, centers(), found[i]);
                }
                labels[first + i] = found[i];
                total += weights.of(first + i) * squares;
            }
        }
        return total;
    }

    @Override
    void assignNearly(FloatMatrix x, long from, long to, int worker, int[] labels) {
        int[] found = new int[BLOCK];
        float[] values = new float[BLOCK];
        for (long row = from; row < to; row += BLOCK) {
            int rows = (int) Math.min(BLOCK, to - row);
            rank(x, row, rows, (long) worker * BLOCK, found, values);
            System.arraycopy(found, 0, labels, (int) row, rows);
        }
    }

    /** Finds the centre with the lowest score for at most {@value #BLOCK} rows. */
    private void rank(FloatMatrix x, long row, int rows, long scratch, int[] found, float[] values) {
        if (origin.centerRows()) {
            center(x, row, rows, scratch);
            Gemm.multiplyRows(shifted, scratch, scratch + rows, panels, scores, scratch);
        } else {
            Gemm.multiplyRows(x, row, row + rows, panels, scores, scratch);
        }
        KERNELS.minimumBiased(
                scores.segment(),
                scores.offset(scratch),
                scores.offset(1),
                rows,
                k,
                bias.segment(),
                0,
                found,
                values,
                0);
    }

    private void center(FloatMatrix x, long row, int rows, long scratch) {
        for (int i = 0; i < rows; i++) {
            KERNELS.subtract(
                    x.segment(),
                    x.offset(row + i),
                    origin.mean().segment(),
                    0,
                    shifted.segment(),
                    shifted.offset(scratch + i),
                    d);
        }
    }

    @Override
    public void close() {
        zeros.close();
        folded.close();
        bias.close();
        panels.close();
        scores.close();
        shifted.close();
    }
}
