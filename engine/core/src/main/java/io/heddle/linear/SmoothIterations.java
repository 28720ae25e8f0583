package io.heddle.linear;

import io.heddle.parallel.WorkerPool;
import java.util.Arrays;
import java.util.List;

/**
 * Iterations without an L1 part: Newton steps by conjugate gradients with the true Hessian, preconditioned by the
 * factors of an estimated one. The estimate is kept until the objective has decreased considerably, because it costs as
 * much as a dozen Hessian products.
 */
final class SmoothIterations implements Iterations {
    /** A new estimate is computed when the objective has decreased by this share. */
    private static final double KEEP = 0.1;
    /** The same if passes over the rows are cheap, so that more products cost less than a new estimate. */
    private static final double KEEP_WITH_CHEAP_PASSES = 0.9;
    /** Maximum number of coupled parameters: their factor costs less than a few products. */
    private static final int MAXIMUM_COUPLED = 1_024;

    private static final int PRODUCTS = 12;
    private static final double TOLERANCE = 0.2;

    private final Iterate at;
    private final double keep;
    private final double budget;
    private final WorkerPool pool;
    private final boolean[] every;
    private Preconditioner preconditioner;
    private double builtAt;
    private boolean kept;
    /** Whether factors gave no direction of descent, as without a penalty and with fewer rows than columns. */
    private boolean singular;

    /**
     * @param cheapPasses whether a pass over the rows costs little beside an estimate
     * @param budget approximate floating-point operations for an estimated Hessian
     */
    SmoothIterations(Iterate at, boolean cheapPasses, double budget, WorkerPool pool) {
        this.at = at;
        keep = cheapPasses ? KEEP_WITH_CHEAP_PASSES : KEEP;
        this.budget = budget;
        this.pool = pool;
        every = new boolean[at.parameters().length];
        Arrays.fill(every, true);
    }

    @Override
    public void iterate() {
        kept = preconditioner != null && builtAt - at.objective() <= keep * builtAt;
        if (!kept) {
            close();
            preconditioner = estimate();
            builtAt = at.objective();
        }
        boolean moved = NewtonStep.take(at, preconditioner, every, PRODUCTS, TOLERANCE);
        if (!moved && !singular && !DenseIterations.replaces(this, at.loss())) {
            singular = true;
            close();
            preconditioner = estimate();
            NewtonStep.take(at, preconditioner, every, PRODUCTS, TOLERANCE);
        }
    }

    private Preconditioner estimate() {
        int classes = at.loss().classes();
        int[] all = new int[every.length];
        Arrays.setAll(all, i -> i);
        if (singular) {
            return Preconditioner.diagonal(
                    build(CoordinateGroups.byClass(all, at.loss().width())), classes, pool);
        }
        if (all.length <= MAXIMUM_COUPLED) {
            return Preconditioner.consuming(build(List.of(all)), classes, false, pool);
        }
        List<int[]> groups = CoordinateGroups.byClass(all, at.loss().width());
        if (at.isZero() && groups.size() == classes) {
            // If all probabilities are equal, the curvatures of all classes are too.
            return Preconditioner.shared(build(groups.subList(0, 1)).getFirst(), classes, pool);
        }
        return Preconditioner.consuming(build(groups), classes, true, pool);
    }

    private List<BlockHessian> build(List<int[]> groups) {
        return BlockHessian.build(at.loss().curvatureRows(), groups, at.penalty(), 1, budget, pool);
    }

    @Override
    public boolean refresh() {
        close();
        return kept;
    }

    @Override
    public void close() {
        if (preconditioner != null) {
            preconditioner.close();
            preconditioner = null;
        }
    }
}
