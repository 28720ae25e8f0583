package io.heddle.internal.columns;

import io.heddle.internal.rows.RowSample;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.RowSlices;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Shifts rows towards zero and multiplies them by a power of two, for values whose squares leave the range of float:
 * below about 1e-10 and above about 1e14. Distances of the scaled rows are those of the rows, times {@code 2^exponent}.
 *
 * <p>A column far from zero is shifted in double by the middle of a sample of its values, so that a constant column
 * becomes zeros. Other columns are not shifted, so their floats stay exact. A mean would not do: beside one huge value,
 * all others would lose their digits.
 *
 * <p>For example: {@snippet file="KernelExamplesTest.java" region="binary-scaling"}
 *
 * @param shift of each column
 * @param exponent of the factor
 */
public record BinaryScaling(double[] shift, int exponent) {
    /** The smallest mean ‖row − mean‖² for which sums in float are accurate. */
    private static final double MINIMUM_SPREAD = 0x1p-64;
    /** The largest ‖row‖² for which sums over many rows stay in the range of float. */
    private static final double LARGEST_SQUARED_NORM = 1e28;

    /** Rows from which the middle of a column is estimated. */
    private static final int SAMPLE = 255;

    private static final long SEED = 1;

    private static final int BLOCK = 256;

    /**
     * {@return whether squares of the values, or sums of such squares, leave the range of float} Always false for
     * bytes.
     *
     * @param x n × d
     * @param moments of x
     */
    public static boolean isNeeded(DataMatrix x, ColumnMoments moments) {
        return x instanceof FloatMatrix
                && isNeeded(moments.squaredDeviations() / x.rows(), moments.largestSquaredNorm());
    }

    /**
     * {@return whether squares of such values leave the range of float}
     *
     * @param spread mean ‖row − mean‖²
     * @param largestSquaredNorm the largest ‖row‖²
     */
    public static boolean isNeeded(double spread, double largestSquaredNorm) {
        return spread > 0 && spread < MINIMUM_SPREAD || largestSquaredNorm > LARGEST_SQUARED_NORM;
    }

    /**
     * {@return the scaling after which the mean ‖row − mean‖² lies between 1 and 4}
     *
     * @param x n × d, n at least 1
     * @param spread mean ‖row − mean‖²
     */
    public static BinaryScaling of(DataMatrix x, double spread) {
        double[] shift = new double[x.columns()];
        // Random rows, because a fixed step may meet the rare rows of a periodic pattern only.
        long[] rows = RowSample.choose(x.rows(), (int) Math.min(x.rows(), SAMPLE), new SplittableRandom(SEED));
        double[] values = new double[rows.length];
        for (int j = 0; j < shift.length; j++) {
            for (int s = 0; s < values.length; s++) {
                values[s] = x.get(rows[s], j);
            }
            Arrays.sort(values);
            double middle = values[values.length / 2];
            shift[j] = middle * middle > spread ? middle : 0;
        }
        return new BinaryScaling(shift, spread > 0 ? -Math.getExponent(Math.sqrt(spread)) : 0);
    }

    /**
     * {@return the scaled rows, n × d, owned by the caller}
     *
     * @param x n × d
     * @param pool whose threads share the work
     */
    public FloatMatrix apply(FloatMatrix x, WorkerPool pool) {
        int d = x.columns();
        RowSlices slices = RowSlices.of(x.rows(), BLOCK);
        return FloatMatrix.allocate(
                        x.rows(),
                        d,
                        out -> pool.run(slices.count(), (slice, worker) -> {
                            float[] row = new float[d];
                            for (long i = slices.from(slice); i < slices.to(slice); i++) {
                                x.getRow(i, row);
                                for (int j = 0; j < d; j++) {
                                    row[j] = (float) Math.scalb(row[j] - shift[j], exponent);
                                }
                                out.setRow(i, row);
                            }
                        }))
                .withColumnNames(x.columnNames());
    }

    /** {@return the original of a scaled value of a column} */
    public double restore(double value, int column) {
        return shift[column] + length(value);
    }

    /** {@return the distance of two rows, from that of the scaled rows} */
    public double length(double moved) {
        return Math.scalb(moved, -exponent);
    }

    /** {@return the squared distance of two rows, from that of the scaled rows} */
    public double square(double moved) {
        return Math.scalb(moved, -2 * exponent);
    }
}
