package io.heddle.linear;

import io.heddle.parallel.WorkerPool;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Minimises softmax loss plus elastic net by coupled proximal Newton steps on a working set. A round is
 *
 * <ol>
 *   <li>with an L1 part: coordinate descent on the quadratic model of the working set (the non-zeros and the largest
 *       violators), whose Hessian is estimated on sampled rows and couples the classes; a line search on the objective;
 *   <li>a Newton step on the non-zeros within their orthant by conjugate gradients with the true Hessian,
 *       preconditioned by the factor of the same estimate.
 * </ol>
 *
 * Without an L1 part only the second remains, with one estimate per class. Lee, Sun and Saunders, "Proximal Newton-Type
 * Methods for Minimizing Composite Functions", SIAM J. Optim. 24(3), 2014; Yuan, Ho and Lin, "An Improved GLMNET for
 * L1-regularized Logistic Regression", JMLR 13, 2012.
 */
final class ProximalNewton {
    /** Most classes that are coupled: the pairs of many would take more room than they bring. */
    private static final int MOST_COUPLED_CLASSES = 64;
    /** Most coordinates in one coupled estimate: 4,224² floats are 71 MB. */
    private static final int MOST_COUPLED = 4_224;
    /** Violators taken into a working set, as a share of the non-zeros: more cost more than they bring. */
    private static final double GROWTH = 0.6;

    private static final int LEAST_ROOM = 300;
    /** Most floats in all estimates together where they are not coupled: 256 MB. */
    private static final long MOST_FLOATS = 1L << 26;

    /** Factor on the diagonal of a coupled estimate, which has seen as many coordinates as half its rows. */
    private static final double DAMPING = 1.1;

    private static final int SWEEPS = 30;
    /** What float logits leave of the mean loss's digits. */
    private static final double ROUNDING = 1e-8;

    private static final double SUFFICIENT = 1e-4;
    private static final int HALVINGS = 12;
    /** A round that lowers the objective by less than this share of it has met the rounding of float sums. */
    private static final double LEAST_PROGRESS = 1e-9;
    /** Mean residual of a class that float sums cannot tell from zero. */
    private static final double BALANCED = 1e-7;

    /** What is known after a round. */
    record State(int rounds, double objective, Certificate certificate, boolean progressed) {}

    private final SoftmaxLoss loss;
    private final ElasticNetPenalty penalty;
    private final int[] sample;
    private final WorkerPool pool;
    private final double[] parameters;
    private final double[] gradient;
    private final double[] direction;
    private final int width;
    private double objective;
    private double startSubgradient;

    /**
     * @param sample rows on which Hessians are estimated
     * @param parameters start, and in the end the solution
     */
    ProximalNewton(SoftmaxLoss loss, ElasticNetPenalty penalty, int[] sample, double[] parameters, WorkerPool pool) {
        this.loss = loss;
        this.penalty = penalty;
        this.sample = sample;
        this.pool = pool;
        this.parameters = parameters;
        this.gradient = new double[parameters.length];
        this.direction = new double[parameters.length];
        this.width = loss.width();
    }

    /**
     * @param tolerance ends when the certificate's relative value is at most this
     * @param rounds at most so many rounds
     * @param progress told after each round
     */
    State solve(double tolerance, int rounds, Consumer<State> progress) {
        objective = loss.evaluate(parameters, gradient) + penalty.value(parameters, width);
        State state = new State(0, objective, certify(tolerance), true);
        while (state.rounds() < rounds && state.certificate().relative() > tolerance && state.progressed()) {
            double before = objective;
            double certified = state.certificate().relative();
            round();
            Certificate certificate = certify(tolerance);
            boolean progressed =
                    before - objective > LEAST_PROGRESS * Math.abs(before) || certificate.relative() < 0.9 * certified;
            state = new State(state.rounds() + 1, objective, certificate, progressed);
            progress.accept(state);
        }
        return state;
    }

