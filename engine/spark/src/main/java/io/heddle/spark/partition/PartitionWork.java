package io.heddle.spark.partition;

import java.io.Serializable;

/**
 * A computation on the rows of one partition. Spark sends it to the executors by Java's serialization.
 *
 * <p>The result must depend only on the rows and the fields of the work: a partition may be computed again in another
 * executor, and the bits must be the same.
 *
 * @param <T> the result, which Spark sends back: an array of numbers
 */
@FunctionalInterface
public interface PartitionWork<T> extends Serializable {
    /**
     * Computes the result.
     *
     * @param rows at least one
     * @param scratch memory of the task
     * @return the result
     * @throws io.heddle.matrix.InvalidInputException if the rows are not valid; the driver throws it again
     */
    T run(PartitionRows rows, Scratch scratch);
}
