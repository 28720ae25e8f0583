package io.heddle.linear;

import java.util.Arrays;

/** The intercepts of a model without weights, of which the probabilities are the frequencies of the classes. */
final class InitialIntercepts {
    /**
     * A class this many times as frequent as the mean. From equal probabilities, which have little curvature and a
     * large gradient, the first Newton steps would be far too long and several have to be shortened.
     */
    private static final double DOMINANT = 4;
    /** With few classes: this share of all rows. */
    private static final double SHARE = 0.8;

    private InitialIntercepts() {}

    /**
     * Writes them as the start of a fit if a class dominates. Otherwise the parameters stay zero.
     *
     * @param classWeights the sum of the row weights of each class
     * @param parameters classes × width, zero
     */
    static void start(double[] classWeights, FeatureTransform transform, double[] parameters) {
        double total = Arrays.stream(classWeights).sum();
        double largest = Arrays.stream(classWeights).max().orElse(0);
        double dominant = Math.min(DOMINANT / classWeights.length, SHARE) * total;
        if (transform.constant() != 0 && largest >= dominant) {
            write(classWeights, parameters);
        }
    }

    /** Writes them. A class without rows gets the lowest probability in float. */
    static void write(double[] classWeights, double[] parameters) {
        int width = parameters.length / classWeights.length;
        double total = Arrays.stream(classWeights).sum();
        for (int c = 0; c < classWeights.length; c++) {
            parameters[(c + 1) * width - 1] = Math.log(Math.max(classWeights[c], 1e-12) / total);
        }
    }
}
