package io.heddle.linear;

/**
 * λ (l1Ratio ‖W‖₁ + ½ (1 − l1Ratio) ‖W‖²) over all weights but the intercepts. Parameters are an array of classes ×
 * (features + 1), the intercept last in each class.
 *
 * @param l1 λ · l1Ratio
 * @param l2 λ · (1 − l1Ratio)
 */
record ElasticNetPenalty(double l1, double l2) {
    static ElasticNetPenalty of(double lambda, double l1Ratio) {
        return new ElasticNetPenalty(lambda * l1Ratio, lambda * (1 - l1Ratio));
    }

    double value(double[] parameters, int width) {
        double absolute = 0;
        double squares = 0;
        for (int i = 0; i < parameters.length; i++) {
            if (!isIntercept(i, width)) {
                absolute += Math.abs(parameters[i]);
                squares += parameters[i] * parameters[i];
            }
        }
        return l1 * absolute + 0.5 * l2 * squares;
    }

    static boolean isIntercept(int i, int width) {
        return i % width == width - 1;
    }

    /** The largest absolute value among those of weights, intercepts left out. */
    static double largestOfWeights(double[] values, int width) {
        double largest = 0;
        for (int i = 0; i < values.length; i++) {
            if (!isIntercept(i, width)) {
                largest = Math.max(largest, Math.abs(values[i]));
            }
        }
        return largest;
    }

    /** The derivative of the whole objective's smooth part, given that of the loss. */
    double smooth(double lossGradient, double parameter, boolean intercept) {
        return intercept ? lossGradient : lossGradient + l2 * parameter;
    }

    /**
     * The smallest element of the objective's subdifferential in one coordinate; 0 at an optimum.
     *
     * @param lossGradient derivative of the loss
     */
    double subgradient(double lossGradient, double parameter, boolean intercept) {
        double g = smooth(lossGradient, parameter, intercept);
        if (intercept || l1 == 0) {
            return g;
        }
        if (parameter != 0) {
            return g + Math.copySign(l1, parameter);
        }
        return Math.signum(g) * Math.max(Math.abs(g) - l1, 0);
    }

    /** The minimiser of ½ a (u − z)² + l1 |u|. */
    double shrink(double z, double a, boolean intercept) {
        if (intercept) {
            return z;
        }
        double t = l1 / a;
        return Math.copySign(Math.max(Math.abs(z) - t, 0), z);
    }

    /** The convex conjugate at one coordinate: (|u| − l1)₊² / 2 l2; where l2 is 0, 0 within the box and else +∞. */
    double conjugate(double u) {
        double over = Math.max(Math.abs(u) - l1, 0);
        if (over == 0) {
            return 0;
        }
        return l2 == 0 ? Double.POSITIVE_INFINITY : over * over / (2 * l2);
    }
}
