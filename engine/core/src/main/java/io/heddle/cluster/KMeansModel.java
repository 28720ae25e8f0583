package io.heddle.cluster;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import io.heddle.simd.FiniteCheck;

/**
 * The centres that {@link KMeans} found, and the clusters of the rows it found them in.
 *
 * <p>Owns its memory; after {@link #close()} every use of the centres is an {@link IllegalStateException}. May be used
 * from several threads.
 */
public final class KMeansModel implements AutoCloseable {
    private final FloatMatrix centroids;
    private final Origin origin;
    private final Sketch sketch;
    private final Outcome outcome;

    /** Takes over the memory of the first three. {@code sketch} may be null. */
    KMeansModel(FloatMatrix centroids, Origin origin, Sketch sketch, Outcome outcome) {
        this.centroids = centroids;
        this.origin = origin;
        this.sketch = sketch;
        this.outcome = outcome;
    }

    /** The centres, K × d; freed with this model. */
    public FloatMatrix centroids() {
        return centroids;
    }

    /** The cluster of each row of the training data: the number of its nearest centre. */
    public int[] labels() {
        return outcome.labels().clone();
    }

    /** Σ ‖row − its centre‖² over the training data, from differences and in double. */
    public double inertia() {
        return outcome.inertia();
    }

    /** Iterations of Lloyd's algorithm in the run that was kept, or batches. */
    public int iterations() {
        return outcome.iterations();
    }

    /** Whether the algorithm stopped by its own rule, not by the limit on iterations. */
    public boolean converged() {
        return outcome.converged();
    }

    /** As {@link #predict(FloatMatrix, WorkerPool)}, with the shared pool. */
    public int[] predict(FloatMatrix x) {
        return predict(x, WorkerPool.shared());
    }

    /**
     * The number of the nearest centre of each row.
     *
     * @param x m × d, any m below 2³¹
     * @throws InvalidInputException if x does not have d columns or holds values that are not finite
     */
    public int[] predict(FloatMatrix x, WorkerPool pool) {
        require(
                x.columns() == centroids.columns(),
                "data of %d columns does not fit centres of %d columns",
                x.columns(),
                centroids.columns());
        require(
                x.rows() < Integer.MAX_VALUE - 8,
                "k-means predicts fewer than 2^31 rows at a time, because labels are an array, not %d",
                x.rows());
        FiniteCheck.require(x, "the data", pool);
        int[] predicted = new int[(int) x.rows()];
        try (NearestCenter nearest = NearestCenter.of((int) centroids.rows(), origin, sketch, pool)) {
            nearest.prepare(centroids);
            nearest.assignAll(x, predicted, pool);
        }
        return predicted;
    }

    /** Frees the centres; may be called again without effect. */
    @Override
    public void close() {
        centroids.close();
        origin.close();
        if (sketch != null) {
            sketch.close();
        }
    }

    @Override
    public String toString() {
        return "KMeansModel[%d clusters of %d columns, inertia %s]"
                .formatted(centroids.rows(), centroids.columns(), outcome.inertia());
    }
}
