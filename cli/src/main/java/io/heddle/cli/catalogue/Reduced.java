package io.heddle.cli.catalogue;

import io.heddle.decomposition.Pca;
import io.heddle.decomposition.PcaModel;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;

/**
 * Features reduced to their principal components.
 *
 * @param rows n × components, owned
 * @param explained share of the variance of the components
 */
record Reduced(FloatMatrix rows, double explained) implements AutoCloseable {
    /** @param components maximum number of components, limited by the numbers of rows and columns */
    static Reduced of(FloatMatrix features, int components, long seed, WorkerPool pool) {
        int kept = Math.toIntExact(Math.min(components, Math.min(features.rows(), features.columns())));
        try (PcaModel pca =
                Pca.fit(features, Pca.Options.defaults().withComponents(kept).withSeed(seed), pool)) {
            return new Reduced(
                    pca.transform(features, pool),
                    Arrays.stream(pca.explainedVarianceRatio()).sum());
        }
    }

    /** Returns a copy of the first two components, or of the only one; owned by the caller. */
    FloatMatrix leading() {
        FloatMatrix leading = FloatMatrix.allocate(rows.rows(), Math.min(2, rows.columns()));
        for (long i = 0; i < rows.rows(); i++) {
            for (int j = 0; j < leading.columns(); j++) {
                leading.set(i, j, rows.get(i, j));
            }
        }
        return leading;
    }

    @Override
    public void close() {
        rows.close();
    }
}
