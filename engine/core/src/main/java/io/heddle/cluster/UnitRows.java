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

/** Copies of rows at unit length, for distances by the cosine. */
final class UnitRows {
    private static final Kernels KERNELS = Simd.kernels();

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
}
