package io.heddle.cli.selection;

import io.heddle.linear.LogisticModel;
import io.heddle.linear.LogisticRegression;
import io.heddle.matrix.FloatMatrix;

/** Fits of one penalty for falling λ. */
final class RegularizationPath {
    private RegularizationPath() {}

    /** Told of each fit; the model is closed when this returns. */
    @FunctionalInterface
    interface Visitor {
        void fitted(int index, LogisticModel model);
    }

    /**
     * @param lambdas falling
     * @param options whatever λ they name is not used
     */
    static void follow(
            FloatMatrix x, int[] labels, double[] lambdas, LogisticRegression.Options options, Visitor visitor) {
        for (int i = 0; i < lambdas.length; i++) {
            try (LogisticModel model = LogisticRegression.fit(x, labels, options.withLambda(lambdas[i]))) {
                visitor.fitted(i, model);
            }
        }
    }
}
