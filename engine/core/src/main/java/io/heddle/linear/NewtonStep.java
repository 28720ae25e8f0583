package io.heddle.linear;

/** One Newton step on free parameters, solved by {@link ConjugateGradient} and followed by a line search. */
final class NewtonStep {
    private NewtonStep() {}

    /**
     * @param products at most so many Hessian products
     * @param tolerance of the conjugate gradients
     */
    static void take(Iterate at, Preconditioner preconditioner, boolean[] free, int products, double tolerance) {
        double[] reduced = at.subgradient();
        for (int i = 0; i < reduced.length; i++) {
            reduced[i] = free[i] ? reduced[i] : 0;
        }
        ConjugateGradient.solve(
                at.loss(), at.penalty(), reduced, free, preconditioner, products, tolerance, at.direction());
        stayInOrthant(at);
        at.search();
    }

    /** A coordinate that would change its sign goes to zero instead: the model knows only this side of the kink. */
    static void stayInOrthant(Iterate at) {
        if (!at.penalty().hasKink()) {
            return;
        }
        double[] w = at.parameters();
        double[] d = at.direction();
        for (int i = 0; i < w.length; i++) {
            if (at.penalty().kink(i) > 0 && w[i] * (w[i] + d[i]) < 0) {
                d[i] = -w[i];
            }
        }
    }
}
