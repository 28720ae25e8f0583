package io.heddle.cluster;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.internal.columns.BinaryScaling;
import io.heddle.internal.columns.ColumnMoments;
import io.heddle.internal.columns.FeatureNames;
import io.heddle.internal.rows.RowWeights;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;

/**
 * K-means of rows that arrive in batches. Batches are not stored: each centre is the mean of all rows that were nearest
 * to it when they arrived. Sculley, "Web-scale k-means clustering", WWW 2010, as {@code partial_fit} of scikit-learn's
 * MiniBatchKMeans without the reassignment of rarely used centres.
 *
 * <p>The initial centres come from {@link KMeans} on the first batch, or from a model. Owns its memory. Not
 * thread-safe. The same batches give the same bits for any number of threads in the pool.
 *
 * <p>For example: {@snippet file="ClusterExamplesTest.java" region="streaming-k-means"}
 */
public final class StreamingKMeans implements AutoCloseable {
    private final int clusters;
    private final long seed;
    private final double[] weights;
    private FloatMatrix centroids;
    private double inertia = Double.NaN;
    private int batches;

    private StreamingKMeans(int clusters, long seed, FloatMatrix centroids) {
        this.clusters = clusters;
        this.seed = seed;
        this.weights = new double[clusters];
        this.centroids = centroids;
    }

    /**
     * {@return a stream without centres}
     *
     * @param clusters ≥ 1; the first batch must have at least as many rows
     * @param seed of the first batch's clustering
     */
    public static StreamingKMeans of(int clusters, long seed) {
        require(clusters >= 1, "k-means needs at least 1 cluster, not %d", clusters);
        return new StreamingKMeans(clusters, seed, null);
    }

    /**
     * {@return a stream that continues from a model}
     *
     * @param model is copied
     * @param weight weight of each centre in rows, relative to new rows; ≥ 0; 0 keeps only its initial position
     */
    public static StreamingKMeans from(KMeansModel model, double weight) {
        require(
                weight >= 0 && Double.isFinite(weight),
                "the weight of a centre must be a finite number of at least 0, not %s",
                weight);
        StreamingKMeans stream = after(model);
        Arrays.fill(stream.weights, weight);
        return stream;
    }

    /**
     * {@return a stream that continues from a model, for example of a stream in another process} It uses the model's
     * weights, so the bits are the same as without the interruption.
     *
     * @param model is copied
     * @throws InvalidInputException if the model does not contain the weights of its centres
     */
    public static StreamingKMeans from(KMeansModel model) {
        double[] weights = model.weights();
        require(weights.length > 0, "the model does not contain the number of rows of each centre: choose a weight");
        StreamingKMeans stream = after(model);
        System.arraycopy(weights, 0, stream.weights, 0, weights.length);
        stream.inertia = model.inertia();
        stream.batches = model.iterations();
        return stream;
    }

    private static StreamingKMeans after(KMeansModel model) {
        require(
                model.distance() == KMeans.Distance.EUCLIDEAN,
                "a stream continues only from clusters by Euclidean distance, not by %s",
                model.distance());
        FloatMatrix centroids = model.centroids().copy();
        return new StreamingKMeans((int) centroids.rows(), 0, centroids);
    }

    /**
     * As {@link #partialFit(FloatMatrix, WorkerPool)}, with the shared pool.
     *
     * @param batch m × d
     */
    public void partialFit(FloatMatrix batch) {
        partialFit(batch, WorkerPool.shared());
    }

    /**
     * Updates the centres with more rows.
     *
     * <p>Off-heap memory for K clusters with t threads, in bytes: at most 4·d·(3·K + 128·t + 34) + 512·t·K with the
     * centres, 4·K·d, which the stream keeps. Numbers of columns count as multiples of 16. In addition 1 MB per thread.
     * The first batch of a stream without a model takes at most as much as {@link KMeans#fit(DataMatrix,
     * KMeans.Options, WorkerPool)} with LLOYD for its m rows, and 4·K·d.
     *
     * @param batch m × d, with the same d each time, m below 2³¹
     * @param pool whose threads share the work
     * @throws InvalidInputException if the shape does not fit, a value is not finite, or the first batch has fewer rows
     *     than there are clusters; the state is then unchanged
     */
    public void partialFit(FloatMatrix batch, WorkerPool pool) {
        require(
                batch.rows() >= 1 && batch.rows() < Integer.MAX_VALUE - 8,
                "a batch has 1 to 2^31 rows, not %d",
                batch.rows());
        require(
                centroids == null || batch.columns() == centroids.columns(),
                "a batch of %d columns does not fit centres of %d columns",
                batch.columns(),
                centroids == null ? 0 : centroids.columns());
        if (centroids != null) {
            FeatureNames.requireSame(batch, centroids.columnNames());
        }
        ColumnMoments moments = ColumnMoments.of(batch, "the batch", pool);
        if (centroids == null) {
            KMeans.Options options = KMeans.Options.defaults()
                    .withAlgorithm(KMeans.Algorithm.LLOYD)
                    .withClusters(clusters)
                    .withSeed(seed);
            try (KMeansModel first = KMeans.fit(batch, options, pool)) {
                centroids = first.centroids().copy();
            }
        }
        int[] labels = new int[(int) batch.rows()];
        inertia = assign(batch, moments, labels, pool);
        BatchMeans means = new BatchMeans(clusters, batch.columns(), false, pool);
        means.move(batch, labels.length, labels, centroids, weights);
        for (int j = 0; j < clusters; j++) {
            weights[j] += means.count(j);
        }
        batches++;
    }

    /** Returns the inertia, from differences if products would lose too many digits. */
    private double assign(FloatMatrix batch, ColumnMoments moments, int[] labels, WorkerPool pool) {
        boolean inDouble = BinaryScaling.isNeeded(batch, moments);
        if (!inDouble) {
            try (Origin origin = Origin.of(moments, batch.rows());
                    NearestCenter nearest = NearestCenter.of(clusters, origin, null, false, pool)) {
                nearest.prepare(centroids);
                double found = nearest.assignAndMeasure(batch, null, RowWeights.NONE, labels, pool);
                if (!NearestCenter.isTight(found, moments.squaredDeviations())) {
                    return found;
                }
            }
        }
        try (NearestCenter exact = new DifferenceNearestCenter(inDouble)) {
            exact.prepare(centroids);
            return exact.assignAndMeasure(batch, null, RowWeights.NONE, labels, pool);
        }
    }

    /** {@return the sum of the weights of each centre's rows} */
    public double[] weights() {
        return weights.clone();
    }

    /**
     * {@return a model of the centres so far, which the caller closes; its inertia is that of the last batch, before it
     * moved the centres}
     *
     * @throws InvalidInputException if there was no batch
     */
    public KMeansModel model() {
        require(centroids != null, "no batch has come yet, so there are no centres");
        return KMeansModel.of(centroids.copy(), weights, inertia, batches, false);
    }

    /** Frees the centres; may be called again without effect. */
    @Override
    public void close() {
        if (centroids != null) {
            centroids.close();
        }
    }
}
