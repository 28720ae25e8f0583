package io.heddle.linear;

import io.heddle.internal.columns.FiniteCheck;
import io.heddle.internal.rows.RowSample;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The rows with a weight above 0. They are copied if there are others. The values of these others, such as 9.97e36 for
 * a missing value, would change the means, and all digits of the differences from a mean of 1e36 are lost.
 *
 * @param x rows that count
 * @param labels of these rows
 * @param weights of these rows, or null if all are equal
 * @param classes minimum number of classes: that of all rows if some are left out, else 0
 * @param copied whether x is a copy
 */
record RowsWithWeight(DataMatrix x, int[] labels, double[] weights, int classes, boolean copied)
        implements AutoCloseable {
    /**
     * @param rowWeights of the rows, or null if all are equal
     * @throws io.heddle.matrix.InvalidInputException if some weights are 0 and a weight, a label or a value is invalid
     */
    static RowsWithWeight of(DataMatrix x, int[] labels, double[] rowWeights, WorkerPool pool) {
        if (rowWeights == null || Arrays.stream(rowWeights).noneMatch(w -> w == 0)) {
            return new RowsWithWeight(x, labels, rowWeights, 0, false);
        }
        // Checked before rows are left out, because messages name rows by their number.
        int classes = LogisticRegression.validate(x, labels);
        CombinedWeights.validate(labels, rowWeights);
        CombinedWeights.requireTwoClasses(labels, rowWeights);
        if (x instanceof FloatMatrix floats) {
            FiniteCheck.require(floats, "the data", pool);
        }
        int[] counted =
                IntStream.range(0, labels.length).filter(i -> rowWeights[i] > 0).toArray();
        FloatMatrix rows = RowSample.gather(x, counted, pool).withColumnNames(x.columnNames());
        return new RowsWithWeight(
                rows,
                Arrays.stream(counted).map(i -> labels[i]).toArray(),
                Arrays.stream(counted).mapToDouble(i -> rowWeights[i]).toArray(),
                classes,
                true);
    }

    @Override
    public void close() {
        if (copied) {
            ((FloatMatrix) x).close();
        }
    }
}
