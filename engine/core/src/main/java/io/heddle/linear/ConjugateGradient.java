package io.heddle.linear;

/**
 * Preconditioned conjugate gradients on the Newton system of the smooth part, restricted to free parameters: H d = −g
 * with the true Hessian of all rows. Nocedal and Wright, "Numerical Optimization", algorithm 7.1.
 */
final class ConjugateGradient {
    private ConjugateGradient() {}

    /**
     * @param gradient right-hand side before its sign changes; 0 where not free
     * @param most at most so many Hessian products
     * @param tolerance ends when the residual, in the norm of the preconditioner, has fallen to this share
     * @param direction d is written, 0 where not free
     */
    static void solve(
            SoftmaxLoss loss,
            ElasticNetPenalty penalty,
            double[] gradient,
            boolean[] free,
            Preconditioner preconditioner,
            int most,
            double tolerance,
            double[] direction) {
        int size = gradient.length;
        double[] residual = new double[size];
        double[] z = new double[size];
        double[] hp = new double[size];
        for (int i = 0; i < size; i++) {
            residual[i] = free[i] ? -gradient[i] : 0;
        }
        java.util.Arrays.fill(direction, 0);
        apply(preconditioner, residual, z, free);
        double[] p = z.clone();
        double rz = dot(residual, z);
        double target = rz * tolerance * tolerance;
        for (int k = 0; k < most && rz > target && rz > 0; k++) {
            loss.hessianProduct(p, hp);
            for (int i = 0; i < size; i++) {
                boolean intercept = ElasticNetPenalty.isIntercept(i, loss.width());
                hp[i] = free[i] ? penalty.smooth(hp[i], p[i], intercept) : 0;
            }
            double curvature = dot(p, hp);
            if (!(curvature > 0)) {
                break;
            }
            double alpha = rz / curvature;
            for (int i = 0; i < size; i++) {
                direction[i] += alpha * p[i];
                residual[i] -= alpha * hp[i];
            }
            apply(preconditioner, residual, z, free);
            double next = dot(residual, z);
            double beta = next / rz;
            for (int i = 0; i < size; i++) {
                p[i] = z[i] + beta * p[i];
            }
            rz = next;
        }
    }

    /** The factor may be of an earlier support: what is not free stays where it is. */
    private static void apply(Preconditioner preconditioner, double[] residual, double[] z, boolean[] free) {
        preconditioner.apply(residual, z);
        for (int i = 0; i < z.length; i++) {
            z[i] = free[i] ? z[i] : 0;
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
