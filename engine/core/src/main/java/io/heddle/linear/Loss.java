package io.heddle.linear;

/**
 * The mean cross-entropy of a softmax model over the training rows, at a current point: value, gradient and Hessian
 * products. All of them are sums over the rows, and the solver sees the rows through these sums alone. {@link RowLoss}
 * has the rows in memory; {@link PartitionedLoss} adds up the sums of partitions.
 *
 * <p>Parameters are classes × (features + 1), the intercept last, for the data after {@link FeatureTransform}.
 */
interface Loss extends AutoCloseable {
    /** Number of rows. */
    long rows();

    int classes();

    /** Parameters per class: features and the intercept. */
    int width();

    /**
     * The share of the objective that is rounding: differences below it have no meaning.
     *
     * @return about 1e-8 in float, 1e-15 in double
     */
    double rounding();

    /** Whether sums are in double. */
    boolean exact();

    /** Moves to a point: its mean loss, and the gradient of that. */
    double evaluate(double[] parameters, double[] gradient);

    /** hv ← H v at the current point. */
    void hessianProduct(double[] v, double[] hv);

    /** Prepares {@link #lossAlong} and {@link #advance} for a direction. */
    void setDirection(double[] direction);

    /** The mean loss at the current point plus t times the direction. */
    double lossAlong(double t);

    /** Moves by t times the direction: the loss and the gradient there. */
    double advance(double t, double[] gradient);

    /**
     * Σ q log q / rows for q = e + s (p − e), e being the true class: the conjugate of the loss at a scaled residual.
     */
    double meanNegativeEntropy(double s);

    /** The mean of diag(p) − ppᵀ over the rows, classes × classes: the Hessian in the intercepts. */
    double[][] meanCurvature();

    /** Parameters up to which {@link #hessian} is affordable; 0 where the loss does not compute it. */
    int maximumDense();

    /**
     * The whole Hessian at the current point, for at most {@link #maximumDense()} parameters.
     *
     * @param hessian size × size, zeros or an earlier Hessian; its blocks of classes a ≤ b are overwritten
     */
    void hessian(double[] hessian);

    /**
     * The rows, with their probabilities at the current point, that a Hessian can be estimated from: all of them where
     * they are in memory, else a sample.
     */
    RowLoss curvatureRows();

    /** Sweeps over the data so far; half sweeps count as halves, rounded up. */
    int passes();

    default int size() {
        return classes() * width();
    }

    @Override
    void close();
}
