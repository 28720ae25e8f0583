package io.heddle.decomposition;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.estimator.Transformer;
import io.heddle.internal.gemm.RowMap;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * Principal components, with the projection to their space and back.
 *
 * <p>The sign of a component is chosen so that its element of largest magnitude is positive. Owns its memory; after
 * {@link #close()} every use throws an {@link IllegalStateException}. Thread-safe.
 *
 * <p>The methods that take one row run on the calling thread, without locks, hand-offs or allocation: see
 * {@link RowMap} for the kinds of memory of a row and for the errors.
 *
 * <p>For example: {@snippet file="DecompositionExamplesTest.java" region="pca-model"}
 */
public final class PcaModel implements Transformer {
    private final FloatMatrix components;
    private final Scaling scaling;
    private final double[] explainedVariance;
    private final long rows;
    private final double whitening;
    private final Pca.Solver solver;
    private final int passes;
    private final boolean converged;
    private final PcaProjection projection;

    private PcaModel(
            FloatMatrix components,
            Scaling scaling,
            double[] explainedVariance,
            long rows,
            double whitening,
            Pca.Solver solver,
            int passes,
            boolean converged) {
        this.components = components;
        this.scaling = scaling;
        this.explainedVariance = explainedVariance;
        this.rows = rows;
        this.whitening = whitening;
        this.solver = solver;
        this.passes = passes;
        this.converged = converged;
        projection = new PcaProjection(components, scaling, explainedVariance, rows, whitening);
    }

    static PcaModel of(
            Pca.Subspace found, Scaling scaling, List<String> names, long n, double whitening, Pca.Solver solver) {
        int k = found.values().length;
        int d = scaling.columns();
        FloatMatrix components = FloatMatrix.allocate(k, d);
        double[] variance = new double[k];
        for (int i = 0; i < k; i++) {
            // Rounding can make the smallest eigenvalues of a singular covariance negative.
            variance[i] = Math.max(0, found.values()[i]) / (n - 1);
            int largest = 0;
            for (int j = 1; j < d; j++) {
                if (Math.abs(found.vectors()[i * d + j]) > Math.abs(found.vectors()[i * d + largest])) {
                    largest = j;
                }
            }
            double sign = found.vectors()[i * d + largest] < 0 ? -1 : 1;
            for (int j = 0; j < d; j++) {
                components.set(i, j, (float) (sign * found.vectors()[i * d + j]));
            }
        }
        FloatMatrix named = components.withColumnNames(names);
        return new PcaModel(named, scaling, variance, n, whitening, solver, found.passes(), found.converged());
    }

    /**
     * {@return a model from its parts, whose solver converged, and whose columns are not standardized}
     *
     * @param components k × d, orthonormal rows, with the names of the features if known; belongs to the model from now
     *     on
     * @param mean one per column
     * @param explainedVariance one per component
     * @param totalVariance the whole variance of the training data
     * @param rows of the training data
     * @param whitening γ, 0 to 1: {@link #transform} scales each component by variance^(−γ)
     * @param solver that found the components
     * @throws InvalidInputException if the shapes do not fit together or γ is out of range; the components are then
     *     left open
     */
    public static PcaModel of(
            FloatMatrix components,
            float[] mean,
            double[] explainedVariance,
            double totalVariance,
            long rows,
            double whitening,
            Pca.Solver solver) {
        double[] exact = new double[mean.length];
        for (int j = 0; j < mean.length; j++) {
            exact[j] = mean[j];
        }
        Fit fit = new Fit(solver, 0, true);
        return of(components, exact, new double[0], explainedVariance, totalVariance, rows, whitening, fit);
    }

    /**
     * How the components were computed.
     *
     * @param solver that found them
     * @param iterations passes over the data, 0 if not known
     * @param converged see {@link PcaModel#converged()}
     */
    public record Fit(Pca.Solver solver, int iterations, boolean converged) {}

    /**
     * {@return a model from its parts, such as those in a file}
     *
     * @param components k × d, orthonormal rows, with the names of the features if known; belongs to the model from now
     *     on
     * @param mean one per column
     * @param deviations one per column, above 0, by which columns are divided; empty if they are not
     * @param explainedVariance one per component
     * @param totalVariance the whole variance of the training data, of standardized columns if they are
     * @param rows of the training data
     * @param whitening γ, 0 to 1: {@link #transform} scales each component by variance^(−γ)
     * @param fit how they were found
     * @throws InvalidInputException if the shapes do not fit together, or γ or a deviation is out of range; the
     *     components are then left open
     */
    public static PcaModel of(
            FloatMatrix components,
            double[] mean,
            double[] deviations,
            double[] explainedVariance,
            double totalVariance,
            long rows,
            double whitening,
            Fit fit) {
        require(whitening >= 0 && whitening <= 1, "whitening must be between 0 and 1, not %s", whitening);
        require(
                components.columns() == mean.length
                        && components.rows() == explainedVariance.length
                        && (deviations.length == 0 || deviations.length == mean.length),
                "components of %d x %d do not fit %d variances, %d means and %d deviations",
                components.rows(),
                components.columns(),
                explainedVariance.length,
                mean.length,
                deviations.length);
        for (double deviation : deviations) {
            require(
                    deviation > 0 && Double.isFinite(deviation),
                    "the deviation of a column must be a finite number above 0, not %s",
                    deviation);
        }
        Scaling scaling = new Scaling(
                mean.clone(), deviations.length == 0 ? null : deviations.clone(), totalVariance * (rows - 1));
        return new PcaModel(
                components,
                scaling,
                explainedVariance.clone(),
                rows,
                whitening,
                fit.solver(),
                fit.iterations(),
                fit.converged());
    }

    /** {@return the components, k × d, orthonormal rows in descending order of variance; freed with this model} */
    public FloatMatrix components() {
        return components;
    }

    @Override
    public List<String> featureNames() {
        return components.columnNames();
    }

    @Override
    public int inputs() {
        return components.columns();
    }

    @Override
    public int outputs() {
        return (int) components.rows();
    }

    /** {@return the mean of each column in double, d values} */
    public double[] exactMean() {
        return scaling.mean().clone();
    }

    /** {@return the divisor of each centred column, d values; empty if columns are not standardized} */
    public double[] deviations() {
        return scaling.deviation() == null ? new double[0] : scaling.deviation().clone();
    }

    /**
     * {@return whether the components capture the variance to within 1e-4 of its total, by the solver's own estimate}
     * Always true for {@link Pca.Solver#COVARIANCE}. {@link Pca.Solver#RANDOMIZED} may not converge with few power
     * iterations, or if the variances decrease slowly.
     */
    @Override
    public boolean converged() {
        return converged;
    }

    /** {@return the number of passes over the data, without those over samples; 0 if not known} */
    @Override
    public int iterations() {
        return passes;
    }

    /** {@return the mean of each column, d floats} */
    public float[] mean() {
        float[] copy = new float[scaling.columns()];
        for (int j = 0; j < copy.length; j++) {
            copy[j] = (float) scaling.mean()[j];
        }
        return copy;
    }

    /** {@return the variance along each component, with n − 1 as divisor, descending} */
    public double[] explainedVariance() {
        return explainedVariance.clone();
    }

    /** {@return the share of the total variance of each component; zeros if the data have no variance} */
    public double[] explainedVarianceRatio() {
        double[] ratio = new double[explainedVariance.length];
        for (int i = 0; i < ratio.length; i++) {
            ratio[i] = totalVariance() > 0 ? explainedVariance[i] / totalVariance() : 0;
        }
        return ratio;
    }

    /** {@return the singular values of the centred data: √(variance · (n − 1))} */
    public double[] singularValues() {
        double[] values = new double[explainedVariance.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.sqrt(explainedVariance[i] * (rows - 1));
        }
        return values;
    }

    /**
     * {@return the mean variance along the directions left out, the noise of probabilistic PCA (Tipping and Bishop,
     * 1999); 0 if none is left out}
     */
    public double noiseVariance() {
        long left = Math.min(rows, components.columns()) - components.rows();
        double explained = 0;
        for (double v : explainedVariance) {
            explained += v;
        }
        return left > 0 ? Math.max(0, totalVariance() - explained) / left : 0;
    }

    /** {@return the total variance of the data, of standardized columns if the fit standardizes} */
    public double totalVariance() {
        return scaling.squaredDeviations() / (rows - 1);
    }

    /** {@return the rows of the training data} */
    public long rows() {
        return rows;
    }

    /** {@return the solver that found the components; never AUTO} */
    public Pca.Solver solver() {
        return solver;
    }

    /** {@return the exponent γ: {@link #transform} scales each component by variance^(−γ); 0 for no scaling} */
    public double whitening() {
        return whitening;
    }

    /**
     * Computes the coordinates of rows along the components: (X − mean) · componentsᵀ, each times variance^(−γ) with
     * the model's {@link #whitening()} γ. A component without variance gives 0 when whitened.
     *
     * @param x m × d, any m
     * @param pool whose threads share the work
     * @return m × k, owned by the caller
     * @throws InvalidInputException if x does not have d columns or holds values that are not finite
     */
    @Override
    public FloatMatrix transform(FloatMatrix x, WorkerPool pool) {
        return projection.transform(x, pool);
    }

    /**
     * The coordinates of one row along the components, equal to those of {@link #transform(FloatMatrix)} except for the
     * last bits.
     *
     * @param row d values
     * @param out receives k floats, from index 0 on
     */
    @Override
    public void transform(float[] row, float[] out) {
        projection.transform(row, out);
    }

    /**
     * As {@link #transform(float[], float[])}, from a segment of just one row to the beginning of another.
     *
     * @param row d values
     * @param out receives k floats
     */
    public void transform(MemorySegment row, MemorySegment out) {
        projection.requireRow(row);
        projection.transform(row, 0, out, 0);
    }

    /**
     * As {@link #transform(float[], float[])}, both beginning at byte offsets.
     *
     * @param rows memory that holds the row
     * @param offset byte at which the row begins
     * @param out receives k floats
     * @param outOffset byte at which the result begins
     */
    public void transform(MemorySegment rows, long offset, MemorySegment out, long outOffset) {
        projection.transform(rows, offset, out, outOffset);
    }

    /**
     * As {@link #transform(float[], float[])}, between buffers, from their positions on, which do not change.
     *
     * @param row d values
     * @param out receives k floats
     */
    public void transform(FloatBuffer row, FloatBuffer out) {
        projection.transform(row, out);
    }

    /** Packs the components for single rows and compiles the code for these: some tenths of a second, once. */
    @Override
    public void warmUp() {
        projection.warmUp();
    }

    /**
     * {@return by how much {@link #transform} multiplies the distance from the mean along a component: variance^(−γ),
     * with γ the model's {@link #whitening()}}
     *
     * <p>With whitening it is 0 for a component without variance, so that rounding errors are not amplified. These are
     * components whose deviation is at most 1e-6 of the total deviation, or at most 2⁻²² of the length of the mean.
     * Each column of this mean is scaled and multiplied by its weight in the component.
     *
     * @param component number of the component, from 0
     */
    public double scale(int component) {
        return projection.scale(component);
    }

    /**
     * As {@link #inverseTransform(FloatMatrix, WorkerPool)}, with the shared pool.
     *
     * @param z m × k
     * @return as there
     */
    public FloatMatrix inverseTransform(FloatMatrix z) {
        return inverseTransform(z, WorkerPool.shared());
    }

    /**
     * Computes rows from coordinates: Z · components + mean, with the whitening undone.
     *
     * @param z m × k, any m
     * @param pool whose threads share the work
     * @return m × d, owned by the caller
     * @throws InvalidInputException if z does not have k columns or holds values that are not finite
     */
    public FloatMatrix inverseTransform(FloatMatrix z, WorkerPool pool) {
        return projection.inverseTransform(z, pool);
    }

    /** Frees the components; may be called again without effect. */
    @Override
    public void close() {
        projection.close();
    }

    @Override
    public String toString() {
        return "PcaModel[%d components of %d columns, %s]".formatted(components.rows(), components.columns(), solver);
    }
}
