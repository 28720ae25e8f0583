package io.heddle.linear;

import io.heddle.internal.linalg.DenseCholesky;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;

/**
 * Rounds with the whole Hessian in double: for few parameters, and the last resort where columns are nearly collinear.
 *
 * <p>Without an L1 part a round is a Newton step. With one it is coordinate descent on the quadratic model, then a
 * Newton step on the non-zeros within their orthant.
 */
final class DenseRounds implements Rounds {
    /** Most parameters: their Hessian takes 32 MB. */
    private static final int MOST = 2_048;

    private static final int MOST_CHEAP = 512;
    /** Operations of a Hessian that are cheaper than the products that it saves. */
    private static final double CHEAP = 2e8;

    private static final double AFFORDABLE = 1e11;
    /**
     * Operations of the sweeps over a model: a long valley takes many of them, which are cheap if the model is small.
     */
    private static final double SWEEPING = 2e8;

    private static final int LEAST_SWEEPS = 200;
    private static final int MOST_SWEEPS = 50_000;
    private static final double SWEEP_TOLERANCE = 1e-9;

    private final Iterate at;
    private final SeparablePenalty penalty;
    private final ExactLoss loss;
    private final WorkerPool pool;
    private final int size;
    private final double[] hessian;

    DenseRounds(Iterate at, SeparablePenalty penalty, WorkerPool pool) {
        this.at = at;
        this.penalty = penalty;
        this.pool = pool;
        loss = (ExactLoss) at.loss();
        size = loss.size();
        hessian = new double[size * size];
    }

    private static double operations(Loss loss) {
        return (double) loss.rows() * loss.size() * loss.size();
    }

    /** Whether these rounds are the fastest. */
    static boolean cheap(Loss loss) {
        return loss.exact() && loss.size() <= MOST_CHEAP && operations(loss) <= CHEAP;
    }

    /** Whether these rounds can go on where others end. */
    static boolean replaces(Rounds others, Loss loss) {
        return !(others instanceof DenseRounds)
                && loss.exact()
                && loss.size() <= MOST
                && operations(loss) <= AFFORDABLE;
    }

    @Override
    public void round() {
        if (at.penalty().hasKink()) {
            build();
            descend();
        }
        build();
        newton();
    }

    /** The Hessian of the loss and of the squared norm. */
    private void build() {
        int classes = loss.classes();
        int width = loss.width();
        pool.run(classes * classes, (pair, worker) -> {
            int a = pair / classes;
            int b = pair % classes;
            if (a <= b) {
                loss.hessianBlock(a, b, hessian, worker);
            }
        });
        for (int i = 0; i < size; i++) {
            for (int j = (i / width + 1) * width; j < size; j++) {
                hessian[j * size + i] = hessian[i * size + j];
            }
            hessian[i * size + i] += at.penalty().l2(i);
        }
    }

    /** Coordinate descent on the model with the L1 norm, with the gradient kept current. */
    private void descend() {
        double[] w = at.parameters();
        double[] u = w.clone();
        double[] current = new double[size];
        for (int i = 0; i < size; i++) {
            current[i] = at.penalty().smooth(i, at.gradient()[i], w[i]);
        }
        double first = 0;
        double sweeps = Math.clamp(SWEEPING / ((double) size * size), LEAST_SWEEPS, MOST_SWEEPS);
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
        at.search();
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
        DenseCholesky.solve(a, right);
        Arrays.fill(at.direction(), 0);
        for (int i = 0; i < count; i++) {
            at.direction()[positions[i]] = right[i];
        }
        NewtonStep.stayInOrthant(at);
        at.search();
    }

    @Override
    public boolean refresh() {
        return false;
    }

    @Override
    public void close() {
        // Holds nothing but arrays.
    }
}
