package io.heddle.spark;

import io.heddle.decomposition.Pca;
import io.heddle.decomposition.PcaModel;
import io.heddle.matrix.FloatMatrix;
import java.io.Serial;
import java.io.Serializable;

/**
 * A {@link PcaModel} in arrays on the heap, as Spark sends it to tasks.
 *
 * @param components k × d, row by row
 * @param mean one per column
 * @param deviations one per column, or none
 * @param variance one per component
 * @param totalVariance of the training data
 * @param rows of the training data
 * @param whitening as in {@link PcaModel}
 * @param solver name of the solver
 * @param iterations passes over the data
 * @param converged as in {@link PcaModel}
 */
record PcaParts(
        float[] components,
        double[] mean,
        double[] deviations,
        double[] variance,
        double totalVariance,
        long rows,
        double whitening,
        String solver,
        int iterations,
        boolean converged)
        implements Serializable, ModelParts<PcaModel> {
    @Serial
    private static final long serialVersionUID = 1;

    static PcaParts of(PcaModel model) {
        return new PcaParts(
                ModelParts.floats(model.components()),
                model.exactMean(),
                model.deviations(),
                model.explainedVariance(),
                model.totalVariance(),
                model.rows(),
                model.whitening(),
                model.solver().name(),
                model.iterations(),
                model.converged());
    }

    @Override
    public PcaModel open() {
        FloatMatrix matrix = FloatMatrix.copyOf(components, variance.length, mean.length);
        try {
            PcaModel.Fit fit = new PcaModel.Fit(Pca.Solver.valueOf(solver), iterations, converged);
            return PcaModel.of(matrix, mean, deviations, variance, totalVariance, rows, whitening, fit);
        } catch (RuntimeException | Error e) {
            matrix.close();
            throw e;
        }
    }
}
