package io.heddle.internal.rows;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The weights of rows, or 1 for all rows.
 *
 * <p>For example: {@snippet file="ParallelExamplesTest.java" region="row-weights"}
 *
 * @param values one per row, or null
 * @param sums cumulative sums of the values, or null
 */
public record RowWeights(double[] values, double[] sums) {
    /** Weight 1 for every row. */
    public static final RowWeights NONE = new RowWeights(null, null);

    /** Above this, weighted squared distances may leave the range of double. */
    private static final double LARGEST = 1e100;

    /**
     * Checks the caller's weights.
     *
     * @param given one per row; copied
     * @param rows number of rows
     * @return the weights
     * @throws io.heddle.matrix.InvalidInputException if their number is not that of the rows, if one is negative, not
     *     finite or above 1e100, or if all are 0
     */
    public static RowWeights of(double[] given, long rows) {
        require(given.length == rows, "%d weights do not pair with %d rows", given.length, rows);
        double[] sums = new double[given.length];
        double sum = 0;
        for (int i = 0; i < given.length; i++) {
            require(
                    given[i] >= 0 && given[i] <= LARGEST,
                    "the weight of row %d is %s; weights must be numbers from 0 to %.0e",
                    i,
                    given[i],
                    LARGEST);
            sum += given[i];
            sums[i] = sum;
        }
        require(sum > 0, "the weights of all %d rows are 0; at least one must be greater", given.length);
        return new RowWeights(given.clone(), sums);
    }

    /** {@return whether all rows have weight 1} */
    public boolean isNone() {
        return values == null;
    }

    /**
     * {@return the weight of a row}
     *
     * @param row its number
     */
    public double of(int row) {
        return values == null ? 1 : values[row];
    }

    /**
     * {@return the number of rows with a weight above 0}
     *
     * @param rows number of all rows
     */
    public long countOfPositive(long rows) {
        return values == null ? rows : Arrays.stream(values).filter(v -> v > 0).count();
    }

    /**
     * {@return the numbers of the rows with a weight above 0, or of the others, ascending}
     *
     * @param positive which of the two; there must be weights
     */
    public long[] rows(boolean positive) {
        return IntStream.range(0, values.length)
                .filter(i -> values[i] > 0 == positive)
                .asLongStream()
                .toArray();
    }

    /**
     * {@return the weights of some rows}
     *
     * @param rows their numbers
     */
    public RowWeights of(long[] rows) {
        double[] some = new double[rows.length];
        Arrays.setAll(some, i -> values[(int) rows[i]]);
        return of(some, rows.length);
    }

    /**
     * {@return the sum of the weights}
     *
     * @param rows number of rows
     */
    public double total(long rows) {
        return values == null ? rows : sums[sums.length - 1];
    }

    /**
     * Samples a row in proportion to its weight.
     *
     * @param n number of rows
     * @param random source of random numbers
     * @return its number
     */
    public int draw(int n, RandomGenerator random) {
        return values == null ? random.nextInt(n) : rowAt(random.nextDouble() * sums[n - 1]);
    }

    /**
     * Copies a sample of rows, in which all rows have the same weight.
     *
     * @param x n × d
     * @param count rows to draw
     * @param random source of random numbers
     * @param pool whose threads share the work
     * @return count × d, owned by the caller
     */
    public FloatMatrix sample(DataMatrix x, int count, RandomGenerator random, WorkerPool pool) {
        return RowSample.gather(x, sampleRows(x.rows(), count, random), pool);
    }

    /**
     * {@return the numbers of the rows of such a sample, ascending}
     *
     * @param rows number of rows
     * @param count rows to draw
     * @param random source of random numbers
     */
    public long[] sampleRows(long rows, int count, RandomGenerator random) {
        return isNone() ? RowSample.choose(rows, count, random) : drawEvenly(count, random);
    }

    /**
     * Samples rows, one from each of several ranges of equal weight, ascending. A row with a large weight may occur
     * more than once.
     */
    private long[] drawEvenly(int count, RandomGenerator random) {
        long[] rows = new long[count];
        double stretch = sums[sums.length - 1] / count;
        for (int i = 0; i < count; i++) {
            rows[i] = rowAt((i + random.nextDouble()) * stretch);
        }
        return rows;
    }

    /**
     * {@return the weights times a power of two, so that their mean is at least 1 and below 2, one per row; null if all
     * are equal} Their ratios and the sums of whole weights stay exact, and products with values do not overflow.
     */
    public double[] nearOne() {
        if (values == null || Arrays.stream(values).allMatch(w -> w == values[0])) {
            return null;
        }
        int exponent = -Math.getExponent(total(values.length) / values.length);
        return Arrays.stream(values).map(w -> Math.scalb(w, exponent)).toArray();
    }

    /** The first row whose cumulative sum exceeds a value; its weight is above 0. */
    private int rowAt(double value) {
        int low = 0;
        int high = sums.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sums[middle] > value) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        // Rounding may lead past the last row with a weight above 0.
        while (values[low] == 0) {
            low--;
        }
        return low;
    }
}
