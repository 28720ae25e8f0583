package io.heddle.preprocessing;

import io.heddle.parallel.WorkerPool;
import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Summary statistics of a column of a table.
 *
 * <p>For example: {@snippet file="PreprocessingExamplesTest.java" region="summary"}
 *
 * @param column name and kind
 * @param rows all rows
 * @param missing rows without a value
 * @param infinite rows with an infinite value
 * @param distinct number of distinct values without missing ones; for numbers at most {@value #MAXIMUM_DISTINCT}, which
 *     means this many or more
 * @param minimum the minimum finite value; NaN for text or if there is none
 * @param maximum the maximum finite value; NaN for text or if there is none
 * @param mean mean of the finite values; NaN for text or if there are none
 */
public record ColumnSummary(
        Column column,
        long rows,
        long missing,
        long infinite,
        long distinct,
        double minimum,
        double maximum,
        double mean) {
    /** Maximum number of distinct numbers that are counted. */
    public static final int MAXIMUM_DISTINCT = 10_000;

    /**
     * Computes the summaries of all columns. Reads the table twice, with all threads.
     *
     * @param table the table
     * @param pool whose threads share the work
     * @return a summary of each column, in their order
     */
    public static List<ColumnSummary> of(Table table, WorkerPool pool) {
        ColumnScan scan = ColumnScan.of(table, pool);
        int d = table.columns().size();
        long[] distinct = new long[d];
        long[] infinite = new long[d];
        pool.run(d, (j, worker) -> count(table, j, scan.counts[j], distinct, infinite));
        List<ColumnSummary> summaries = new ArrayList<>();
        for (int j = 0; j < d; j++) {
            long finite = table.rows() - scan.missing[j] - infinite[j];
            boolean numbers = scan.counts[j] == null && finite > 0;
            summaries.add(new ColumnSummary(
                    table.columns().get(j),
                    table.rows(),
                    scan.missing[j],
                    infinite[j],
                    distinct[j],
                    numbers ? scan.minimum[j] : Double.NaN,
                    numbers ? scan.maximum[j] : Double.NaN,
                    numbers ? scan.sum[j] / finite : Double.NaN));
        }
        return summaries;
    }

    private static void count(Table table, int j, double[] counts, long[] distinct, long[] infinite) {
        if (counts != null) {
            distinct[j] = DoubleStream.of(counts).filter(count -> count > 0).count();
            return;
        }
        LongOpenHashSet values = new LongOpenHashSet();
        long endless = 0;
        long last = Double.doubleToLongBits(Double.NaN);
        for (long i = 0; i < table.rows(); i++) {
            double v = table.value(i, j);
            endless += Double.isInfinite(v) ? 1 : 0;
            // Converts −0 to 0, because they are equal.
            long bits = Double.doubleToLongBits(v + 0.0);
            if (bits != last && !Double.isNaN(v) && values.size() < MAXIMUM_DISTINCT) {
                values.add(bits);
                last = bits;
            }
        }
        distinct[j] = values.size();
        infinite[j] = endless;
    }
}
