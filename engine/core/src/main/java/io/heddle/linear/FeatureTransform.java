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
 * x ↦ (x − shift) · scale for each column. The data are not copied: the transform is folded into weights and gradients.
 * The shift is the mean. The optimum stays the same, because the intercept is free, and the problem is better
 * conditioned. The scale is 1 by default. It is 1 / standard deviation with standardization, or if the spreads of the
 * columns differ too much for float sums. It is 0 for a constant column, whose weight is 0.
 *
 * <p>Without intercepts the shift is 0. The spread of a column is then its root mean square, so that a constant column
 * other than zero has a weight; with standardization it has none, because its standard deviation is 0.
 *
 * @param shift of each column
 * @param scale of each column
 * @param penaltyFactor factor of a column's parameter in the penalty: 1 if the penalty applies to the parameter, the
 *     scale if it applies to the weight of the original data
 * @param constant factor of the intercepts: 1, or 0 if there are none
 * @param coarse whether float products with the original data are not accurate for some column, because its mean is
 *     large relative to its spread or because its squares are outside the range of float
 */
record FeatureTransform(double[] shift, double[] scale, double[] penaltyFactor, double constant, boolean coarse) {
    /** If spread / mean of a column is below this, float products keep at most three digits of the spread. */
    private static final double MINIMUM_SPREAD = 1e-3;
    /** Columns with a smaller share of the largest spread are judged as if they had this share. */
    private static final double MINIMUM_RELATIVE_SPREAD = 1e-2;
    /** Columns are scaled from this ratio of curvatures on: float sums and factors keep about seven digits. */
    private static final double MAXIMUM_CURVATURE = 1e6;

    /** When columns are divided by their standard deviation. */
    enum Scaling {
        /** The penalty applies to the weights of scaled columns. */
        STANDARDIZE,
        /** If it helps the solver. The penalty applies to the weights of the original columns. */
        ALWAYS,
        /** Like {@link #ALWAYS}, if the spreads of the columns differ much. */
        WHERE_NEEDED;

        /** @param small whether the data are so small that scaling takes no time */
        static Scaling of(boolean standardize, boolean small) {
            if (standardize) {
                return STANDARDIZE;
            }
            return small ? ALWAYS : WHERE_NEEDED;
        }
    }

    /**
     * Computes means and standard deviations with sums in double. This reads the data twice, or once if approximate
     * deviations are enough.
     *
     * @param rowWeights the weight of each row, or null
     * @param intercepts whether there are intercepts
     * @param l2 the minimum weight of a squared norm in the fits
     * @throws io.heddle.matrix.InvalidInputException with the first element that is not finite, or a column whose
     *     values float cannot represent
     */
    static FeatureTransform of(
            DataMatrix x, double[] rowWeights, Scaling scaling, boolean intercepts, double l2, WorkerPool pool) {
        double[] mean = ColumnMoments.of(x, "the data", pool).mean();
        double[] deviation = scaling == Scaling.WHERE_NEEDED
                ? ColumnDeviations.estimate(x, mean, pool)
                : ColumnDeviations.of(x, mean, rowWeights, pool);
        FloatSpread.check(x, mean, deviation);
        return of(mean, deviation, scaling, intercepts, l2);
    }

    /**
     * Makes the transform from the moments of the columns.
     *
     * @param mean of each column
     * @param deviation of each column, 0 for a constant column
     * @param intercepts whether there are intercepts
     * @param l2 the minimum weight of a squared norm in the fits
     */
    static FeatureTransform of(double[] mean, double[] deviation, Scaling scaling, boolean intercepts, double l2) {
        double[] spread = intercepts || scaling == Scaling.STANDARDIZE ? deviation : rootMeanSquares(mean, deviation);
        double largest = Arrays.stream(spread).max().orElse(0);
        double minimum = Arrays.stream(spread).filter(s -> s > 0).min().orElse(largest);
        boolean extreme = BinaryScaling.isNeeded(minimum * minimum, largest * largest);
        boolean scaled = scaling != Scaling.WHERE_NEEDED
                || extreme
                || largest * largest > MAXIMUM_CURVATURE * Math.max(minimum * minimum, l2);
        double widest = Arrays.stream(deviation).max().orElse(0);
        double[] scale = new double[mean.length];
        double[] factor = new double[mean.length];
        boolean coarse = extreme;
        for (int j = 0; j < mean.length; j++) {
            scale[j] = spread[j] == 0 ? 0 : scaled ? 1 / spread[j] : 1;
            factor[j] = spread[j] == 0 || scaling == Scaling.STANDARDIZE ? 1 : scale[j];
            coarse |= Math.max(deviation[j], MINIMUM_RELATIVE_SPREAD * widest) < MINIMUM_SPREAD * Math.abs(mean[j]);
        }
        double[] shift = intercepts ? mean : new double[mean.length];
        return new FeatureTransform(shift, scale, factor, intercepts ? 1 : 0, coarse);
    }

    private static double[] rootMeanSquares(double[] mean, double[] deviation) {
        double[] result = new double[mean.length];
        Arrays.setAll(result, j -> Math.hypot(mean[j], deviation[j]));
        return result;
    }

    int features() {
        return shift.length;
    }

    /**
     * Computes weights and biases for the original data from parameters for the transformed data. The biases are
     * computed from the rounded weights, so that rounding does not change the logits at the mean.
     *
     * @param parameters classes × (features + 1)
     * @param weights classes × features, overwritten
     * @param biases one row of classes, overwritten
     */
    void fold(double[] parameters, FloatMatrix weights, FloatMatrix biases) {
        int d = features();
        for (int c = 0; c < weights.rows(); c++) {
            int at = c * (d + 1);
            double bias = constant * parameters[at + d];
            for (int j = 0; j < d; j++) {
                float folded = (float) (parameters[at + j] * scale[j]);
                bias -= folded * shift[j];
                Elements.set(weights, c, j, folded);
            }
            // Adds 0 so that an absent intercept is not -0.
            biases.set(0, c, (float) (bias + 0.0));
        }
    }

    /**
     * Refuses weights for the original data that are outside the range of float.
     *
     * @param weights classes × features, as {@link #fold} wrote them
     * @throws InvalidInputException with the first such column
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
     * The inverse of {@link #fold}. Parameters of classes without weights are not changed. The parameter of a constant
     * column is 0.
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
            parameters[at + d] = constant * bias;
        }
    }
}
