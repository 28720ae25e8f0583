package io.heddle.neighbors;

import io.heddle.decomposition.RowNormalizer;
import io.heddle.internal.columns.ColumnMoments;
import io.heddle.internal.columns.ColumnSpread;
import io.heddle.internal.columns.FiniteCheck;
import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.RowSlices;
import io.heddle.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;

/**
 * Transforms rows so that the inner product of a left and a right row increases with their proximity.
 *
 * <p>For {@link NearestNeighbors.Metric#COSINE} both sides are the rows at unit length. For EUCLIDEAN, with an origin m
 * subtracted from every row, the sides are (x, −½‖x‖², 1) and (y, 1, −½‖y‖²), whose product is −½‖x − y‖².
 */
final class ScoreSpace {
    private static final int BLOCK = 256;
    private static final Kernels KERNELS = Simd.kernels();

    private ScoreSpace() {}

    /** Rows of unit length: both sides. */
    static FloatMatrix unit(FloatMatrix x, String name, WorkerPool pool) {
        FiniteCheck.require(x, name, pool);
        FloatMatrix unit = x.copy();
        try {
            RowNormalizer.normalize(unit, pool);
            return unit;
        } catch (RuntimeException | Error e) {
            unit.close();
            throw e;
        }
    }

    /** Moments for {@link #augmented}; refuses columns whose values are equal after rounding to float. */
    static ColumnMoments moments(FloatMatrix x, String name, WorkerPool pool) {
        ColumnMoments moments = ColumnMoments.of(x, name, pool);
        ColumnSpread.check(x, moments, name);
        return moments;
    }

    /**
     * Returns the origin to subtract from all rows. It is the mean if the mean is farther from zero than the rows are
     * from the mean. This avoids cancellation of squared lengths. Otherwise it is zero, which keeps small whole numbers
     * and ties between them exact.
     */
    static FloatMatrix origin(ColumnMoments moments, long rows) {
        double squares = 0;
        for (double m : moments.mean()) {
            squares += m * m;
        }
        return squares * rows > moments.squaredDeviations()
                ? moments.meanRow()
                : FloatMatrix.allocate(1, moments.mean().length);
    }

    /** Returns a bound of the rounding error of a product: a sum of d products of floats, with a margin. */
    static double rounding(FloatMatrix left, FloatMatrix right, int d) {
        double maximum = Math.max(largestSquares(left, d), largestSquares(right, d));
        return 4 * 0x1p-24 * Math.sqrt(d + 2.0) * maximum;
    }

    /** The half squared lengths are rounded as well, on both sides. */
    private static double largestSquares(FloatMatrix augmented, int d) {
        double maximum = 0;
        for (long i = 0; i < augmented.rows(); i++) {
            maximum = Math.max(maximum, -2.0 * Math.min(augmented.get(i, d), augmented.get(i, d + 1)));
        }
        return maximum;
    }

    /**
     * (x − origin, −½‖x − origin‖², 1), or with the last two exchanged for the right side.
     *
     * @param order the numbers of all rows of x, from the first row of the result on
     */
    static FloatMatrix augmented(FloatMatrix x, int[] order, FloatMatrix origin, boolean right, WorkerPool pool) {
        int d = x.columns();
        FloatMatrix out = FloatMatrix.allocate(x.rows(), d + 2);
        RowSlices slices = RowSlices.of(x.rows(), BLOCK);
        try (FloatMatrix zeros = FloatMatrix.allocate(1, d)) {
            pool.run(slices.count(), (slice, worker) -> {
                MemorySegment s = out.segment();
                for (long i = slices.from(slice); i < slices.to(slice); i++) {
                    long at = out.offset(i);
                    KERNELS.subtract(x.segment(), x.offset(order[(int) i]), origin.segment(), 0, s, at, d);
                    float half = (float) (-0.5 * KERNELS.squaredDistance(s, at, zeros.segment(), 0, d));
                    out.set(i, d, right ? 1 : half);
                    out.set(i, d + 1, right ? half : 1);
                }
            });
            return out;
        } catch (RuntimeException | Error e) {
            out.close();
            throw e;
        }
    }
}
