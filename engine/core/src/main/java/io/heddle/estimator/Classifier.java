package io.heddle.estimator;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;

/**
 * A model that assigns each row to one of the classes 0 to {@link #classes()} − 1.
 *
 * <p>For example: {@snippet file="EstimatorExamplesTest.java" region="classifier"}
 */
public interface Classifier extends FittedModel {
    /** {@return the number of classes} */
    int classes();

    /**
     * {@return the most probable class of each row}
     *
     * @param x m × {@link #inputs()}
     * @param pool whose threads share the work
     * @throws InvalidInputException if x has another number of columns
     */
    int[] predict(FloatMatrix x, WorkerPool pool);

    /**
     * {@return the most probable class of each row} Rows of bytes become floats block by block.
     *
     * @param x m × {@link #inputs()}
     * @param pool whose threads share the work
     * @throws InvalidInputException if x has another number of columns
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

    /**
     * {@return the most probable class of one row, without allocation}
     *
     * @param row {@link #inputs()} values
     */
    int predict(float[] row);

    /**
     * {@return the probabilities of all classes, m × {@link #classes()}, as a new matrix that the caller closes}
     *
     * @param x m × {@link #inputs()}
     * @param pool whose threads share the work
     * @throws InvalidInputException if x has another number of columns
     */
    FloatMatrix probabilities(FloatMatrix x, WorkerPool pool);

    /**
     * As {@link #probabilities(FloatMatrix, WorkerPool)}. Rows of bytes become floats block by block.
     *
     * @param x m × {@link #inputs()}
     * @param pool whose threads share the work
     * @return as there
     */
    default FloatMatrix probabilities(DataMatrix x, WorkerPool pool) {
        return Blocks.rows(x, classes(), block -> probabilities(block, pool));
    }

    /**
     * As {@link #probabilities(DataMatrix, WorkerPool)}, with the shared pool.
     *
     * @param x m × {@link #inputs()}
     * @return as there
     */
    default FloatMatrix probabilities(DataMatrix x) {
        return probabilities(x, WorkerPool.shared());
    }

    /**
     * {@return the accuracy: the share of rows whose class is predicted correctly, 0 to 1}
     *
     * @param x m × {@link #inputs()}, m ≥ 1
     * @param labels m classes
     * @throws InvalidInputException if there are no rows, or not one label for each
     */
    default double score(DataMatrix x, int[] labels) {
        require(
                labels.length == x.rows() && labels.length > 0,
                "a score needs one label for each row, and at least one row: %d labels, %d rows",
                labels.length,
                x.rows());
        int[] predicted = predict(x);
        int right = 0;
        for (int i = 0; i < labels.length; i++) {
            right += predicted[i] == labels[i] ? 1 : 0;
        }
        return (double) right / labels.length;
    }
}
