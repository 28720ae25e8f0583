package io.heddle.cluster;

import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;

/**
 * Multiplies the sketches of a block of rows by those of all centres. It computes the distance of each row to the
 * centre with the nearest sketch, and then only to centres whose sketch is not farther than this. The result is exact.
 */
final class SketchedNearestCenter extends NearestCenter {
    private static final Kernels KERNELS = Simd.kernels();

    /**
     * Maximum number of rows whose sketches are kept: their memory is bounded, and of more rows most are in no batch.
     */
    private static final int MAXIMUM_SKETCHED = 1 << 19;

    private final int k;
    private final Sketch sketch;
    private final CenterSketches sketches;
    private final FloatMatrix rowSketches;
    private final FloatMatrix scratch;
    private final FloatMatrix scores;

    SketchedNearestCenter(int clusters, Sketch sketch, WorkerPool pool) {
        this.k = clusters;
        this.sketch = sketch;
        sketches = new CenterSketches(k, sketch, pool);
        rowSketches = FloatMatrix.allocate((long) pool.threads() * BLOCK, sketch.width());
        scratch = sketch.scratch(pool);
        scores = FloatMatrix.allocate((long) pool.threads() * BLOCK, k);
    }

    @Override
    void prepare(FloatMatrix centroids) {
        super.prepare(centroids);
        sketches.prepare(centroids);
    }

    @Override
    Sketch.Sketches sketches(DataMatrix x, WorkerPool pool) {
        return x.rows() <= MAXIMUM_SKETCHED ? sketch.projectAll(x, pool) : null;
    }

    @Override
    void assign(FloatMatrix x, Sketch.Sketches known, long from, long to, int worker, int[] labels, int at) {
        find(x, known, from, to, worker, labels, at);
    }

    @Override
    double assignAndSum(FloatMatrix x, Sketch.Sketches known, int from, int to, int worker, int[] labels) {
        return find(x, known, from, to, worker, labels, from);
    }

    /** Assigns rows; returns the sum of their squared distances. */
    private double find(FloatMatrix x, Sketch.Sketches known, long from, long to, int worker, int[] labels, int at) {
        long own = (long) worker * BLOCK;
        int[] columns = new int[Math.max(k, BLOCK)];
        float[] values = new float[BLOCK];
        float[] distance = new float[1];
        int[] nearest = new int[BLOCK];
        double sum = 0;
        for (long block = from; block < to; block += BLOCK) {
            int rows = (int) Math.min(BLOCK, to - block);
            double margin =
                    known == null ? sketch.project(x, block, rows, rowSketches, own, scratch, worker) : known.margin();
            if (!Double.isFinite(margin)) {
                // The squares of a row leave the range of float, and the margin holds for all rows of the block.
                sum += measureAll(x, block, rows, labels, at + (int) (block - from));
                continue;
            }
            FloatMatrix sketched = known == null ? rowSketches : known.rows();
            long first = known == null ? own : block;
            sketches.multiply(sketched, first, rows, scores, own);
            sketches.nearest(scores, own, rows, nearest, values);
            for (int i = 0; i < rows; i++) {
                int label = nearest[i];
                float minimum = measure(x, block + i, label, distance);
                int count = sketches.near(sketched, first + i, scores, own + i, Math.sqrt(minimum), margin, columns);
                for (int c = 0; c < count; c++) {
                    if (columns[c] != nearest[i]) {
                        float other = measure(x, block + i, columns[c], distance);
                        if (other < minimum) {
                            minimum = other;
                            label = columns[c];
                        }
                    }
                }
                labels[at + (int) (block - from) + i] =
                        DifferenceNearestCenter.exact(x, block + i, centers(), label, minimum);
                sum += minimum;
            }
        }
        return sum;
    }

    /** Assigns rows by their distances from all centres, in double; returns the sum of the squared ones. */
    private double measureAll(FloatMatrix x, long from, int rows, int[] labels, int at) {
        double sum = 0;
        for (int i = 0; i < rows; i++) {
            labels[at + i] = DifferenceNearestCenter.nearest(x, from + i, centers());
            sum += squaredDistance(x, from + i, centers(), labels[at + i]);
        }
        return sum;
    }

    private float measure(FloatMatrix x, long row, int center, float[] distance) {
        FloatMatrix centers = centers();
        KERNELS.squaredDistances(
                x.segment(), x.offset(row), centers.segment(), centers.offset(center), 0, 1, x.columns(), distance, 0);
        return distance[0];
    }

    @Override
    public void close() {
        sketches.close();
        rowSketches.close();
        scratch.close();
        scores.close();
    }
}
