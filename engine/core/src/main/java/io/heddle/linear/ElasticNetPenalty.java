package io.heddle.linear;

import java.util.Arrays;

/**
 * λ (l1Ratio ‖W‖₁ + ½ (1 − l1Ratio) ‖W‖²) over all weights but the intercepts, as a function of the parameters for the
 * transformed data: a column's weight is its parameter times a factor. Parameters are an array of classes × (features +
 * 1), the intercept last in each class.
 */
final class ElasticNetPenalty {
    private final double l1;
    private final double l2;
    private final double[] factors;
    /** Of each column and of the intercept, which has none: {@code l1 · factor} and {@code l2 · factor²}. */
    private final double[] l1s;

    private final double[] l2s;

    /**
     * @param l1 λ · l1Ratio
     * @param l2 λ · (1 − l1Ratio)
     * @param factors of the columns
     */
    private ElasticNetPenalty(double l1, double l2, double[] factors) {
        this.l1 = l1;
        this.l2 = l2;
        this.factors = factors;
        l1s = new double[factors.length + 1];
        l2s = new double[factors.length + 1];
        for (int j = 0; j < factors.length; j++) {
            l1s[j] = l1 * factors[j];
            l2s[j] = l2 * factors[j] * factors[j];
        }
    }

    static ElasticNetPenalty of(double lambda, double l1Ratio, FeatureTransform transform) {
        return new ElasticNetPenalty(lambda * l1Ratio, lambda * (1 - l1Ratio), transform.penaltyFactor());
    }

    /** This penalty, so many times as strong. */
    ElasticNetPenalty times(double strength) {
        return new ElasticNetPenalty(l1 * strength, l2 * strength, factors);
    }

    boolean hasL1() {
        return l1 > 0;
    }

    boolean hasL2() {
        return l2 > 0;
    }

    /** Weight of the L1 norm of the weights. */
    double l1() {
        return l1;
    }

    /** Weight of |parameter i|. */
    double l1(int i) {
        return l1s[i % l1s.length];
    }

    /** Weight of half the square of parameter i. */
    double l2(int i) {
        return l2s[i % l2s.length];
    }

    double value(double[] parameters) {
        double sum = 0;
        for (int i = 0; i < parameters.length; i++) {
            sum += l1(i) * Math.abs(parameters[i]) + 0.5 * l2(i) * parameters[i] * parameters[i];
        }
        return sum;
    }

    static boolean isIntercept(int i, int width) {
        return i % width == width - 1;
    }

    /**
     * The smallest weight of the L1 norm that holds all weights at zero.
     *
     * @param gradient of the loss where they are zero
     */
    static double smallestL1(double[] gradient, FeatureTransform transform) {
        double[] factors = transform.penaltyFactor();
        int width = factors.length + 1;
        double largest = 0;
        for (int i = 0; i < gradient.length; i++) {
            if (!isIntercept(i, width)) {
                largest = Math.max(largest, Math.abs(gradient[i]) / factors[i % width]);
            }
        }
        return largest;
    }

    /** The derivative of the whole objective's smooth part at parameter i, given that of the loss. */
    double smooth(int i, double lossGradient, double parameter) {
        return lossGradient + l2(i) * parameter;
    }

    /**
     * The smallest element of the objective's subdifferential in one coordinate; 0 at an optimum.
     *
     * @param lossGradient derivative of the loss
     */
    double subgradient(int i, double lossGradient, double parameter) {
        double g = smooth(i, lossGradient, parameter);
        double kink = l1(i);
        if (kink == 0) {
            return g;
        }
        if (parameter != 0) {
            return g + Math.copySign(kink, parameter);
        }
        return Math.signum(g) * Math.max(Math.abs(g) - kink, 0);
    }

    /** The minimiser of ½ a (u − z)² + l1 |u| at parameter i. */
    double shrink(int i, double z, double a) {
        double kink = l1(i);
        return kink == 0 ? z : Math.copySign(Math.max(Math.abs(z) - kink / a, 0), z);
    }

    /**
     * What to subtract from the weights of a column, in all classes alike, so that their penalty is smallest: their
     * mean without an L1 norm, a median without a squared one, and else the point where the derivative changes its
     * sign.
     *
     * @param column a parameter per class; sorted
     */
    double bestShift(int j, double[] column) {
        int n = column.length;
        double kink = l1(j);
        double slope = l2(j) * n;
        double mean = Arrays.stream(column).average().orElse(0);
        if (kink == 0) {
            return slope > 0 ? mean : 0;
        }
        Arrays.sort(column);
        for (int below = 0; below < n; below++) {
            // To the left of this weight, n − below weights pull up and the others down.
            double pull = kink * (n - 2 * below);
            double knot = column[below];
            if (slope * (knot - mean) - pull > 0) {
                return mean + pull / slope;
            }
            if (slope * (knot - mean) - kink * (n - 2 * (below + 1)) >= 0) {
                return knot;
            }
        }
        return mean - kink * n / slope;
    }

    /** The convex conjugate at one weight: (|u| − l1)₊² / 2 l2; where l2 is 0, 0 within the box and else +∞. */
    double conjugate(int i, double u) {
        double over = Math.max(Math.abs(u) - l1(i), 0);
        if (over == 0) {
            return 0;
        }
        return l2(i) == 0 ? Double.POSITIVE_INFINITY : over * over / (2 * l2(i));
    }
}
