package io.heddle.linear;

import io.heddle.internal.columns.BinaryScaling;
import io.heddle.internal.columns.ColumnDeviations;
import io.heddle.internal.columns.ColumnMoments;
import io.heddle.internal.rows.Elements;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;

/**
 * x ↦ (x − shift) · scale, column by column, without a copy of the data: it is folded into weights and gradients. The
 * shift is always the mean, which leaves the optimum unchanged (the intercept is free) and makes the problem better
 * conditioned. The scale is 1; 1 / standard deviation where standardization is asked for or where the columns' spreads
 * differ too much for float sums; and 0 for a constant column, whose weight is 0.
 *
 * @param shift of each column
 * @param scale of each column
 * @param penaltyFactor what the penalty multiplies a column's parameter by: 1 where the penalty counts the parameter
 *     itself, the scale where it counts the weight for the data as they are
 * @param coarse whether float products with the data as they are lose the digits of some column: beside its mean, or
 *     because its squares leave the range of float
 */
record FeatureTransform(double[] shift, double[] scale, double[] penaltyFactor, boolean coarse) {
    /** Where a column's spread is this small a share of its mean, float products keep three digits of it or fewer. */
    private static final double MINIMUM_SPREAD = 1e-3;
    /** A column of less than this share of the largest spread is judged as if it had so much. */
    private static final double SPREAD_THAT_COUNTS = 1e-2;
    /** Ratio of curvatures from which columns are scaled: float sums and factors keep about seven digits. */
    private static final double MAXIMUM_CURVATURE = 1e6;

    /** When columns are divided by their deviation. */
    enum Scaling {
        /** Where the penalty counts the weights of scaled columns. */
        STANDARDIZE,
        /** Whenever it helps the solver; the penalty counts the weights of the columns as they are. */
        ALWAYS,
        /** As {@link #ALWAYS}, where the spreads of the columns differ much. */
        WHERE_NEEDED;

        /** @param small whether the data are so few that a scale costs nothing */
        static Scaling of(boolean standardize, boolean small) {
            if (standardize) {
                return STANDARDIZE;
            }
            return small ? ALWAYS : WHERE_NEEDED;
        }
    }

    /**
     * Means and standard deviations, with sums in double: two reads of the data, or one where deviations need not be
     * exact.
     *
     * @param rowWeights how much each row counts, or null
     * @param l2 the smallest weight of a squared norm that the data will be fitted with
     * @throws io.heddle.matrix.InvalidInputException naming the first element that is not finite, or a column whose
     *     values are lost in float
     */
    static FeatureTransform of(DataMatrix x, double[] rowWeights, Scaling scaling, double l2, WorkerPool pool) {
        double[] mean = ColumnMoments.of(x, "the data", pool).mean();
        double[] deviation = scaling == Scaling.WHERE_NEEDED
                ? ColumnDeviations.estimate(x, mean, pool)
                : ColumnDeviations.of(x, mean, rowWeights, pool);
        FloatSpread.check(x, mean, deviation);
        return of(mean, deviation, scaling, l2);
    }

    /**
     * From what is known of the columns.
     *
     * @param mean of each column
     * @param deviation of each column, 0 for a constant one
     * @param l2 the smallest weight of a squared norm that the data will be fitted with
     */
    static FeatureTransform of(double[] mean, double[] deviation, Scaling scaling, double l2) {
        double largest = Arrays.stream(deviation).max().orElse(0);
        double minimum = Arrays.stream(deviation).filter(d -> d > 0).min().orElse(largest);
        boolean extreme = BinaryScaling.isNeeded(minimum * minimum, largest * largest);
        boolean scaled = scaling != Scaling.WHERE_NEEDED
                || extreme
                || largest * largest > MAXIMUM_CURVATURE * Math.max(minimum * minimum, l2);
        double[] scale = new double[mean.length];
        double[] factor = new double[mean.length];
        boolean coarse = extreme;
        for (int j = 0; j < mean.length; j++) {
            scale[j] = deviation[j] == 0 ? 0 : scaled ? 1 / deviation[j] : 1;
            factor[j] = deviation[j] == 0 || scaling == Scaling.STANDARDIZE ? 1 : scale[j];
            coarse |= Math.max(deviation[j], SPREAD_THAT_COUNTS * largest) < MINIMUM_SPREAD * Math.abs(mean[j]);
        }
        return new FeatureTransform(mean, scale, factor, coarse);
    }

    int features() {
        return shift.length;
    }

    /**
     * Weights and biases for the data as they are, from parameters for the transformed data. The biases are those of
     * the rounded weights, so that rounding does not move the logits at the mean.
     *
     * @param parameters classes × (features + 1)
     * @param weights classes × features, overwritten
     * @param biases one row of classes, overwritten
     */
    void fold(double[] parameters, FloatMatrix weights, FloatMatrix biases) {
        int d = features();
        for (int c = 0; c < weights.rows(); c++) {
            int at = c * (d + 1);
            double bias = parameters[at + d];
            for (int j = 0; j < d; j++) {
                float folded = (float) (parameters[at + j] * scale[j]);
                bias -= folded * shift[j];
                Elements.set(weights, c, j, folded);
            }
            biases.set(0, c, (float) bias);
        }
    }

    /**
     * Refuses weights for the data as they are that floats cannot hold.
     *
     * @param weights classes × features, as {@link #fold} wrote them
     * @throws InvalidInputException naming the first such column
     */
    void requireRange(FloatMatrix weights) {
        for (int c = 0; c < weights.rows(); c++) {
            for (int j = 0; j < features(); j++) {
                if (!Float.isFinite(weights.get(c, j))) {
                    throw InvalidInputException.ofColumn(
                            j,
                            ("has a standard deviation of about %.3g, so its weight exceeds the largest float, %.2g;"
                                            + " multiply the column by a power of ten")
                                    .formatted(1 / scale[j], Float.MAX_VALUE));
                }
            }
        }
    }

    /**
     * The inverse of {@link #fold}; classes that the weights lack stay as they are, and a constant column has a
     * parameter of 0.
     */
    void unfold(FloatMatrix weights, float[] biases, double[] parameters) {
        int d = features();
        for (int c = 0; c < weights.rows(); c++) {
            int at = c * (d + 1);
            double bias = biases[c];
            for (int j = 0; j < d; j++) {
                double w = weights.get(c, j);
                parameters[at + j] = scale[j] == 0 ? 0 : w / scale[j];
                bias += w * shift[j];
            }
            parameters[at + d] = bias;
        }
    }
}
