package io.heddle.decomposition;

import io.heddle.internal.gemm.Gemm;
import io.heddle.internal.gemm.Panels;
import io.heddle.internal.gemm.RowBlocks;
import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.RowSlices;
import io.heddle.parallel.WorkerPool;

/**
 * Computes S (X − 1·mean)ᵀ (X − 1·mean) S · V in one pass over X, with S the factors of a {@link Scaling}. A block of
 * rows is multiplied by S · V, centred, and multiplied by its own transpose while it is in cache. If the data are far
 * from zero, the rows are centred before they are multiplied.
 *
 * <p>Sums are in float over a few thousand rows and in double above. There is one sum per slice of the rows; they are
 * merged in the order of the slices.
 */
final class ScatterProduct implements AutoCloseable {
    private static final int BLOCK = 128;
    /** Rows after which the float sums are added to the ones in double. */
    private static final int FLUSH = 4096;
    /** Maximum number of elements of all partial sums together. */
    private static final long PARTIAL_ELEMENTS = 1L << 24;

    private static final int MAXIMUM_SLICES = 32;
    private static final Kernels KERNELS = Simd.kernels();

    private final int d;
    private final int b;
    private final WorkerPool pool;
    private final FloatMatrix scores;
    private final FloatMatrix sums;
    private final Panels panels;
    private final FloatMatrix origin;
    private final Scaling scaling;
    /** 1 × d if rows are centred first, else null. */
    private final FloatMatrix shift;

    private final FloatMatrix shifted;

    /**
     * Allocates memory for products of data with a block of b columns.
     *
     * @param far whether rows are centred first
     */
    ScatterProduct(Scaling scaling, int b, boolean far, WorkerPool pool) {
        this.scaling = scaling;
        this.d = scaling.columns();
        this.b = b;
        this.pool = pool;
        scores = FloatMatrix.allocate((long) pool.threads() * BLOCK, b);
        sums = FloatMatrix.allocate((long) pool.threads() * d, b);
        panels = Panels.allocate(d, b);
        origin = FloatMatrix.allocate(1, b);
        shift = far ? scaling.meanRow() : null;
        shifted = FloatMatrix.allocate(far ? (long) pool.threads() * BLOCK : 0, d);
    }

    /**
     * @param v d × b
     * @return d × b, row-major
     */
    double[] apply(DataMatrix x, double[] v) {
        try (RowBlocks blocks = RowBlocks.of(x, BLOCK, pool)) {
            return apply(blocks, v);
        }
    }

    /** The same for only the rows with these numbers. */
    double[] apply(DataMatrix x, long[] rows, double[] v) {
        try (RowBlocks blocks = RowBlocks.of(x, rows, BLOCK, pool)) {
            return apply(blocks, v);
        }
    }

    private double[] apply(RowBlocks blocks, double[] v) {
        float[] row = new float[b];
        double[] at = new double[b];
        try (FloatMatrix block = FloatMatrix.allocate(d, b)) {
            for (int i = 0; i < d; i++) {
                double factor = scaling.factor(i);
                // What remains to subtract: the whole mean, or its rounding error.
                double mean = shift == null ? scaling.mean()[i] : scaling.remainder(i);
                for (int j = 0; j < b; j++) {
                    row[j] = (float) (factor * v[i * b + j]);
                    at[j] += mean * row[j];
                }
                block.setRow(i, row);
            }
            panels.repack(block, 0, d, null);
        }
        for (int j = 0; j < b; j++) {
            origin.set(0, j, (float) at[j]);
        }
        int maximum = Math.clamp(PARTIAL_ELEMENTS / ((long) d * b), 2, MAXIMUM_SLICES);
        RowSlices slices = RowSlices.of(blocks.rows(), BLOCK, maximum);
        double[][] partial = new double[slices.count()][];
        double[][] columnSums = new double[slices.count()][b];
        pool.run(slices.count(), (slice, worker) -> {
            partial[slice] = new double[d * b];
            slice(blocks, slices.from(slice), slices.to(slice), worker, partial[slice], columnSums[slice]);
        });
        double[] out = partial[0];
        double[] columns = columnSums[0];
        for (int slice = 1; slice < slices.count(); slice++) {
            add(partial[slice], out);
            add(columnSums[slice], columns);
        }
        // The left factor was not centred. The difference is the mean times the column sums of the right one.
        for (int i = 0; i < d; i++) {
            double mean = shift == null ? scaling.mean()[i] : scaling.remainder(i);
            double factor = scaling.factor(i);
            for (int j = 0; j < b; j++) {
                out[i * b + j] = factor * (out[i * b + j] - mean * columns[j]);
            }
        }
        return out;
    }

    private static void add(double[] from, double[] to) {
        for (int i = 0; i < to.length; i++) {
            to[i] += from[i];
        }
    }

    private void slice(RowBlocks blocks, long from, long to, int worker, double[] total, double[] columns) {
        FloatMatrix t = scores.rows((long) worker * BLOCK, (worker + 1L) * BLOCK);
        FloatMatrix sum = sums.rows((long) worker * d, (worker + 1L) * d);
        sum.segment().fill((byte) 0);
        long flushed = from;
        for (long row = from; row < to; row += BLOCK) {
            int rows = (int) Math.min(BLOCK, to - row);
            FloatMatrix x = centred(blocks.get(row, row + rows, worker), worker);
            Gemm.multiplyRows(x, 0, rows, panels, t, 0);
            for (int i = 0; i < rows; i++) {
                KERNELS.subtract(t.segment(), t.offset(i), origin.segment(), 0, t.segment(), t.offset(i), b);
                KERNELS.addToSums(t.segment(), t.offset(i), b, columns, 0);
            }
            Gemm.accumulateTransposed(x, 0, t, 0, rows, sum);
            if (row + rows - flushed >= FLUSH) {
                flush(sum, total);
                flushed = row + rows;
            }
        }
        flush(sum, total);
    }

    private FloatMatrix centred(FloatMatrix x, int worker) {
        if (shift == null) {
            return x;
        }
        long first = (long) worker * BLOCK;
        for (long i = 0; i < x.rows(); i++) {
            KERNELS.subtract(
                    x.segment(), x.offset(i), shift.segment(), 0, shifted.segment(), shifted.offset(first + i), d);
        }
        return shifted.rows(first, first + x.rows());
    }

    private void flush(FloatMatrix sum, double[] total) {
        for (int i = 0; i < d; i++) {
            KERNELS.addToSums(sum.segment(), sum.offset(i), b, total, i * b);
        }
        sum.segment().fill((byte) 0);
    }

    @Override
    public void close() {
        scores.close();
        sums.close();
        panels.close();
        origin.close();
        shifted.close();
        if (shift != null) {
            shift.close();
        }
    }
}
