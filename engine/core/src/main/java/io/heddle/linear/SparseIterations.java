package io.heddle.linear;

import io.heddle.parallel.WorkerPool;
import it.unimi.dsi.fastutil.ints.IntArrays;
import java.util.Arrays;
import java.util.List;

/**
 * Iterations with an L1 part:
 *
 * <ol>
 *   <li>coordinate descent on the quadratic model of a working set (the non-zeros and the largest violators), whose
 *       estimated Hessian couples the classes; a line search on the objective;
 *   <li>near the optimum, a Newton step on the non-zeros within their orthant by conjugate gradients with the true
 *       Hessian, preconditioned by the factor of the same estimate. Earlier, the support is not yet correct.
 * </ol>
 *
 * After an iteration of little gain the estimate is used a second time.
 */
final class SparseIterations implements Iterations {
    /** Violators in a working set, as a share of the non-zeros; more are not worth their cost. */
    private static final double GROWTH = 0.6;

    private static final int MINIMUM_ROOM = 300;
    /**
     * Share of the objective: a smaller decrease by descent is followed by a Newton step, and after a smaller decrease
     * by an iteration the estimate is kept.
     */
    private static final double NEAR = 3e-3;

    private static final double MINIMUM_BUDGET = 1e9;
    private static final double SWEEP_TOLERANCE = 1e-3;
    /** Hessian products of a Newton step: few while the support changes, more for the last digits. */
    private static final int PRODUCTS = 4;

    private static final int LAST_PRODUCTS = 10;
    /** Share of the objective: after a smaller decrease the support hardly changes. */
    private static final double SETTLED = 1e-4;

    private static final double TOLERANCE = 0.05;

    private final Iterate at;
    private final SeparablePenalty penalty;
    private final boolean alwaysNewton;
    private final double budget;
    private final WorkerPool pool;
    private List<BlockHessian> estimate = List.of();
    private DescentEffort effort;
    private Damping damping;
    private Preconditioner preconditioner;
    private boolean kept;
    private double gain = Double.POSITIVE_INFINITY;

    /**
     * @param alwaysNewton whether every iteration ends in a Newton step
     * @param budget approximate floating-point operations for an estimated Hessian of a full working set
     */
    SparseIterations(Iterate at, SeparablePenalty penalty, boolean alwaysNewton, double budget, WorkerPool pool) {
        this.at = at;
        this.penalty = penalty;
        this.alwaysNewton = alwaysNewton;
        this.budget = budget;
        this.pool = pool;
    }

    @Override
    public void iterate() {
        double before = at.objective();
        kept = !kept && !estimate.isEmpty() && gain < NEAR * before;
        if (!kept) {
            close();
            int[] working = workingSet();
            List<int[]> groups = CoordinateGroups.of(working, at.loss());
            RowLoss rows = at.loss().curvatureRows();
            effort = DescentEffort.of(rows);
            damping = damping == null ? new Damping(effort.damping()) : damping;
            estimate =
                    BlockHessian.build(rows, groups, at.penalty(), damping.factor(), budgetFor(working.length), pool);
        }
        descend();
        if (alwaysNewton || before - at.objective() < NEAR * before) {
            boolean[] free = at.nonZeros();
            if (preconditioner == null) {
                preconditioner = Preconditioner.of(estimate, at, pool);
            }
            int products = gain < SETTLED * before ? LAST_PRODUCTS : PRODUCTS;
            NewtonStep.take(at, preconditioner, free, products, TOLERANCE);
        }
        gain = before - at.objective();
    }

    /** Fewer coordinates require fewer rows for the same accuracy of each. */
    private double budgetFor(int coordinates) {
        double share = (double) coordinates / CoordinateGroups.MAXIMUM_COUPLED;
        return Math.min(budget, Math.max(MINIMUM_BUDGET, budget * share * share));
    }

    private void descend() {
        Arrays.fill(at.direction(), 0);
        if (estimate.size() < pool.threads()) {
            // Each with all threads.
            estimate.forEach(this::descend);
        } else {
            pool.run(estimate.size(), (g, worker) -> descend(estimate.get(g)));
        }
        at.search();
        damping.adapt(at.stepLength(), estimate);
    }

    private void descend(BlockHessian group) {
        CoordinateDescent.minimise(
                group,
                at.gradient(),
                at.parameters(),
                penalty,
                effort.sweeps(group.coordinates().length),
                SWEEP_TOLERANCE,
                at.direction(),
                pool);
    }

    /** Non-zeros, intercepts, and zeros that violate optimality, the largest violation first, up to the limit. */
    private int[] workingSet() {
        boolean[] chosen = at.nonZeros();
        int count = 0;
        int[] violators = new int[chosen.length];
        int violating = 0;
        double[] subgradient = at.subgradient();
        double[] size = new double[chosen.length];
        for (int i = 0; i < chosen.length; i++) {
            if (chosen[i]) {
                count++;
            } else {
                size[i] = Math.abs(subgradient[i]);
                if (size[i] > 0) {
                    violators[violating++] = i;
                }
            }
        }
        int room = Math.max(MINIMUM_ROOM, (int) (GROWTH * count));
        if (count < CoordinateGroups.MAXIMUM_COUPLED) {
            room = Math.min(room, CoordinateGroups.MAXIMUM_COUPLED - count);
        }
        if (violating > room) {
            IntArrays.quickSort(
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

    @Override
    public boolean refresh() {
        boolean reused = kept;
        close();
        return reused;
    }

    @Override
    public void close() {
        estimate.forEach(BlockHessian::close);
        estimate = List.of();
        if (preconditioner != null) {
            preconditioner.close();
            preconditioner = null;
        }
    }
}
