package io.heddle.cluster;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.estimator.Clusterer;
import io.heddle.internal.columns.BinaryScaling;
import io.heddle.internal.columns.ColumnMoments;
import io.heddle.internal.columns.FeatureNames;
import io.heddle.internal.columns.FiniteCheck;
import io.heddle.internal.gemm.RowMap;
import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.internal.rows.Elements;
import io.heddle.internal.rows.RowWeights;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The centres of a k-means fit, and the clusters of the training rows.
 *
 * <p>Owns its memory; after {@link #close()} every use of the centres throws an {@link IllegalStateException}.
 * Thread-safe.
 *
 * <p>The methods that take one row run on the calling thread, without locks, hand-offs or allocation: see
 * {@link RowMap} for the kinds of memory of a row and for the errors.
 *
 * <p>For example: {@snippet file="ClusterExamplesTest.java" region="k-means-model"}
 */
public final class KMeansModel implements Clusterer {
    private static final Kernels KERNELS = Simd.kernels();

    private final FloatMatrix centroids;
    private final Origin origin;
    private final Sketch sketch;
    private final Outcome outcome;
    private final double[] weights;
    private final KMeans.Distance distance;
    /**
     * Whether distances of single rows are computed from differences, because products are not exact enough to rank the
     * centres.
     */
    private final boolean tight;
    /** Whether squares of values leave the range of float, so that differences are squared in double. */
    private final boolean extreme;

    /** Whether products rank the centres wrongly for some rows; written with the row map. */
    private boolean misleading;

    private volatile RowMap rowMap;

    /** Owns the memory of the first three. {@code sketch} may be null. */
    KMeansModel(
            FloatMatrix centroids,
            Origin origin,
            Sketch sketch,
            Outcome outcome,
            RowWeights rows,
            KMeans.Distance distance) {
        this(centroids, origin, sketch, outcome, masses((int) centroids.rows(), outcome.labels(), rows), distance);
    }

    private KMeansModel(
            FloatMatrix centroids,
            Origin origin,
            Sketch sketch,
            Outcome outcome,
            double[] weights,
            KMeans.Distance distance) {
        this.centroids = centroids;
        this.origin = origin;
        this.sketch = sketch;
        this.outcome = outcome;
        this.weights = weights;
        this.distance = distance;
        tight = isTight();
        extreme = isExtreme();
    }

    /**
     * Converts a model of scaled data to one of the original data. Rows are assigned again: rounding may move a centre,
     * and squares of the scaled differences may be zero in float.
     *
     * @param x the original data
     */
    KMeansModel restored(BinaryScaling scaling, Origin originOfData, FloatMatrix x, RowWeights rows, WorkerPool pool) {
        FloatMatrix restored = FloatMatrix.allocate(centroids.rows(), centroids.columns());
        for (long j = 0; j < restored.rows(); j++) {
            for (int l = 0; l < restored.columns(); l++) {
                restored.set(j, l, (float) scaling.restore(centroids.get(j, l), l));
            }
        }
        int[] labels = new int[outcome.labels().length];
        double inertia;
        try (NearestCenter exact = new DifferenceNearestCenter(true)) {
            exact.prepare(restored);
            inertia = exact.assignAndMeasure(x, null, rows, labels, pool);
        } catch (RuntimeException | Error e) {
            restored.close();
            originOfData.close();
            throw e;
        }
        Outcome found = new Outcome(labels, inertia, outcome.iterations(), outcome.converged());
        FloatMatrix named = restored.withColumnNames(centroids.columnNames());
        return new KMeansModel(named, originOfData, null, found, rows, distance);
    }

    /** This model with the labels of more rows, which have a weight of 0; owns its memory from now on. */
    KMeansModel withLabels(int[] labels) {
        Outcome more = new Outcome(labels, outcome.inertia(), outcome.iterations(), outcome.converged());
        return new KMeansModel(centroids, origin, sketch, more, weights, distance);
    }

    private boolean isExtreme() {
        int k = (int) centroids.rows();
        double spread = Double.isFinite(outcome.inertia()) && weights.length > 0
                ? outcome.inertia() / Arrays.stream(weights).sum()
                : 0;
        for (int c = 0; c < k; c++) {
            for (int j = 0; j < centroids.columns(); j++) {
                spread += Math.pow(centroids.get(c, j) - (double) centroids.get(0, j), 2) / k;
            }
        }
        double largest = NearestCenter.largestSquaredNorm(centroids);
        return BinaryScaling.isNeeded(spread > 0 ? spread : largest, largest);
    }

    private static double[] masses(int clusters, int[] labels, RowWeights rows) {
        double[] masses = new double[labels.length == 0 ? 0 : clusters];
        for (int i = 0; i < labels.length; i++) {
            masses[labels[i]] += rows.of(i);
        }
        return masses;
    }

    /** Compares the inertia with the spread of the centres. If either is not known, returns the safe answer. */
    private boolean isTight() {
        if (weights.length == 0 || !Double.isFinite(outcome.inertia())) {
            return true;
        }
        FloatMatrix mean = origin.mean();
        double between = 0;
        for (int j = 0; j < weights.length; j++) {
            between += weights[j]
                    * KERNELS.squaredDistance(
                            centroids.segment(), centroids.offset(j), mean.segment(), 0, centroids.columns());
        }
        return NearestCenter.isTight(outcome.inertia(), between + outcome.inertia());
    }

    /**
     * {@return a model from its parts, such as those in a file} It has no labels of training rows.
     *
     * @param centroids K × d, at least one, with the names of the features if known; belongs to the model from now on
     * @param inertia on the training data, NaN if not known
     * @param iterations of the fit
     * @param converged whether the fit stopped by its own rule
     * @throws InvalidInputException if there are no centres or values that are not finite; the centres are then left
     *     open
     */
    public static KMeansModel of(FloatMatrix centroids, double inertia, int iterations, boolean converged) {
        return of(centroids, new double[0], inertia, iterations, converged);
    }

    /**
     * As {@link #of(FloatMatrix, double[], double, int, boolean, KMeans.Distance)}, with Euclidean distance.
     *
     * @param centroids as there
     * @param weights as there
     * @param inertia as there
     * @param iterations as there
     * @param converged as there
     * @return as there
     */
    public static KMeansModel of(
            FloatMatrix centroids, double[] weights, double inertia, int iterations, boolean converged) {
        return of(centroids, weights, inertia, iterations, converged, KMeans.Distance.EUCLIDEAN);
    }

    /**
     * {@return a model from its parts, such as those in a file} It has no labels of training rows.
     *
     * @param centroids K × d, at least one, of unit length for COSINE, with the names of the features if known; belongs
     *     to the model from now on
     * @param weights number of rows of each centre, finite and ≥ 0; empty if not known
     * @param inertia on the training data, NaN if not known
     * @param iterations of the fit
     * @param converged whether the fit stopped by its own rule
     * @param distance between rows and centres
     * @throws InvalidInputException if there are no centres or values that are not finite, or the weights are not K
     *     such numbers; the centres are then left open
     */
    public static KMeansModel of(
            FloatMatrix centroids,
            double[] weights,
            double inertia,
            int iterations,
            boolean converged,
            KMeans.Distance distance) {
        require(
                centroids.rows() >= 1 && centroids.rows() < Integer.MAX_VALUE && centroids.columns() >= 1,
                "centres of %d x %d are no clustering",
                centroids.rows(),
                centroids.columns());
        require(
                weights.length == 0 || weights.length == centroids.rows(),
                "%d weights do not pair with %d centres",
                weights.length,
                centroids.rows());
        for (double weight : weights) {
            require(
                    weight >= 0 && Double.isFinite(weight),
                    "the weight of a centre must be a finite number of at least 0, not %s",
                    weight);
        }
        // The mean of the centres is used for that of the data. It is enough that it is among them.
        ColumnMoments moments = ColumnMoments.of(centroids, "the centres", WorkerPool.shared());
        Origin origin = Origin.of(moments, centroids.rows());
        Outcome outcome = new Outcome(new int[0], inertia, iterations, converged);
        return new KMeansModel(centroids, origin, null, outcome, weights.clone(), distance);
    }

    /** {@return the centres, K × d; freed with this model} */
    public FloatMatrix centroids() {
        return centroids;
    }

    @Override
    public int clusters() {
        return (int) centroids.rows();
    }

    @Override
    public List<String> featureNames() {
        return centroids.columnNames();
    }

    @Override
    public int inputs() {
        return centroids.columns();
    }

    /**
     * {@return the cluster of each row of the training data: the number of its nearest centre} Empty for a model that
     * was read from a file, which stores only the centres. Use {@link #predict(FloatMatrix)} on the same rows.
     */
    @Override
    public int[] labels() {
        return outcome.labels().clone();
    }

    /**
     * {@return the sum of the weights of the rows of each centre: those of its cluster in the training data, or in all
     * batches of a stream} Empty if not known.
     */
    public double[] weights() {
        return weights.clone();
    }

    /**
     * {@return the numbers of the clusters without a row of the training data, or without one with a weight above 0,
     * ascending} There are some if the data have fewer distinct rows than clusters, and sometimes among many clusters
     * from mini-batches. Empty if {@link #weights()} are not known.
     */
    public int[] emptyClusters() {
        return IntStream.range(0, weights.length).filter(j -> weights[j] == 0).toArray();
    }

    /** {@return the distance} */
    public KMeans.Distance distance() {
        return distance;
    }

    /**
     * {@return Σ weight · ‖row − its centre‖² over the training data, from differences and in double; for COSINE of
     * rows at unit length}
     */
    public double inertia() {
        return outcome.inertia();
    }

    /** {@return the number of Lloyd iterations of the best run, or of batches} */
    @Override
    public int iterations() {
        return outcome.iterations();
    }

    /** {@return whether the stopping rule was met, not the limit on iterations} */
    @Override
    public boolean converged() {
        return outcome.converged();
    }

    /**
     * {@return the number of the nearest centre of each row}
     *
     * @param x m × d, any m below 2³¹
     * @param pool whose threads share the work
     * @throws InvalidInputException if x does not have d columns or holds values that are not finite, or for COSINE a
     *     row of zeros
     */
    @Override
    public int[] predict(FloatMatrix x, WorkerPool pool) {
        requireColumns(x);
        require(
                x.rows() < Integer.MAX_VALUE - 8,
                "k-means predicts fewer than 2^31 rows at a time, because labels are an array, not %d",
                x.rows());
        FiniteCheck.require(x, "the data", pool);
        if (distance == KMeans.Distance.COSINE) {
            try (FloatMatrix unit = UnitRows.of(x, "the data", pool)) {
                return nearest(unit, pool);
            }
        }
        return nearest(x, pool);
    }

    /** The numbers of the nearest centres of rows that are finite and, for COSINE, at unit length. */
    int[] nearest(FloatMatrix x, WorkerPool pool) {
        int[] predicted = new int[(int) x.rows()];
        try (NearestCenter nearest = extreme
                ? new DifferenceNearestCenter(true)
                : NearestCenter.of((int) centroids.rows(), origin, sketch, tight, pool)) {
            nearest.prepare(centroids);
            nearest.assignAll(x, null, predicted, pool);
        }
        return predicted;
    }

    private void requireColumns(FloatMatrix x) {
        require(
                x.columns() == centroids.columns(),
                "data of %d columns does not fit centres of %d columns",
                x.columns(),
                centroids.columns());
        FeatureNames.requireSame(x, featureNames());
    }

    /**
     * {@return the number of the nearest centre of one row of d values, the lowest if several are equally near; for
     * COSINE 0 if the row is zero} O(K · d). If the squared distances of two centres differ by less than about 10⁻⁶ of
     * ‖row‖ · ‖their difference‖, either may be returned. If the clusters are tiny relative to their distance from each
     * other or from zero, distances are computed from differences in double, and rows that are not arrays are copied.
     *
     * @param row d values
     */
    public int predict(float[] row) {
        int ranked = rowMap().largest(row);
        return measures() ? nearestByDifference(row) : ranked;
    }

    private boolean measures() {
        return distance == KMeans.Distance.EUCLIDEAN && (tight || extreme || misleading || origin.centerRows());
    }

    private int nearestByDifference(float[] row) {
        int best = 0;
        double minimum = Double.POSITIVE_INFINITY;
        for (int c = 0; c < centroids.rows(); c++) {
            double squares = 0;
            for (int j = 0; j < row.length; j++) {
                double difference = (double) row[j] - centroids.get(c, j);
                squares += difference * difference;
            }
            if (squares < minimum) {
                minimum = squares;
                best = c;
            }
        }
        return best;
    }

    /**
     * As {@link #predict(float[])}, for a segment of one row.
     *
     * @param row d values
     * @return as there
     */
    public int predict(MemorySegment row) {
        rowMap().requireRow(row);
        return predict(row, 0);
    }

    /**
     * As {@link #predict(float[])}, of the row that begins at a byte offset.
     *
     * @param rows memory that holds the row
     * @param offset byte at which the row begins
     * @return as there
     */
    public int predict(MemorySegment rows, long offset) {
        int ranked = rowMap().largest(rows, offset);
        if (!measures()) {
            return ranked;
        }
        float[] row = new float[centroids.columns()];
        Elements.read(rows, offset, row);
        return nearestByDifference(row);
    }

    /**
     * As {@link #predict(float[])}, of the buffer's remaining floats; its position does not change.
     *
     * @param row d values
     * @return as there
     */
    public int predict(FloatBuffer row) {
        int ranked = rowMap().largest(row);
        if (!measures()) {
            return ranked;
        }
        float[] copy = new float[centroids.columns()];
        row.get(row.position(), copy);
        return nearestByDifference(copy);
    }

    /**
     * Computes the distance of each row to each centre, from differences: the Euclidean length, or for COSINE 1 − the
     * cosine.
     *
     * @param x m × d, any m
     * @return m × K, owned by the caller
     * @throws InvalidInputException if x does not have d columns or holds values that are not finite, or for COSINE a
     *     row of zeros
     */
    public FloatMatrix distances(FloatMatrix x) {
        requireColumns(x);
        WorkerPool pool = WorkerPool.shared();
        FiniteCheck.require(x, "the data", pool);
        if (distance == KMeans.Distance.EUCLIDEAN) {
            return CenterDistances.euclidean(x, centroids, extreme, pool);
        }
        try (FloatMatrix unit = UnitRows.of(x, "the data", pool)) {
            return CenterDistances.cosine(unit, centroids, pool);
        }
    }

    /** Prepares single-row predictions and compiles their code. Takes some tenths of a second, once. */
    @Override
    public void warmUp() {
        rowMap().warmUp();
    }

    private RowMap rowMap() {
        RowMap map = rowMap;
        return map != null ? map : packRows();
    }

    /** The nearest centre has the largest 2 c·x − ‖c‖²; at unit length the last part is the same for all. */
    private synchronized RowMap packRows() {
        if (rowMap == null) {
            int k = (int) centroids.rows();
            int d = centroids.columns();
            double[] biases = new double[k];
            for (int c = 0; c < k; c++) {
                for (int j = 0; j < d && distance == KMeans.Distance.EUCLIDEAN; j++) {
                    biases[c] -= (double) centroids.get(c, j) * centroids.get(c, j);
                }
            }
            misleading = distance == KMeans.Distance.EUCLIDEAN && ProductError.misleadsAmong(centroids);
            RowMap.Weights twice = (c, j) -> 2d * centroids.get(c, j);
            rowMap = k == 1 ? RowMap.of(k, d, twice, biases) : RowMap.relative(k, d, twice, biases);
        }
        return rowMap;
    }

    /** Frees the centres; may be called again without effect. */
    @Override
    public synchronized void close() {
        if (rowMap != null) {
            rowMap.close();
        }
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
