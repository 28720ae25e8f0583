package io.heddle.linear;

import java.util.Arrays;

/**
 * One Newton step on free parameters, solved by {@link ConjugateGradient} and followed by a line search. The search
 * goes along a path that ends in zero for each parameter whose sign would change. A straight line to the end of that
 * path may ascend if many parameters do. Bertsekas, "Projected Newton Methods for Optimization Problems with Simple
 * Constraints", SIAM J. Control and Optimization 20(2), 1982.
 */
final class NewtonStep {
    /** Step lengths on the path, each half of the one before; each reads the data once. */
    private static final int TRIALS = 6;

    private NewtonStep() {}

    /**
     * @param products maximum number of Hessian products
     * @param tolerance of the conjugate gradients
     * @return whether the point moved
     */
    static boolean take(Iterate at, Preconditioner preconditioner, boolean[] free, int products, double tolerance) {
        double[] reduced = at.subgradient();
        for (int i = 0; i < reduced.length; i++) {
            reduced[i] = free[i] ? reduced[i] : 0;
        }
        ConjugateGradient.solve(
                at.loss(),
                at.penalty(),
                at.parameters(),
                reduced,
                free,
                preconditioner,
                products,
                tolerance,
                at.direction());
        return search(at);
    }

    private static boolean search(Iterate at) {
        double[] newton = at.direction().clone();
        at.penalty().stopAtKinks(at.parameters(), at.direction());
        if (Arrays.equals(newton, at.direction())) {
            return at.search();
        }
        double t = 1;
        for (int trial = 0; trial < TRIALS; trial++) {
            if (at.searchFullStep()) {
                return true;
            }
            t /= 2;
            for (int i = 0; i < newton.length; i++) {
                at.direction()[i] = t * newton[i];
            }
            at.penalty().stopAtKinks(at.parameters(), at.direction());
        }
        return at.search();
    }
}
