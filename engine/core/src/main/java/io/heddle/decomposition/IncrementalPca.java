package io.heddle.decomposition;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.internal.columns.BinaryScaling;
import io.heddle.internal.columns.ColumnMoments;
import io.heddle.internal.columns.FeatureNames;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Computes principal components of rows that arrive in batches. Batches are not stored; the state is the components
 * with their singular values, the mean and the variance. Ross, Lim, Lin and Yang, "Incremental learning for robust
 * visual tracking", IJCV 77, 2008; as in scikit-learn's IncrementalPCA.
 *
 * <p>After each batch, variance outside of the components is discarded. So the result approximates that of {@link Pca}
 * on all rows. Memory: k · d doubles. A batch of m rows costs as much as {@link Pca} of m + k + 1 rows. Not
 * thread-safe.
 *
 * <p>For example: {@snippet file="DecompositionExamplesTest.java" region="incremental-pca"}
 */
public final class IncrementalPca {
    /** Exponent of the variance by which a component is scaled to unit variance. */
    private static final double UNIT_VARIANCE = 0.5;

    private final int components;
    private double[] mean;
    private double squaredDeviations;
    private long rows;
    private double[] values;
    private double[] vectors;
    private List<String> names = List.of();

    private IncrementalPca(int components) {
        this.components = components;
    }

    /**
     * Creates an instance without rows.
     *
     * @param components to keep, ≥ 1
     * @return an instance for {@link #partialFit}
     * @throws InvalidInputException if it is less
     */
    public static IncrementalPca of(int components) {
        require(components >= 1, "incremental PCA keeps at least 1 component, not %d", components);
        return new IncrementalPca(components);
    }

