package io.heddle.internal.rows;

import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;

/**
 * Random access to rows as floats. Rows of a matrix of floats are read in place; rows of bytes are converted into a row
 * that belongs to the worker. Kernels read row {@link #read} of {@link #floats()}.
 */
public final class RowReader implements AutoCloseable {
    private final DataMatrix x;
    /** One row per worker; null for floats. */
    private final FloatMatrix copies;

    private RowReader(DataMatrix x, FloatMatrix copies) {
        this.x = x;
        this.copies = copies;
    }

    /** @param pool whose workers read rows */
    public static RowReader of(DataMatrix x, WorkerPool pool) {
        return new RowReader(x, x instanceof FloatMatrix ? null : FloatMatrix.allocate(pool.threads(), x.columns()));
    }

    /** The matrix of the rows that {@link #read} returns. */
    public FloatMatrix floats() {
        return copies == null ? (FloatMatrix) x : copies;
    }

    /**
     * Reads a row.
     *
     * @param worker the worker number that {@link WorkerPool.Task} passes
     * @return its row in {@link #floats()}, valid until the worker reads its next row
     */
    public long read(long row, int worker) {
        if (copies == null) {
            return row;
        }
        x.copyRow(row, copies, worker);
        return worker;
    }

    /** Frees the copies, not the matrix. */
    @Override
    public void close() {
        if (copies != null) {
            copies.close();
        }
    }
}
