package io.heddle.linear;

/**
 * A convex penalty of the parameters: the sum of a smooth part, ½ Σ l2 w², and a part with a kink at zero, a norm of
 * each block of parameters. The loss does not know it, and the solver sees it only through this interface.
 *
 * <p>A block is one parameter ({@link SeparablePenalty}). Parameters are an array of classes × (features + 1), the
 * intercept last in each class; intercepts are never penalised. To add a penalty, implement that interface and create
 * it in {@link Penalties}.
 */
sealed interface Penalty permits SeparablePenalty {
    /** This penalty, multiplied by a positive number. */
    Penalty times(double strength);

    /** Weight of the norms, before the factors of the columns; 0 if the penalty is smooth. */
    double norms();

    /** Whether the penalty has a kink, so that an optimum can have zeros. */
    default boolean hasKink() {
        return norms() > 0;
    }

    /** Whether every penalised parameter has a smooth part, whose conjugate is finite everywhere. */
    boolean hasSmoothPart();

    /**
     * Whether every weight is penalised, which the dual problem needs: the certificate is then the duality gap, else
     * the violation of the optimality (KKT) conditions.
     */
    boolean hasDual();

    /** Weight of the kink at parameter i; 0 if nothing holds the parameter at zero. */
    double kink(int i);

    /** Second derivative of the smooth part at parameter i. */
    double l2(int i);

    /** The penalty at a point. */
    double value(double[] parameters);

    /** Derivative of the objective's smooth part at parameter i, from that of the loss. */
    default double smooth(int i, double lossGradient, double parameter) {
        return lossGradient + l2(i) * parameter;
    }

    /**
     * The element of smallest norm of the objective's subdifferential; 0 at an optimum.
     *
     * @param lossGradient gradient of the loss
     * @param out overwritten
     */
    void subgradient(double[] lossGradient, double[] parameters, double[] out);

    /**
     * The change of the objective along a direction in the model that is linear but for the kinks: negative for a
     * descent direction.
     */
    double predictedDecrease(double[] lossGradient, double[] parameters, double[] direction);

    /** The smallest {@link #norms()} that holds all penalised weights at zero, from the loss's gradient there. */
    double smallestNorms(double[] lossGradient);

    /**
     * Σ (penalty(w) + conjugate(−g) + w g) over the blocks, each term ≥ 0 and 0 at an optimum, plus |w g| of parameters
     * without a penalty. Parameters whose penalty has no smooth part are left out: see {@link #dualNorm}.
     */
    double fenchelGap(double[] parameters, double[] lossGradient);

    /** The largest norm of a block of the gradient, as a multiple of what its kink allows; 0 with a smooth part. */
    double dualNorm(double[] lossGradient);

    /**
     * What to subtract from the weights of a feature, in all classes alike, to make their penalty smallest: it changes
     * no probability.
     *
     * @param j the feature
     * @param column its parameter for each class; may be reordered
     */
    double bestShift(int j, double[] column);
}
