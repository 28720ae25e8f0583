package io.heddle.internal.rows;

import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;

/**
 * Random access to rows as floats: of a matrix of floats where they lie, of bytes as a copy in a row of the worker's
 * own. Kernels read row {@link #read} of {@link #floats()}.
 */
public final class RowReader implements AutoCloseable {
    private final DataMatrix x;
    /** A row for each worker; null for floats. */
    private final FloatMatrix copies;

    private RowReader(DataMatrix x, FloatMatrix copies) {
        this.x = x;
        this.copies = copies;
    }

    /** @param pool whose workers will read */
    public static RowReader of(DataMatrix x, WorkerPool pool) {
        return new RowReader(x, x instanceof FloatMatrix ? null : FloatMatrix.allocate(pool.threads(), x.columns()));
    }

    /** The matrix that holds what {@link #read} reads. */
    public FloatMatrix floats() {
        return copies == null ? (FloatMatrix) x : copies;
    }

    /**
     * Reads a row.
     *
     * @param worker the worker number that {@link WorkerPool.Task} passes
     * @return where it lies in {@link #floats()}, until the worker reads its next row
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
