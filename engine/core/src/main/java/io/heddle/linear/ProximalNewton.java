package io.heddle.linear;

import io.heddle.parallel.WorkerPool;
import java.util.function.Consumer;

/**
 * Minimizes softmax loss plus a penalty by coupled proximal Newton steps: {@link SparseIterations} with an L1 part,
 * {@link GroupedIterations} with norms of columns, {@link SmoothIterations} without kinks; and {@link DenseIterations}
 * for small problems and if the others make no more progress. Lee, Sun and Saunders, "Proximal Newton-Type Methods for
 * Minimizing Composite Functions", SIAM J. Optim. 24(3), 2014; Yuan, Ho and Lin, "An Improved GLMNET for L1-regularized
 * Logistic Regression", JMLR 13, 2012.
 */
final class ProximalNewton {
    /** Relative decrease of the objective in an iteration below which it is rounding error of sums in float. */
    private static final double MINIMUM_PROGRESS = 1e-9;
    /** The same for sums in double. */
    private static final double MINIMUM_EXACT_PROGRESS = 1e-13;
    /**
     * Iterations in float without a new minimum of the objective or of the certificate after which both only vary by
     * rounding error.
     */
    private static final int MAXIMUM_STALLED = 5;

    /** Operations for an estimated Hessian, in units of a Hessian product, and their limits. */
    private static final double BUDGET_PRODUCTS = 8;

    private static final double MINIMUM_BUDGET = 1.5e10;
    private static final double MAXIMUM_BUDGET = 3e10;

    /**
     * The state after an iteration.
     *
     * @param converged whether the certificate is within the tolerance; without a penalty, whether the last iteration
     *     also decreased the objective by less than that share, because separable rows then have no optimum
     */
    record State(int iterations, double objective, Certificate certificate, boolean converged) {}

    private ProximalNewton() {}

    /**
     * @param parameters start, overwritten by the solution
     * @param cheapPasses whether a pass over the rows costs little beside an estimate: an L1 part then gets a Newton
     *     step in every iteration, and without one estimates are rough and kept for long
     * @param tolerance stops when the certificate's relative value is at most this
     * @param maximum maximum number of iterations
     * @param progress called after each iteration
     */
    static State solve(
            Loss loss,
            Penalty penalty,
            double[] parameters,
            boolean cheapPasses,
            double tolerance,
            int maximum,
            WorkerPool pool,
            Consumer<State> progress) {
        Iterate at = new Iterate(loss, penalty, parameters);
        double product = 4.0 * loss.rows() * loss.width() * loss.classes();
        // Cheap passes make up for a rough estimate, except where coordinate descent moves by the estimate alone.
        double least = cheapPasses && !penalty.hasKink() ? 0 : MINIMUM_BUDGET;
        double budget = Math.clamp(BUDGET_PRODUCTS * product, least, MAXIMUM_BUDGET);
        double minimum = loss.exact() ? MINIMUM_EXACT_PROGRESS : MINIMUM_PROGRESS;
        State state = state(0, at, at.certify(tolerance), Double.POSITIVE_INFINITY, tolerance);
        Iterations iterations = start(at, cheapPasses, budget, pool);
        try {
            boolean progressed = true;
            double lowest = state.objective();
            double sharpest = state.certificate().relative();
            int stalled = 0;
            while (state.iterations() < maximum && !state.converged() && progressed) {
                double before = at.objective();
                double certified = state.certificate().relative();
                iterations.iterate();
                if (loss.exact()) {
                    at.shiftClasses();
                }
                Certificate certificate = at.certify(tolerance);
                double fall = before - at.objective();
                state = state(state.iterations() + 1, at, certificate, fall, tolerance);
                progressed = fall > minimum * Math.abs(before)
                        || certificate.relative() < 0.9 * certified
                        || !state.converged() && (iterations.refresh() | at.evaluate());
                boolean better =
                        at.objective() < lowest - minimum * Math.abs(lowest) || certificate.relative() < 0.9 * sharpest;
                stalled = better ? 0 : stalled + 1;
                lowest = Math.min(lowest, at.objective());
                sharpest = Math.min(sharpest, certificate.relative());
                progressed &= loss.exact() || stalled < MAXIMUM_STALLED;
                if (!progressed && !state.converged() && DenseIterations.replaces(iterations, loss)) {
                    iterations.close();
                    iterations = new DenseIterations(at);
                    progressed = true;
                    stalled = 0;
                }
                progress.accept(state);
            }
        } finally {
            iterations.close();
        }
        return state;
    }

    private static Iterations start(Iterate at, boolean cheapPasses, double budget, WorkerPool pool) {
        if (DenseIterations.cheap(at.loss())) {
            return new DenseIterations(at);
        }
        if (!at.penalty().hasKink()) {
            return new SmoothIterations(at, cheapPasses, budget, pool);
        }
        return switch (at.penalty()) {
            case SeparablePenalty penalty -> new SparseIterations(at, penalty, cheapPasses, budget, pool);
            case GroupedPenalty penalty -> new GroupedIterations(at, penalty, cheapPasses, budget, pool);
        };
    }

    private static State state(int iterations, Iterate at, Certificate certificate, double fall, double tolerance) {
        boolean settled = certificate.kind() == Certificate.Kind.DUALITY_GAP || fall <= tolerance * at.objective();
        return new State(iterations, at.objective(), certificate, settled && certificate.relative() <= tolerance);
    }
}
