package io.heddle.model;

import io.heddle.internal.rows.RowReader;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.RowSlices;
import io.heddle.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;

/** Runs the functions of single rows on all rows of a matrix, so that batches and single rows get the same results. */
final class RowByRow {
    /** Rows of a task. */
    static final int SLICE_ROWS = 128;

    private RowByRow() {}

    /** Work on a row. */
    interface EachRow {
        /** @param at where {@code floats} holds the row */
        void run(long row, FloatMatrix floats, long at);
    }

    /** Computes a result from a row, both at byte offsets. */
    interface RowFunction {
        void apply(MemorySegment rows, long offset, MemorySegment out, long outOffset);
    }

    static void run(DataMatrix x, WorkerPool pool, EachRow work) {
        RowSlices slices = RowSlices.of(x.rows(), SLICE_ROWS);
        try (RowReader reader = RowReader.of(x, pool)) {
            pool.run(slices.count(), (slice, worker) -> {
                for (long i = slices.from(slice); i < slices.to(slice); i++) {
                    work.run(i, reader.floats(), reader.read(i, worker));
                }
            });
        }
    }

    /** Returns the results of all rows as a new matrix, which the caller closes. */
    static FloatMatrix results(DataMatrix x, int outputs, WorkerPool pool, RowFunction function) {
        return FloatMatrix.allocate(
                x.rows(),
                outputs,
                out -> run(
                        x,
                        pool,
                        (row, floats, at) ->
                                function.apply(floats.segment(), floats.offset(at), out.segment(), out.offset(row))));
    }
}
