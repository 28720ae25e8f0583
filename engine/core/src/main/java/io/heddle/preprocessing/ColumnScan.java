package io.heddle.preprocessing;

import io.heddle.parallel.RowSlices;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;

/**
 * One read of a table: counts, sums and limits of each column. With weights, a row counts as often as its weight says,
 * except in {@link #missing}. Slices of rows are merged in their order, so the result does not depend on the number of
 * threads.
 */
final class ColumnScan {
    private static final int BLOCK = 1024;
    /** Merges all slices. */
    private static final int MAXIMUM_SUMS = 1 << 20;

    /** Rows without a value, each counted once. */
    final long[] missing;
    /** The same, each counted with its weight. */
    final double[] missingWeight;
    /** The first row with an infinite value, −1 if there is none. */
    final long[] infinite;

    final double[] sum;
    final double[] minimum;
    final double[] maximum;
    /** Rows of each category; null for other columns. */
    final double[][] counts;

    private final double[] weights;

    private ColumnScan(Table table, double[] weights) {
        this.weights = weights;
        int d = table.columns().size();
        missing = new long[d];
        missingWeight = new double[d];
        infinite = new long[d];
        Arrays.fill(infinite, -1);
        sum = new double[d];
        minimum = new double[d];
        Arrays.fill(minimum, Double.POSITIVE_INFINITY);
        maximum = new double[d];
        Arrays.fill(maximum, Double.NEGATIVE_INFINITY);
        counts = new double[d][];
        for (int j = 0; j < d; j++) {
            Column column = table.columns().get(j);
            counts[j] = column.kind() == Column.Kind.CATEGORY
                    ? new double[column.categories().size()]
                    : null;
        }
    }

    static RowSlices slices(Table table) {
        int d = table.columns().stream()
                .mapToInt(column -> 1 + column.categories().size())
                .sum();
        return RowSlices.of(table.rows(), BLOCK, Math.clamp(MAXIMUM_SUMS / Math.max(1, d), 1, 64));
    }

    static ColumnScan of(Table table, WorkerPool pool) {
        return of(table, null, pool);
    }

    /** @param weights how much each row counts; null if all count once */
    static ColumnScan of(Table table, double[] weights, WorkerPool pool) {
        RowSlices slices = slices(table);
        ColumnScan[] parts = new ColumnScan[slices.count()];
        pool.run(parts.length, (slice, worker) -> {
            parts[slice] = new ColumnScan(table, weights);
            parts[slice].add(table, slices.from(slice), slices.to(slice));
        });
        ColumnScan all = new ColumnScan(table, weights);
        for (ColumnScan part : parts) {
            all.add(part);
        }
        return all;
    }

    private void add(Table table, long from, long to) {
        double[] row = new double[sum.length];
        for (long i = from; i < to; i++) {
            table.getRow(i, row);
            double weight = weights == null ? 1 : weights[(int) i];
            for (int j = 0; j < row.length; j++) {
                double v = row[j];
                if (Double.isNaN(v)) {
                    missing[j]++;
                    missingWeight[j] += weight;
                } else if (counts[j] != null) {
                    counts[j][(int) v] += weight;
                } else if (Double.isInfinite(v)) {
                    infinite[j] = infinite[j] < 0 ? i : infinite[j];
                } else {
                    sum[j] += weight * v;
                    minimum[j] = Math.min(minimum[j], v);
                    maximum[j] = Math.max(maximum[j], v);
                }
            }
        }
    }

    private void add(ColumnScan part) {
        for (int j = 0; j < sum.length; j++) {
            missing[j] += part.missing[j];
            missingWeight[j] += part.missingWeight[j];
            infinite[j] = infinite[j] < 0 ? part.infinite[j] : infinite[j];
            sum[j] += part.sum[j];
            minimum[j] = Math.min(minimum[j], part.minimum[j]);
            maximum[j] = Math.max(maximum[j], part.maximum[j]);
            for (int c = 0; counts[j] != null && c < counts[j].length; c++) {
                counts[j][c] += part.counts[j][c];
            }
        }
    }
}