    /** Optimal intercepts are a condition of the dual: they are made so before a certificate is believed. */
    private Certificate certify(double tolerance) {
        Certificate certificate = certificate();
        if (certificate.relative() > tolerance || !InterceptNewton.applies(loss)) {
            return certificate;
        }
        for (int i = 0; i < HALVINGS && InterceptNewton.residual(gradient, width) > BALANCED; i++) {
            InterceptNewton.direction(loss, gradient, direction);
            if (!search()) {
                break;
            }
        }
        return certificate();
    }

    private Certificate certificate() {
        if (penalty.l1() == 0 && penalty.l2() == 0) {
            double largest = largestSubgradient();
            startSubgradient = Math.max(startSubgradient, largest);
            double relative = largest == 0 ? 0 : largest / startSubgradient;
            return new Certificate(Certificate.Kind.KKT_VIOLATION, relative);
        }
        double gap = DualityGap.of(loss, parameters, gradient, penalty, objective);
        return new Certificate(Certificate.Kind.DUALITY_GAP, Math.max(gap, 0) / objective);
    }

    private double largestSubgradient() {
        double largest = 0;
        for (int i = 0; i < parameters.length; i++) {
            boolean intercept = ElasticNetPenalty.isIntercept(i, width);
            largest = Math.max(largest, Math.abs(penalty.subgradient(gradient[i], parameters[i], intercept)));
        }
        return largest;
    }

    private void round() {
        List<int[]> groups = penalty.l1() > 0 ? groupsOf(workingSet()) : groupsOf(all());
        List<BlockHessian> hessians =
                BlockHessian.build(loss, sample, groups, penalty, penalty.l1() > 0 ? DAMPING : 1, pool);
        try {
            if (penalty.l1() > 0) {
                descend(hessians);
                newton(hessians, nonZeros(), 6, 0.05, false);
            } else {
                newton(hessians, everyParameter(), 12, 0.2, groups.size() > 1);
            }
        } finally {
            hessians.forEach(BlockHessian::close);
        }
    }

    private void descend(List<BlockHessian> hessians) {
        Arrays.fill(direction, 0);
        pool.run(
                hessians.size(),
                (g, worker) -> CoordinateDescent.minimise(
                        hessians.get(g), gradient, parameters, penalty, width, SWEEPS, 1e-3, direction));
        search();
    }

    private void newton(
            List<BlockHessian> hessians, boolean[] free, int products, double tolerance, boolean projected) {
        double[] reduced = new double[parameters.length];
        for (int i = 0; i < reduced.length; i++) {
            boolean intercept = ElasticNetPenalty.isIntercept(i, width);
            reduced[i] = free[i] ? penalty.subgradient(gradient[i], parameters[i], intercept) : 0;
        }
        try (Preconditioner preconditioner = new Preconditioner(hessians, free, loss.classes(), projected, pool)) {
            ConjugateGradient.solve(loss, penalty, reduced, free, preconditioner, products, tolerance, direction);
        }
        stayInOrthant();
        search();
    }

    /** A coordinate that would change its sign goes to zero instead: the model knows only this side of the kink. */
    private void stayInOrthant() {
        if (penalty.l1() == 0) {
            return;
        }
        for (int i = 0; i < parameters.length; i++) {
            if (!ElasticNetPenalty.isIntercept(i, width) && parameters[i] * (parameters[i] + direction[i]) < 0) {
                direction[i] = -parameters[i];
            }
        }
    }

