package io.heddle.cli.catalogue;

import io.heddle.decomposition.Pca;
import io.heddle.decomposition.PcaModel;
import io.heddle.decomposition.RowNormalizer;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;

/**
 * Principal components, each divided by the fourth root of its variance, then scaled to rows of unit length. This is
 * halfway to whitening and limits the weight of the largest components.
 */
final class HalfWhitened implements AutoCloseable {
    private static final double POWER = -0.25;
    private static final double MINIMUM_SHARE = 1e-9;

    private final PcaModel pca;
    private final float[] scales;
    private final WorkerPool pool;

    private HalfWhitened(PcaModel pca, float[] scales, WorkerPool pool) {
        this.pca = pca;
        this.scales = scales;
        this.pool = pool;
    }

    static HalfWhitened fit(FloatMatrix x, int components, long seed, WorkerPool pool) {
        int kept = Math.toIntExact(Math.min(components, Math.min(x.rows(), x.columns())));
        PcaModel pca = Pca.fit(x, Pca.Options.defaults().withComponents(kept).withSeed(seed), pool);
        double[] variance = pca.explainedVariance();
        float[] scales = new float[kept];
        for (int j = 0; j < kept; j++) {
            // Components with hardly any variance are rounding errors and must not be scaled up.
            scales[j] = variance[j] <= MINIMUM_SHARE * variance[0] ? 0 : (float) Math.pow(variance[j], POWER);
        }
        return new HalfWhitened(pca, scales, pool);
    }

    int columns() {
        return scales.length;
    }

    /** Returns rows of unit length, or of zeros, which the caller closes. */
    FloatMatrix apply(FloatMatrix x) {
        FloatMatrix z = pca.transform(x, pool);
        float[] row = new float[z.columns()];
        for (long i = 0; i < z.rows(); i++) {
            z.getRow(i, row);
            for (int j = 0; j < row.length; j++) {
                row[j] *= scales[j];
            }
            z.setRow(i, row);
        }
        RowNormalizer.normalize(z, pool);
        return z;
    }

    /** Joins the columns of two matrices, with a weight for the second. Closes both. */
    static FloatMatrix beside(FloatMatrix first, FloatMatrix second, double weight) {
        try (first;
                second) {
            FloatMatrix both = FloatMatrix.allocate(first.rows(), first.columns() + second.columns());
            float[] a = new float[first.columns()];
            float[] b = new float[second.columns()];
            float[] row = new float[both.columns()];
            for (long i = 0; i < both.rows(); i++) {
                first.getRow(i, a);
                second.getRow(i, b);
                System.arraycopy(a, 0, row, 0, a.length);
                for (int j = 0; j < b.length; j++) {
                    row[a.length + j] = (float) (weight * b[j]);
                }
                both.setRow(i, row);
            }
            return both;
        }
    }

    @Override
    public void close() {
        pca.close();
    }
}
