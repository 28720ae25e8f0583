package io.heddle.linear;

import java.io.Serializable;
import java.util.List;

/**
 * Training rows in partitions, which may be in other processes and on other machines. The solver runs where
 * {@link LogisticRegression#fit(PartitionedRows, LogisticRegression.Options, io.heddle.parallel.WorkerPool)} is called.
 * It sends tasks to the partitions, and only the results of the tasks return: sums over the rows and, once, a sample of
 * the rows.
 *
 * <p>For example: {@snippet file="LinearExamplesTest.java" region="partitioned-rows"}
 */
public interface PartitionedRows {
    /**
     * A computation in each partition. Tasks and their results are serializable.
     *
     * @param <T> result
     */
    interface Task<T extends Serializable> extends Serializable {
        /**
         * {@return the result for one partition} It depends only on the rows and the task. So a task can be repeated,
         * also after a lost partition was built again.
         *
         * @param rows of the partition
         */
        T run(RowPartition rows);
    }

    /**
     * Runs a task in each partition that has rows.
     *
     * @param task what to run
     * @param <T> result
     * @return the results, in the order of the partitions
     */
    <T extends Serializable> List<T> collect(Task<T> task);

    /**
     * Runs a task in each partition that has rows, and adds the results element by element. Sums of floating-point
     * numbers depend on the order. So an implementation may add groups of partitions first, but the groups and the
     * order must depend on the number of partitions only, never on the order in which results arrive.
     *
     * @param task what to run; its results have the same length in all partitions
     * @return the sums; by default added in the order of the partitions
     */
    default double[] sum(Task<double[]> task) {
        double[] sum = null;
        for (double[] part : collect(task)) {
            for (int i = 0; sum != null && i < sum.length; i++) {
                sum[i] += part[i];
            }
            sum = sum == null ? part : sum;
        }
        return sum;
    }
}
