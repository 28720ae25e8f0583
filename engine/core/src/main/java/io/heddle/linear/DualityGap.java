package io.heddle.linear;

/**
 * How far the objective can lie above its minimum. The dual point that the model's own probabilities p make, u = Σ (e −
 * p) xᵀ / n, leaves as the gap
 *
 * <pre>Σ (penalty(w) + conjugate(u) − w u)      over all blocks of weights, each term ≥ 0, 0 at an optimum,</pre>
 *
 * where the residuals of each class sum to zero, as they do at optimal intercepts b; what rounding leaves of those sums
 * is charged with |b|. The pure L1 norm has a conjugate that is infinite outside its box: there the residuals are
 * scaled until u lies inside, which keeps them feasible.
 */
final class DualityGap {
    private DualityGap() {}

    /**
     * @param loss at the parameters: used where the penalty has no smooth part
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
