package io.heddle.linear;

/**
 * The mean cross-entropy of a softmax model over the training rows, at a current point: value, gradient and Hessian
 * products. {@link SoftmaxLoss} computes in float, {@link ExactLoss} in double.
 *
 * <p>Parameters are classes × (features + 1), the intercept last, for the data after {@link FeatureTransform}.
 */
interface Loss extends AutoCloseable {
    TrainingRows data();

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

    /** The mean loss at the current point plus t times the direction; does not read the data. */
    double lossAlong(double t);

    /** Moves by t times the direction: the loss and the gradient there. */
    double advance(double t, double[] gradient);

    /**
     * Σ q log q / rows for q = e + s (p − e), e being the true class: the conjugate of the loss at a scaled residual.
     */
    double meanNegativeEntropy(double s);

    /**
     * The mean of diag(p) − ppᵀ over the rows, classes × classes: the Hessian in the intercepts. Does not read the
     * data.
     */
    double[][] meanCurvature();

    /** Copies a row's probabilities at the current point. */
    void probabilities(int row, float[] p);

    /** Sweeps over the data so far; half sweeps count as halves, rounded up. */
    int passes();

    default int rows() {
        return data().count();
    }

    default int classes() {
        return data().classes();
    }

    /** Parameters per class: features and the intercept. */
    default int width() {
        return data().width();
    }

    default int size() {
        return classes() * width();
    }

    /** How much a row counts, 1 on the average. */
    default double rowWeight(int row) {
        return data().weights() == null ? 1 : data().weights()[row];
    }

    default FeatureTransform transform() {
        return data().transform();
    }

    @Override
    void close();
}
