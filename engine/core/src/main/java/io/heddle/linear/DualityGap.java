package io.heddle.linear;

/**
 * The maximum distance of the objective to its minimum. At the dual point u = Σ (e − p) xᵀ / n of the model's
 * probabilities p, the gap is
 *
 * <pre>Σ (penalty(w) + conjugate(u) − w u)      over all blocks of weights, each term ≥ 0, 0 at an optimum,</pre>
 *
 * if the residuals of each class sum to zero, as at optimal intercepts b; {@link Iterate#certify} adds what they lack.
 * Rounding errors of these sums are multiplied by |b| and added. The conjugate of the pure L1 norm is infinite outside
 * its box; in this case the residuals are scaled until u is inside, which keeps them feasible.
 */
final class DualityGap {
    private DualityGap() {}

    /**
     * @param loss at the parameters, used if the penalty has no smooth part
     * @param gradient of the loss: −u, and for the intercepts the mean residuals
     * @param objective loss plus penalty at the parameters
     */
    static double of(Loss loss, double[] parameters, double[] gradient, Penalty penalty, double objective) {
        double gap = penalty.fenchelGap(parameters, gradient);
        if (penalty.hasSmoothPart()) {
            return gap;
        }
        double largest = penalty.dualNorm(gradient);
        return gap + objective + loss.meanNegativeEntropy(largest > 1 ? 1 / largest : 1);
    }
}
