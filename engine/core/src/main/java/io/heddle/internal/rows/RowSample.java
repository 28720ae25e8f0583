package io.heddle.internal.rows;

import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.RowSlices;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Random samples of rows.
 *
 * <p>For example: {@snippet file="ParallelExamplesTest.java" region="row-sample"}
 */
public final class RowSample {
    private static final int BLOCK = 64;

    private RowSample() {}

    /**
     * Draws one row number from each of {@code count} equally long ranges of rows.
     *
     * @param rows number of rows
     * @param count rows to choose, at most {@code rows}
     * @param random source of random numbers
     * @return ascending
     */
    public static long[] choose(long rows, int count, RandomGenerator random) {
        InvalidInputException.require(count >= 0 && count <= rows, "cannot draw %d of %d rows", count, rows);
        double stretch = (double) rows / Math.max(1, count);
        long[] chosen = new long[count];
        long from = 0;
        for (int i = 0; i < count; i++) {
            long to = i + 1 == count ? rows : (long) ((i + 1) * stretch);
            chosen[i] = random.nextLong(from, to);
            from = to;
        }
        return chosen;
    }

    /**
     * Copies one random row from each of {@code count} equally long ranges. The rows are distinct, in their order, and
     * spread over the data, so that the sample also represents sorted data.
     *
     * @param x n × d
     * @param count rows to draw, at most those of x
     * @param random source of random numbers
     * @param pool whose threads share the work
     * @return count × d, owned by the caller
     */
    public static FloatMatrix draw(DataMatrix x, int count, RandomGenerator random, WorkerPool pool) {
        return gather(x, choose(x.rows(), count, random), pool);
    }

    /**
     * Copies all rows as floats.
     *
     * @param x n × d
     * @param pool whose threads share the work
     * @return n × d, owned by the caller
     */
    public static FloatMatrix all(DataMatrix x, WorkerPool pool) {
        RowSlices slices = RowSlices.of(x.rows(), BLOCK);
        return FloatMatrix.allocate(
                        x.rows(),
                        x.columns(),
                        copy -> pool.run(slices.count(), (slice, worker) -> {
                            for (long i = slices.from(slice); i < slices.to(slice); i++) {
                                x.copyRow(i, copy, i);
                            }
                        }))
                .withColumnNames(x.columnNames());
    }

    /** As {@link #gather(DataMatrix, long[], WorkerPool)}. */
    public static FloatMatrix gather(DataMatrix x, int[] chosen, WorkerPool pool) {
        return gather(x, Arrays.stream(chosen).asLongStream().toArray(), pool);
    }

    /**
     * Copies chosen rows as floats.
     *
     * @param x n × d
     * @param chosen numbers of rows; repeats are allowed
     * @param pool whose threads share the work
     * @return one row for each number, in their order; owned by the caller
     */
    public static FloatMatrix gather(DataMatrix x, long[] chosen, WorkerPool pool) {
        RowSlices slices = RowSlices.of(chosen.length, BLOCK);
        return FloatMatrix.allocate(
                chosen.length,
                x.columns(),
                sample -> pool.run(slices.count(), (slice, worker) -> {
                    for (long i = slices.from(slice); i < slices.to(slice); i++) {
                        x.copyRow(chosen[(int) i], sample, i);
                    }
                }));
    }
}
