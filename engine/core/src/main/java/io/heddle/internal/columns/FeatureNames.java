package io.heddle.internal.columns;

import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.InvalidInputException;
import java.util.List;

/** Compares the names of columns with those of a model's training data. */
public final class FeatureNames {
    private FeatureNames() {}

    /**
     * Refuses data whose columns have other names than the features of a model, or the same in another order. Nothing
     * is checked if the data or the model have no names. O(columns).
     *
     * @param x the data, with as many columns as the model has features
     * @param features names of the model's features, or none
     * @throws InvalidInputException naming the first column that differs
     */
    public static void requireSame(DataMatrix x, List<String> features) {
        List<String> given = x.columnNames();
        if (features.isEmpty() || given.isEmpty() || given.equals(features)) {
            return;
        }
        for (int j = 0; j < features.size(); j++) {
            if (!given.get(j).equals(features.get(j))) {
                throw new InvalidInputException(
                        "column %d of the data is '%s', but '%s' in the training data: pass the columns of featureNames() in their order"
                                .formatted(j, given.get(j), features.get(j)));
            }
        }
    }
}