    /**
     * Continues from a model, which may come from another process. A model stores components and mean as floats. So the
     * result differs from an uninterrupted one by about 10⁻⁶ of the largest value.
     *
     * @param model copied; its whitening is ignored
     * @return an instance for more rows
     * @throws InvalidInputException if the model is from fewer than two rows or from standardized columns
     */
    public static IncrementalPca from(PcaModel model) {
        require(
                model.deviations().length == 0,
                "a model of standardized columns cannot be continued, because further rows would change the deviations");
        require(model.rows() >= 2, "a model must have at least 2 rows to be continued, not %d", model.rows());
        int k = (int) model.components().rows();
        int d = model.components().columns();
        IncrementalPca pca = new IncrementalPca(k);
        pca.rows = model.rows();
        pca.squaredDeviations = model.totalVariance() * (model.rows() - 1);
        pca.mean = new double[d];
        pca.values = new double[k];
        pca.vectors = new double[k * d];
        pca.names = model.featureNames();
        double[] variance = model.explainedVariance();
        System.arraycopy(model.exactMean(), 0, pca.mean, 0, d);
        for (int i = 0; i < k; i++) {
            pca.values[i] = variance[i] * (model.rows() - 1);
            for (int j = 0; j < d; j++) {
                pca.vectors[i * d + j] = model.components().get(i, j);
            }
        }
        return pca;
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
     * Updates the components with more rows. An error leaves the state unchanged.
     *
     * <p>Off-heap memory for s = m + k + 1 rows with t threads and k components: at most that of
     * {@link Pca#fit(io.heddle.matrix.DataMatrix, Pca.Options, WorkerPool)} with {@link Pca.Solver#COVARIANCE} for s ×
     * d rows, and 4·s·d bytes.
     *
     * @param batch m × d, with the same d each time; the first with at least as many rows as components
     * @param pool whose threads share the work
     * @throws InvalidInputException if the shape does not fit or a value is not finite
     */
    public void partialFit(FloatMatrix batch, WorkerPool pool) {
        int d = batch.columns();
        require(components <= d, "incremental PCA cannot keep %d components of %d columns", components, d);
        require(rows == 0 || d == mean.length, "a batch of %d columns does not fit those before of %s", d, columns());
        require(
                batch.rows() >= (rows == 0 ? components : 1),
                "a batch of %d rows is too small for %d components",
                batch.rows(),
                components);
        require(
                batch.rows() < Integer.MAX_VALUE - components - 1L,
                "a batch has fewer than 2^31 rows, not %d",
                batch.rows());
        FeatureNames.requireSame(batch, names);
        ColumnMoments moments = ColumnMoments.of(batch, "the batch", pool);
        long total = rows + batch.rows();
        double[] together = new double[d];
        double apart = 0;
        for (int j = 0; j < d; j++) {
            double before = rows == 0 ? 0 : mean[j];
            double difference = moments.mean()[j] - before;
            together[j] = before + difference * batch.rows() / total;
            apart += difference * difference;
        }
        double between = (double) rows / total * batch.rows();
        double spread = moments.squaredDeviations() + between * (rows == 0 ? 0 : apart);
        double carried = rows == 0 ? 0 : Arrays.stream(values).sum();
        // Scaled by a power of two if squares would leave the range of float.
        double perRow = (spread + carried) / total;
        int exponent = BinaryScaling.isNeeded(perRow, perRow) ? -Math.getExponent(Math.sqrt(perRow)) : 0;
        Pca.Subspace found;
        // The rows of the stack are already centred.
        Scaling none = new Scaling(new double[d], null, Double.NaN);
        try (FloatMatrix stacked = stack(batch, moments.mean(), Math.sqrt(between), exponent)) {
            found = CovarianceSolver.solve(stacked, none, components, new SplittableRandom(total), pool);
        }
        values = new double[components];
        for (int i = 0; i < components; i++) {
            values[i] = Math.scalb(found.values()[i], -2 * exponent);
        }
        vectors = found.vectors();
        mean = together;
        squaredDeviations += spread;
        rows = total;
        names = names.isEmpty() ? batch.columnNames() : names;
    }

    private String columns() {
        return mean == null ? "none" : Integer.toString(mean.length);
    }

    /**
     * Stacks the centred batch, the components of the earlier rows scaled by their singular values, and the difference
     * of the means; all times {@code 2^exponent}.
     */
    private FloatMatrix stack(FloatMatrix batch, double[] batchMean, double weight, int exponent) {
        int d = batch.columns();
        int m = (int) batch.rows();
        FloatMatrix stacked = FloatMatrix.allocate(m + (rows == 0 ? 0 : components + 1L), d);
        float[] row = new float[d];
        for (int i = 0; i < m; i++) {
            batch.getRow(i, row);
            for (int j = 0; j < d; j++) {
                row[j] = (float) Math.scalb(row[j] - batchMean[j], exponent);
            }
            stacked.setRow(i, row);
        }
        for (int i = 0; rows > 0 && i < components; i++) {
            double length = Math.scalb(Math.sqrt(Math.max(0, values[i])), exponent);
            for (int j = 0; j < d; j++) {
                row[j] = (float) (length * vectors[i * d + j]);
            }
            stacked.setRow((long) m + i, row);
        }
        if (rows > 0) {
            for (int j = 0; j < d; j++) {
                row[j] = (float) Math.scalb(weight * (mean[j] - batchMean[j]), exponent);
            }
            stacked.setRow((long) m + components, row);
        }
        return stacked;
    }

    /** {@return the number of rows so far} */
    public long rows() {
        return rows;
    }

    /**
     * {@return a model of the components so far, which the caller closes; further batches do not change it}
     *
     * @param whiten whether it scales each component to unit variance
     * @throws InvalidInputException if there are fewer than two rows
     */
    public PcaModel model(boolean whiten) {
        require(rows >= 2, "incremental PCA has seen %d rows; a variance needs two", rows);
        Scaling scaling = new Scaling(mean.clone(), null, squaredDeviations);
        Pca.Subspace found = new Pca.Subspace(values.clone(), vectors.clone(), 1, true);
        return PcaModel.of(found, scaling, names, rows, whiten ? UNIT_VARIANCE : 0, Pca.Solver.COVARIANCE);
    }
}
