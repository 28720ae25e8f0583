package io.heddle.model;

import io.heddle.cluster.KMeans;
import io.heddle.cluster.KMeansModel;
import io.heddle.decomposition.PcaModel;
import io.heddle.internal.gemm.RowMap;
import io.heddle.linear.LogisticModel;
import io.heddle.matrix.FloatMatrix;
import java.util.List;

/**
 * Several stages as one map y = W x + b, in double. The output is the logit of a class, or −½ of the squared distance
 * of a cluster without the term that all clusters share. In both cases the largest output is the prediction.
 */
record Affine(double[][] weights, double[] biases) {
    /** Folds the stages from {@code from}, inclusive, to {@code to}, exclusive, starting with the last. */
    static Affine of(List<Stage> stages, int from, int to) {
        Affine map = of(stages.get(to - 1));
        for (int i = to - 2; i >= from; i--) {
            map = map.after(of(stages.get(i)), stages.get(i) instanceof Stage.Scale);
        }
        return map;
    }

    private static Affine of(Stage stage) {
        return switch (stage) {
            case Stage.Scale s -> scale(s);
            case Stage.Components c -> components(c.model());
            case Stage.Classifier c -> logits(c.model());
            case Stage.Clusters c -> clusters(c.model());
            case Stage.Neighbors n -> throw new IllegalStateException("nearest neighbours are not an affine map");
        };
    }

    /** A diagonal matrix is stored as one row. */
    private static Affine scale(Stage.Scale s) {
        double[] factor = new double[s.inputs()];
        double[] bias = new double[s.inputs()];
        for (int i = 0; i < factor.length; i++) {
            factor[i] = s.factor()[i];
            bias[i] = -factor[i] * s.shift()[i];
        }
        return new Affine(new double[][] {factor}, bias);
    }

    private static Affine components(PcaModel model) {
        double[][] w = rows(model.components());
        double[] b = new double[w.length];
        double[] mean = model.exactMean();
        double[] deviations = model.deviations();
        for (int i = 0; i < w.length; i++) {
            double scale = model.scale(i);
            for (int j = 0; j < mean.length; j++) {
                w[i][j] *= deviations.length == 0 ? scale : scale / deviations[j];
                b[i] -= w[i][j] * mean[j];
            }
        }
        return new Affine(w, b);
    }

    private static Affine logits(LogisticModel model) {
        double[][] w = rows(model.weights());
        double[] b = new double[w.length];
        float[] intercepts = model.intercepts();
        for (int c = 0; c < w.length; c++) {
            b[c] = intercepts[c];
        }
        return new Affine(w, b);
    }

    private static Affine clusters(KMeansModel model) {
        double[][] w = rows(model.centroids());
        double[] b = new double[w.length];
        for (int c = 0; c < w.length; c++) {
            for (double v : w[c]) {
                b[c] -= model.distance() == KMeans.Distance.COSINE ? 0 : v * v / 2;
            }
        }
        return new Affine(w, b);
    }

    private static double[][] rows(FloatMatrix m) {
        double[][] rows = new double[Math.toIntExact(m.rows())][m.columns()];
        float[] row = new float[m.columns()];
        for (int i = 0; i < rows.length; i++) {
            m.getRow(i, row);
            for (int j = 0; j < row.length; j++) {
                rows[i][j] = row[j];
            }
        }
        return rows;
    }

    /** Returns this map applied to the output of another. */
    Affine after(Affine first, boolean diagonal) {
        int inputs = first.weights[0].length;
        double[][] w = new double[weights.length][inputs];
        double[] b = biases.clone();
        for (int o = 0; o < w.length; o++) {
            for (int m = 0; m < first.biases.length; m++) {
                double weight = weights[o][m];
                b[o] += weight * first.biases[m];
                if (diagonal) {
                    w[o][m] = weight * first.weights[0][m];
                    continue;
                }
                double[] row = first.weights[m];
                for (int j = 0; j < inputs; j++) {
                    w[o][j] += weight * row[j];
                }
            }
        }
        return new Affine(w, b);
    }

    /** Returns the same map as a function of x − origin, with the origin rounded to float. */
    Affine from(double[] origin) {
        double[] b = biases.clone();
        for (int o = 0; o < b.length; o++) {
            for (int j = 0; j < origin.length; j++) {
                b[o] += weights[o][j] * (float) origin[j];
            }
        }
        return new Affine(weights, b);
    }

    /** Returns the differences of all outputs but the first to the first. */
    Affine relative() {
        double[][] w = new double[weights.length - 1][weights[0].length];
        double[] b = new double[w.length];
        for (int o = 0; o < w.length; o++) {
            b[o] = biases[o + 1] - biases[0];
            for (int j = 0; j < w[o].length; j++) {
                w[o][j] = weights[o + 1][j] - weights[0][j];
            }
        }
        return new Affine(w, b);
    }

    /** Returns the map in the layout for single rows. */
    RowMap pack(boolean relative) {
        int inputs = weights[0].length;
        RowMap.Weights at = (o, i) -> weights[o][i];
        return relative && weights.length > 1
                ? RowMap.relative(weights.length, inputs, at, biases)
                : RowMap.of(weights.length, inputs, at, biases);
    }
}
