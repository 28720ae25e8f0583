package io.heddle.spark;

import io.heddle.matrix.FloatMatrix;
import io.heddle.spark.partition.PartitionRows;
import io.heddle.spark.partition.PartitionWork;
import io.heddle.spark.partition.Scratch;
import java.io.Serial;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Samples rows in proportion to their weight times their squared distance to the nearest centre: a round of k-means||.
 * Each partition has separate random numbers.
 *
 * @param centers the current centres
 * @param factor expected number of rows, divided by the sum of all weighted distances
 * @param seed of the round
 */
record DistanceSampling(NearestCenters centers, double factor, long seed) implements PartitionWork<float[]> {
    @Serial
    private static final long serialVersionUID = 1;

    /** Spreads the seeds of partitions: the golden ratio in 64 bits. */
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    @Override
    public float[] run(PartitionRows rows, Scratch scratch) {
        RandomGenerator random =
                RandomGeneratorFactory.of(DistributedKMeans.RANDOM).create(seed + GOLDEN * (rows.partition() + 1L));
        int d = centers.columns();
        NearestCenters.Room room = centers.room(scratch);
        int[] labels = new int[NearestCenters.BLOCK];
        List<float[]> drawn = new ArrayList<>();
        for (PartitionRows.Block block : rows.blocks()) {
            FloatMatrix x = block.x();
            for (int from = 0; from < block.rows(); from += NearestCenters.BLOCK) {
                int count = Math.min(NearestCenters.BLOCK, block.rows() - from);
                room.assign(x, from, count, labels);
                for (int i = 0; i < count; i++) {
                    double share = block.weight(from + i) * room.squaredDistance(x, from + i, labels[i]);
                    if (random.nextDouble() < factor * share) {
                        float[] values = new float[d];
                        x.getRow(from + i, values);
                        drawn.add(values);
                    }
                }
            }
        }
        float[] out = new float[drawn.size() * d];
        for (int i = 0; i < drawn.size(); i++) {
            System.arraycopy(drawn.get(i), 0, out, i * d, d);
        }
        return out;
    }
}
