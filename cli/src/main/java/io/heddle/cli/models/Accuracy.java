package io.heddle.cli.models;

import io.heddle.matrix.InvalidInputException;
import java.util.Arrays;

/** The share of rows whose class is predicted correctly, optionally weighted. */
public final class Accuracy {
    private Accuracy() {}

    /**
     * Computes the accuracy.
     *
     * @param predicted class of each row
     * @param labels the true labels
     * @param weights weight of each row, or null for equal weights
     * @return in [0, 1]; NaN if all weights are 0
     */
    public static double of(int[] predicted, int[] labels, double[] weights) {
        double right = 0;
        double all = 0;
        for (int i = 0; i < labels.length; i++) {
            double weight = weights == null ? 1 : weights[i];
            right += predicted[i] == labels[i] ? weight : 0;
            all += weight;
        }
        return right / all;
    }

    /** @throws InvalidInputException if the weights of all rows are 0 */
    static void requireWeight(double[] weights, String name) {
        InvalidInputException.require(
                weights == null || Arrays.stream(weights).anyMatch(w -> w > 0),
                "%s: the weights of all rows are 0, so there is no row to score",
                name);
    }
}
