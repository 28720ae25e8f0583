package io.heddle.linear;

import java.util.Arrays;

/**
 * The minimum of a penalised logistic regression in plain float64, by accelerated proximal gradient steps of constant
 * length with restarts. It has no code or method in common with the engine's solvers. Beck and Teboulle, "A Fast
 * Iterative Shrinkage-Thresholding Algorithm", SIAM J. Imaging Sciences 2(1), 2009. Slow: for small problems.
 *
 * @param x rows of values
 * @param labels classes, from 0 on
 * @param classes number of classes
 * @param l1 λ · l1Ratio
 * @param l2 λ · (1 − l1Ratio)
 * @param factors of the columns
 * @param grouped whether the norm is that of a column's weights in all classes
 */
record ProximalGradient(
        double[][] x, int[] labels, int classes, double l1, double l2, double[] factors, boolean grouped) {
    private static final int ITERATIONS = 20_000;

    double minimum() {
        int width = x[0].length + 1;
        double length = 1 / lipschitz();
        double[] w = new double[classes * width];
        double[] ahead = w.clone();
        double momentum = 1;
        double value = objective(w);
        int still = 0;
        for (int k = 0; k < ITERATIONS && still < 20; k++) {
            double[] g = gradient(ahead);
            double[] next = new double[w.length];
            for (int i = 0; i < w.length; i++) {
                next[i] = ahead[i] - length * g[i];
            }
            shrink(next, length);
            double candidate = objective(next);
            if (candidate > value && momentum > 1) {
                momentum = 1;
                ahead = w.clone();
                continue;
            }
            still = Math.abs(value - candidate) <= 1e-13 * value ? still + 1 : 0;
            double following = (1 + Math.sqrt(1 + 4 * momentum * momentum)) / 2;
            for (int i = 0; i < w.length; i++) {
                ahead[i] = next[i] + (momentum - 1) / following * (next[i] - w[i]);
            }
            momentum = following;
            w = next;
            value = Math.min(value, candidate);
        }
        return value;
    }

    /** Bound of the largest eigenvalue of the smooth part's Hessian: ½ of that of the second moments. */
    private double lipschitz() {
        double trace = 1;
        for (double[] row : x) {
            for (double v : row) {
                trace += v * v / x.length;
            }
        }
        return trace / 2 + l2 * Arrays.stream(factors).max().orElseThrow();
    }

    private double[] gradient(double[] w) {
        int d = x[0].length;
        double[] g = new double[w.length];
        for (int i = 0; i < x.length; i++) {
            double[] z = logits(w, i);
            double log = logSum(z);
            for (int c = 0; c < classes; c++) {
                double r = (Math.exp(z[c] - log) - (labels[i] == c ? 1 : 0)) / x.length;
                for (int j = 0; j < d; j++) {
                    g[c * (d + 1) + j] += r * x[i][j];
                }
                g[c * (d + 1) + d] += r;
            }
        }
        for (int c = 0; c < classes; c++) {
            for (int j = 0; j < d; j++) {
                g[c * (d + 1) + j] += l2 * factors[j] * w[c * (d + 1) + j];
            }
        }
        return g;
    }

    private void shrink(double[] w, double length) {
        int width = x[0].length + 1;
        for (int j = 0; j < width - 1; j++) {
            double threshold = length * l1 * factors[j];
            double norm = norm(w, j);
            for (int c = 0; c < classes; c++) {
                double v = w[c * width + j];
                double size = grouped ? norm : Math.abs(v);
                w[c * width + j] = size <= threshold ? 0 : v * (1 - threshold / size);
            }
        }
    }

    private double norm(double[] w, int j) {
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            double v = w[c * (x[0].length + 1) + j];
            sum += v * v;
        }
        return Math.sqrt(sum);
    }

    private double objective(double[] w) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            double[] z = logits(w, i);
            sum += (logSum(z) - z[labels[i]]) / x.length;
        }
        for (int j = 0; j < x[0].length; j++) {
            double norm = norm(w, j);
            double absolute = 0;
            for (int c = 0; c < classes; c++) {
                absolute += Math.abs(w[c * (x[0].length + 1) + j]);
            }
            sum += factors[j] * (l1 * (grouped ? norm : absolute) + l2 / 2 * norm * norm);
        }
        return sum;
    }

    private double[] logits(double[] w, int i) {
        int d = x[0].length;
        double[] z = new double[classes];
        for (int c = 0; c < classes; c++) {
            z[c] = w[c * (d + 1) + d];
            for (int j = 0; j < d; j++) {
                z[c] += w[c * (d + 1) + j] * x[i][j];
            }
        }
        return z;
    }

    private static double logSum(double[] z) {
        double max = Arrays.stream(z).max().orElseThrow();
        return max + Math.log(Arrays.stream(z).map(v -> Math.exp(v - max)).sum());
    }
}
