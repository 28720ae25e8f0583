package io.heddle.cluster;

import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.RowSlices;
import io.heddle.parallel.WorkerPool;

/** The distances of rows to all centres, from differences of values. The caller closes the results. */
final class CenterDistances {
    private static final Kernels KERNELS = Simd.kernels();
    private static final int BLOCK = 128;

    private CenterDistances() {}

    /** Computes the distances of one row to all centres. */
    @FunctionalInterface
    private interface Row {
        void apply(long row, float[] out);
    }

    /** @param extreme whether squares leave the range of float: they are then computed in double */
    static FloatMatrix euclidean(FloatMatrix x, FloatMatrix centers, boolean extreme, WorkerPool pool) {
        if (extreme) {
            return each(x, centers, pool, (row, out) -> lengths(x, row, centers, out));
        }
        return each(x, centers, pool, (row, out) -> {
            squares(x, row, centers, out);
            for (int j = 0; j < out.length; j++) {
                out[j] = (float) Math.sqrt(out[j]);
            }
        });
    }

    /** Half the squared distance of unit rows is 1 − their cosine. */
    static FloatMatrix cosine(FloatMatrix x, FloatMatrix centers, WorkerPool pool) {
        return each(x, centers, pool, (row, out) -> {
            squares(x, row, centers, out);
            for (int j = 0; j < out.length; j++) {
                out[j] /= 2;
            }
        });
    }

    private static FloatMatrix each(FloatMatrix x, FloatMatrix centers, WorkerPool pool, Row distances) {
        int k = (int) centers.rows();
        RowSlices slices = RowSlices.of(x.rows(), BLOCK);
        return FloatMatrix.allocate(
                x.rows(),
                k,
                out -> pool.run(slices.count(), (slice, worker) -> {
                    float[] row = new float[k];
                    for (long i = slices.from(slice); i < slices.to(slice); i++) {
                        distances.apply(i, row);
                        out.setRow(i, row);
                    }
                }));
    }

    private static void squares(FloatMatrix x, long row, FloatMatrix centers, float[] out) {
        KERNELS.squaredDistances(
                x.segment(), x.offset(row), centers.segment(), 0, centers.offset(1), out.length, x.columns(), out, 0);
    }

    private static void lengths(FloatMatrix x, long row, FloatMatrix centers, float[] out) {
        for (int j = 0; j < out.length; j++) {
            double squares = KERNELS.squaredDistance(
                    x.segment(), x.offset(row), centers.segment(), centers.offset(j), x.columns());
            out[j] = (float) Math.sqrt(squares);
        }
    }
}
