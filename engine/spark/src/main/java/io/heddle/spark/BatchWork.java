package io.heddle.spark;

import io.heddle.matrix.FloatMatrix;
import io.heddle.spark.partition.PartitionRows;
import io.heddle.spark.partition.PartitionWork;
import io.heddle.spark.partition.Scratch;
import java.io.Serial;

/**
 * Computes the sums of {@link AssignmentWork} for a batch of chosen rows.
 *
 * @param centers the centres
 * @param batch the rows
 */
record BatchWork(NearestCenters centers, ChosenRows batch) implements PartitionWork<double[]> {
    @Serial
    private static final long serialVersionUID = 1;

    @Override
    public double[] run(PartitionRows rows, Scratch scratch) {
        int d = rows.columns();
        AssignmentWork.Sums sums = new AssignmentWork.Sums(centers.room(scratch), centers.clusters(), d, false);
        FloatMatrix copies =
                scratch.get("batch " + d, FloatMatrix.class, () -> FloatMatrix.allocate(NearestCenters.BLOCK, d));
        double[] weights = new double[NearestCenters.BLOCK];
        int[] filled = {0};
        batch.forEach(rows, (index, block, row) -> {
            block.x().copyRow(row, copies, filled[0]);
            weights[filled[0]++] = block.weight(row);
            if (filled[0] == NearestCenters.BLOCK) {
                sums.add(copies, filled[0], weights);
                filled[0] = 0;
            }
        });
        sums.add(copies, filled[0], weights);
        return sums.values;
    }
}
