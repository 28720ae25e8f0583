package io.heddle.linear;

import java.util.Arrays;

/**
 * The step of iterative scaling for the intercepts: each class is multiplied by its share of the rows over its share of
 * the probabilities. Takes O(classes) time and memory, where {@link InterceptNewton} solves a dense system, and never
 * overshoots. Darroch and Ratcliff, "Generalized Iterative Scaling for Log-Linear Models", Ann. Math. Stat. 43(5),
 * 1972.
 */
final class InterceptScaling {
    /** A class without rows gets this share. */
    private static final double LEAST = 1e-12;

    private InterceptScaling() {}

    private static double[] shares(Loss loss) {
        double[] weights = loss.classWeights();
        double total = Arrays.stream(weights).sum();
        return Arrays.stream(weights).map(w -> w / total).toArray();
    }

    /** Writes the step: zero except for the intercepts. */
    static void direction(Loss loss, double[] gradient, double[] direction) {
        double[] shares = shares(loss);
        int width = loss.width();
        Arrays.fill(direction, 0);
        for (int c = 0; c < shares.length; c++) {
            int at = (c + 1) * width - 1;
            direction[at] = Math.log(Math.max(shares[c], LEAST) / Math.max(shares[c] + gradient[at], LEAST));
        }
    }

    /**
     * The divergence of the shares of the rows from those of the probabilities, Σ f log(f / m): by at least this much
     * the loss decreases in a step. It is 0 at optimal intercepts.
     */
    static double divergence(Loss loss, double[] gradient) {
        double[] shares = shares(loss);
        int width = loss.width();
        double sum = 0;
        for (int c = 0; c < shares.length; c++) {
            double surplus = gradient[(c + 1) * width - 1];
            if (shares[c] > 0) {
                double relative = Math.max(surplus / shares[c], Math.nextUp(-1.0));
                // The surpluses sum to zero. With them each term is at least zero, and small ones do not cancel.
                sum += shares[c] * (relative - Math.log1p(relative));
            } else {
                sum += Math.max(surplus, 0);
            }
        }
        return sum;
    }
}
