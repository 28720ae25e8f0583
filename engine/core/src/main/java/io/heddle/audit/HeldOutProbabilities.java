package io.heddle.audit;

import io.heddle.linear.LogisticModel;
import io.heddle.linear.LogisticRegression;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;
import java.util.function.IntConsumer;

/** The probabilities of each row's classes from a logistic regression that was trained without the row. */
final class HeldOutProbabilities {
    private HeldOutProbabilities() {}

    /**
     * Trains one model a fold, on the other folds.
     *
     * @param fold the fold of each row, from 0 on
     * @param trainedOn which rows the models may learn from; all rows get their probabilities
     * @param done told how many folds are done
     * @return n × classes, which the caller closes
     */
    static FloatMatrix of(
            FloatMatrix x,
            int[] labels,
            int classes,
            int[] fold,
            boolean[] trainedOn,
            LogisticRegression.Options options,
            IntConsumer done,
            WorkerPool pool) {
        FloatMatrix all = FloatMatrix.allocate(x.rows(), classes);
        try {
            boolean[] every = new boolean[labels.length];
            Arrays.fill(every, true);
            int folds = Arrays.stream(fold).max().orElse(0) + 1;
            for (int f = 0; f < folds; f++) {
                int[] known = Folds.rows(fold, f, false, trainedOn);
                int[] held = Folds.rows(fold, f, true, every);
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
