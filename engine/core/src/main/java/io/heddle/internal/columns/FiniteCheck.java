package io.heddle.internal.columns;

import io.heddle.internal.kernels.Simd;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Refuses data with NaN or infinity, in one pass at memory speed.
 *
 * <p>For example: {@snippet file="KernelExamplesTest.java" region="finite-check"}
 */
public final class FiniteCheck {
    private static final int ROWS = 1024;

    private FiniteCheck() {}

    /**
     * @param name names the matrix in error messages
     * @throws InvalidInputException naming the first element that is not finite
     */
    public static void require(FloatMatrix m, String name, WorkerPool pool) {
        AtomicLong firstBad = new AtomicLong(Long.MAX_VALUE);
        int tasks = Math.toIntExact((m.rows() + ROWS - 1) / ROWS);
        pool.run(tasks, (task, worker) -> {
            long to = Math.min(m.rows(), (task + 1L) * ROWS);
            for (long i = (long) task * ROWS; i < to; i++) {
                if (!Simd.kernels().allFinite(m.segment(), m.offset(i), m.columns())) {
                    firstBad.accumulateAndGet(i, Math::min);
                    return;
                }
            }
        });
        long row = firstBad.get();
        if (row == Long.MAX_VALUE) {
            return;
        }
        int column = 0;
        while (Float.isFinite(m.get(row, column))) {
            column++;
        }
        throw new InvalidInputException("%s holds %s in row %d, column %d; every value must be a finite number"
                .formatted(name, m.get(row, column), row, column));
    }
}
