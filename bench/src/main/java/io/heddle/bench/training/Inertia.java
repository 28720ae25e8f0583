package io.heddle.bench.training;

import io.heddle.cluster.KMeansModel;
import io.heddle.matrix.FloatMatrix;

/** Computes the inertia in double, in the same way for both libraries. */
final class Inertia {
    private Inertia() {}

    static double of(FloatMatrix x, KMeansModel model) {
        FloatMatrix centres = model.centroids();
        int[] labels = model.labels();
        float[] row = new float[x.columns()];
        float[] centre = new float[x.columns()];
        double sum = 0;
        for (int i = 0; i < labels.length; i++) {
            x.getRow(i, row);
            centres.getRow(labels[i], centre);
            for (int j = 0; j < row.length; j++) {
                double difference = (double) row[j] - centre[j];
                sum += difference * difference;
            }
        }
        return sum;
    }

    static double of(double[][] x, double[][] centres, int[] labels) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            double[] centre = centres[labels[i]];
            for (int j = 0; j < centre.length; j++) {
                double difference = x[i][j] - centre[j];
                sum += difference * difference;
            }
        }
        return sum;
    }
}
