package io.heddle.linear;

import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.internal.rows.Elements;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Cyclic coordinate descent on ⟨g, δ⟩ + ½ ⟨δ, Hδ⟩ + l1 ‖w + δ‖₁ with covariance updates: the gradient g + Hδ is updated
 * by one scaled row of H for each coordinate that moves. Friedman, Hastie and Tibshirani, "Regularization Paths for
 * Generalized Linear Models via Coordinate Descent", JSS 33(1), 2010.
 *
 * <p>A block of H stays in L2 for several cycles over its coordinates, and the rest of its rows, which comes from
 * memory, is added once for all of them, by all threads: one thread cannot read as fast as the memory delivers.
 */
final class CoordinateDescent {
    private static final Kernels KERNELS = Simd.kernels();
    /** Coordinates of a block: its 256² floats are half of an L2 of 512 kB. */
    private static final int BLOCK = 256;
    /** Cycles over a block. More decrease the objective little until the other blocks have changed. */
    private static final int CYCLES = 4;
    /** Columns of H for another thread: adding 256 rows of them takes some tens of microseconds. */
    private static final int PART = 512;

    private final BlockHessian hessian;
    private final SeparablePenalty penalty;
    private final double[] u;
    /** What each coordinate has moved since the rest of its row of H was added to the gradient. */
    private final double[] pending;
    /** One row: the gradient at the current point. */
    private final FloatMatrix slope;

    private final WorkerPool pool;

    private CoordinateDescent(
            BlockHessian hessian,
            double[] gradient,
            double[] parameters,
            SeparablePenalty penalty,
            FloatMatrix slope,
            WorkerPool pool) {
        this.hessian = hessian;
        this.penalty = penalty;
        this.slope = slope;
        this.pool = pool;
        int[] coordinates = hessian.coordinates();
        u = new double[coordinates.length];
        pending = new double[coordinates.length];
        for (int i = 0; i < u.length; i++) {
            int at = coordinates[i];
            u[i] = parameters[at];
            Elements.set(slope.segment(), 0, i, (float) penalty.smooth(at, gradient[at], parameters[at]));
        }
    }

    /**
     * @param hessian the quadratic, its diagonal positive
     * @param gradient of the smooth part, for all parameters
     * @param parameters the current point; read at the group's coordinates
     * @param sweeps maximum number of cycles, rounded up to a multiple of the cycles over a block
     * @param tolerance stops when no coordinate's gradient changes by more than this share of the largest change in the
     *     first sweep
     * @param direction receives δ at the group's coordinates, the same bits for any number of threads
     * @param pool runs parts of each sweep
     */
    static void minimise(
            BlockHessian hessian,
            double[] gradient,
            double[] parameters,
            SeparablePenalty penalty,
            int sweeps,
            double tolerance,
            double[] direction,
            WorkerPool pool) {
        int[] coordinates = hessian.coordinates();
        try (FloatMatrix slope = FloatMatrix.allocate(1, coordinates.length)) {
            CoordinateDescent descent = new CoordinateDescent(hessian, gradient, parameters, penalty, slope, pool);
            double first = 0;
            for (int sweep = 0; sweep < sweeps; sweep += CYCLES) {
                WorkerPool.checkInterrupted();
                double largest = descent.sweep();
                first = Math.max(first, largest);
                if (largest <= tolerance * first) {
                    break;
                }
            }
            for (int i = 0; i < coordinates.length; i++) {
                direction[coordinates[i]] = descent.u[i] - parameters[coordinates[i]];
            }
        }
    }

    /** Minimizes in each block; returns the largest change of a coordinate's gradient in a first cycle. */
    private double sweep() {
        double largest = 0;
        for (int from = 0; from < u.length; from += BLOCK) {
            int to = Math.min(u.length, from + BLOCK);
            largest = Math.max(largest, cycle(from, to));
            for (int cycle = 1; cycle < CYCLES; cycle++) {
                cycle(from, to);
            }
            addPending(from, to);
        }
        return largest;
    }

    /** Minimizes in each coordinate of a block; updates only the block's part of the gradient. */
    private double cycle(int from, int to) {
        FloatMatrix h = hessian.matrix();
        MemorySegment rows = h.segment();
        MemorySegment current = slope.segment();
        long start = (long) from * Float.BYTES;
        double largest = 0;
        for (int i = from; i < to; i++) {
            double a = Elements.get(rows, h.offset(i), i);
            double z = u[i] - Elements.get(current, 0, i) / a;
            double next = penalty.shrink(hessian.coordinates()[i], z, a);
            double change = next - u[i];
            if (change != 0) {
                u[i] = next;
                pending[i] += change;
                KERNELS.axpy((float) change, rows, h.offset(i) + start, current, start, to - from);
                largest = Math.max(largest, Math.abs(change) * a);
            }
        }
        return largest;
    }

    /** Adds what a block's coordinates moved to the gradient of all others. */
    private void addPending(int from, int to) {
        int others = u.length - (to - from);
        int parts = Math.min(Math.ceilDiv(others, PART), pool.threads());
        pool.run(parts, (part, worker) -> {
            int first = (int) ((long) others * part / parts);
            int last = (int) ((long) others * (part + 1) / parts);
            addPending(from, to, Math.min(first, from), Math.min(last, from));
            addPending(from, to, Math.max(first, from) + to - from, Math.max(last, from) + to - from);
        });
        Arrays.fill(pending, from, to, 0);
    }

    /** Adds it to the gradient of a range of the others. */
    private void addPending(int from, int to, int first, int last) {
        FloatMatrix h = hessian.matrix();
        long start = (long) first * Float.BYTES;
        for (int i = from; i < to; i++) {
            if (pending[i] != 0) {
                KERNELS.axpy(
                        (float) pending[i], h.segment(), h.offset(i) + start, slope.segment(), start, last - first);
            }
        }
    }
}
