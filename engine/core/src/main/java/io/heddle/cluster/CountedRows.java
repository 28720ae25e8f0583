package io.heddle.cluster;

import io.heddle.internal.columns.FiniteCheck;
import io.heddle.internal.rows.RowSample;
import io.heddle.internal.rows.RowWeights;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.util.function.BiFunction;

/**
 * Fits only the rows with a weight above 0, and then assigns the others. Without this, a row of weight 0 that is far
 * from all others would change the tolerance, and the precision of distances.
 */
final class CountedRows {
    private CountedRows() {}

    /**
     * @param fit of rows with their weights
     * @return a model with the labels of all rows
     */
    static KMeansModel fit(
            DataMatrix x, RowWeights weights, WorkerPool pool, BiFunction<FloatMatrix, RowWeights, KMeansModel> fit) {
        if (x instanceof FloatMatrix floats) {
            FiniteCheck.require(floats, "the data", pool);
        }
        long[] counted = weights.rows(true);
        long[] others = weights.rows(false);
        try (FloatMatrix rows = named(x, RowSample.gather(x, counted, pool));
                FloatMatrix rest = named(x, RowSample.gather(x, others, pool))) {
            KMeansModel model = fit.apply(rows, weights.of(counted));
            try {
                int[] labels = new int[(int) x.rows()];
                spread(model.labels(), counted, labels);
                spread(model.nearest(rest, pool), others, labels);
                return model.withLabels(labels);
            } catch (RuntimeException | Error e) {
                model.close();
                throw e;
            }
        }
    }

    private static FloatMatrix named(DataMatrix x, FloatMatrix rows) {
        return rows.withColumnNames(x.columnNames());
    }

    private static void spread(int[] from, long[] rows, int[] to) {
        for (int i = 0; i < rows.length; i++) {
            to[(int) rows[i]] = from[i];
        }
    }
}
