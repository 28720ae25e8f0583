package io.heddle.linear;

/**
 * How far the objective can lie above its minimum. The dual point that the model's own probabilities p make, u = Σ (e −
 * p) xᵀ / n, leaves as the gap
 *
 * <pre>Σ (l1 |w| + ½ l2 w² + conjugate(u) − w u)      over all weights, each term ≥ 0, 0 at an optimum,</pre>
 *
 * where the residuals of each class sum to zero, as they do at optimal intercepts b; what rounding leaves of those sums
 * is charged with |b|. The pure L1 norm has a conjugate that is infinite outside its box: there the residuals are
 * scaled until u lies inside, which keeps them feasible.
 */
final class DualityGap {
    private DualityGap() {}

    /**
     * @param loss at the parameters: used where the penalty has no L2 part
     * @param gradient of the loss: −u, and for the intercepts the mean residuals
     * @param objective loss plus penalty at the parameters
     */
    static double of(Loss loss, double[] parameters, double[] gradient, ElasticNetPenalty penalty, double objective) {
        int width = loss.width();
        double gap = 0;
        double largest = 0;
        for (int i = 0; i < parameters.length; i++) {
            double w = parameters[i];
            double g = gradient[i];
            if (ElasticNetPenalty.isIntercept(i, width)) {
                gap += Math.abs(g * w);
            } else if (penalty.hasL2()) {
                gap += term(penalty, i, w, g);
            } else {
                largest = Math.max(largest, Math.abs(g) / penalty.l1(i));
            }
        }
        if (penalty.hasL2()) {
            return gap;
        }
        return gap + objective + loss.meanNegativeEntropy(largest > 1 ? 1 / largest : 1);
    }

    /** l1 |w| + ½ l2 w² + conjugate(g) + w g, where it nearly cancels as the square that it is. */
    private static double term(ElasticNetPenalty penalty, int i, double w, double g) {
        double over = Math.abs(g) - penalty.l1(i);
        if (over >= 0 && w * g <= 0) {
            double violation = penalty.l2(i) * Math.abs(w) - over;
            return violation * violation / (2 * penalty.l2(i));
        }
        double primal = penalty.l1(i) * Math.abs(w) + 0.5 * penalty.l2(i) * w * w;
        return primal + penalty.conjugate(i, g) + w * g;
    }
}
