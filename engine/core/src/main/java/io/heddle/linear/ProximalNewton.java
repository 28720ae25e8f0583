package io.heddle.linear;

import io.heddle.parallel.WorkerPool;
import java.util.function.Consumer;

/**
 * Minimises softmax loss plus elastic net by coupled proximal Newton steps: {@link SparseRounds} with an L1 part,
 * {@link SmoothRounds} without. Lee, Sun and Saunders, "Proximal Newton-Type Methods for Minimizing Composite
 * Functions", SIAM J. Optim. 24(3), 2014; Yuan, Ho and Lin, "An Improved GLMNET for L1-regularized Logistic
 * Regression", JMLR 13, 2012.
 */
final class ProximalNewton {
    /** A round that lowers the objective by less than this share of it has met the rounding of float sums. */
    private static final double LEAST_PROGRESS = 1e-9;
    /** Operations for an estimated Hessian, in units of what a Hessian product costs, and their limits. */
    private static final double PRODUCTS_WORTH = 8;

    private static final double LEAST_BUDGET = 5e9;
    private static final double MOST_BUDGET = 3e10;

    /** What is known after a round. */
    record State(int rounds, double objective, Certificate certificate) {}

    private ProximalNewton() {}

    /**
     * @param parameters start, and in the end the solution
     * @param thorough whether to polish in every round: worth it where passes over the rows are cheap
     * @param tolerance ends when the certificate's relative value is at most this
     * @param most at most so many rounds
     * @param progress told after each round
     */
    static State solve(
            SoftmaxLoss loss,
            ElasticNetPenalty penalty,
            double[] parameters,
            boolean thorough,
            double tolerance,
            int most,
            WorkerPool pool,
            Consumer<State> progress) {
        Iterate at = new Iterate(loss, penalty, parameters);
        double product = 4.0 * loss.rows() * loss.width() * loss.classes();
        double budget = Math.clamp(PRODUCTS_WORTH * product, LEAST_BUDGET, MOST_BUDGET);
        Certificate start = at.certify(tolerance);
        State state = new State(0, at.objective(), start);
        try (Rounds rounds =
                penalty.l1() > 0 ? new SparseRounds(at, thorough, budget, pool) : new SmoothRounds(at, budget, pool)) {
            boolean progressed = true;
            while (state.rounds() < most && state.certificate().relative() > tolerance && progressed) {
                double before = at.objective();
                double certified = state.certificate().relative();
                rounds.round();
                Certificate certificate = at.certify(tolerance);
                progressed = before - at.objective() > LEAST_PROGRESS * Math.abs(before)
                        || certificate.relative() < 0.9 * certified
                        || certificate.relative() > tolerance && (rounds.refresh() | at.evaluate());
                state = new State(state.rounds() + 1, at.objective(), certificate);
                progress.accept(state);
            }
        }
        return state;
    }
}
