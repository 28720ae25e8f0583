package io.heddle.linear;

import java.util.Arrays;

/**
 * The current point of a solver: parameters, objective and gradient of the loss, and a line search along a direction.
 */
final class Iterate {
    private static final double SUFFICIENT = 1e-4;
    private static final int HALVINGS = 12;
    /** More shorten a step below the precision of double. */
    private static final int MAXIMUM_HALVINGS = 64;
    /** Mean residual of a class that is rounding error of sums in float. */
    private static final double BALANCED = 1e-7;
    /** The same for sums in double, relative to the tolerance of the gap. */
    private static final double EXACTLY_BALANCED = 1e-14;

    private static final double SHARE_OF_IMBALANCE = 1e-2;

    private final Loss loss;
    private final Penalty penalty;
    private final double[] parameters;
    private final double[] gradient;
    private final double[] direction;
    private final double[] point;
    private final int width;
    private double objective;
    private double startGradient;
    private int steps;
    private double stepLength;

    /** @param parameters start; updated in place */
    Iterate(Loss loss, Penalty penalty, double[] parameters) {
        this.loss = loss;
        this.penalty = penalty;
        this.parameters = parameters;
        gradient = new double[parameters.length];
        direction = new double[parameters.length];
        point = new double[parameters.length];
        width = loss.width();
        if (!penalty.hasDual()) {
            loss.evaluate(new double[parameters.length], gradient);
            startGradient = largest(gradient);
        }
        evaluate();
    }

    private static double largest(double[] values) {
        double largest = 0;
        for (double v : values) {
            largest = Math.max(largest, Math.abs(v));
        }
        return largest;
    }

    /**
     * Computes the logits from the data again, because updates in every step accumulate rounding errors.
     *
     * @return whether there were steps since the last time
     */
    boolean evaluate() {
        boolean moved = steps > 0;
        objective = loss.evaluate(parameters, gradient) + penalty.value(parameters);
        steps = 0;
        return moved;
    }

    Loss loss() {
        return loss;
    }

    Penalty penalty() {
        return penalty;
    }

    double[] parameters() {
        return parameters;
    }

    /** The gradient of the mean loss, without the penalty. */
    double[] gradient() {
        return gradient;
    }

    /** The direction, written by the steps before they call {@link #search()}. */
    double[] direction() {
        return direction;
    }

    double objective() {
        return objective;
    }

    /** The share of the direction that the last {@link #search()} moved: 1 for a full step, 0 for none. */
    double stepLength() {
        return stepLength;
    }

    /** The parameters that are not zero, and those without a kink, such as the intercepts. */
    boolean[] nonZeros() {
        return penalty.smoothAt(parameters);
    }

    /** The smallest element of the objective's subdifferential, as a new array. */
    double[] subgradient() {
        double[] result = new double[parameters.length];
        penalty.subgradient(gradient, parameters, result);
        return result;
    }

    /**
     * Backtracks from a full step until the objective decreases enough, then moves. If the expected decrease is below
     * the rounding error of sums in float, an increase within that error is accepted.
     *
     * @return whether the point moved
     */
    boolean search() {
        return search(HALVINGS, MAXIMUM_HALVINGS);
    }

    /** The same, but moves by the whole direction or not at all. */
    boolean searchFullStep() {
        return search(1, 1);
    }

    /**
     * @param trials minimum number of trials before it gives up
     * @param maximum number, while the expected decrease of a trial is more than rounding error: a direction from
     *     saturated probabilities, which have hardly any curvature, can be too long by many orders of magnitude
     */
    private boolean search(int trials, int maximum) {
        stepLength = 0;
        double decrease = penalty.predictedDecrease(gradient, parameters, direction);
        if (!(decrease < 0)) {
            return false;
        }
        loss.setDirection(direction);
        double rounding = loss.rounding() * Math.abs(objective);
        double slack = -decrease < 10 * rounding ? rounding : 0;
        double t = 1;
        for (int trial = 0; trial < trials || trial < maximum && -t * decrease > rounding; trial++, t /= 2) {
            for (int i = 0; i < point.length; i++) {
                point[i] = parameters[i] + t * direction[i];
            }
            double value = loss.lossAlong(t) + penalty.value(point);
            if (value <= objective + SUFFICIENT * t * decrease + slack) {
                System.arraycopy(point, 0, parameters, 0, point.length);
                objective = loss.advance(t, gradient) + penalty.value(parameters);
                steps++;
                stepLength = t;
                return true;
            }
        }
        return false;
    }

    /**
     * Optimal intercepts are a condition of the dual. So they are optimized, and logits are computed from the data,
     * before a certificate is accepted.
     */
    Certificate certify(double tolerance) {
        Certificate certificate = certificate(0);
        if (certificate.relative() > tolerance) {
            return certificate;
        }
        if (steps > 0) {
            evaluate();
        }
        double balanced = loss.exact()
                ? Math.clamp(SHARE_OF_IMBALANCE * tolerance * objective, EXACTLY_BALANCED, BALANCED)
                : BALANCED;
        for (int i = 0; i < HALVINGS && InterceptNewton.residual(gradient, width) > balanced; i++) {
            if (!balance()) {
                break;
            }
        }
        return certificate(InterceptScaling.divergence(loss, gradient));
    }

    /** Moves the intercepts; returns whether this was possible. */
    private boolean balance() {
        if (InterceptNewton.applies(loss)) {
            InterceptNewton.direction(loss, gradient, direction);
            if (search()) {
                return true;
            }
        }
        InterceptScaling.direction(loss, gradient, direction);
        return search();
    }

    /** @param imbalance what optimal intercepts would at least gain, which the gap does not contain */
    private Certificate certificate(double imbalance) {
        if (!penalty.hasDual()) {
            double largest = largest(subgradient());
            double relative = largest == 0 ? 0 : largest / startGradient;
            return new Certificate(Certificate.Kind.KKT_VIOLATION, relative);
        }
        double gap = DualityGap.of(loss, parameters, gradient, penalty, objective);
        return new Certificate(Certificate.Kind.DUALITY_GAP, (Math.max(gap, 0) + imbalance) / objective);
    }

    /**
     * Adds to the weights of each column, the same for all classes, the shift that minimizes their penalty. It changes
     * no probability; only the penalty has curvature along it, which may be tiny.
     */
    void shiftClasses() {
        double before = penalty.value(parameters);
        double[] column = new double[loss.classes()];
        for (int j = 0; j < width - 1; j++) {
            for (int c = 0; c < column.length; c++) {
                column[c] = parameters[c * width + j];
            }
            double shift = penalty.bestShift(j, column);
            for (int c = 0; c < column.length; c++) {
                parameters[c * width + j] -= shift;
            }
        }
        objective -= before - penalty.value(parameters);
    }

    boolean isZero() {
        return Arrays.stream(parameters).allMatch(v -> v == 0);
    }
}
