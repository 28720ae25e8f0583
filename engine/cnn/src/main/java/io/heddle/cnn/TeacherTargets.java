package io.heddle.cnn;

import io.heddle.decomposition.Pca;
import io.heddle.decomposition.PcaModel;
import io.heddle.decomposition.RowNormalizer;
import io.heddle.matrix.FloatMatrix;
import io.heddle.neighbors.NearestNeighbors;
import io.heddle.neighbors.NeighborGraph;
import io.heddle.neighbors.Neighbors;
import io.heddle.parallel.RowSlices;
import io.heddle.parallel.WorkerPool;

/**
 * Computes the targets of the distillation: the leading principal components of the teacher's features, each divided by
 * the square root of its standard deviation, then scaled to rows of unit length. This increases the weight of weak
 * components, but strong ones remain larger. Rows may be averaged with those of their nearest neighbours, which reduces
 * differences within classes.
 */
final class TeacherTargets {
    private static final double POWER = -0.25;
    private static final int NEIGHBORS = 15;
    private static final int BLOCK = 256;

    private TeacherTargets() {}

    /**
     * @param features N × D; not changed
     * @param options options with the maximum number of components; fewer if there are fewer features
     * @return N × components, owned by the caller
     */
    static FloatMatrix of(FloatMatrix features, TrainingOptions options, WorkerPool pool) {
        FloatMatrix components = components(features, options, pool);
        if (options.teaching().smoothing() == 0) {
            return components;
        }
        try (components) {
            int count = (int) Math.min(NEIGHBORS, components.rows() - 1);
            Neighbors near = NearestNeighbors.within(
                    components, NearestNeighbors.Options.defaults().withNeighbors(count), pool);
            FloatMatrix smooth = NeighborGraph.of(near)
                    .diffuse(components, options.teaching().smoothing(), pool);
            RowNormalizer.normalize(smooth, pool);
            return smooth;
        }
    }

    private static FloatMatrix components(FloatMatrix features, TrainingOptions options, WorkerPool pool) {
        int columns = (int) Math.min(Math.min(options.teaching().components(), features.columns()), features.rows());
        Pca.Options reduction = Pca.Options.defaults().withComponents(columns).withSeed(options.seed());
        try (PcaModel pca = Pca.fit(features, reduction, pool)) {
            double[] variance = pca.explainedVariance();
            float[] factors = new float[columns];
            for (int j = 0; j < columns; j++) {
                // Constant features remain zero.
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

    /** {@return the images mirrored horizontally, owned by the caller} */
    static FloatMatrix mirrored(FloatMatrix images, int width, int height, WorkerPool pool) {
        FloatMatrix mirrored = FloatMatrix.allocate(images.rows(), images.columns());
        RowSlices slices = RowSlices.of(images.rows(), BLOCK);
        pool.run(slices.count(), (slice, worker) -> {
            float[] image = new float[width * height];
            float[] mirror = new float[width * height];
            for (long i = slices.from(slice); i < slices.to(slice); i++) {
                images.getRow(i, image);
                for (int y = 0; y < height; y++) {
                    for (int x = 0; x < width; x++) {
                        mirror[y * width + x] = image[(y + 1) * width - 1 - x];
                    }
                }
                mirrored.setRow(i, mirror);
            }
        });
        return mirrored;
    }

    /** Replaces the features by the means of both sets. */
    static void average(FloatMatrix features, FloatMatrix others, WorkerPool pool) {
        RowSlices slices = RowSlices.of(features.rows(), BLOCK);
        pool.run(slices.count(), (slice, worker) -> {
            float[] row = new float[features.columns()];
            float[] other = new float[features.columns()];
            for (long i = slices.from(slice); i < slices.to(slice); i++) {
                features.getRow(i, row);
                others.getRow(i, other);
                for (int j = 0; j < row.length; j++) {
                    row[j] = 0.5f * (row[j] + other[j]);
                }
                features.setRow(i, row);
            }
        });
    }
}
