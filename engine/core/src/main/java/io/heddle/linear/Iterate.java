package io.heddle.linear;

import java.util.Arrays;

/**
 * The point a solver stands at: parameters, objective and gradient of the loss there, and the way to a better one along
 * a direction.
 */
final class Iterate {
    private static final double SUFFICIENT = 1e-4;
    private static final int HALVINGS = 12;
    /** Mean residual of a class that float sums cannot tell from zero. */
    private static final double BALANCED = 1e-7;
    /** The same of sums in double, where a share of the gap to reach is enough. */
    private static final double EXACTLY_BALANCED = 1e-14;

    private static final double SHARE_OF_IMBALANCE = 1e-2;

    private final Loss loss;
    private final Penalty penalty;
    private final double[] parameters;
    private final double[] gradient;
    private final double[] direction;
    private final double[] trial;
    private final int width;
    private double objective;
    private double startGradient;
    private int steps;

    /** @param parameters start; moved in place */
    Iterate(Loss loss, Penalty penalty, double[] parameters) {
        this.loss = loss;
        this.penalty = penalty;
        this.parameters = parameters;
        gradient = new double[parameters.length];
        direction = new double[parameters.length];
        trial = new double[parameters.length];
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
     * Takes the logits from the data again: those that are moved along with every step gather rounding.
     *
     * @return whether there had been steps
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

    /** Of the mean loss, without the penalty. */
    double[] gradient() {
        return gradient;
    }

    /** Where to go next, written by the steps before they call {@link #search()}. */
    double[] direction() {
        return direction;
    }

    double objective() {
        return objective;
    }

    /** The parameters that are not zero, and those that no kink holds there, such as the intercepts. */
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
     * Backtracks from a full step until the objective falls enough, then moves. Where the fall to expect is below the
     * rounding of float sums, a rise within that rounding is let pass.
     *
     * @return whether it moved
     */
    boolean search() {
        double decrease = penalty.predictedDecrease(gradient, parameters, direction);
        if (!(decrease < 0)) {
            return false;
        }
        loss.setDirection(direction);
        double rounding = loss.rounding() * Math.abs(objective);
        double slack = -decrease < 10 * rounding ? rounding : 0;
        double t = 1;
        for (int halving = 0; halving < HALVINGS; halving++, t /= 2) {
            for (int i = 0; i < trial.length; i++) {
                trial[i] = parameters[i] + t * direction[i];
            }
            double value = loss.lossAlong(t) + penalty.value(trial);
            if (value <= objective + SUFFICIENT * t * decrease + slack) {
                System.arraycopy(trial, 0, parameters, 0, trial.length);
                objective = loss.advance(t, gradient) + penalty.value(parameters);
                steps++;
                return true;
            }
        }
        return false;
    }

    /**
     * Optimal intercepts are a condition of the dual: they are made so before a certificate is believed, and the logits
     * are taken from the data.
     */
    Certificate certify(double tolerance) {
        Certificate certificate = certificate();
        if (certificate.relative() > tolerance) {
            return certificate;
        }
        if (steps > 0) {
            evaluate();
        }
        if (!InterceptNewton.applies(loss)) {
            return certificate();
        }
        double balanced = loss.exact()
                ? Math.clamp(SHARE_OF_IMBALANCE * tolerance * objective, EXACTLY_BALANCED, BALANCED)
                : BALANCED;
        for (int i = 0; i < HALVINGS && InterceptNewton.residual(gradient, width) > balanced; i++) {
            InterceptNewton.direction(loss, gradient, direction);
            if (!search()) {
                break;
            }
        }
        return certificate();
    }

    private Certificate certificate() {
        if (!penalty.hasDual()) {
            double largest = largest(subgradient());
            double relative = largest == 0 ? 0 : largest / startGradient;
            return new Certificate(Certificate.Kind.KKT_VIOLATION, relative);
        }
        double gap = DualityGap.of(loss, parameters, gradient, penalty, objective);
        return new Certificate(Certificate.Kind.DUALITY_GAP, Math.max(gap, 0) / objective);
    }

    /**
     * Adds to the weights of each column, in all classes alike, what makes their penalty smallest: it changes no
     * probability, and along it only the penalty has curvature, which may be tiny.
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
