package io.heddle.cluster;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.decomposition.RowNormalizer;
import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.internal.rows.RowSample;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import java.util.function.IntPredicate;

/** Copies of rows, and centres, at unit length, for distances by the cosine. */
final class UnitRows {
    private static final Kernels KERNELS = Simd.kernels();

    /** A shorter mean of unit rows is rounding error of opposite rows. */
    private static final double MINIMUM_LENGTH = 1e-7;

    private UnitRows() {}

    /**
     * {@return n × d, owned by the caller}
     *
     * @throws InvalidInputException naming the first row of zeros, or a value that is not finite
     */
    static FloatMatrix of(DataMatrix x, String name, WorkerPool pool) {
        FloatMatrix unit = RowSample.all(x, pool);
        try {
            RowNormalizer.normalize(unit, pool);
            for (long i = 0; i < unit.rows(); i++) {
                long at = unit.offset(i);
                require(
                        KERNELS.dot(unit.segment(), at, unit.segment(), at, unit.columns()) > 0,
                        "row %d of %s holds zeros only, so it has no direction: leave it out, or choose the Euclidean"
                                + " distance",
                        i,
                        name);
            }
            return unit;
        } catch (RuntimeException | Error e) {
            unit.close();
            throw e;
        }
    }

    /**
     * Scales centres that moved to unit length.
     *
     * @param previous the centres before
     * @return the squared shift of each centre
     */
    static double[] restore(FloatMatrix centers, FloatMatrix previous, IntPredicate moved) {
        double[] squared = new double[(int) centers.rows()];
        for (int j = 0; j < squared.length; j++) {
            if (moved.test(j)) {
                toUnitLength(centers, j, previous);
                squared[j] = NearestCenter.squaredDistance(centers, j, previous, j);
            }
        }
        return squared;
    }

    /** A mean of opposite rows has no direction, so the centre does not move. */
    private static void toUnitLength(FloatMatrix centers, int j, FloatMatrix previous) {
        int d = centers.columns();
        double squares = 0;
        for (int l = 0; l < d; l++) {
            squares += (double) centers.get(j, l) * centers.get(j, l);
        }
        double length = Math.sqrt(squares);
        for (int l = 0; l < d; l++) {
            centers.set(j, l, length > MINIMUM_LENGTH ? (float) (centers.get(j, l) / length) : previous.get(j, l));
        }
    }
}
