package io.heddle.spark;

import static io.heddle.matrix.InvalidInputException.require;

import java.util.Arrays;

/**
 * The two parameters of MLlib's logistic regression that change predictions: {@code threshold} t of two classes, which
 * is equivalent to {@code thresholds} [1 − t, t].
 */
final class Thresholds {
    /** MLlib's tolerance if both parameters are set. */
    private static final double SAME = 1e-5;

    private Thresholds() {}

    /** The probability above which the second of two classes is predicted. */
    static double single(LogisticParams from) {
        requireConsistent(from);
        if (!from.isSet(from.thresholds())) {
            return (Double) from.getOrDefault(from.threshold());
        }
        double[] all = from.getOrDefault(from.thresholds());
        require(
                all.length == 2,
                "there is no single threshold, because thresholds has %d values; use getThresholds",
                all.length);
        return single(all);
    }

    private static double single(double[] two) {
        return 1 / (1 + two[0] / two[1]);
    }

    /** The divisor of the probability of each class. */
    static double[] all(LogisticParams from) {
        requireConsistent(from);
        if (!from.isSet(from.thresholds()) && from.isSet(from.threshold())) {
            double second = (Double) from.getOrDefault(from.threshold());
            return new double[] {1 - second, second};
        }
        return from.getOrDefault(from.thresholds());
    }

    private static void requireConsistent(LogisticParams from) {
        if (from.isSet(from.threshold()) && from.isSet(from.thresholds())) {
            double own = (Double) from.getOrDefault(from.threshold());
            double[] all = from.getOrDefault(from.thresholds());
            require(
                    all.length == 2 && Math.abs(own - single(all)) < SAME,
                    "threshold is %s, but thresholds is %s; set one of them only",
                    own,
                    Arrays.toString(all));
        }
    }

    /**
     * Checks that the parameters are those of a model.
     *
     * @param classes of the model
     * @param binomial whether its coefficients are one vector
     */
    static void requireFor(LogisticParams from, int classes, boolean binomial) {
        requireConsistent(from);
        require(
                binomial || !from.isSet(from.threshold()),
                "threshold is set, which is for two classes of the binomial family, but there are %d classes and the family"
                        + " is %s; set thresholds, one for each class",
                classes,
                LogisticParamSet.MULTINOMIAL);
        if (from.isSet(from.thresholds())) {
            int count = from.getOrDefault(from.thresholds()).length;
            require(
                    count == classes,
                    "thresholds has %d values, but there are %d classes; set one for each class",
                    count,
                    classes);
        }
    }

    /** The margin of the second class above which it is predicted. */
    static double margin(double threshold) {
        // Infinite at 0 and 1: all rows are of one class.
        return Math.log(threshold / (1 - threshold));
    }
}
