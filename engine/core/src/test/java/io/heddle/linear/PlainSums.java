package io.heddle.linear;

import io.heddle.matrix.FloatMatrix;
import java.util.Arrays;

/** The sums over the rows at a point, row by row in float64. */
final class PlainSums {
    private final TrainingRows data;
    private final double[][] rows;
    private final int classes;
    private final int width;
    private final double[] gradient;
    private final double[][] hessian;
    private final double[][] curvature;
    private double loss;
    private double entropy;

    /** @param s scale of the residuals in the negative entropy */
    PlainSums(TrainingRows data, double[] w, double s) {
        this.data = data;
        rows = read(data);
        classes = data.classes();
        width = data.width();
        gradient = new double[w.length];
        hessian = new double[w.length][w.length];
        curvature = new double[classes][classes];
        for (int i = 0; i < data.count(); i++) {
            add(i, w, s, data.weights() == null ? 1 : data.weights()[i]);
        }
    }

    double loss() {
        return loss;
    }

    double[] gradient() {
        return gradient;
    }

    double[][] hessian() {
        return hessian;
    }

    /** The Hessian in the intercepts, before the constant of their column. */
    double[][] curvature() {
        return curvature;
    }

    double entropy() {
        return entropy;
    }

    private static double[][] read(TrainingRows data) {
        int columns = data.x().columns();
        FeatureTransform t = data.transform();
        double[][] rows = new double[data.count()][columns + 1];
        try (FloatMatrix copy = FloatMatrix.allocate(1, columns)) {
            for (int i = 0; i < rows.length; i++) {
                data.x().copyRow(i, copy, 0);
                for (int j = 0; j < columns; j++) {
                    rows[i][j] = (copy.get(0, j) - t.shift()[j]) * t.scale()[j];
                }
                rows[i][columns] = t.constant();
            }
        }
        return rows;
    }

    double[] probabilities(int i, double[] w) {
        double[] p = logLikelihoods(i, w);
        for (int c = 0; c < classes; c++) {
            p[c] = Math.exp(p[c]);
        }
        return p;
    }

    private double[] logLikelihoods(int i, double[] w) {
        double[] z = new double[classes];
        for (int c = 0; c < classes; c++) {
            for (int j = 0; j < width; j++) {
                z[c] += w[c * width + j] * rows[i][j];
            }
        }
        double max = Arrays.stream(z).max().orElseThrow();
        double log = max + Math.log(Arrays.stream(z).map(v -> Math.exp(v - max)).sum());
        for (int c = 0; c < classes; c++) {
            z[c] -= log;
        }
        return z;
    }

    private void add(int i, double[] w, double s, double weight) {
        double share = weight / data.count();
        double[] row = rows[i];
        double[] p = probabilities(i, w);
        loss -= share * logLikelihoods(i, w)[data.labels()[i]];
        for (int c = 0; c < classes; c++) {
            double own = data.labels()[i] == c ? 1 : 0;
            double q = own + s * (p[c] - own);
            entropy += q > 0 ? share * q * Math.log(q) : 0;
            for (int e = 0; e < classes; e++) {
                double curved = share * p[c] * ((c == e ? 1 : 0) - p[e]);
                curvature[c][e] += curved;
                for (int j = 0; j < width; j++) {
                    for (int l = 0; l < width; l++) {
                        hessian[c * width + j][e * width + l] += curved * row[j] * row[l];
                    }
                }
            }
            for (int j = 0; j < width; j++) {
                gradient[c * width + j] += share * (p[c] - own) * row[j];
            }
        }
    }

    /** A square matrix times a vector. */
    static double[] times(double[][] matrix, double[] v) {
        double[] product = new double[v.length];
        for (int i = 0; i < v.length; i++) {
            for (int j = 0; j < v.length; j++) {
                product[i] += matrix[i][j] * v[j];
            }
        }
        return product;
    }
}
