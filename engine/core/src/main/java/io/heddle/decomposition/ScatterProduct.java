package io.heddle.decomposition;

import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.RowSlices;
import io.heddle.parallel.WorkerPool;
import io.heddle.simd.Gemm;
import io.heddle.simd.Kernels;
import io.heddle.simd.Panels;
import io.heddle.simd.RowBlocks;
import io.heddle.simd.Simd;

/**
 * The product (X − 1·mean)ᵀ (X − 1·mean) · V in one read of X: a block of rows is multiplied by V, centred, and
 * multiplied by its own transpose while it is in cache.
 *
 * <p>Sums are in float over a few thousand rows and in double beyond, one per slice of the rows, merged in the order of
 * the slices.
 */
final class ScatterProduct implements AutoCloseable {
    private static final int BLOCK = 128;
    /** Rows after which the float sums are added to the ones in double. */
    private static final int FLUSH = 4096;
    /** Elements that all partial sums together may have. */
    private static final long PARTIAL_ELEMENTS = 1L << 24;

    private static final int MOST_SLICES = 32;
    private static final Kernels KERNELS = Simd.kernels();

    private final int d;
    private final int b;
    private final WorkerPool pool;
    private final FloatMatrix scores;
    private final FloatMatrix sums;
    private final Panels panels;
    private final FloatMatrix origin;

    /** Room for products of data of d columns with a block of b. */
    ScatterProduct(int d, int b, WorkerPool pool) {
        this.d = d;
        this.b = b;
        this.pool = pool;
        scores = FloatMatrix.allocate((long) pool.threads() * BLOCK, b);
        sums = FloatMatrix.allocate((long) pool.threads() * d, b);
        panels = Panels.allocate(d, b);
        origin = FloatMatrix.allocate(1, b);
    }

    /**
     * @param v d × b
     * @return d × b, row-major
     */
    double[] apply(DataMatrix x, double[] mean, FloatMatrix v) {
        try (RowBlocks blocks = RowBlocks.of(x, BLOCK, pool)) {
            return apply(blocks, mean, v);
        }
    }

    /** The same for the rows with these numbers alone. */
    double[] apply(DataMatrix x, long[] rows, double[] mean, FloatMatrix v) {
        try (RowBlocks blocks = RowBlocks.of(x, rows, BLOCK, pool)) {
            return apply(blocks, mean, v);
        }
    }

    private double[] apply(RowBlocks blocks, double[] mean, FloatMatrix v) {
        panels.repack(v, 0, d, null);
        for (int j = 0; j < b; j++) {
            double at = 0;
            for (int i = 0; i < d; i++) {
                at += mean[i] * v.get(i, j);
            }
            origin.set(0, j, (float) at);
        }
        int most = Math.clamp(PARTIAL_ELEMENTS / ((long) d * b), 2, MOST_SLICES);
        RowSlices slices = RowSlices.of(blocks.rows(), BLOCK, most);
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
        // The left factor was not centred: what that adds is the mean times the column sums of the right one.
        for (int i = 0; i < d; i++) {
            for (int j = 0; j < b; j++) {
                out[i * b + j] -= mean[i] * columns[j];
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
            FloatMatrix x = blocks.get(row, row + rows, worker);
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
    }
}
