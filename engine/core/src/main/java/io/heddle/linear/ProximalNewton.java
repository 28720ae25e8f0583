package io.heddle.linear;

import io.heddle.parallel.WorkerPool;
import java.util.function.Consumer;

/**
 * Minimises softmax loss plus a penalty by coupled proximal Newton steps: {@link SparseRounds} with an L1 part,
 * {@link GroupedRounds} with norms of columns, {@link SmoothRounds} without kinks; and {@link DenseRounds} for small
 * problems and where the others make no more progress. Lee, Sun and Saunders, "Proximal Newton-Type Methods for
 * Minimizing Composite Functions", SIAM J. Optim. 24(3), 2014; Yuan, Ho and Lin, "An Improved GLMNET for L1-regularized
 * Logistic Regression", JMLR 13, 2012.
 */
final class ProximalNewton {
    /** A round that lowers the objective by less than this share of it is lost in the rounding of float sums. */
    private static final double LEAST_PROGRESS = 1e-9;
    /** The same of sums in double. */
    private static final double LEAST_EXACT_PROGRESS = 1e-13;
    /** Operations for an estimated Hessian, in units of what a Hessian product costs, and their limits. */
    private static final double PRODUCTS_WORTH = 8;

    private static final double LEAST_BUDGET = 5e9;
    private static final double MOST_BUDGET = 3e10;

    /**
     * What is known after a round.
     *
     * @param converged whether the certificate is within the tolerance; without a penalty, whether the last round also
     *     lowered the objective by less than that share of it, for separable rows have no optimum then
     */
    record State(int rounds, double objective, Certificate certificate, boolean converged) {}

    private ProximalNewton() {}

    /**
     * @param parameters start, and in the end the solution
     * @param thorough whether to polish in every round: worth it where passes over the rows are cheap
     * @param tolerance ends when the certificate's relative value is at most this
     * @param most at most so many rounds
     * @param progress told after each round
     */
    static State solve(
            Loss loss,
            Penalty penalty,
            double[] parameters,
            boolean thorough,
            double tolerance,
            int most,
            WorkerPool pool,
            Consumer<State> progress) {
        Iterate at = new Iterate(loss, penalty, parameters);
        double product = 4.0 * loss.rows() * loss.width() * loss.classes();
        double budget = Math.clamp(PRODUCTS_WORTH * product, LEAST_BUDGET, MOST_BUDGET);
        double least = loss.exact() ? LEAST_EXACT_PROGRESS : LEAST_PROGRESS;
        State state = state(0, at, at.certify(tolerance), Double.POSITIVE_INFINITY, tolerance);
        Rounds rounds = start(at, thorough, budget, pool);
        try {
            boolean progressed = true;
            while (state.rounds() < most && !state.converged() && progressed) {
                double before = at.objective();
                double certified = state.certificate().relative();
                rounds.round();
                if (loss.exact()) {
                    at.shiftClasses();
                }
                Certificate certificate = at.certify(tolerance);
                double fall = before - at.objective();
                state = state(state.rounds() + 1, at, certificate, fall, tolerance);
                progressed = fall > least * Math.abs(before)
                        || certificate.relative() < 0.9 * certified
                        || !state.converged() && (rounds.refresh() | at.evaluate());
                if (!progressed && !state.converged() && DenseRounds.replaces(rounds, loss)) {
                    rounds.close();
                    rounds = new DenseRounds(at, pool);
                    progressed = true;
                }
                progress.accept(state);
            }
        } finally {
            rounds.close();
        }
        return state;
    }

    private static Rounds start(Iterate at, boolean thorough, double budget, WorkerPool pool) {
        if (DenseRounds.cheap(at.loss())) {
            return new DenseRounds(at, pool);
        }
        if (!at.penalty().hasKink()) {
            return new SmoothRounds(at, budget, pool);
        }
        return switch (at.penalty()) {
            case SeparablePenalty penalty -> new SparseRounds(at, penalty, thorough, budget, pool);
            case GroupedPenalty penalty -> new GroupedRounds(at, penalty, thorough, budget, pool);
        };
    }

    private static State state(int rounds, Iterate at, Certificate certificate, double fall, double tolerance) {
        boolean settled = certificate.kind() == Certificate.Kind.DUALITY_GAP || fall <= tolerance * at.objective();
        return new State(rounds, at.objective(), certificate, settled && certificate.relative() <= tolerance);
    }
}
