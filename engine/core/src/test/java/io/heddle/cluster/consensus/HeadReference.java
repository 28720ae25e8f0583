package io.heddle.cluster.consensus;

import io.heddle.matrix.FloatMatrix;

/** A head in double: its weights, probabilities and losses by plain loops. */
final class HeadReference {
    final double[][] hidden;
    final double[][] output;
    final double[] bias;

    HeadReference(ConsistencyHead head) {
        hidden = toDoubles(head.hidden.value);
        output = toDoubles(head.output.value);
        bias = toDoubles(head.bias.value)[0];
    }

    static double[][] toDoubles(FloatMatrix x) {
        double[][] copy = new double[(int) x.rows()][x.columns()];
        for (int i = 0; i < copy.length; i++) {
            for (int j = 0; j < x.columns(); j++) {
                copy[i][j] = x.get(i, j);
            }
        }
        return copy;
    }

    double[] units(double[] row) {
        double[] units = new double[hidden[0].length];
        for (int h = 0; h < units.length; h++) {
            for (int j = 0; j < row.length; j++) {
                units[h] += row[j] * hidden[j][h];
            }
            units[h] = Math.max(0, units[h]);
        }
        return units;
    }

    double[] probabilities(double[] row) {
        double[] units = units(row);
        double[] p = new double[bias.length];
        double sum = 0;
        for (int k = 0; k < p.length; k++) {
            double logit = bias[k];
            for (int h = 0; h < units.length; h++) {
                logit += units[h] * output[k][h];
            }
            p[k] = Math.exp(logit);
            sum += p[k];
        }
        for (int k = 0; k < p.length; k++) {
            p[k] /= sum;
        }
        return p;
    }

    /** The loss over all pairs of a row and one of its {@code count} neighbours. */
    double loss(double[][] x, int[] neighbors, int count, double entropyWeight) {
        double[][] p = new double[x.length][];
        double[] mean = new double[bias.length];
        for (int i = 0; i < x.length; i++) {
            p[i] = probabilities(x[i]);
            for (int k = 0; k < mean.length; k++) {
                mean[k] += p[i][k] / x.length;
            }
        }
        double disagreement = 0;
        for (int i = 0; i < x.length; i++) {
            for (int c = 0; c < count; c++) {
                double agreement = 0;
                for (int k = 0; k < mean.length; k++) {
                    agreement += p[i][k] * p[neighbors[i * count + c]][k];
                }
                disagreement -= Math.log(agreement) / (x.length * count);
            }
        }
        double entropy = 0;
        for (double m : mean) {
            entropy -= m * Math.log(m);
        }
        return disagreement - entropyWeight * entropy;
    }
}
