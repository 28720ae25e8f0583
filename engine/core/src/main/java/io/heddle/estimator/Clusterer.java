package io.heddle.estimator;

import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;

/**
 * A model that assigns each row to one of the clusters 0 to {@link #clusters()} − 1.
 *
 * <p>For example: {@snippet file="EstimatorExamplesTest.java" region="clusterer"}
 */
public interface Clusterer extends FittedModel {
    /** {@return the number of clusters} */
    int clusters();

    /** {@return the cluster of each training row; empty if the model was read from a file} */
    int[] labels();

    /**
     * {@return the cluster of each row}
     *
     * @param x m × {@link #inputs()}, m below 2³¹ − 8
     * @param pool whose threads share the work
     * @throws InvalidInputException if x has another number of columns or holds values that are not finite
     */
    int[] predict(FloatMatrix x, WorkerPool pool);

    /**
     * {@return the cluster of each row} Rows of bytes become floats block by block.
     *
     * @param x m × {@link #inputs()}, m below 2³¹ − 8
     * @param pool whose threads share the work
     * @throws InvalidInputException if x has another number of columns or holds values that are not finite
     */
    default int[] predict(DataMatrix x, WorkerPool pool) {
        return Blocks.labels(x, block -> predict(block, pool));
    }

    /**
     * As {@link #predict(DataMatrix, WorkerPool)}, with the shared pool.
     *
     * @param x m × {@link #inputs()}
     * @return as there
     */
    default int[] predict(DataMatrix x) {
        return predict(x, WorkerPool.shared());
    }
}
