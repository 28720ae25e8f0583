package io.heddle.spark.partition;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.matrix.FloatMatrix;
import java.io.Serial;
import java.io.Serializable;

/**
 * The maximum memory of the blocks of a fit in an executor, and the size of a block.
 *
 * @param limit bytes for all blocks of an executor, of all fits together
 * @param blockBytes largest block, in bytes
 */
public record BlockMemory(long limit, long blockBytes) implements Serializable {
    @Serial
    private static final long serialVersionUID = 1;

    /** The number of rows of each block except the last is a multiple of this. */
    private static final int ROWS = 1024;
    /** Rows of the first block. Later blocks have twice as many, up to the largest. */
    private static final int FIRST_ROWS = 1024;

    /** The number of rows of block {@code index}, before the last one is shortened. */
    int rowsOf(int index, int columns) {
        long rowBytes = Math.max(1, FloatMatrix.bytesFor(1, columns));
        long most = Math.clamp(blockBytes / rowBytes / ROWS * ROWS, ROWS, 1L << 24);
        return (int) Math.min(most, (long) FIRST_ROWS << Math.min(index, 20));
    }

    /** The memory that a partition has reserved. Used by one task at a time. */
    static final class Account {
        private final BlockStore store;
        private final BlockMemory memory;
        private final int partition;
        private long reserved;

        Account(BlockStore store, BlockMemory memory, int partition) {
            this.store = store;
            this.memory = memory;
            this.partition = partition;
        }

        void reserve(long bytes) {
            boolean given = store.reserve(bytes, memory.limit());
            require(
                    given,
                    "the rows of partition %d need more memory than the %d MB that maxMemoryInMB allows in an executor"
                            + " (%d MB are in use there); raise maxMemoryInMB, or split the data into more partitions",
                    partition,
                    memory.limit() >> 20,
                    (store.bytes() + (1 << 20) - 1) >> 20);
            reserved += bytes;
        }

        void free(long bytes) {
            reserved -= bytes;
            store.free(bytes);
        }

        void freeAll() {
            store.free(reserved);
            reserved = 0;
        }
    }
}
