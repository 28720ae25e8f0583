package io.heddle.linear;

/** One Newton step on free parameters, solved by {@link ConjugateGradient} and followed by a line search. */
final class NewtonStep {
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
        at.penalty().stopAtKinks(at.parameters(), at.direction());
        return at.search();
    }
}
