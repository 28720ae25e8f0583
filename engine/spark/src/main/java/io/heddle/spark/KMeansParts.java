package io.heddle.spark;

import io.heddle.cluster.KMeans;
import io.heddle.cluster.KMeansModel;
import io.heddle.matrix.FloatMatrix;
import java.io.Serial;
import java.io.Serializable;

/**
 * A {@link KMeansModel} in arrays on the heap, as Spark sends it to tasks.
 *
 * @param centers k × d, row by row
 * @param columns d
 * @param weights one per centre, or none
 * @param inertia of the training data
 * @param iterations of the fit
 * @param converged whether the fit stopped by its own rule
 * @param distance name of the distance
 */
record KMeansParts(
        float[] centers,
        int columns,
        double[] weights,
        double inertia,
        int iterations,
        boolean converged,
        String distance)
        implements Serializable, ModelParts<KMeansModel> {
    @Serial
    private static final long serialVersionUID = 1;

    static KMeansParts of(KMeansModel model) {
        return new KMeansParts(
                ModelParts.floats(model.centroids()),
                model.inputs(),
                model.weights(),
                model.inertia(),
                model.iterations(),
                model.converged(),
                model.distance().name());
    }

    boolean cosine() {
        return distance.equals(KMeans.Distance.COSINE.name());
    }

    int clusters() {
        return centers.length / columns;
    }

    @Override
    public KMeansModel open() {
        FloatMatrix matrix = FloatMatrix.copyOf(centers, clusters(), columns);
        try {
            return KMeansModel.of(matrix, weights, inertia, iterations, converged, KMeans.Distance.valueOf(distance));
        } catch (RuntimeException | Error e) {
            matrix.close();
            throw e;
        }
    }
}
