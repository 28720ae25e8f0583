package io.heddle.linear;

/**
 * Preconditioned conjugate gradients on the Newton system of the smooth part, restricted to free parameters: H d = −g
 * with the true Hessian of all rows. Nocedal and Wright, "Numerical Optimization", algorithm 7.1.
 */
final class ConjugateGradient {
    private ConjugateGradient() {}

    /**
     * @param parameters the point at which the penalty's Hessian is taken
     * @param gradient negative of the right-hand side; 0 for parameters that are not free
     * @param maximum maximum number of Hessian products
     * @param tolerance stops when the residual, in the norm of the preconditioner, is at most this share of the first
     * @param direction receives d, 0 for parameters that are not free
     */
    static void solve(
            Loss loss,
            Penalty penalty,
            double[] parameters,
            double[] gradient,
            boolean[] free,
            Preconditioner preconditioner,
            int maximum,
            double tolerance,
            double[] direction) {
        int size = gradient.length;
        double[] residual = new double[size];
        double[] z = new double[size];
        double[] hp = new double[size];
        negate(gradient, free, residual);
        java.util.Arrays.fill(direction, 0);
        apply(preconditioner, residual, z, free);
        double[] p = z.clone();
        double rz = dot(residual, z);
        double target = rz * tolerance * tolerance;
        for (int k = 0; k < maximum && rz > target && rz > 0; k++) {
            loss.hessianProduct(p, hp);
            penalty.addHessianProduct(parameters, p, hp);
            restrict(hp, free);
            double curvature = dot(p, hp);
            if (!(curvature > 0)) {
                break;
            }
            double alpha = rz / curvature;
            add(alpha, p, direction);
            add(-alpha, hp, residual);
            apply(preconditioner, residual, z, free);
            double next = dot(residual, z);
            updateDirection(next / rz, z, p);
            rz = next;
        }
    }

    // One loop per method: a method with all loops would be recompiled for each hot loop, which took longer than the
    // loops.

    private static void negate(double[] gradient, boolean[] free, double[] residual) {
        for (int i = 0; i < residual.length; i++) {
            residual[i] = free[i] ? -gradient[i] : 0;
        }
    }

    private static void restrict(double[] values, boolean[] free) {
        for (int i = 0; i < values.length; i++) {
            values[i] = free[i] ? values[i] : 0;
        }
    }

    private static void add(double weight, double[] change, double[] sum) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += weight * change[i];
        }
    }

    private static void updateDirection(double weight, double[] z, double[] p) {
        for (int i = 0; i < p.length; i++) {
            p[i] = z[i] + weight * p[i];
        }
    }

    /** The factor may be of an earlier support, so parameters that are not free are set to zero. */
    private static void apply(Preconditioner preconditioner, double[] residual, double[] z, boolean[] free) {
        preconditioner.apply(residual, z);
        restrict(z, free);
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
