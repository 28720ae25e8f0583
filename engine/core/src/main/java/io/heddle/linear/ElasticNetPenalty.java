package io.heddle.linear;

import java.util.Arrays;

/**
 * The elastic net, λ Σ fⱼ (l1Ratio |w| + ½ (1 − l1Ratio) w²) over all weights but the intercepts, as a function of the
 * parameters for the transformed data: a column's weight is its parameter times a scale.
 */
final class ElasticNetPenalty implements SeparablePenalty {
    private final double l1;
    private final double l2;
    private final PenaltyScale scale;
    /** Of each column, and 0 for the intercept. */
    private final double[] l1s;

    private final double[] l2s;

    /**
     * @param l1 λ · l1Ratio
     * @param l2 λ · (1 − l1Ratio)
     * @param scale of the columns
     */
    ElasticNetPenalty(double l1, double l2, PenaltyScale scale) {
        this.l1 = scale.penalised() == 0 ? 0 : l1;
        this.l2 = scale.penalised() == 0 ? 0 : l2;
        this.scale = scale;
        l1s = scale.norms(l1);
        l2s = scale.squares(l2);
    }

    @Override
    public ElasticNetPenalty times(double strength) {
        return new ElasticNetPenalty(l1 * strength, l2 * strength, scale);
    }

    @Override
    public double norms() {
        return l1;
    }

    @Override
    public boolean hasSmoothPart() {
        return l2 > 0;
    }

    @Override
    public boolean hasDual() {
        return (l1 > 0 || l2 > 0) && scale.penalised() == scale.columns();
    }

    @Override
    public double kink(int i) {
        return l1s[i % l1s.length];
    }

    @Override
    public double l2(int i) {
        return l2s[i % l2s.length];
    }

    @Override
    public boolean[] smoothAt(double[] parameters) {
        boolean[] smooth = new boolean[parameters.length];
        for (int i = 0; i < smooth.length; i++) {
            smooth[i] = parameters[i] != 0 || kink(i) == 0;
        }
        return smooth;
    }

    @Override
    public void addHessianProduct(double[] parameters, double[] vector, double[] out) {
        for (int i = 0; i < out.length; i++) {
            out[i] = smooth(i, out[i], vector[i]);
        }
    }

    /** Adds nothing: an absolute value has no curvature. */
    @Override
    public void normHessian(double[] parameters, int[] coordinates, Elements elements) {}

    /** A parameter that would change its sign becomes zero instead. */
    @Override
    public void stopAtKinks(double[] parameters, double[] direction) {
        for (int i = 0; i < parameters.length; i++) {
            if (kink(i) > 0 && parameters[i] * (parameters[i] + direction[i]) < 0) {
                direction[i] = -parameters[i];
            }
        }
    }

    @Override
    public double value(double[] parameters) {
        double sum = 0;
        for (int i = 0; i < parameters.length; i++) {
            sum += kink(i) * Math.abs(parameters[i]) + 0.5 * l2(i) * parameters[i] * parameters[i];
        }
        return sum;
    }

    @Override
    public double smallestNorms(double[] gradient) {
        double largest = 0;
        for (int i = 0; i < gradient.length; i++) {
            double factor = scale.of(i % l1s.length);
            if (factor > 0) {
                largest = Math.max(largest, Math.abs(gradient[i]) / factor);
            }
        }
        return largest;
    }

    @Override
    public void subgradient(double[] lossGradient, double[] parameters, double[] out) {
        for (int i = 0; i < out.length; i++) {
            out[i] = subgradient(i, lossGradient[i], parameters[i]);
        }
    }

    private double subgradient(int i, double lossGradient, double parameter) {
        double g = smooth(i, lossGradient, parameter);
        double kink = kink(i);
        if (kink == 0) {
            return g;
        }
        if (parameter != 0) {
            return g + Math.copySign(kink, parameter);
        }
        return Math.signum(g) * Math.max(Math.abs(g) - kink, 0);
    }

    @Override
    public double predictedDecrease(double[] lossGradient, double[] parameters, double[] direction) {
        double sum = 0;
        for (int i = 0; i < parameters.length; i++) {
            sum += smooth(i, lossGradient[i], parameters[i]) * direction[i];
            sum += kink(i) * (Math.abs(parameters[i] + direction[i]) - Math.abs(parameters[i]));
        }
        return sum;
    }

    @Override
    public double shrink(int i, double z, double a) {
        double kink = kink(i);
        return kink == 0 ? z : Math.copySign(Math.max(Math.abs(z) - kink / a, 0), z);
    }

    /** The mean without an L1 part, a median without a squared part, else the root of the derivative. */
    @Override
    public double bestShift(int j, double[] column) {
        int n = column.length;
        double kink = kink(j);
        double slope = l2(j) * n;
        double mean = Arrays.stream(column).average().orElse(0);
        if (kink == 0) {
            return slope > 0 ? mean : 0;
        }
        Arrays.sort(column);
        for (int below = 0; below < n; below++) {
            // Left of this weight, the derivative has n − below negative terms; the others are positive.
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

    @Override
    public double fenchelGap(double[] parameters, double[] lossGradient) {
        double gap = 0;
        for (int i = 0; i < parameters.length; i++) {
            if (scale.of(i % l1s.length) == 0) {
                gap += Math.abs(lossGradient[i] * parameters[i]);
            } else if (hasSmoothPart()) {
                gap += term(i, parameters[i], lossGradient[i]);
            }
        }
        return gap;
    }

    @Override
    public double dualNorm(double[] lossGradient) {
        double largest = 0;
        for (int i = 0; !hasSmoothPart() && i < lossGradient.length; i++) {
            if (scale.of(i % l1s.length) > 0) {
                largest = Math.max(largest, Math.abs(lossGradient[i]) / kink(i));
            }
        }
        return largest;
    }

    /** l1 |w| + ½ l2 w² + conjugate(g) + w g; computed as a square where these terms nearly cancel. */
    private double term(int i, double w, double g) {
        double over = Math.abs(g) - kink(i);
        if (over >= 0 && w * g <= 0) {
            double violation = l2(i) * Math.abs(w) - over;
            return violation * violation / (2 * l2(i));
        }
        double primal = kink(i) * Math.abs(w) + 0.5 * l2(i) * w * w;
        return primal + conjugate(i, g) + w * g;
    }

    /** The convex conjugate at one weight: (|u| − l1)₊² / 2 l2. */
    private double conjugate(int i, double u) {
        double over = Math.max(Math.abs(u) - kink(i), 0);
        return over == 0 ? 0 : over * over / (2 * l2(i));
    }
}
