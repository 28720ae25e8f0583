package io.heddle.decomposition;

import io.heddle.internal.columns.FiniteCheck;
import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.RowSlices;
import io.heddle.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;

/**
 * Scales rows to unit Euclidean length, so that distances depend only on directions: ‖a − b‖² = 2 − 2·cos(a, b). Rows
 * of zeros are not changed.
 *
 * <p>For example: {@snippet file="DecompositionExamplesTest.java" region="row-normalizer"}
 */
public final class RowNormalizer {
    private static final int BLOCK = 256;

    private RowNormalizer() {}

    /**
     * As {@link #normalize(FloatMatrix, WorkerPool)}, with the shared pool.
     *
     * @param x n × d, changed in place
     */
    public static void normalize(FloatMatrix x) {
        normalize(x, WorkerPool.shared());
    }

    /**
     * Scales each row in place.
     *
     * @param x any shape
     * @param pool whose threads share the work
     * @throws InvalidInputException if a value is not finite; nothing is changed then
     */
    public static void normalize(FloatMatrix x, WorkerPool pool) {
        FiniteCheck.require(x, "the data", pool);
        int d = x.columns();
        Kernels kernels = Simd.kernels();
        RowSlices slices = RowSlices.of(x.rows(), BLOCK);
        try (FloatMatrix zeros = FloatMatrix.allocate(1, d)) {
            pool.run(slices.count(), (slice, worker) -> {
                MemorySegment s = x.segment();
                for (long i = slices.from(slice); i < slices.to(slice); i++) {
                    // In double, because squares of large or tiny floats leave the range of float.
                    double squares = kernels.squaredDistance(s, x.offset(i), zeros.segment(), 0, d);
                    double factor = 1 / Math.sqrt(squares);
                    if (squares > 0 && factor <= Float.MAX_VALUE && factor >= Float.MIN_NORMAL) {
                        kernels.scale((float) factor, s, x.offset(i), d);
                    } else if (squares > 0) {
                        scaleInDouble(x, i, factor);
                    }
                }
            });
        }
    }

    private static void scaleInDouble(FloatMatrix x, long row, double factor) {
        for (int j = 0; j < x.columns(); j++) {
            x.set(row, j, (float) (x.get(row, j) * factor));
        }
    }
}
