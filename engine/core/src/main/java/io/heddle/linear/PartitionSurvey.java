package io.heddle.linear;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.internal.columns.ColumnDeviations;
import io.heddle.internal.columns.ColumnMoments;
import io.heddle.parallel.WorkerPool;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * Shapes, classes and means of the partitions.
 *
 * @param rows number of rows of each partition, by its index
 * @param weighted whether the rows have weights
 * @param classTotals sum of the row weights of each class, up to the largest label
 * @param means of the columns in rows with a weight above 0, without weights. The values of other rows, such as 9.97e36
 *     for a missing value, would take all digits of the differences from a mean
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
        double counted = parts.stream().mapToLong(Part::counted).sum();
        Arrays.setAll(means, j -> means[j] / counted);
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

    /** @param counted number of rows with a weight above 0, of which the sums are */
    private record Part(int index, long rows, long counted, boolean weighted, double[] classTotals, double[] sums)
            implements Serializable {}

    private record Task() implements PartitionedRows.Task<Part> {
        @Override
        public Part run(RowPartition partition) {
            int largest = 0;
            for (RowPartition.Block block : partition.blocks()) {
                largest = Math.max(largest, Arrays.stream(block.labels()).max().orElse(0));
            }
            long rows = 0;
            long counted = 0;
            boolean weighted = false;
            double[] totals = new double[largest + 1];
            double[] sums = new double[partition.columns()];
            for (int b = 0; b < partition.blocks().size(); b++) {
                RowPartition.Block block = partition.blocks().get(b);
                for (int i = 0; i < block.rows(); i++) {
                    totals[block.labels()[i]] += block.weight(i);
                }
                counted += addValues(block, partition.name(b), partition.pool(), sums);
                rows += block.rows();
                weighted |= block.weights() != null;
            }
            return new Part(partition.index(), rows, counted, weighted, totals, sums);
        }

        /** Adds the values of the rows with a weight above 0; returns their number. */
        private static long addValues(RowPartition.Block block, String name, WorkerPool pool, double[] sums) {
            double[] means = ColumnMoments.of(block.x(), name, pool).mean();
            long counted = block.weights() == null
                    ? block.rows()
                    : Arrays.stream(block.weights()).filter(w -> w > 0).count();
            if (counted == block.rows()) {
                Arrays.setAll(means, j -> counted * means[j]);
                add(means, sums);
            } else {
                double[] ones =
                        Arrays.stream(block.weights()).map(w -> w > 0 ? 1 : 0).toArray();
                add(
                        ColumnDeviations.sums(block.x(), new double[sums.length], ones, pool)
                                .sums(),
                        sums);
            }
            return counted;
        }
    }
}
