package io.heddle.estimator;

import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;

/**
 * A model that maps each row to {@link #outputs()} numbers.
 *
 * <p>For example: {@snippet file="EstimatorExamplesTest.java" region="transformer"}
 */
public interface Transformer extends FittedModel {
    /** {@return the number of columns of the result} */
    int outputs();

    /**
     * {@return the transformed rows, m × {@link #outputs()}, as a new matrix that the caller closes}
     *
     * @param x m × {@link #inputs()}
     * @param pool whose threads share the work
     * @throws InvalidInputException if x has another number of columns or holds values that are not finite
     */
    FloatMatrix transform(FloatMatrix x, WorkerPool pool);

    /**
     * As {@link #transform(FloatMatrix, WorkerPool)}. Rows of bytes become floats block by block.
     *
     * @param x m × {@link #inputs()}
     * @param pool whose threads share the work
     * @return as there
     */
    default FloatMatrix transform(DataMatrix x, WorkerPool pool) {
        return Blocks.rows(x, outputs(), block -> transform(block, pool));
    }

    /**
     * As {@link #transform(DataMatrix, WorkerPool)}, with the shared pool.
     *
     * @param x m × {@link #inputs()}
     * @return as there
     */
    default FloatMatrix transform(DataMatrix x) {
        return transform(x, WorkerPool.shared());
    }

    /**
     * Transforms one row, without allocation.
     *
     * @param row {@link #inputs()} values
     * @param out receives {@link #outputs()} values, from index 0 on
     */
    void transform(float[] row, float[] out);
}
