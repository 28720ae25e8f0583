package io.heddle.linear;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.internal.columns.ColumnMoments;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * Shapes, classes and means of the partitions.
 *
 * @param rows number of rows of each partition, by its index
 * @param weighted whether the rows have weights
 * @param classTotals sum of the row weights of each class, up to the largest label
 * @param means of the columns, without weights
 */
record PartitionSurvey(long[] rows, boolean weighted, double[] classTotals, double[] means) {

    static PartitionSurvey of(PartitionedRows partitions) {
        List<Part> parts = partitions.collect(new Task());
        require(!parts.isEmpty(), "logistic regression needs rows, but there are no partitions with rows");
        Part first = parts.getFirst();
        int count = 0;
        int classes = 0;
        boolean weighted = false;
        for (Part part : parts) {
            require(
                    part.sums.length == first.sums.length,
                    "partition %d has %d columns, but partition %d has %d; all must have the same number",
                    part.index,
                    part.sums.length,
                    first.index,
                    first.sums.length);
            count = Math.max(count, part.index + 1);
            classes = Math.max(classes, part.classTotals.length);
            weighted |= part.weighted;
        }
        long[] rows = new long[count];
        double[] totals = new double[classes];
        double[] means = new double[first.sums.length];
        for (Part part : parts) {
            rows[part.index] = part.rows;
            add(part.classTotals, totals);
            add(part.sums, means);
        }
        double total = Arrays.stream(rows).sum();
        Arrays.setAll(means, j -> means[j] / total);
        return new PartitionSurvey(rows, weighted, totals, means);
    }

    private static void add(double[] part, double[] sum) {
        for (int i = 0; i < part.length; i++) {
            sum[i] += part[i];
        }
    }

    long total() {
        return Arrays.stream(rows).sum();
    }

    int columns() {
        return means.length;
    }

    int classes() {
        return classTotals.length;
    }

    private record Part(int index, long rows, boolean weighted, double[] classTotals, double[] sums)
            implements Serializable {}

    private record Task() implements PartitionedRows.Task<Part> {
        @Override
        public Part run(RowPartition partition) {
            int largest = 0;
            for (RowPartition.Block block : partition.blocks()) {
                largest = Math.max(largest, Arrays.stream(block.labels()).max().orElse(0));
            }
            long rows = 0;
            boolean weighted = false;
            double[] totals = new double[largest + 1];
            double[] sums = new double[partition.columns()];
            for (int b = 0; b < partition.blocks().size(); b++) {
                RowPartition.Block block = partition.blocks().get(b);
                for (int i = 0; i < block.rows(); i++) {
                    totals[block.labels()[i]] += block.weight(i);
                }
                double[] means = ColumnMoments.of(block.x(), partition.name(b), partition.pool())
                        .mean();
                for (int j = 0; j < sums.length; j++) {
                    sums[j] += block.rows() * means[j];
                }
                rows += block.rows();
                weighted |= block.weights() != null;
            }
            return new Part(partition.index(), rows, weighted, totals, sums);
        }
    }
}
