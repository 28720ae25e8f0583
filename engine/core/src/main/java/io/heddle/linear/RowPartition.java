package io.heddle.linear;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * One partition of {@link PartitionedRows}: its rows, and the additional memory of a fit. That memory is freed when
 * another fit begins, or by {@link #close}. Thread-safe; tasks run one at a time.
 *
 * <p>For example: {@snippet file="LinearExamplesTest.java" region="partitioned-rows"}
 */
public final class RowPartition implements AutoCloseable {
    private final int index;
    private final List<Block> blocks;
    private final WorkerPool pool;
    private PartitionLoss loss;
    private boolean closed;

    /**
     * Consecutive rows of a partition.
     *
     * @param x n × features, n ≥ 1; stays with the caller, who closes it after the partition
     * @param labels n classes, 0 to 99,999
     * @param weights weight of each row, n finite numbers of 0 or more; null if all weights are 1
     */
    public record Block(DataMatrix x, int[] labels, double[] weights) {
        /**
         * Checks the values.
         *
         * @throws InvalidInputException naming the first label or weight that is out of range
         */
        public Block {
            require(
                    x.rows() > 0 && x.columns() > 0,
                    "logistic regression needs rows and columns, not %d x %d",
                    x.rows(),
                    x.columns());
            LogisticRegression.requireLabels(x, labels);
            if (weights != null) {
                CombinedWeights.validate(labels, weights);
            }
        }

        int rows() {
            return labels.length;
        }

        double weight(int row) {
            return weights == null ? 1 : weights[row];
        }
    }

    /**
     * Creates a partition.
     *
     * @param index number of the partition, from 0 on
     * @param blocks its rows, in blocks; at least one
     * @param pool whose threads share the work on this partition
     * @throws InvalidInputException if there is no block, or blocks have different numbers of columns
     */
    public RowPartition(int index, List<Block> blocks, WorkerPool pool) {
        require(!blocks.isEmpty(), "partition %d has no rows; leave it out", index);
        int columns = blocks.getFirst().x().columns();
        for (Block block : blocks) {
            require(
                    block.x().columns() == columns,
                    "the blocks of partition %d have %d and %d columns; all must have the same number",
                    index,
                    columns,
                    block.x().columns());
        }
        this.index = index;
        this.blocks = List.copyOf(blocks);
        this.pool = pool;
    }

    /**
     * {@return an upper bound of the off-heap bytes that a fit allocates for a partition beside its rows}
     *
     * @param rows of each block
     * @param columns number of features
     * @param classes number of classes
     */
    public static long workingBytes(int[] rows, int columns, int classes) {
        long bytes = 0;
        for (int count : rows) {
            bytes += Math.max(SoftmaxLoss.bytes(count, columns, classes), ExactLoss.bytes(count, classes));
        }
        return bytes;
    }

    /**
     * Runs a task on the rows, after other tasks on them have ended.
     *
     * @param task what to run
     * @param <T> result
     * @return the task's result
     * @throws IllegalStateException if the partition is closed
     */
    public synchronized <T extends Serializable> T run(PartitionedRows.Task<T> task) {
        if (closed) {
            throw new IllegalStateException("partition %d is closed".formatted(index));
        }
        return task.run(this);
    }

    int index() {
        return index;
    }

    List<Block> blocks() {
        return blocks;
    }

    WorkerPool pool() {
        return pool;
    }

    int columns() {
        return blocks.getFirst().x().columns();
    }

    /** The name of a block in error messages. */
    String name(int block) {
        return blocks.size() == 1 ? "partition " + index : "block %d of partition %d".formatted(block, index);
    }

    /** The part of these rows in the sums of a fit; frees the memory of another fit. */
    PartitionLoss loss(PartitionSetup setup) {
        if (loss == null || !loss.belongsTo(setup)) {
            free();
            List<TrainingRows> data = new ArrayList<>();
            for (Block block : blocks) {
                data.add(setup.rows(block));
            }
            loss = new PartitionLoss(data, setup, pool);
        }
        return loss;
    }

    private void free() {
        if (loss != null) {
            loss.close();
            loss = null;
        }
    }

    /** Frees the memory of fits; waits for a running task. The caller still owns the rows. */
    @Override
    public synchronized void close() {
        closed = true;
        free();
    }
}
