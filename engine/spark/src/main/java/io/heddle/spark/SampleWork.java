package io.heddle.spark;

import io.heddle.spark.partition.DistributedRows;
import io.heddle.spark.partition.PartitionRows;
import io.heddle.spark.partition.PartitionWork;
import io.heddle.spark.partition.Scratch;
import java.io.Serial;

/**
 * Copies chosen rows of all partitions to the driver, each followed by its weight.
 *
 * @param chosen the rows
 */
record SampleWork(ChosenRows chosen) implements PartitionWork<float[]> {
    @Serial
    private static final long serialVersionUID = 1;

    /** The chosen rows in their order, each of d values and its weight. */
    static float[] collect(DistributedRows rows, long[] numbers) {
        float[] all = new float[Math.multiplyExact(numbers.length, rows.columns() + 1)];
        int at = 0;
        for (DistributedRows.PartResult<float[]> part : rows.collect(new SampleWork(ChosenRows.of(rows, numbers)))) {
            System.arraycopy(part.value(), 0, all, at, part.value().length);
            at += part.value().length;
        }
        return all;
    }

    @Override
    public float[] run(PartitionRows rows, Scratch scratch) {
        int width = rows.columns() + 1;
        float[] out = new float[chosen.count(rows) * width];
        float[] row = new float[width];
        chosen.forEach(rows, (index, block, number) -> {
            block.x().getRow(number, row);
            row[width - 1] = (float) block.weight(number);
            System.arraycopy(row, 0, out, index * width, width);
        });
        return out;
    }
}
