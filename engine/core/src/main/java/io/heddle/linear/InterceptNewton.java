package io.heddle.linear;

/**
 * The Newton direction of the intercepts. At optimal intercepts the residuals of each class sum to zero, so the model's
 * probabilities give a feasible point of the dual.
 */
final class InterceptNewton {
    /** Maximum number of classes, because the system is dense; for more, there is {@link InterceptScaling}. */
    private static final int MAXIMUM_CLASSES = 512;

    private InterceptNewton() {}

    static boolean applies(Loss loss) {
        return loss.classes() <= MAXIMUM_CLASSES;
    }

    /** The largest mean residual of a class. */
    static double residual(double[] gradient, int width) {
        double largest = 0;
        for (int i = width - 1; i < gradient.length; i += width) {
            largest = Math.max(largest, Math.abs(gradient[i]));
        }
        return largest;
    }

    /** Writes the direction: zero except for the intercepts. */
    static void direction(Loss loss, double[] gradient, double[] direction) {
        int k = loss.classes();
        int width = loss.width();
        double[][] a = loss.meanCurvature();
        double[] right = new double[k];
        for (int c = 0; c < k; c++) {
            right[c] = -gradient[c * width + width - 1];
            for (int e = 0; e < k; e++) {
                // A common shift of all intercepts has no effect: this adds a curvature, so that its step is zero.
                a[c][e] += 1.0 / k;
            }
            // A class whose probability is zero for every row has no curvature.
            a[c][c] += 1e-9;
        }
        eliminate(a, right);
        java.util.Arrays.fill(direction, 0);
        for (int c = 0; c < k; c++) {
            direction[c * width + width - 1] = right[c];
        }
    }

    /** Gaussian elimination without pivoting, which a positive definite system does not need. */
    private static void eliminate(double[][] a, double[] right) {
        int k = right.length;
        for (int i = 0; i < k; i++) {
            for (int r = i + 1; r < k; r++) {
                double factor = a[r][i] / a[i][i];
                for (int j = i; j < k; j++) {
                    a[r][j] -= factor * a[i][j];
                }
                right[r] -= factor * right[i];
            }
        }
        for (int i = k - 1; i >= 0; i--) {
            for (int j = i + 1; j < k; j++) {
                right[i] -= a[i][j] * right[j];
            }
            right[i] /= a[i][i];
        }
    }
}
