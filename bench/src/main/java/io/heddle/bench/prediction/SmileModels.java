package io.heddle.bench.prediction;

import java.io.IOException;
import smile.classification.LogisticRegression;

/** Smile models with Heddle's weights, for the other suites. */
public final class SmileModels {
    private SmileModels() {}

    /** The classifier of the data's first rows. */
    public static LogisticRegression logistic(String data) throws IOException {
        return SameModels.logistic(data);
    }
}
