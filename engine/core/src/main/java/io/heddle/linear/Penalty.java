package io.heddle.linear;

/**
 * A convex penalty of the parameters: the sum of a smooth part, ½ Σ l2 w², and a part with a kink at zero, a norm of
 * each block of parameters. The loss is independent of it, and the solver uses it only through this interface.
 *
 * <p>A block is one parameter ({@link SeparablePenalty}) or the parameters of one column in all classes
 * ({@link GroupedPenalty}). Parameters are an array of classes × (features + 1), the intercept last in each class;
 * intercepts are never penalized. To add a penalty, implement one of these and create it in {@link Penalties}.
 */
sealed interface Penalty permits SeparablePenalty, GroupedPenalty {
    /** This penalty, multiplied by a positive number. */
    Penalty times(double strength);

    /** Weight of the norms, before the factors of the columns; 0 if the penalty is smooth. */
    double norms();

    /** Whether the penalty has a kink, so that an optimum can have zeros. */
    default boolean hasKink() {
        return norms() > 0;
    }

    /** Whether every penalized parameter has a smooth part, whose conjugate is finite everywhere. */
    boolean hasSmoothPart();

    /**
     * Whether every weight is penalized, which the dual problem requires. The certificate is then the duality gap, else
     * the violation of the optimality (KKT) conditions.
     */
    boolean hasDual();

    /** The parameters at which the penalty has a derivative: those of non-zero blocks, and those without a norm. */
    boolean[] smoothAt(double[] parameters);

    /** Second derivative of the smooth part at parameter i. */
    double l2(int i);

    /** The penalty at a point. */
    double value(double[] parameters);

    /** Derivative of the objective's smooth part at parameter i, from that of the loss. */
    default double smooth(int i, double lossGradient, double parameter) {
        return lossGradient + l2(i) * parameter;
    }

    /**
     * Adds the penalty's Hessian times a vector, at a point.
     *
     * @param vector 0 where {@link #smoothAt} is false
     * @param out added to; undefined where {@link #smoothAt} is false
     */
    void addHessianProduct(double[] parameters, double[] vector, double[] out);

    /** Receives elements of a symmetric matrix. */
    @FunctionalInterface
    interface Elements {
        /** Adds to element (i, k), k ≤ i. */
        void add(int i, int k, double value);
    }

    /**
     * Computes the Hessian of the norms, without {@link #l2}, restricted to some parameters.
     *
     * @param coordinates numbers of parameters at which {@link #smoothAt} is true
     * @param elements receives the elements that are not zero, by positions in {@code coordinates}
     */
    void normHessian(double[] parameters, int[] coordinates, Elements elements);

    /**
     * Shortens a step that would cross a kink, so that it ends there: a quadratic model is valid on one side only.
     *
     * @param direction updated in place
     */
    void stopAtKinks(double[] parameters, double[] direction);

    /**
     * The element of smallest norm of the objective's subdifferential; 0 at an optimum.
     *
     * @param lossGradient gradient of the loss
     * @param out overwritten
     */
    void subgradient(double[] lossGradient, double[] parameters, double[] out);

    /**
     * The change of the objective along a direction in a model that is linear except for the kinks: negative for a
     * descent direction.
     */
    double predictedDecrease(double[] lossGradient, double[] parameters, double[] direction);

    /** The smallest {@link #norms()} with which all penalized weights are zero, from the loss's gradient at zero. */
    double smallestNorms(double[] lossGradient);

    /**
     * Σ (penalty(w) + conjugate(−g) + w g) over the blocks, each term ≥ 0 and 0 at an optimum, plus |w g| of parameters
     * without a penalty. Parameters whose penalty has no smooth part are excluded: see {@link #dualNorm}.
     */
    double fenchelGap(double[] parameters, double[] lossGradient);

    /** The largest norm of a block of the gradient, relative to the weight of its norm; 0 with a smooth part. */
    double dualNorm(double[] lossGradient);

    /**
     * The shift of the weights of a feature, the same for all classes, that minimizes their penalty. Subtracting it
     * changes no probability.
     *
     * @param j the feature
     * @param column its parameter for each class; may be reordered
     */
    double bestShift(int j, double[] column);
}
