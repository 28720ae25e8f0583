package io.heddle.spark.partition;

import io.heddle.matrix.FloatMatrix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The rows of one partition, in blocks outside the heap, in the order of the partition. The sizes of the blocks depend
 * only on the number of columns, the number of rows and the fit's {@link BlockMemory}.
 *
 * <p>Owned by the {@link BlockStore} of the executor. At most one task uses it at a time.
 */
public final class PartitionRows {
    /** The state of a work between passes. It is lost with the rows, so it must be computable from them. */
    public interface State extends AutoCloseable {
        /** The bytes that it occupies. */
        long bytes();

        @Override
        void close();
    }

    /**
     * Some consecutive rows.
     *
     * @param x the features
     * @param labels one per row, or null
     * @param weights one per row, or null for 1
     * @param first number of the first row within the partition
     */
    public record Block(FloatMatrix x, double[] labels, double[] weights, long first) {
        /** The number of rows. */
        public int rows() {
            return (int) x.rows();
        }

        /** The weight of a row, counted within the block. */
        public double weight(int row) {
            return weights == null ? 1 : weights[row];
        }
    }

    private final int partition;
    private final int columns;
    private final List<Block> blocks;
    private final List<FloatMatrix> memories;
    private final BlockMemory.Account account;
    private final Map<String, State> states = new HashMap<>();
    private final long rows;

    /** @param memories of the blocks, which are freed with these rows */
    PartitionRows(
            int partition, int columns, List<Block> blocks, List<FloatMatrix> memories, BlockMemory.Account account) {
        this.partition = partition;
        this.columns = columns;
        this.blocks = List.copyOf(blocks);
        this.memories = List.copyOf(memories);
        this.account = account;
        rows = blocks.stream().mapToLong(Block::rows).sum();
    }

    /** The number of the partition. */
    public int partition() {
        return partition;
    }

    /** The number of rows. */
    public long rows() {
        return rows;
    }

    /** The number of columns; 0 if there are no rows. */
    public int columns() {
        return columns;
    }

    /** The blocks, in the order of the rows. */
    public List<Block> blocks() {
        return blocks;
    }

    /**
     * Returns the state of that name, and creates it if it does not exist.
     *
     * @param bytes that it will occupy; counted before it is created
     * @throws io.heddle.matrix.InvalidInputException if the executor's limit does not allow for it
     */
    public <S extends State> S state(String name, Class<S> type, long bytes, Supplier<S> supplier) {
        State found = states.get(name);
        if (found == null) {
            account.reserve(bytes);
            try {
                found = supplier.get();
            } catch (RuntimeException | Error e) {
                account.free(bytes);
                throw e;
            }
            states.put(name, found);
        }
        return type.cast(found);
    }

    /** Frees a state if it exists. */
    public void forget(String name) {
        State found = states.remove(name);
        if (found != null) {
            long bytes = found.bytes();
            found.close();
            account.free(bytes);
        }
    }

    void close() {
        for (String name : new ArrayList<>(states.keySet())) {
            forget(name);
        }
        memories.forEach(FloatMatrix::close);
        account.freeAll();
    }
}