    /**
     * Backtracks from a full step until the objective falls enough, then moves. Where the fall to expect is below the
     * rounding of float sums, a rise within that rounding is let pass.
     *
     * @return whether it moved
     */
    private boolean search() {
        double decrease = predictedDecrease();
        if (!(decrease < 0)) {
            return false;
        }
        double rounding = ROUNDING * Math.abs(objective);
        double slack = -decrease < 10 * rounding ? rounding : 0;
        loss.setDirection(direction);
        double[] trial = new double[parameters.length];
        double t = 1;
        for (int halving = 0; halving < HALVINGS; halving++, t /= 2) {
            for (int i = 0; i < trial.length; i++) {
                trial[i] = parameters[i] + t * direction[i];
            }
            double value = loss.lossAlong(t) + penalty.value(trial, width);
            if (value <= objective + SUFFICIENT * t * decrease + slack) {
                System.arraycopy(trial, 0, parameters, 0, trial.length);
                objective = loss.advance(t, gradient) + penalty.value(parameters, width);
                return true;
            }
        }
        return false;
    }

    /** ⟨∇f, δ⟩ + l1 (‖w + δ‖₁ − ‖w‖₁): negative for a direction of descent. */
    private double predictedDecrease() {
        double sum = 0;
        for (int i = 0; i < parameters.length; i++) {
            boolean intercept = ElasticNetPenalty.isIntercept(i, width);
            sum += penalty.smooth(gradient[i], parameters[i], intercept) * direction[i];
            if (!intercept) {
                sum += penalty.l1() * (Math.abs(parameters[i] + direction[i]) - Math.abs(parameters[i]));
            }
        }
        return sum;
    }

    private boolean[] everyParameter() {
        boolean[] free = new boolean[parameters.length];
        Arrays.fill(free, true);
        return free;
    }

    private boolean[] nonZeros() {
        boolean[] free = new boolean[parameters.length];
        for (int i = 0; i < free.length; i++) {
            free[i] = parameters[i] != 0 || ElasticNetPenalty.isIntercept(i, width);
        }
        return free;
    }

    private int[] all() {
        int[] every = new int[parameters.length];
        Arrays.setAll(every, i -> i);
        return every;
    }

    /** Non-zeros and intercepts, and of the zeros those that violate optimality, the largest first, up to the limit. */
    private int[] workingSet() {
        boolean[] chosen = nonZeros();
        int count = 0;
        int[] violators = new int[parameters.length];
        int violating = 0;
        double[] size = new double[parameters.length];
        for (int i = 0; i < chosen.length; i++) {
            if (chosen[i]) {
                count++;
            } else {
                size[i] = Math.abs(penalty.subgradient(gradient[i], 0, false));
                if (size[i] > 0) {
                    violators[violating++] = i;
                }
            }
        }
        int room = Math.max(LEAST_ROOM, (int) (GROWTH * count));
        if (count < MOST_COUPLED) {
            room = Math.min(room, MOST_COUPLED - count);
        }
        if (violating > room) {
            it.unimi.dsi.fastutil.ints.IntArrays.quickSort(
                    violators, 0, violating, (a, b) -> size[b] != size[a] ? Double.compare(size[b], size[a]) : a - b);
        }
        for (int i = 0; i < Math.min(room, violating); i++) {
            chosen[violators[i]] = true;
        }
        int[] result = new int[count + Math.min(room, violating)];
        int n = 0;
        for (int i = 0; i < chosen.length; i++) {
            if (chosen[i]) {
                result[n++] = i;
            }
        }
        return result;
    }

    /**
     * One coupled group where it fits and there is an L1 part, else one per class, in pieces where a class is too
     * large.
     */
    private List<int[]> groupsOf(int[] coordinates) {
        boolean coupled = penalty.l1() > 0 && loss.classes() <= MOST_COUPLED_CLASSES;
        if (coupled && coordinates.length <= MOST_COUPLED) {
            return List.of(coordinates);
        }
        int piece = (int) Math.clamp(MOST_FLOATS / coordinates.length, 1, MOST_COUPLED);
        List<int[]> groups = new ArrayList<>();
        int from = 0;
        while (from < coordinates.length) {
            int c = coordinates[from] / width;
            int to = from;
            while (to < coordinates.length && to - from < piece && coordinates[to] / width == c) {
                to++;
            }
            groups.add(Arrays.copyOfRange(coordinates, from, to));
            from = to;
        }
        return groups;
    }
}
