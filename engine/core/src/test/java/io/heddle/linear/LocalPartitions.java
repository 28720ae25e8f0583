package io.heddle.linear;

import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Partitions in one process, each with separate matrices. Tasks and results are serialized, as between processes.
 * Partitions run in random order, and some are rebuilt between tasks.
 */
final class LocalPartitions implements PartitionedRows, AutoCloseable {
    private final List<List<RowPartition.Block>> blocks = new ArrayList<>();
    private final List<Integer> indices = new ArrayList<>();
    private final RowPartition[] partitions;
    private final WorkerPool pool;
    private final Random random;
    private final double lost;
    private int tasks;
    private int rebuilt;
    private int largestTask;
    private int largestResult;

    /**
     * @param ends the row after the last one of each partition, ascending
     * @param lost probability that a partition is rebuilt before a task
     * @param seed of the order and the lost partitions
     */
    LocalPartitions(FloatMatrix x, int[] y, double[] w, int[] ends, WorkerPool pool, double lost, long seed) {
        this(x, y, w, ends, x.rows(), pool, lost, seed);
    }

    /** @param height rows of each block but the last of a partition */
    LocalPartitions(
            FloatMatrix x, int[] y, double[] w, int[] ends, long height, WorkerPool pool, double lost, long seed) {
        this.pool = pool;
        this.lost = lost;
        random = new Random(seed);
        int from = 0;
        for (int p = 0; p < ends.length; p++) {
            List<RowPartition.Block> own = new ArrayList<>();
            while (from < ends[p]) {
                int to = (int) Math.min(ends[p], from + height);
                FloatMatrix copy = FloatMatrix.allocate(to - from, x.columns());
                for (int i = from; i < to; i++) {
                    x.copyRow(i, copy, i - from);
                }
                own.add(new RowPartition.Block(
                        copy, Arrays.copyOfRange(y, from, to), w == null ? null : Arrays.copyOfRange(w, from, to)));
                from = to;
            }
            if (!own.isEmpty()) {
                blocks.add(own);
                indices.add(p);
            }
        }
        partitions = new RowPartition[blocks.size()];
    }

    int tasks() {
        return tasks;
    }

    int rebuilt() {
        return rebuilt;
    }

    /** Bytes of the largest task that computes a sum. */
    int largestTask() {
        return largestTask;
    }

    int largestResult() {
        return largestResult;
    }

    private RowPartition partition(int i) {
        if (partitions[i] != null && random.nextDouble() < lost) {
            partitions[i].close();
            partitions[i] = null;
            rebuilt++;
        }
        if (partitions[i] == null) {
            partitions[i] = new RowPartition(indices.get(i), blocks.get(i), pool);
        }
        return partitions[i];
    }

    @Override
    public <T extends Serializable> List<T> collect(Task<T> task) {
        tasks++;
        byte[] sent = bytes(task);
        List<Integer> order = new ArrayList<>();
        List<T> results = new ArrayList<>();
        for (int i = 0; i < partitions.length; i++) {
            order.add(i);
            results.add(null);
        }
        Collections.shuffle(order, random);
        for (int i : order) {
            Task<T> own = object(sent);
            byte[] received = bytes(partition(i).run(own));
            results.set(i, object(received));
            if (task instanceof LossTask) {
                largestTask = Math.max(largestTask, sent.length);
                largestResult = Math.max(largestResult, received.length);
            }
        }
        return results;
    }

    private static byte[] bytes(Serializable object) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return bytes.toByteArray();
    }

    @SuppressWarnings("unchecked") // The same type was written.
    private static <S> S object(byte[] bytes) {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            return (S) in.readObject();
        } catch (IOException | ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        for (RowPartition partition : partitions) {
            if (partition != null) {
                partition.close();
            }
        }
        blocks.forEach(own -> own.forEach(block -> ((FloatMatrix) block.x()).close()));
    }
}
