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
 * Rows rewritten so that a plain inner product of a left and a right row is the greater the nearer they are.
 *
 * <p>For {@link NearestNeighbors.Metric#COSINE} both sides are the rows at unit length. For EUCLIDEAN, with an origin m
 * taken from every row, the sides are (x, −½‖x‖², 1) and (y, 1, −½‖y‖²), whose product is −½‖x − y‖².
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

    /** Moments for {@link #augmented}; names columns that rounding to float has cost their spread. */
    static ColumnMoments moments(FloatMatrix x, String name, WorkerPool pool) {
        ColumnMoments moments = ColumnMoments.of(x, name, pool);
        ColumnSpread.check(x, moments, name);
        return moments;
    }

    /**
     * What to take from all rows: their mean where it lies farther from zero than they from it, for else squared
     * lengths cancel; zeros elsewhere, which leaves small whole numbers, and ties among them, exact.
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

    /** What the product of a left and a right row may be wrong by: sums of d products of floats, with a margin. */
    static double rounding(FloatMatrix left, FloatMatrix right, int d) {
        double most = Math.max(largestSquares(left, d), largestSquares(right, d));
        return 4 * 0x1p-24 * Math.sqrt(d + 2.0) * most;
    }

    /** Of the half squared lengths that stand behind the rows, in either place. */
    private static double largestSquares(FloatMatrix augmented, int d) {
        double most = 0;
        for (long i = 0; i < augmented.rows(); i++) {
            most = Math.max(most, -2.0 * Math.min(augmented.get(i, d), augmented.get(i, d + 1)));
        }
        return most;
    }

    /** (x − origin, −½‖x − origin‖², 1), or with the last two exchanged for the right side. */
    static FloatMatrix augmented(FloatMatrix x, FloatMatrix origin, boolean right, WorkerPool pool) {
        int d = x.columns();
        FloatMatrix out = FloatMatrix.allocate(x.rows(), d + 2);
        RowSlices slices = RowSlices.of(x.rows(), BLOCK);
        try (FloatMatrix zeros = FloatMatrix.allocate(1, d)) {
            pool.run(slices.count(), (slice, worker) -> {
                MemorySegment s = out.segment();
                for (long i = slices.from(slice); i < slices.to(slice); i++) {
                    long at = out.offset(i);
                    KERNELS.subtract(x.segment(), x.offset(i), origin.segment(), 0, s, at, d);
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
