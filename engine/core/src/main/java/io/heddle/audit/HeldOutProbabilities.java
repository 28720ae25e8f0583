package io.heddle.audit;

import io.heddle.linear.LogisticModel;
import io.heddle.linear.LogisticRegression;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import io.heddle.selection.Folds;
import java.util.Arrays;
import java.util.function.IntConsumer;

/** The probabilities of each row's classes from a logistic regression that was trained without the row. */
final class HeldOutProbabilities {
    private HeldOutProbabilities() {}

    /**
     * Trains one model a fold, on the other folds.
     *
     * @param folds which rows are held out together
     * @param trainedOn which rows the models may learn from; all rows get their probabilities
     * @param done told how many folds are done
     * @return n × classes, which the caller closes
     */
    static FloatMatrix of(
            FloatMatrix x,
            int[] labels,
            int classes,
            Folds folds,
            boolean[] trainedOn,
            LogisticRegression.Options options,
            IntConsumer done,
            WorkerPool pool) {
        FloatMatrix all = FloatMatrix.allocate(x.rows(), classes);
        try {
            for (int f = 0; f < folds.count(); f++) {
                int[] known = Arrays.stream(folds.others(f))
                        .filter(row -> trainedOn[row])
                        .toArray();
                int[] held = folds.heldOut(f);
                try (FloatMatrix train = x.gather(known);
                        LogisticModel model = LogisticRegression.fit(train, pick(labels, known), options, pool);
                        FloatMatrix test = x.gather(held);
                        FloatMatrix p = model.probabilities(test)) {
                    // The last classes may be missing in what the model has seen: their probability stays 0.
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
            return all;
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
