package io.heddle.spark.partition;

import java.io.Serial;
import java.io.Serializable;

/**
 * The right of one fit to memory in an executor. The driver broadcasts it. Spark closes a broadcast value that is
 * {@link AutoCloseable} in every executor when the driver destroys the broadcast. This frees the fit's memory in the
 * executor.
 *
 * <p>Spark may also drop a broadcast value when the heap is full, and read it again for a later task. The blocks are
 * then freed and built again.
 */
final class FitLease implements Serializable, AutoCloseable {
    @Serial
    private static final long serialVersionUID = 1;

    private final String fit;
    private transient volatile boolean closed;

    FitLease(String fit) {
        this.fit = fit;
    }

    String fit() {
        return fit;
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
        BlockStore.executor().drop(this);
    }
}
