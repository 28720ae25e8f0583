package io.heddle.linear;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.linear.LogisticRegression.ClassWeight;
import io.heddle.linear.LogisticRegression.Options;
import java.util.Map;

/** The weight of each row: its own weight times that of its class, scaled to a mean of 1. */
final class CombinedWeights {
    private CombinedWeights() {}

    /**
     * O(rows).
     *
     * @param rowWeights of the rows, or null if all are equal; not changed
     * @return null if all weights are equal
     * @throws io.heddle.matrix.InvalidInputException if a weight is negative or not finite, if their number is not that
     *     of the rows, or if fewer than two classes have a weight above 0
     */
    static double[] of(int[] labels, int classes, double[] rowWeights, Options options) {
        if (rowWeights != null) {
            validate(labels, rowWeights);
        }
        requireClasses(classes, options);
        if (rowWeights == null && alike(options)) {
            return null;
        }
        double[] weights = new double[labels.length];
        double[] totals = new double[classes];
        for (int i = 0; i < labels.length; i++) {
            weights[i] = rowWeights == null ? 1 : rowWeights[i];
            totals[labels[i]] += weights[i];
        }
        double[] factors = factors(totals, options);
        double sum = 0;
        for (int i = 0; i < labels.length; i++) {
            weights[i] *= factors[labels[i]];
            sum += weights[i];
        }
        requireTwoClasses(labels, weights);
        for (int i = 0; i < labels.length; i++) {
            weights[i] *= labels.length / sum;
        }
        return weights;
    }

    /**
     * The factors for the row weights of each class, with which the mean of the products is 1.
     *
     * @param totals the sum of the row weights of each class, or the number of rows if all weights are equal
     * @param rows number of rows
     * @param weighted whether the rows have weights
     * @return null if all weights are equal
     * @throws io.heddle.matrix.InvalidInputException if fewer than two classes have a weight above 0
     */
    static double[] ofClasses(double[] totals, long rows, boolean weighted, Options options) {
        requireClasses(totals.length, options);
        double[] factors = factors(totals, options);
        double sum = 0;
        int counted = 0;
        int first = -1;
        for (int c = 0; c < totals.length; c++) {
            double own = totals[c] * factors[c];
            sum += own;
            counted += own > 0 ? 1 : 0;
            first = own > 0 && first < 0 ? c : first;
        }
        if (!weighted && alike(options)) {
            require(counted > 1, "all %d labels are %d; a classifier needs at least two classes", rows, first);
            return null;
        }
        requireTwo(counted, first);
        for (int c = 0; c < factors.length; c++) {
            factors[c] *= rows / sum;
        }
        return factors;
    }

    private static void requireClasses(int classes, Options options) {
        for (int c : options.classWeights().keySet()) {
            require(c < classes, "there is a weight for class %d, but the largest label is %d", c, classes - 1);
        }
    }

    /** Whether all classes have the same weight. */
    private static boolean alike(Options options) {
        return options.classWeights().isEmpty() && options.classWeight() == ClassWeight.NONE;
    }

    private static double[] factors(double[] totals, Options options) {
        return options.classWeight() == ClassWeight.BALANCED
                ? balanced(totals)
                : factors(totals.length, options.classWeights());
    }

    /**
     * @param counted number of classes with a weight above 0
     * @param first one of these classes
     */
    private static void requireTwo(int counted, int first) {
        require(counted > 0, "all weights are 0; rows of at least two classes must count");
        require(
                counted > 1,
                "all rows with a weight above 0 have label %d; a classifier needs at least two classes",
                first);
    }

    static void validate(int[] labels, double[] rowWeights) {
        require(
                rowWeights.length == labels.length,
                "there are %d weights for %d rows",
                rowWeights.length,
                labels.length);
        for (int i = 0; i < rowWeights.length; i++) {
            require(
                    rowWeights[i] >= 0 && rowWeights[i] <= Float.MAX_VALUE,
                    "the weight of row %d is %s; weights are finite numbers of 0 or more",
                    i,
                    rowWeights[i]);
        }
    }

    private static double[] balanced(double[] totals) {
        double[] factors = new double[totals.length];
        for (int c = 0; c < totals.length; c++) {
            factors[c] = totals[c] > 0 ? 1 / totals[c] : 0;
        }
        return factors;
    }

    private static double[] factors(int classes, Map<Integer, Double> classWeights) {
        double[] factors = new double[classes];
        for (int c = 0; c < classes; c++) {
            factors[c] = classWeights.getOrDefault(c, 1.0);
        }
        return factors;
    }

    static void requireTwoClasses(int[] labels, double[] weights) {
        int first = -1;
        for (int i = 0; i < labels.length; i++) {
            if (weights[i] > 0) {
                if (first >= 0 && labels[i] != first) {
                    return;
                }
                first = labels[i];
            }
        }
        requireTwo(first < 0 ? 0 : 1, first);
    }
}
