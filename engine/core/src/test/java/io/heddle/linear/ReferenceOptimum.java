package io.heddle.linear;

import java.util.Arrays;

/**
 * The minimum of the objective in plain float64, by methods that differ from those of the engine: damped Newton steps
 * with Gaussian elimination for the L2 penalty, cyclic minimisation of one parameter at a time with an L1 part (slow:
 * an upper bound of the minimum where it is cut short).
 */
final class ReferenceOptimum {
    private static final int NEWTON_STEPS = 300;
    private static final int SWEEPS = 300;

    private final double[][] x;
    private final int[] labels;
    private final double[] rowWeights;
    private final int classes;
    private final int width;
    private final double[] l1;
    private final double[] l2;

    /** @param rowWeights how much each row counts, or null */
    ReferenceOptimum(
            double[][] data,
            int[] labels,
            double[] rowWeights,
            int classes,
            double lambda,
            double l1Ratio,
            boolean standardize) {
        this.labels = labels;
        this.classes = classes;
        int n = data.length;
        int d = data[0].length;
        width = d + 1;
        this.rowWeights = new double[n];
        Arrays.fill(this.rowWeights, 1);
        double total = n;
        if (rowWeights != null) {
            total = Arrays.stream(rowWeights).sum();
            for (int i = 0; i < n; i++) {
                this.rowWeights[i] = rowWeights[i] * n / total;
            }
        }
        x = new double[n][width];
        l1 = new double[width];
        l2 = new double[width];
        for (int j = 0; j < d; j++) {
            double mean = 0;
            for (int i = 0; i < n; i++) {
                mean += this.rowWeights[i] * data[i][j] / n;
            }
            double variance = 0;
            for (int i = 0; i < n; i++) {
                variance += this.rowWeights[i] * (data[i][j] - mean) * (data[i][j] - mean) / n;
            }
            double deviation = variance > 1e-30 * mean * mean ? Math.sqrt(variance) : 0;
            for (int i = 0; i < n; i++) {
                x[i][j] = deviation == 0 ? 0 : (data[i][j] - mean) / deviation;
            }
            double factor = standardize || deviation == 0 ? 1 : 1 / deviation;
            l1[j] = lambda * l1Ratio * factor;
            l2[j] = lambda * (1 - l1Ratio) * factor * factor;
        }
        for (double[] row : x) {
            row[d] = 1;
        }
    }

    double minimum() {
        double[] w = new double[classes * width];
        return Arrays.stream(l1).allMatch(v -> v == 0) ? newton(w) : cyclic(w);
    }

    private double newton(double[] w) {
        double value = objective(w);
        for (int step = 0; step < NEWTON_STEPS; step++) {
            double[] g = new double[w.length];
            double[][] h = new double[w.length][w.length];
            derivatives(w, g, h);
            double[] d = eliminate(h, g);
            double t = 1;
            double[] next = moved(w, d, t);
            double candidate = objective(next);
            while (candidate > value && t > 1e-6) {
                t /= 2;
                next = moved(w, d, t);
                candidate = objective(next);
            }
            if (!(candidate < value)) {
                return value;
            }
            boolean settled = value - candidate <= 1e-13 * value;
            value = candidate;
            System.arraycopy(next, 0, w, 0, w.length);
            if (settled) {
                return value;
            }
        }
        return value;
    }

    private static double[] moved(double[] w, double[] d, double t) {
        double[] next = w.clone();
        for (int i = 0; i < w.length; i++) {
            next[i] -= t * d[i];
        }
        return next;
    }

