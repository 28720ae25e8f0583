package io.heddle.cnn;

import io.heddle.decomposition.Pca;
import io.heddle.decomposition.PcaModel;
import io.heddle.decomposition.RowNormalizer;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;

/**
 * What a network learns of its teacher: the leading principal components of the teacher's features, each divided by the
 * square root of its standard deviation, rows of unit length. So weaker components count, but not as much as strong
 * ones.
 */
final class TeacherTargets {
    private static final double POWER = -0.25;

    private TeacherTargets() {}

    /**
     * @param features N × D; overwritten by nobody
     * @param components at most so many columns; fewer where the features have fewer
     * @return N × components, owned by the caller
     */
    static FloatMatrix of(FloatMatrix features, int components, long seed, WorkerPool pool) {
        int columns = (int) Math.min(Math.min(components, features.columns()), features.rows());
        Pca.Options options = Pca.Options.defaults().withComponents(columns).withSeed(seed);
        try (PcaModel pca = Pca.fit(features, options, pool)) {
            double[] variance = pca.explainedVariance();
            float[] factors = new float[columns];
            for (int j = 0; j < columns; j++) {
                // Features that do not vary at all stay zero.
                factors[j] = variance[j] > 0 ? (float) Math.pow(variance[j], POWER) : 0;
            }
            FloatMatrix targets = pca.transform(features, pool);
            float[] row = new float[columns];
            for (long i = 0; i < targets.rows(); i++) {
                targets.getRow(i, row);
                for (int j = 0; j < columns; j++) {
                    row[j] *= factors[j];
                }
                targets.setRow(i, row);
            }
            RowNormalizer.normalize(targets, pool);
            return targets;
        }
    }
}
