package io.heddle.linear;

import io.heddle.internal.linalg.DenseCholesky;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;

/**
 * Iterations with the whole Hessian in double, for few parameters, and for nearly collinear columns if other iterations
 * make no progress.
 *
 * <p>Without an L1 part an iteration is a Newton step. With one it is coordinate descent on the quadratic model, by
 * blocks for norms of blocks, followed by a Newton step on the non-zeros that crosses no kink.
 */
final class DenseIterations implements Iterations {
    private static final int MAXIMUM_CHEAP = 512;
    /** Maximum operations of a Hessian: fewer are cheaper than the products that it saves. */
    private static final double CHEAP = 2e8;

    private static final double AFFORDABLE = 1e11;
    /**
     * Maximum operations of the sweeps over a model: a narrow valley needs many sweeps, which are cheap for a small
     * model.
     */
    private static final double SWEEP_BUDGET = 2e8;

    private static final int MINIMUM_SWEEPS = 200;
    private static final int MAXIMUM_SWEEPS = 50_000;
    private static final double SWEEP_TOLERANCE = 1e-9;

    private final Iterate at;
    private final Loss loss;
    private final int size;
    private final double[] hessian;

    DenseIterations(Iterate at) {
        this.at = at;
        loss = at.loss();
        size = loss.size();
        hessian = new double[size * size];
    }

    private static double operations(Loss loss) {
        return (double) loss.rows() * loss.size() * loss.size();
    }

    /** Whether these iterations are the fastest. */
    static boolean cheap(Loss loss) {
        return loss.size() <= Math.min(MAXIMUM_CHEAP, loss.maximumDense()) && operations(loss) <= CHEAP;
    }

    /** Whether these iterations can continue when others make no progress. */
    static boolean replaces(Iterations others, Loss loss) {
        return !(others instanceof DenseIterations)
                && loss.size() <= loss.maximumDense()
                && operations(loss) <= AFFORDABLE;
    }

    @Override
    public void iterate() {
        if (at.penalty().hasKink()) {
            build();
            descend();
        }
        build();
        newton();
    }

    /** The Hessian of the loss and of the squared norm. */
    private void build() {
        int width = loss.width();
        loss.hessian(hessian);
        for (int i = 0; i < size; i++) {
            for (int j = (i / width + 1) * width; j < size; j++) {
                hessian[j * size + i] = hessian[i * size + j];
            }
            hessian[i * size + i] += at.penalty().l2(i);
        }
    }

    /** Descent on the model with the norms, with an updated gradient; followed by a line search on the objective. */
    private void descend() {
        double[] current = new double[size];
        for (int i = 0; i < size; i++) {
            current[i] = at.penalty().smooth(i, at.gradient()[i], at.parameters()[i]);
        }
        int sweeps = (int) Math.ceil(Math.clamp(SWEEP_BUDGET / ((double) size * size), MINIMUM_SWEEPS, MAXIMUM_SWEEPS));
        switch (at.penalty()) {
            case SeparablePenalty penalty -> descend(penalty, current, sweeps);
            case GroupedPenalty penalty -> {
                int[] all = new int[size];
                Arrays.setAll(all, i -> i);
                GroupDescent descent = new GroupDescent(new Model(current), all, at.parameters(), penalty);
                descent.minimise(sweeps, SWEEP_TOLERANCE, at.direction());
            }
        }
        at.search();
    }

    /** The quadratic model, with the gradient at the current point of the descent. */
    private final class Model implements GroupDescent.Quadratic {
        private final double[] current;

        Model(double[] current) {
            this.current = current;
        }

        @Override
        public double curvature(int i, int k) {
            return hessian[i * size + k];
        }

        @Override
        public double slope(int i) {
            return current[i];
        }

        @Override
        public void move(int i, double change) {
            add(change, i, current);
        }
    }

    private void descend(SeparablePenalty penalty, double[] current, int sweeps) {
        double[] w = at.parameters();
        double[] u = w.clone();
        double first = 0;
        for (int sweep = 0; sweep < sweeps; sweep++) {
            WorkerPool.checkInterrupted();
            double largest = 0;
            for (int i = 0; i < size; i++) {
                double a = hessian[i * size + i];
                if (a > 0) {
                    double change = penalty.shrink(i, u[i] - current[i] / a, a) - u[i];
                    if (change != 0) {
                        u[i] += change;
                        add(change, i, current);
                        largest = Math.max(largest, change * change * a);
                    }
                } else {
                    // Where all probabilities are 0 or 1 the loss is flat, and only the norm has a slope: towards zero.
                    u[i] = penalty.shrink(i, u[i], Double.MIN_NORMAL);
                }
            }
            first = Math.max(first, largest);
            if (largest <= SWEEP_TOLERANCE * SWEEP_TOLERANCE * first) {
                break;
            }
        }
        for (int i = 0; i < size; i++) {
            at.direction()[i] = u[i] - w[i];
        }
    }

    private void add(double change, int row, double[] current) {
        for (int j = 0; j < size; j++) {
            current[j] += change * hessian[row * size + j];
        }
    }

    private void newton() {
        boolean[] free = at.penalty().hasKink() ? at.nonZeros() : null;
        int[] positions = new int[size];
        int count = 0;
        for (int i = 0; i < size; i++) {
            if (hessian[i * size + i] > 0 && (free == null || free[i])) {
                positions[count++] = i;
            }
        }
        double[] a = new double[count * count];
        double[] right = new double[count];
        double[] subgradient = at.subgradient();
        for (int i = 0; i < count; i++) {
            right[i] = -subgradient[positions[i]];
            for (int j = 0; j < count; j++) {
                a[i * count + j] = hessian[positions[i] * size + positions[j]];
            }
        }
        addNorms(Arrays.copyOf(positions, count), a);
        DenseCholesky.solve(a, right);
        Arrays.fill(at.direction(), 0);
        for (int i = 0; i < count; i++) {
            at.direction()[positions[i]] = right[i];
        }
        at.penalty().stopAtKinks(at.parameters(), at.direction());
        at.search();
    }

    private void addNorms(int[] positions, double[] a) {
        int count = positions.length;
        at.penalty().normHessian(at.parameters(), positions, (i, k, value) -> {
            a[i * count + k] += value;
            if (i != k) {
                a[k * count + i] += value;
            }
        });
    }

    @Override
    public boolean refresh() {
        return false;
    }

    @Override
    public void close() {
        // There is only memory on the heap.
    }
}
