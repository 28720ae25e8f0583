package io.heddle.linear;

import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.internal.rows.Elements;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;

/**
 * Cyclic coordinate descent on ⟨g, δ⟩ + ½ ⟨δ, Hδ⟩ + l1 ‖w + δ‖₁ with covariance updates: the gradient g + Hδ is updated
 * by one scaled row of H for each coordinate that moves. Friedman, Hastie and Tibshirani, "Regularization Paths for
 * Generalized Linear Models via Coordinate Descent", JSS 33(1), 2010.
 */
final class CoordinateDescent {
    private static final Kernels KERNELS = Simd.kernels();

    private CoordinateDescent() {}

    /**
     * @param hessian the quadratic, its diagonal positive
     * @param gradient of the smooth part, for all parameters
     * @param parameters the current point; read at the group's coordinates
     * @param sweeps maximum number of cycles
     * @param tolerance stops when no coordinate's gradient changes by more than this share of the largest change in the
     *     first sweep
     * @param direction receives δ at the group's coordinates
     */
    static void minimise(
            BlockHessian hessian,
            double[] gradient,
            double[] parameters,
            SeparablePenalty penalty,
            int sweeps,
            double tolerance,
            double[] direction) {
        int[] coordinates = hessian.coordinates();
        int m = coordinates.length;
        FloatMatrix h = hessian.matrix();
        double[] u = new double[m];
        double[] curvature = new double[m];
        try (FloatMatrix q = FloatMatrix.allocate(1, m)) {
            MemorySegment rows = h.segment();
            MemorySegment current = q.segment();
            for (int i = 0; i < m; i++) {
                int at = coordinates[i];
                u[i] = parameters[at];
                curvature[i] = h.get(i, i);
                float g = (float) penalty.smooth(at, gradient[at], parameters[at]);
                Elements.set(current, 0, i, g);
            }
            double first = 0;
            for (int sweep = 0; sweep < sweeps; sweep++) {
                WorkerPool.checkInterrupted();
                double largest = 0;
                for (int i = 0; i < m; i++) {
                    double a = curvature[i];
                    double z = u[i] - Elements.get(current, 0, i) / a;
                    double next = penalty.shrink(coordinates[i], z, a);
                    double change = next - u[i];
                    if (change != 0) {
                        u[i] = next;
                        KERNELS.axpy((float) change, rows, h.offset(i), current, 0, m);
                        largest = Math.max(largest, Math.abs(change) * a);
                    }
                }
                first = Math.max(first, largest);
                if (largest <= tolerance * first) {
                    break;
                }
            }
        }
        for (int i = 0; i < m; i++) {
            direction[coordinates[i]] = u[i] - parameters[coordinates[i]];
        }
    }
}
