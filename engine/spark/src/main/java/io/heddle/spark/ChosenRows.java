package io.heddle.spark;

import io.heddle.spark.partition.DistributedRows;
import io.heddle.spark.partition.PartitionRows;
import java.io.Serial;
import java.io.Serializable;
import java.util.Arrays;

/**
 * Some rows of a data set by their numbers.
 *
 * @param numbers ascending and distinct, counted over all partitions
 * @param before rows in the partitions before each
 */
record ChosenRows(long[] numbers, long[] before) implements Serializable {
    @Serial
    private static final long serialVersionUID = 1;

    static ChosenRows of(DistributedRows rows, long[] numbers) {
        long[] counts = rows.rowsOfPartitions();
        long[] before = new long[counts.length];
        for (int p = 1; p < counts.length; p++) {
            before[p] = before[p - 1] + counts[p - 1];
        }
        return new ChosenRows(numbers, before);
    }

    /** Visits a chosen row of a partition. */
    @FunctionalInterface
    interface Visitor {
        /**
         * @param index index among the chosen rows of the partition, from 0
         * @param block the block of the row
         * @param row its number within the block
         */
        void visit(int index, PartitionRows.Block block, int row);
    }

    /** Returns the number of chosen rows of a partition. */
    int count(PartitionRows rows) {
        long first = before[rows.partition()];
        return at(first + rows.rows()) - at(first);
    }

    /** Visits the chosen rows of a partition in their order. */
    void forEach(PartitionRows rows, Visitor visitor) {
        long first = before[rows.partition()];
        int from = at(first);
        int count = count(rows);
        int index = 0;
        for (int i = 0; i < count; i++) {
            long wanted = numbers[from + i] - first;
            PartitionRows.Block block = rows.blocks().get(index);
            while (wanted >= block.first() + block.rows()) {
                block = rows.blocks().get(++index);
            }
            visitor.visit(i, block, (int) (wanted - block.first()));
        }
    }

    private int at(long row) {
        int found = Arrays.binarySearch(numbers, row);
        return found < 0 ? -found - 1 : found;
    }
}
