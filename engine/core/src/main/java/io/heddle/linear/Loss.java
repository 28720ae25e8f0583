package io.heddle.linear;

/**
 * The mean cross-entropy of a softmax model over the training rows, at a current point: value, gradient and Hessian
 * products. All are sums over the rows, and the solver uses the rows only through these sums. {@link RowLoss} has the
 * rows in memory; {@link PartitionedLoss} adds up the sums of partitions.
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
     * The relative rounding error of the objective: smaller differences are not significant.
     *
     * @return about 1e-8 in float, 1e-15 in double
     */
    double rounding();

    /** Whether sums are in double. */
    boolean exact();

    /** Moves to a point; returns its mean loss and computes the gradient. */
    double evaluate(double[] parameters, double[] gradient);

    /** hv ← H v at the current point. */
    void hessianProduct(double[] v, double[] hv);

    /** Prepares {@link #lossAlong} and {@link #advance} for a direction. */
    void setDirection(double[] direction);

    /** The mean loss at the current point plus t times the direction. */
    double lossAlong(double t);

    /** Moves by t times the direction; computes the loss and the gradient. */
    double advance(double t, double[] gradient);

    /**
     * Σ q log q / rows for q = e + s (p − e), with e the true class: the conjugate of the loss at a scaled residual.
     */
    double meanNegativeEntropy(double s);

    /** The sum of the row weights of each class. */
    double[] classWeights();

    /** The mean of diag(p) − ppᵀ over the rows, classes × classes: the Hessian in the intercepts. */
    double[][] meanCurvature();

    /** Maximum number of parameters for {@link #hessian}; 0 if the loss does not compute it. */
    int maximumDense();

    /**
     * The whole Hessian at the current point, for at most {@link #maximumDense()} parameters.
     *
     * @param hessian size × size, zeros or an earlier Hessian; its blocks of classes a ≤ b are overwritten
     */
    void hessian(double[] hessian);

    /**
     * The rows for estimating a Hessian, with their probabilities at the current point: all rows if they are in memory,
     * else a sample.
     */
    RowLoss curvatureRows();

    /** The number of passes over the data; half passes count as halves, rounded up. */
    int passes();

    default int size() {
        return classes() * width();
    }

    @Override
    void close();
}