    private double cyclic(double[] w) {
        double value = objective(w);
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            double before = value;
            for (int i = 0; i < w.length; i++) {
                value = minimiseOne(w, i, value);
            }
            if (before - value <= 1e-13 * value) {
                break;
            }
        }
        return value;
    }

    /** A proximal Newton step on one parameter, halved until the objective does not rise. */
    private double minimiseOne(double[] w, int at, double value) {
        int c = at / width;
        int j = at % width;
        double gradient = l2[j] * w[at];
        double curvature = l2[j];
        for (int i = 0; i < x.length; i++) {
            double[] p = probabilities(w, i);
            double weight = rowWeights[i] / x.length;
            gradient += weight * (p[c] - (labels[i] == c ? 1 : 0)) * x[i][j];
            curvature += weight * p[c] * (1 - p[c]) * x[i][j] * x[i][j];
        }
        double old = w[at];
        double z = old - gradient / Math.max(curvature, 1e-300);
        double kink = l1[j] / Math.max(curvature, 1e-300);
        double target = Math.copySign(Math.max(Math.abs(z) - kink, 0), z);
        for (double t = 1; t > 1e-6; t /= 2) {
            w[at] = old + t * (target - old);
            double candidate = objective(w);
            if (candidate <= value) {
                return candidate;
            }
        }
        w[at] = old;
        return value;
    }

    /** @return of a row, the losses of small odds to a relative precision */
    private double loss(double[] w, int i) {
        double[] z = logits(w, i);
        int top = 0;
        for (int c = 1; c < classes; c++) {
            top = z[c] > z[top] ? c : top;
        }
        double odds = 0;
        for (int c = 0; c < classes; c++) {
            odds += c == top ? 0 : Math.exp(z[c] - z[top]);
        }
        return z[top] - z[labels[i]] + Math.log1p(odds);
    }

    private double[] logits(double[] w, int i) {
        double[] z = new double[classes];
        for (int c = 0; c < classes; c++) {
            for (int j = 0; j < width; j++) {
                z[c] += w[c * width + j] * x[i][j];
            }
        }
        return z;
    }

    private double[] probabilities(double[] w, int i) {
        double[] z = logits(w, i);
        double max = Arrays.stream(z).max().orElseThrow();
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            z[c] = Math.exp(z[c] - max);
            sum += z[c];
        }
        for (int c = 0; c < classes; c++) {
            z[c] /= sum;
        }
        return z;
    }

    double objective(double[] w) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += rowWeights[i] * loss(w, i) / x.length;
        }
        for (int i = 0; i < w.length; i++) {
            sum += l1[i % width] * Math.abs(w[i]) + 0.5 * l2[i % width] * w[i] * w[i];
        }
        return sum;
    }

    private void derivatives(double[] w, double[] g, double[][] h) {
        for (int i = 0; i < x.length; i++) {
            double[] p = probabilities(w, i);
            double weight = rowWeights[i] / x.length;
            for (int a = 0; a < w.length; a++) {
                int c = a / width;
                double others = 0;
                for (int e = 0; e < classes; e++) {
                    others += e == c ? 0 : p[e];
                }
                g[a] += weight * (labels[i] == c ? -others : p[c]) * x[i][a % width];
                for (int b = 0; b < w.length; b++) {
                    int e = b / width;
                    double curvature = c == e ? p[c] * others : -p[c] * p[e];
                    h[a][b] += weight * curvature * x[i][a % width] * x[i][b % width];
                }
            }
        }
        for (int a = 0; a < w.length; a++) {
            g[a] += l2[a % width] * w[a];
            h[a][a] += l2[a % width];
        }
    }

    /**
     * Gaussian elimination with pivoting on the scaled system, its diagonal raised by rounding.
     *
     * @return the solution of H d = g; both are overwritten
     */
    static double[] eliminate(double[][] h, double[] g) {
        int n = g.length;
        double[] scale = new double[n];
        for (int i = 0; i < n; i++) {
            scale[i] = h[i][i] > 0 ? 1 / Math.sqrt(h[i][i]) : 0;
        }
        double[] right = new double[n];
        for (int i = 0; i < n; i++) {
            right[i] = g[i] * scale[i];
            for (int j = 0; j < n; j++) {
                h[i][j] *= scale[i] * scale[j];
            }
            h[i][i] = scale[i] == 0 ? 1 : h[i][i] + 1e-13;
        }
        for (int k = 0; k < n; k++) {
            int pivot = k;
            for (int i = k + 1; i < n; i++) {
                pivot = Math.abs(h[i][k]) > Math.abs(h[pivot][k]) ? i : pivot;
            }
            double[] row = h[k];
            h[k] = h[pivot];
            h[pivot] = row;
            double value = right[k];
            right[k] = right[pivot];
            right[pivot] = value;
            for (int i = k + 1; i < n; i++) {
                double factor = h[i][k] / h[k][k];
                for (int j = k; j < n; j++) {
                    h[i][j] -= factor * h[k][j];
                }
                right[i] -= factor * right[k];
            }
        }
        for (int i = n - 1; i >= 0; i--) {
            for (int j = i + 1; j < n; j++) {
                right[i] -= h[i][j] * right[j];
            }
            right[i] /= h[i][i];
        }
        for (int i = 0; i < n; i++) {
            right[i] *= scale[i];
        }
        return right;
    }
}
