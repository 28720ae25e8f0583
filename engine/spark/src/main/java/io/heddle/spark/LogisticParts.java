package io.heddle.spark;

import io.heddle.linear.Certificate;
import io.heddle.linear.LogisticModel;
import io.heddle.matrix.FloatMatrix;
import java.io.Serial;
import java.io.Serializable;

/**
 * A {@link LogisticModel} in arrays on the heap, as Spark sends it to tasks.
 *
 * @param weights classes × features, row by row
 * @param intercepts one per class
 * @param objective as in {@link LogisticModel}
 * @param certificate its kind and its value, as in {@link LogisticModel}
 * @param converged as in {@link LogisticModel}
 * @param iterations of the fit
 * @param passes of the fit over the data
 */
record LogisticParts(
        float[] weights,
        float[] intercepts,
        double objective,
        Certificate.Kind certificate,
        double relative,
        boolean converged,
        int iterations,
        int passes)
        implements Serializable, ModelParts<LogisticModel> {
    @Serial
    private static final long serialVersionUID = 1;

    static LogisticParts of(LogisticModel model) {
        return new LogisticParts(
                ModelParts.floats(model.weights()),
                model.intercepts(),
                model.objective(),
                model.certificate().kind(),
                model.certificate().relative(),
                model.converged(),
                model.iterations(),
                model.passes());
    }

    /** Shifts the intercepts to a mean of 0, as in MLlib. The same shift of all changes no probability. */
    LogisticParts centred() {
        double mean = 0;
        for (float b : intercepts) {
            mean += b / intercepts.length;
        }
        float[] shifted = new float[intercepts.length];
        for (int c = 0; c < shifted.length; c++) {
            shifted[c] = (float) (intercepts[c] - mean);
        }
        return new LogisticParts(weights, shifted, objective, certificate, relative, converged, iterations, passes);
    }

    /** The logit of class 0. The logits of the row kernels are relative to it. */
    double firstLogit(float[] row) {
        double sum = intercepts[0];
        for (int j = 0; j < row.length; j++) {
            sum += (double) weights[j] * row[j];
        }
        return sum;
    }

    int classes() {
        return intercepts.length;
    }

    int features() {
        return weights.length / intercepts.length;
    }

    @Override
    public LogisticModel open() {
        FloatMatrix matrix = FloatMatrix.copyOf(weights, classes(), features());
        try {
            Certificate proof = new Certificate(certificate, relative);
            return LogisticModel.of(matrix, intercepts, objective, proof, converged, iterations, passes);
        } catch (RuntimeException | Error e) {
            matrix.close();
            throw e;
        }
    }
}
