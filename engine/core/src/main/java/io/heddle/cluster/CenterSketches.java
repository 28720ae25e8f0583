package io.heddle.cluster;

import io.heddle.internal.gemm.Gemm;
import io.heddle.internal.gemm.Panels;
import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.internal.rows.Elements;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;

/**
 * The sketches w of K centres, packed for products with sketches z of rows. The score of a row and a centre is ‖w‖² − 2
 * z·w, which is their squared distance without ‖z‖². Centres whose sketch is too far away are ruled out.
 */
final class CenterSketches implements AutoCloseable {
    /**
     * The rounding error of a squared distance of sketches in the expansion ‖z‖² − 2 z·w + ‖w‖², relative to its terms.
     */
    static final double CANCELLATION = 4e-6;

    private static final Kernels KERNELS = Simd.kernels();

    private final int k;
    private final int width;
    private final Sketch sketch;
    private final WorkerPool pool;
    private final FloatMatrix scratch;
    private final FloatMatrix sketches;
    private final FloatMatrix bias;
    /** The same, for loops over the scores of one row. */
    private final float[] biases;

    private final Panels panels;
    private double margin;
    private double largestSquares;

    /** @param sketch of the data; must stay open as long as this object */
    CenterSketches(int clusters, Sketch sketch, WorkerPool pool) {
        this.k = clusters;
        this.sketch = sketch;
        this.pool = pool;
        width = sketch.width();
        scratch = sketch.scratch(pool);
        sketches = FloatMatrix.allocate(k, width);
        bias = FloatMatrix.allocate(1, k);
        biases = new float[k];
        panels = Panels.allocate(width, k);
    }

    /** Sketches the centres, K × d, with all threads. */
    void prepare(FloatMatrix centers) {
        margin = sketch.projectAll(centers, sketches, scratch, pool);
        largestSquares = 0;
        for (int j = 0; j < k; j++) {
            double squares = squares(sketches, j);
            biases[j] = (float) squares;
            bias.set(0, j, biases[j]);
            largestSquares = Math.max(largestSquares, squares);
            KERNELS.scale(-2, sketches.segment(), sketches.offset(j), width);
        }
        panels.repackTransposed(sketches);
    }

    /** The maximum number of centres that {@link #near} finds. */
    int count() {
        return k;
    }

    /**
     * Multiplies sketches of rows by those of the centres, on the calling thread.
     *
     * @param scores receives −2 z·w, from row {@code at} on; K columns
     */
    void multiply(FloatMatrix rows, long from, int count, FloatMatrix scores, long at) {
        Gemm.multiplyRows(rows, from, from + count, panels, scores, at);
    }

    /** Finds the centre with the nearest sketch for {@code count} rows of products. */
    void nearest(FloatMatrix scores, long at, int count, int[] nearest, float[] values) {
        KERNELS.minimumBiased(
                scores.segment(), scores.offset(at), scores.offset(1), count, k, bias.segment(), 0, nearest, values, 0);
    }

    /**
     * Finds the centres that may be as near as a distance.
     *
     * @param rows with the sketch of the row at {@code row}
     * @param scores with its products at {@code at}
     * @param distance of the row to any centre
     * @param rowMargin the error of the row's sketch
     * @param near receives the numbers of the centres; at least K elements
     * @return their number
     */
    int near(FloatMatrix rows, long row, FloatMatrix scores, long at, double distance, double rowMargin, int[] near) {
        float limit = scoreAt(distance, base(rows, row), rowMargin);
        return KERNELS.columnsBelow(scores.segment(), scores.offset(at), k, bias.segment(), 0, limit, near);
    }

    /**
     * The scores of one row.
     *
     * @param products with those of the row at {@code at}
     * @param scores receives K scores
     */
    void scores(FloatMatrix products, long at, float[] scores) {
        Elements.read(products.segment(), products.offset(at), scores);
        for (int j = 0; j < scores.length; j++) {
            scores[j] += biases[j];
        }
    }

    /**
     * What the squared norm of a row adds to its scores, less their maximum rounding error.
     *
     * @param row of {@code rows}, with the sketch
     */
    double base(FloatMatrix rows, long row) {
        double squares = squares(rows, row);
        return squares - CANCELLATION * (squares + largestSquares);
    }

    /**
     * A lower bound of the distance of a row to a centre, in exact arithmetic; it can be negative.
     *
     * @param base of the row
     * @param rowMargin the error of the row's sketch
     */
    double lowerBound(float score, double base, double rowMargin) {
        return Math.sqrt(Math.max(0, base + score)) - rowMargin - margin;
    }

    /** A score whose lower bound is a distance, or a little more. */
    float scoreAt(double distance, double base, double rowMargin) {
        double reach = Math.max(0, distance + rowMargin + margin);
        return Math.nextUp((float) (reach * reach - base));
    }

    private double squares(FloatMatrix m, long row) {
        return KERNELS.dot(m.segment(), m.offset(row), m.segment(), m.offset(row), width);
    }

    @Override
    public void close() {
        scratch.close();
        sketches.close();
        bias.close();
        panels.close();
    }
}
