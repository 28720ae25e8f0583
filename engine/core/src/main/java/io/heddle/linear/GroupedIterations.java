package io.heddle.linear;

import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntArrays;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Iterations with norms of columns, as {@link SparseIterations} with whole columns instead of single parameters. Block
 * coordinate descent on the quadratic model of a working set is followed by a Newton step on the non-zero columns, for
 * which a norm is smooth, if these have not changed or the gain is small. If a working set is too large for one
 * estimated Hessian, its parts are processed one after the other, each with the updated gradient.
 */
final class GroupedIterations implements Iterations {
    /** Violating columns in a working set, as a share of the non-zero ones. */
    private static final double GROWTH = 0.6;

    /** Minimum capacity for parameters of violating columns. */
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
    private final GroupedPenalty penalty;
    private final boolean alwaysNewton;
    private final double budget;
    private final WorkerPool pool;
    private final List<BlockHessian> estimate = new ArrayList<>();
    private DescentEffort effort;
    private Damping damping;
    private Preconditioner preconditioner;
    private boolean kept;
    private double gain = Double.POSITIVE_INFINITY;

    /**
     * @param alwaysNewton whether every iteration ends in a Newton step
     * @param budget approximate floating-point operations for an estimated Hessian of a full working set
     */
    GroupedIterations(Iterate at, GroupedPenalty penalty, boolean alwaysNewton, double budget, WorkerPool pool) {
        this.at = at;
        this.penalty = penalty;
        this.alwaysNewton = alwaysNewton;
        this.budget = budget;
        this.pool = pool;
    }

    @Override
    public void iterate() {
        double before = at.objective();
        boolean[] support = at.nonZeros();
        double step = 1;
        kept = !kept && !estimate.isEmpty() && gain < NEAR * before;
        if (kept) {
            for (BlockHessian piece : estimate) {
                step = Math.min(step, descend(piece));
            }
        } else {
            close();
            for (int[] piece : CoordinateGroups.byColumns(workingColumns(), at.loss())) {
                RowLoss rows = at.loss().curvatureRows();
                effort = DescentEffort.of(rows);
                damping = damping == null ? new Damping(effort.damping()) : damping;
                estimate.addAll(BlockHessian.build(
                        rows, List.of(piece), penalty, damping.factor(), budgetFor(piece.length), pool));
                step = Math.min(step, descend(estimate.getLast()));
            }
        }
        damping.adapt(step, estimate);
        boolean settled = Arrays.equals(support, at.nonZeros());
        if (alwaysNewton || settled || before - at.objective() < NEAR * before) {
            if (preconditioner == null) {
                preconditioner = Preconditioner.of(estimate, at, pool);
            }
            int products = settled || gain < SETTLED * before ? LAST_PRODUCTS : PRODUCTS;
            NewtonStep.take(at, preconditioner, at.nonZeros(), products, TOLERANCE);
        }
        gain = before - at.objective();
    }

    private double budgetFor(int coordinates) {
        double share = (double) coordinates / CoordinateGroups.MAXIMUM_COUPLED;
        return Math.min(budget, Math.max(MINIMUM_BUDGET, budget * share * share));
    }

    /** Returns the share of the step that was taken. */
    private double descend(BlockHessian hessian) {
        Arrays.fill(at.direction(), 0);
        try (Model model = new Model(hessian)) {
            new GroupDescent(model, hessian.coordinates(), at.parameters(), penalty)
                    .minimise(effort.sweeps(hessian.coordinates().length), SWEEP_TOLERANCE, at.direction());
        }
        at.search();
        return at.stepLength();
    }

    /** The quadratic model, with the gradient at the current point of the descent. */
    private final class Model implements GroupDescent.Quadratic, AutoCloseable {
        private static final Kernels KERNELS = Simd.kernels();

        private final FloatMatrix hessian;
        private final FloatMatrix current;

        Model(BlockHessian estimated) {
            hessian = estimated.matrix();
            int[] coordinates = estimated.coordinates();
            current = FloatMatrix.allocate(1, coordinates.length);
            for (int i = 0; i < coordinates.length; i++) {
                int c = coordinates[i];
                current.set(0, i, (float) penalty.smooth(c, at.gradient()[c], at.parameters()[c]));
            }
        }

        @Override
        public double curvature(int i, int k) {
            return hessian.get(i, k);
        }

        @Override
        public double slope(int i) {
            return current.get(0, i);
        }

        @Override
        public void move(int i, double change) {
            KERNELS.axpy((float) change, hessian.segment(), hessian.offset(i), current.segment(), 0, current.columns());
        }

        @Override
        public void close() {
            current.close();
        }
    }

    /**
     * Columns without a norm, non-zero columns, and zero columns that violate optimality, the largest violation first,
     * up to the limit. Includes the intercept, column width − 1.
     */
    private int[] workingColumns() {
        int width = penalty.width();
        int classes = at.loss().classes();
        boolean[] chosen = Arrays.copyOf(at.nonZeros(), width);
        double[] size = new double[width];
        IntArrayList violators = new IntArrayList();
        double[] subgradient = at.subgradient();
        int count = 0;
        for (int j = 0; j < width; j++) {
            if (chosen[j]) {
                count++;
                continue;
            }
            for (int i = j; i < subgradient.length; i += width) {
                size[j] += subgradient[i] * subgradient[i];
            }
            if (size[j] > 0) {
                violators.add(j);
            }
        }
        int room = (int) Math.max(MINIMUM_ROOM / classes, GROWTH * count);
        int coupled = CoordinateGroups.MAXIMUM_COUPLED / classes;
        if (count < coupled) {
            room = Math.min(room, coupled - count);
        }
        IntArrays.quickSort(
                violators.elements(),
                0,
                violators.size(),
                (a, b) -> size[b] != size[a] ? Double.compare(size[b], size[a]) : a - b);
        for (int i = 0; i < Math.min(Math.max(room, 1), violators.size()); i++) {
            chosen[violators.getInt(i)] = true;
        }
        IntArrayList result = new IntArrayList();
        for (int j = 0; j < width; j++) {
            if (chosen[j]) {
                result.add(j);
            }
        }
        return result.toIntArray();
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
        estimate.clear();
        if (preconditioner != null) {
            preconditioner.close();
            preconditioner = null;
        }
    }
}
