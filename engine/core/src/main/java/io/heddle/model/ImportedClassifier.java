package io.heddle.model;

import io.heddle.linear.Certificate;
import io.heddle.linear.LogisticModel;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;

/** A classifier with the weights of a file, which are rounded to float. */
final class ImportedClassifier {
    private ImportedClassifier() {}

    /**
     * Returns the model, which the caller closes.
     *
     * @param weights class by class
     * @throws InvalidInputException if a weight leaves the range of float
     */
    static LogisticModel of(double[] weights, double[] biases) {
        float[] rounded = new float[weights.length];
        for (int i = 0; i < weights.length; i++) {
            rounded[i] = finite(weights[i]);
        }
        float[] intercepts = new float[biases.length];
        for (int c = 0; c < biases.length; c++) {
            intercepts[c] = finite(biases[c]);
        }
        FloatMatrix matrix = FloatMatrix.copyOf(rounded, biases.length, weights.length / biases.length);
        // The file does not contain the objective and the certificate of the fit.
        Certificate none = new Certificate(Certificate.Kind.KKT_VIOLATION, Double.NaN);
        try {
            return LogisticModel.of(matrix, intercepts, Double.NaN, none, false, 0, 0);
        } catch (RuntimeException e) {
            matrix.close();
            throw e;
        }
    }

    private static float finite(double weight) {
        InvalidInputException.require(
                Math.abs(weight) <= Float.MAX_VALUE, "a weight is %s, which is out of the range of float", weight);
        return (float) weight;
    }
}
