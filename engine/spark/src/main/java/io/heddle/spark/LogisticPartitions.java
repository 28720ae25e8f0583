package io.heddle.spark;

import io.heddle.linear.PartitionedRows;
import io.heddle.linear.RowPartition;
import io.heddle.parallel.WorkerPool;
import io.heddle.spark.partition.DistributedRows;
import io.heddle.spark.partition.PartitionRows;
import io.heddle.spark.partition.PartitionWork;
import io.heddle.spark.partition.Scratch;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** The rows of a data set for the solver of the core, which sends tasks and receives sums. */
final class LogisticPartitions implements PartitionedRows {
    private final DistributedRows rows;
    private final int classes;

    /** @param classes number of classes, for the memory that is reserved beside the rows */
    LogisticPartitions(DistributedRows rows, int classes) {
        this.rows = rows;
        this.classes = classes;
    }

    @Override
    public <T extends Serializable> List<T> collect(Task<T> task) {
        return rows.collect(new Work<>(task, classes)).stream()
                .map(DistributedRows.PartResult::value)
                .toList();
    }

    @Override
    public double[] sum(Task<double[]> task) {
        return rows.sum(new Work<>(task, classes));
    }

    private record Work<T extends Serializable>(Task<T> task, int classes) implements PartitionWork<T> {
        @Override
        public T run(PartitionRows rows, Scratch scratch) {
            int[] heights =
                    rows.blocks().stream().mapToInt(PartitionRows.Block::rows).toArray();
            long labels = rows.rows() * Integer.BYTES;
            long bytes = labels + RowPartition.workingBytes(heights, rows.columns(), classes);
            int threads = scratch.pool().threads();
            return rows.state("logistic", State.class, bytes, () -> State.of(rows, bytes, threads))
                    .partition()
                    .run(task);
        }
    }

    /** The state of a partition in addition to its rows: probabilities at a point, which are computed from the rows. */
    private record State(RowPartition partition, WorkerPool pool, long bytes) implements PartitionRows.State {
        static State of(PartitionRows rows, long bytes, int threads) {
            List<RowPartition.Block> blocks = new ArrayList<>();
            for (PartitionRows.Block block : rows.blocks()) {
                int[] labels = new int[block.rows()];
                for (int i = 0; i < labels.length; i++) {
                    labels[i] = (int) block.labels()[i];
                }
                blocks.add(new RowPartition.Block(block.x(), labels, block.weights()));
            }
            // Not the pool of a task, because another task may use that pool when these rows are used next.
            WorkerPool pool = WorkerPool.of(threads);
            return new State(new RowPartition(rows.partition(), blocks, pool), pool, bytes);
        }

        @Override
        public void close() {
            partition.close();
            pool.close();
        }
    }
}
