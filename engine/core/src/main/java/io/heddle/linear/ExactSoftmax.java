package io.heddle.linear;

/**
 * Softmax in double, row by row: probabilities, loss, residuals and curvature.
 *
 * <p>Small losses and residuals keep their relative precision: the loss of a row is log1p of the odds of the other
 * classes, and the residual of its own class is minus the sum of the others.
 */
final class ExactSoftmax {
    private final int classes;

    ExactSoftmax(int classes) {
        this.classes = classes;
    }

    /**
     * Replaces the logits of a row by probabilities.
     *
     * @return −log of the label's probability, with relative precision: log1p of small odds
     */
    double apply(double[] z, double[] p, int at, int label) {
        int largest = 0;
        for (int c = 1; c < classes; c++) {
            if (z[at + c] > z[at + largest]) {
                largest = c;
            }
        }
        double max = z[at + largest];
        double odds = 0;
        for (int c = 0; c < classes; c++) {
            double e = c == largest ? 1 : Math.exp(z[at + c] - max);
            p[at + c] = e;
            odds += c == largest ? 0 : e;
        }
        for (int c = 0; c < classes; c++) {
            p[at + c] /= 1 + odds;
        }
        return max - z[at + label] + Math.log1p(odds);
    }

    /** Replaces the probabilities of a row by its residuals, times its weight. */
    void toResiduals(double[] p, int at, int label, double weight) {
        double others = 0;
        for (int c = 0; c < classes; c++) {
            others += c == label ? 0 : p[at + c];
            p[at + c] *= weight;
        }
        p[at + label] = -others * weight;
    }

    /** u ← weight · (diag(p) − ppᵀ) u. */
    void curve(double[] p, double[] u, int at, double weight) {
        double mean = 0;
        for (int c = 0; c < classes; c++) {
            mean += p[at + c] * u[at + c];
        }
        for (int c = 0; c < classes; c++) {
            u[at + c] = weight * p[at + c] * (u[at + c] - mean);
        }
    }

    /** Σ q log q of one row, see {@link Loss#meanNegativeEntropy}. */
    double negativeEntropy(double s, double[] p, int at, int label) {
        double sum = 0;
        double others = 0;
        for (int c = 0; c < classes; c++) {
            double q = c == label ? 0 : s * p[at + c];
            others += q;
            sum += q > 0 ? q * Math.log(q) : 0;
        }
        return others < 1 ? sum + (1 - others) * Math.log1p(-others) : sum;
    }

    /** sum ← sum + weight · (diag(p) − ppᵀ). */
    void addCurvature(double[] p, int at, double weight, double[][] sum) {
        for (int c = 0; c < classes; c++) {
            double others = 0;
            for (int e = 0; e < classes; e++) {
                if (e != c) {
                    others += p[at + e];
                    sum[c][e] -= weight * p[at + c] * p[at + e];
                }
            }
            sum[c][c] += weight * p[at + c] * others;
        }
    }

    /** Element (a, b) of diag(p) − ppᵀ. */
    static double curvature(double[] p, int a, int b) {
        if (a != b) {
            return -p[a] * p[b];
        }
        double others = 0;
        for (int c = 0; c < p.length; c++) {
            others += c == a ? 0 : p[c];
        }
        return p[a] * others;
    }
}
