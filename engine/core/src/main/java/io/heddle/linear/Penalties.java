package io.heddle.linear;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.linear.LogisticRegression.Options;
import java.util.Arrays;

/** Creates the penalty of the options. */
final class Penalties {
    private Penalties() {}

    static Penalty of(Options options, FeatureTransform transform) {
        return of(options, options.lambda(), transform);
    }

    /** As {@link #of(Options, FeatureTransform)}, with another lambda. */
    static Penalty of(Options options, double lambda, FeatureTransform transform) {
        double l1 = lambda * options.l1Ratio();
        double l2 = lambda * (1 - options.l1Ratio());
        PenaltyScale scale = new PenaltyScale(factors(options, transform.features()), transform.penaltyFactor());
        // Without norms both are the same.
        return options.grouped() && l1 > 0 ? new GroupedPenalty(l1, l2, scale) : new ElasticNetPenalty(l1, l2, scale);
    }

    /** The penalty for which the weights of all penalized columns are zero, if the weight of its norms is large. */
    static Penalty norms(Options options, double weight, FeatureTransform transform) {
        return of(options.withL1Ratio(1), weight, transform);
    }

    /** The smallest weight of the square of a column's weights. */
    static double smallestSquares(Options options, int features) {
        double minimum = Arrays.stream(factors(options, features)).min().orElse(1);
        return options.lambda() * (1 - options.l1Ratio()) * minimum;
    }

    /** The factor of each column: 1 if the options have none. */
    static double[] factors(Options options, int features) {
        double[] factors = new double[features];
        Arrays.fill(factors, 1);
        options.penaltyFactors().forEach((j, factor) -> {
            require(
                    j < features,
                    "there is a penalty factor for column %d, but the data have only %d columns, 0 to %d",
                    j,
                    features,
                    features - 1);
            factors[j] = factor;
        });
        return factors;
    }
}
