package io.heddle.estimator;

import java.util.List;

/**
 * The result of a fit. Immutable and safe for use by several threads; it owns off-heap memory, so close it. Every use
 * after {@link #close()} is an {@link IllegalStateException}.
 *
 * <p>For example: {@snippet file="EstimatorExamplesTest.java" region="fitted-model"}
 */
public interface FittedModel extends AutoCloseable {
    /** {@return the number of columns of the data that the model takes} */
    int inputs();

    /**
     * {@return the names of the columns of the training data, {@link #inputs()} in their order; empty if not known}
     * They are those of {@link io.heddle.matrix.DataMatrix#columnNames()}. Model files contain them. Data whose columns
     * have other names are refused.
     */
    List<String> featureNames();

    /** {@return whether the fit reached its tolerance} */
    boolean converged();

    /** {@return the number of iterations of the fit} */
    int iterations();

    /** Compiles the code for single rows, so that the first request is as fast as the others. O(1) memory. */
    default void warmUp() {}

    /** Frees the memory; may be called again without effect. */
    @Override
    void close();
}
