package io.heddle.spark;

import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.internal.rows.Elements;
import io.heddle.matrix.FloatMatrix;
import io.heddle.spark.partition.PartitionRows;
import io.heddle.spark.partition.PartitionWork;
import io.heddle.spark.partition.Scratch;
import java.io.Serial;

/**
 * Assigns the rows of a partition to their nearest centres and sums them. The result has the weighted sum of the rows
 * of each cluster, d numbers, then the sum of the weights of each cluster, then Σ weight · ‖row − its centre‖² or 0.
 *
 * @param centers the centres
 * @param measure whether the distances to the centres are summed too, which reads each row again
 */
record AssignmentWork(NearestCenters centers, boolean measure) implements PartitionWork<double[]> {
    @Serial
    private static final long serialVersionUID = 1;

    @Override
    public double[] run(PartitionRows rows, Scratch scratch) {
        Sums sums = new Sums(centers.room(scratch), centers.clusters(), centers.columns(), measure);
        for (PartitionRows.Block block : rows.blocks()) {
            sums.add(block.x(), block.rows(), block.weights());
        }
        return sums.values;
    }

    /** Index of the first of the sums of weights. */
    static int masses(int clusters, int columns) {
        return Math.multiplyExact(clusters, columns);
    }

    /** Index of the sum of the distances. */
    static int inertia(int clusters, int columns) {
        return masses(clusters, columns) + clusters;
    }

    /** The sums of some rows. */
    static final class Sums {
        private static final Kernels KERNELS = Simd.kernels();

        private final NearestCenters.Room room;
        private final int d;
        private final int masses;
        private final boolean measure;
        private final int[] labels = new int[NearestCenters.BLOCK];
        final double[] values;

        Sums(NearestCenters.Room room, int clusters, int columns, boolean measure) {
            this.room = room;
            this.d = columns;
            this.measure = measure;
            masses = masses(clusters, columns);
            values = new double[inertia(clusters, columns) + 1];
        }

        /** @param weights one per row, or null for 1 */
        void add(FloatMatrix x, int rows, double[] weights) {
            double inertia = 0;
            for (int from = 0; from < rows; from += NearestCenters.BLOCK) {
                int count = Math.min(NearestCenters.BLOCK, rows - from);
                room.assign(x, from, count, labels);
                for (int i = 0; i < count; i++) {
                    double weight = weights == null ? 1 : weights[from + i];
                    int at = labels[i] * d;
                    if (weight == 1) {
                        KERNELS.addToSums(x.segment(), x.offset(from + i), d, values, at);
                    } else {
                        Elements.addToSums(x, from + i, 0, d, weight, values, at);
                    }
                    values[masses + labels[i]] += weight;
                    if (measure) {
                        inertia += weight * room.squaredDistance(x, from + i, labels[i]);
                    }
                }
            }
            values[values.length - 1] += inertia;
        }
    }
}
