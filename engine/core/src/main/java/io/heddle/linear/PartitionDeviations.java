package io.heddle.linear;

import io.heddle.internal.columns.ColumnDeviations;
import io.heddle.internal.columns.ColumnDeviations.Sums;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.Arrays;
import java.util.List;

/** Standard deviations of the columns over all partitions; 0 for constant columns and for no others. */
final class PartitionDeviations {
    private PartitionDeviations() {}

    /** One task, and a second one if a column may be constant. */
    static double[] of(PartitionedRows partitions, double[] means) {
        int d = means.length;
        double[] sums = partitions.sum(new SumTask(means));
        Sums all = new Sums(Arrays.copyOf(sums, d), Arrays.copyOfRange(sums, d, 2 * d), sums[2 * d]);
        double[] deviations = new double[d];
        IntArrayList doubtful = new IntArrayList();
        for (int j = 0; j < d; j++) {
            deviations[j] = all.deviation(j);
            if (deviations[j] == 0 || Sums.nearlyConstant(deviations[j], means[j])) {
                doubtful.add(j);
            }
        }
        if (!doubtful.isEmpty()) {
            double[] widths = widths(partitions, doubtful.toIntArray());
            for (int i = 0; i < widths.length; i++) {
                int j = doubtful.getInt(i);
                // Squares may underflow in double although the values do not.
                deviations[j] = widths[i] == 0 ? 0 : deviations[j] == 0 ? widths[i] / 2 : deviations[j];
            }
        }
        return deviations;
    }

    /** The difference between the largest and the smallest value of each column; 0 if all weights are 0. */
    private static double[] widths(PartitionedRows partitions, int[] columns) {
        float[] minimum = new float[columns.length];
        float[] maximum = new float[columns.length];
        Arrays.fill(minimum, Float.POSITIVE_INFINITY);
        Arrays.fill(maximum, Float.NEGATIVE_INFINITY);
        List<float[]> parts = partitions.collect(new RangeTask(columns));
        for (float[] part : parts) {
            for (int k = 0; k < columns.length; k++) {
                minimum[k] = Math.min(minimum[k], part[2 * k]);
                maximum[k] = Math.max(maximum[k], part[2 * k + 1]);
            }
        }
        double[] widths = new double[columns.length];
        Arrays.setAll(widths, k -> Math.max(0, (double) maximum[k] - minimum[k]));
        return widths;
    }

    /**
     * For each column the sum of the differences from its mean and that of their squares; at the end the sum of the
     * weights.
     */
    private record SumTask(double[] means) implements PartitionedRows.Task<double[]> {
        @Override
        public double[] run(RowPartition partition) {
            int d = means.length;
            double[] result = new double[2 * d + 1];
            for (RowPartition.Block block : partition.blocks()) {
                Sums sums = ColumnDeviations.sums(block.x(), means, block.weights(), partition.pool());
                for (int j = 0; j < d; j++) {
                    result[j] += sums.sums()[j];
                    result[d + j] += sums.squares()[j];
                }
                result[2 * d] += sums.total();
            }
            return result;
        }
    }

    /** The smallest and the largest value of each column, in rows with a weight above 0. */
    private record RangeTask(int[] columns) implements PartitionedRows.Task<float[]> {
        @Override
        public float[] run(RowPartition partition) {
            float[] range = new float[2 * columns.length];
            for (int k = 0; k < columns.length; k++) {
                range[2 * k] = Float.POSITIVE_INFINITY;
                range[2 * k + 1] = Float.NEGATIVE_INFINITY;
            }
            for (RowPartition.Block block : partition.blocks()) {
                for (int i = 0; i < block.rows(); i++) {
                    for (int k = 0; block.weight(i) > 0 && k < columns.length; k++) {
                        float value = block.x().get(i, columns[k]);
                        range[2 * k] = Math.min(range[2 * k], value);
                        range[2 * k + 1] = Math.max(range[2 * k + 1], value);
                    }
                }
            }
            return range;
        }
    }
}
