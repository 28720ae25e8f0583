package io.heddle.audit;

import io.heddle.internal.rows.RowSample;
import io.heddle.linear.LogisticModel;
import io.heddle.linear.LogisticRegression;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import io.heddle.selection.Folds;
import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * Out-of-fold class probabilities: those of each row come from a logistic regression trained without the row.
 *
 * @param p n × classes
 * @param converged whether every model reached its tolerance
 */
record HeldOutProbabilities(FloatMatrix p, boolean converged) implements AutoCloseable {
    @Override
    public void close() {
        p.close();
    }

    /**
     * Trains one model per fold, on the other folds.
     *
     * @param folds which rows are held out together
     * @param trainedOn rows that the models may be trained on; all rows get probabilities
     * @param done called with the number of finished folds
     * @return the probabilities, which the caller closes
     */
    static HeldOutProbabilities of(
            FloatMatrix x,
            int[] labels,
            int classes,
            Folds folds,
            boolean[] trainedOn,
            LogisticRegression.Options options,
            IntConsumer done,
            WorkerPool pool) {
        FloatMatrix all = FloatMatrix.allocate(x.rows(), classes);
        boolean converged = true;
        try {
            for (int f = 0; f < folds.count(); f++) {
                int[] known = Arrays.stream(folds.others(f))
                        .filter(row -> trainedOn[row])
                        .toArray();
                int[] held = folds.heldOut(f);
                try (FloatMatrix train = RowSample.gather(x, known, pool);
                        LogisticModel model = LogisticRegression.fit(train, pick(labels, known), options, pool);
                        FloatMatrix test = RowSample.gather(x, held, pool);
                        FloatMatrix p = model.probabilities(test, pool)) {
                    converged &= model.converged();
                    // The last classes may be missing in the training rows. Their probability stays 0.
                    float[] row = new float[p.columns()];
                    float[] whole = new float[classes];
                    for (int i = 0; i < held.length; i++) {
                        p.getRow(i, row);
                        System.arraycopy(row, 0, whole, 0, row.length);
                        all.setRow(held[i], whole);
                    }
                }
                done.accept(f + 1);
            }
            return new HeldOutProbabilities(all, converged);
        } catch (RuntimeException | Error e) {
            all.close();
            throw e;
        }
    }

    private static int[] pick(int[] values, int[] rows) {
        int[] picked = new int[rows.length];
        Arrays.setAll(picked, i -> values[rows[i]]);
        return picked;
    }
}
