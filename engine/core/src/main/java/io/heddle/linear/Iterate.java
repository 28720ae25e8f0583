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
    private final ElasticNetPenalty penalty;
    private final double[] parameters;
    private final double[] gradient;
    private final double[] direction;
    private final double[] trial;
    private final int width;
    private double objective;
    private double startSubgradient;
    private int steps;

    /** @param parameters start; moved in place */
    Iterate(Loss loss, ElasticNetPenalty penalty, double[] parameters) {
        this.loss = loss;
        this.penalty = penalty;
        this.parameters = parameters;
        gradient = new double[parameters.length];
        direction = new double[parameters.length];
        trial = new double[parameters.length];
        width = loss.width();
        if (!penalised()) {
            loss.evaluate(new double[parameters.length], gradient);
            startSubgradient = largestSubgradient();
        }
        evaluate();
    }

    private boolean penalised() {
        return penalty.hasL1() || penalty.hasL2();
    }

    private double largestSubgradient() {
        double largest = 0;
        for (int i = 0; i < parameters.length; i++) {
            largest = Math.max(largest, Math.abs(subgradient(i)));
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

    ElasticNetPenalty penalty() {
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

    boolean isIntercept(int i) {
        return ElasticNetPenalty.isIntercept(i, width);
    }

    /** The parameters that are not zero, and the intercepts. */
    boolean[] nonZeros() {
        boolean[] free = new boolean[parameters.length];
        for (int i = 0; i < free.length; i++) {
            free[i] = parameters[i] != 0 || isIntercept(i);
        }
        return free;
    }

    /** The smallest element of the objective's subdifferential at one parameter. */
    double subgradient(int i) {
        return penalty.subgradient(i, gradient[i], parameters[i]);
    }

    /**
     * Backtracks from a full step until the objective falls enough, then moves. Where the fall to expect is below the
     * rounding of float sums, a rise within that rounding is let pass.
     *
     * @return whether it moved
     */
    boolean search() {
        double decrease = predictedDecrease();
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

    /** ⟨∇f, δ⟩ + l1 (‖w + δ‖₁ − ‖w‖₁): negative for a direction of descent. */
    private double predictedDecrease() {
        double sum = 0;
        for (int i = 0; i < parameters.length; i++) {
            sum += penalty.smooth(i, gradient[i], parameters[i]) * direction[i];
            sum += penalty.l1(i) * (Math.abs(parameters[i] + direction[i]) - Math.abs(parameters[i]));
        }
        return sum;
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
        if (!penalised()) {
            double largest = largestSubgradient();
            double relative = largest == 0 ? 0 : largest / startSubgradient;
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
