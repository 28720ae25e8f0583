package io.heddle.spark;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.spark.partition.DistributedRows;
import io.heddle.spark.partition.PartitionRows;
import io.heddle.spark.partition.PartitionWork;
import io.heddle.spark.partition.Scratch;

/**
 * Checks the labels of a partition: the largest label, the sum of the row weights and that of their squares.
 *
 * @param column name of the column of labels
 */
record LabelWork(String column) implements PartitionWork<double[]> {
    private static final int MAXIMUM = 100_000;

    /**
     * A summary of the column of labels.
     *
     * @param classes the largest label plus 1
     * @param weight sum of the row weights
     * @param squares sum of their squares
     */
    record Summary(int classes, double weight, double squares) {}

    /** @param rows that were read with this work */
    static Summary of(DistributedRows rows) {
        double largest = 0;
        double weight = 0;
        double squares = 0;
        for (DistributedRows.PartResult<double[]> part : rows.first()) {
            largest = Math.max(largest, part.value()[0]);
            weight += part.value()[1];
            squares += part.value()[2];
        }
        return new Summary((int) largest + 1, weight, squares);
    }

    @Override
    public double[] run(PartitionRows rows, Scratch scratch) {
        double largest = 0;
        double weight = 0;
        double squares = 0;
        for (PartitionRows.Block block : rows.blocks()) {
            for (int i = 0; i < block.rows(); i++) {
                double label = block.labels()[i];
                require(
                        label >= 0 && label < MAXIMUM && label == Math.rint(label),
                        "column '%s' in row %d of partition %d has label %s; labels must be whole numbers from 0 to %d",
                        column,
                        block.first() + i,
                        rows.partition(),
                        label,
                        MAXIMUM - 1);
                largest = Math.max(largest, label);
                weight += block.weight(i);
                squares += block.weight(i) * block.weight(i);
            }
        }
        return new double[] {largest, weight, squares};
    }
}
