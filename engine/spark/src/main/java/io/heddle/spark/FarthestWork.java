package io.heddle.spark;

import io.heddle.matrix.FloatMatrix;
import io.heddle.spark.partition.PartitionRows;
import io.heddle.spark.partition.PartitionWork;
import io.heddle.spark.partition.Scratch;
import java.io.Serial;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Finds the rows of a partition that are farthest from their nearest centres. The result has the squared distance and
 * the d values of each, the farthest first.
 *
 * @param centers the centres
 * @param count maximum number of rows
 */
record FarthestWork(NearestCenters centers, int count) implements PartitionWork<float[]> {
    @Serial
    private static final long serialVersionUID = 1;

    private record Far(double distance, long row, float[] values) {
        /** Orders the nearest first; of equally far ones the last first. */
        static final Comparator<Far> ORDER =
                Comparator.comparingDouble(Far::distance).thenComparing(Far::row, Comparator.reverseOrder());
    }

    @Override
    public float[] run(PartitionRows rows, Scratch scratch) {
        int d = centers.columns();
        NearestCenters.Room room = centers.room(scratch);
        int[] labels = new int[NearestCenters.BLOCK];
        PriorityQueue<Far> farthest = new PriorityQueue<>(Far.ORDER);
        for (PartitionRows.Block block : rows.blocks()) {
            FloatMatrix x = block.x();
            for (int from = 0; from < block.rows(); from += NearestCenters.BLOCK) {
                int some = Math.min(NearestCenters.BLOCK, block.rows() - from);
                room.assign(x, from, some, labels);
                for (int i = 0; i < some; i++) {
                    double distance = room.squaredDistance(x, from + i, labels[i]);
                    boolean far = farthest.size() < count
                            || distance > farthest.peek().distance();
                    if (distance > 0 && block.weight(from + i) > 0 && far) {
                        float[] values = new float[d];
                        x.getRow(from + i, values);
                        farthest.add(new Far(distance, block.first() + from + i, values));
                        if (farthest.size() > count) {
                            farthest.poll();
                        }
                    }
                }
            }
        }
        float[] out = new float[farthest.size() * (d + 1)];
        for (int i = farthest.size() - 1; i >= 0; i--) {
            Far far = farthest.poll();
            out[i * (d + 1)] = (float) far.distance();
            System.arraycopy(far.values(), 0, out, i * (d + 1) + 1, d);
        }
        return out;
    }
}
