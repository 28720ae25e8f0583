package io.heddle.cluster;

import io.heddle.internal.gemm.Gemm;
import io.heddle.internal.gemm.Panels;
import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;

/**
 * Multiplies the sketches of a block of rows by those of all centres. It computes the distance of each row to the
 * centre with the nearest sketch, and then only to centres whose sketch is not farther than this. The result is exact.
 */
final class SketchedNearestCenter extends NearestCenter {
    /**
     * The rounding error of a squared distance of sketches in the expansion ‖z‖² − 2 z·w + ‖w‖², relative to its terms.
     */
    private static final double CANCELLATION = 4e-6;

    private static final Kernels KERNELS = Simd.kernels();

    private final int k;
    private final Sketch sketch;
    private final WorkerPool pool;
    private final FloatMatrix centerSketches;
    private final FloatMatrix bias;
    private final Panels panels;
    private final FloatMatrix rowSketches;
    private final FloatMatrix scratch;
    private final FloatMatrix scores;
    private FloatMatrix centers;
    private double centerMargin;
    private double largestSquares;

    SketchedNearestCenter(int clusters, Sketch sketch, WorkerPool pool) {
        this.k = clusters;
        this.sketch = sketch;
        this.pool = pool;
        centerSketches = FloatMatrix.allocate(k, Sketch.WIDTH);
        bias = FloatMatrix.allocate(1, k);
        panels = Panels.allocate(Sketch.WIDTH, k);
        rowSketches = FloatMatrix.allocate((long) pool.threads() * BLOCK, Sketch.WIDTH);
        scratch = sketch.scratch(pool);
        scores = FloatMatrix.allocate((long) pool.threads() * BLOCK, k);
    }

    @Override
    void prepare(FloatMatrix centroids) {
        centers = centroids;
        centerMargin = sketch.projectAll(centroids, centerSketches, pool);
        largestSquares = 0;
        for (int j = 0; j < k; j++) {
            long at = centerSketches.offset(j);
            double squares = squares(centerSketches, at);
            bias.set(0, j, (float) squares);
            largestSquares = Math.max(largestSquares, squares);
            KERNELS.scale(-2, centerSketches.segment(), at, Sketch.WIDTH);
        }
        panels.repackTransposed(centerSketches);
    }

    private static double squares(FloatMatrix m, long offset) {
        return KERNELS.dot(m.segment(), offset, m.segment(), offset, Sketch.WIDTH);
    }

    @Override
    void assign(FloatMatrix x, long from, long to, int worker, int[] labels, int at) {
        long own = (long) worker * BLOCK;
        int[] columns = new int[Math.max(k, BLOCK)];
        float[] values = new float[BLOCK];
        float[] distance = new float[1];
        int[] nearest = new int[BLOCK];
        for (long block = from; block < to; block += BLOCK) {
            int rows = (int) Math.min(BLOCK, to - block);
            double margin = centerMargin + sketch.project(x, block, rows, rowSketches, own, scratch, worker);
            Gemm.multiplyRows(rowSketches, own, own + rows, panels, scores, own);
            KERNELS.minimumBiased(
                    scores.segment(),
                    scores.offset(own),
                    scores.offset(1),
                    rows,
                    k,
                    bias.segment(),
                    0,
                    nearest,
                    values,
                    0);
            for (int i = 0; i < rows; i++) {
                int label = nearest[i];
                float minimum = measure(x, block + i, label, distance);
                double squares = squares(rowSketches, rowSketches.offset(own + i));
                double reach = Math.sqrt(minimum) + margin;
                double limit = reach * reach + CANCELLATION * (squares + largestSquares) - squares;
                int count = KERNELS.columnsBelow(
                        scores.segment(),
                        scores.offset(own + i),
                        k,
                        bias.segment(),
                        0,
                        Math.nextUp((float) limit),
                        columns);
                for (int c = 0; c < count; c++) {
                    if (columns[c] != nearest[i]) {
                        float other = measure(x, block + i, columns[c], distance);
                        if (other < minimum) {
                            minimum = other;
                            label = columns[c];
                        }
                    }
                }
                labels[at + (int) (block - from) + i] = label;
            }
        }
    }

    private float measure(FloatMatrix x, long row, int center, float[] distance) {
        KERNELS.squaredDistances(
                x.segment(), x.offset(row), centers.segment(), centers.offset(center), 0, 1, x.columns(), distance, 0);
        return distance[0];
    }

    @Override
    public void close() {
        centerSketches.close();
        bias.close();
        panels.close();
        rowSketches.close();
        scratch.close();
        scores.close();
    }
}
