package io.heddle.linear;

import io.heddle.estimator.Classifier;
import io.heddle.internal.columns.FeatureNames;
import io.heddle.internal.gemm.Gemm;
import io.heddle.internal.gemm.Panels;
import io.heddle.internal.gemm.RowMap;
import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.internal.kernels.Softmax;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * A fitted multinomial logistic regression: class c of row x has probability softmax(W x + b)꜀. Owns its off-heap
 * memory; immutable and thread-safe until it is closed.
 *
 * <p>The methods that take one row run on the calling thread, without locks, hand-offs or allocation: see
 * {@link RowMap} for the kinds of memory of a row and for the errors. The first such call packs the weights;
 * {@link #warmUp()} does so beforehand.
 *
 * <p>For example: {@snippet file="LinearExamplesTest.java" region="logistic-model"}
 */
public final class LogisticModel implements Classifier {
    private static final Kernels KERNELS = Simd.kernels();
    private static final int BLOCK = 128;
    /**
     * Number of classes up to which many rows are predicted one by one. This is as fast as a product of so few columns,
     * with the same bits as single rows and shorter sums.
     */
    private static final int MAXIMUM_BY_ROWS = 2 * Kernels.AFFINE_GROUP + 1;

    private final FloatMatrix weights;
    private final FloatMatrix intercepts;
    private final Panels panels;
    private final double objective;
    private final long nonZeros;
    private final Certificate certificate;
    private final boolean converged;
    private final int iterations;
    private final int passes;
    private volatile RowMap rowMap;

    LogisticModel(
            FloatMatrix weights,
            FloatMatrix intercepts,
            double objective,
            long nonZeros,
            Certificate certificate,
            boolean converged,
            int iterations,
            int passes) {
        this.weights = weights;
        this.intercepts = intercepts;
        this.panels = Panels.packTransposed(weights);
        this.objective = objective;
        this.nonZeros = nonZeros;
        this.certificate = certificate;
        this.converged = converged;
        this.iterations = iterations;
        this.passes = passes;
    }

    /**
     * {@return a model from its parts, such as those in a file}
     *
     * @param weights classes × features, at least two classes, with the names of the features if known; belongs to the
     *     model from now on
     * @param intercepts one per class
     * @param objective mean loss plus penalty on the training data, NaN if not known
     * @param certificate bound of the distance to the minimum
     * @param converged whether the fit reached its tolerance; false if not known
     * @param iterations of the fit
     * @param passes of the fit over the data
     * @throws InvalidInputException if the shapes do not fit together; the weights are then left open
     */
    public static LogisticModel of(
            FloatMatrix weights,
            float[] intercepts,
            double objective,
            Certificate certificate,
            boolean converged,
            int iterations,
            int passes) {
        InvalidInputException.require(
                weights.rows() >= 2 && weights.rows() == intercepts.length,
                "%d rows of weights do not pair with %d intercepts of two or more classes",
                weights.rows(),
                intercepts.length);
        long nonZeros = 0;
        for (long c = 0; c < weights.rows(); c++) {
            for (int j = 0; j < weights.columns(); j++) {
                nonZeros += weights.get(c, j) != 0 ? 1 : 0;
            }
        }
        FloatMatrix biases = FloatMatrix.copyOf(intercepts, 1, intercepts.length);
        return new LogisticModel(weights, biases, objective, nonZeros, certificate, converged, iterations, passes);
    }

    /** {@return the weights W, classes × features, for the original data} Belongs to the model. */
    public FloatMatrix weights() {
        return weights;
    }

    /** {@return the intercepts b, one per class} */
    public float[] intercepts() {
        float[] b = new float[classes()];
        intercepts.getRow(0, b);
        return b;
    }

    /** {@return the number of classes} */
    @Override
    public int classes() {
        return (int) weights.rows();
    }

    /** {@return the number of features} */
    public int features() {
        return weights.columns();
    }

    @Override
    public List<String> featureNames() {
        return weights.columnNames();
    }

    @Override
    public int inputs() {
        return features();
    }

    /**
     * {@return the mean loss plus penalty on the training data; the penalty is on the weights of the standardized data
     * if the fit standardizes}
     */
    public double objective() {
        return objective;
    }

    /** {@return the number of weights that are not zero, without intercepts} */
    public long nonZeros() {
        return nonZeros;
    }

    /** {@return an upper bound of the distance to the minimum} */
    public Certificate certificate() {
        return certificate;
    }

    /**
     * {@return whether the certificate is within the tolerance} If not, the fit ended at its maximum number of
     * iterations or when rounding prevented more progress. More iterations, or standardized columns, usually help.
     * Without a penalty it is also false for separable classes, which have no finite optimum.
     */
    @Override
    public boolean converged() {
        return converged;
    }

    /** {@return the iterations of the solver on all rows} */
    @Override
    public int iterations() {
        return iterations;
    }

    /** {@return the number of passes over all rows, for gradients and Hessian products} */
    public int passes() {
        return passes;
    }

    @Override
    public int[] predict(FloatMatrix x, WorkerPool pool) {
        int[] labels = new int[Math.toIntExact(x.rows())];
        try (FloatMatrix z = logits(x, pool)) {
            int k = classes();
            float[] row = new float[k];
            for (int i = 0; i < labels.length; i++) {
                z.getRow(i, row);
                int best = 0;
                for (int c = 1; c < k; c++) {
                    if (row[c] > row[best]) {
                        best = c;
                    }
                }
                labels[i] = best;
            }
        }
        return labels;
    }

    @Override
    public FloatMatrix probabilities(FloatMatrix x, WorkerPool pool) {
        FloatMatrix p = logits(x, pool);
        try {
            softmax(x, p, pool);
        } catch (RuntimeException | Error e) {
            p.close();
            throw e;
        }
        return p;
    }

    private void softmax(FloatMatrix x, FloatMatrix p, WorkerPool pool) {
        pool.run(blocks(x), (task, worker) -> {
            long to = Math.min(x.rows(), (task + 1L) * BLOCK);
            for (long i = (long) task * BLOCK; i < to; i++) {
                KERNELS.softmax(p.segment(), p.offset(i), classes());
            }
        });
    }

    /**
     * {@return the most probable class of a row of {@link #features()} values, the lowest if several are equal}
     * O(classes · features).
     *
     * @param row {@link #features()} values
     */
    @Override
    public int predict(float[] row) {
        return rowMap().largest(row);
    }

    /**
     * As {@link #predict(float[])}, of a segment of just one row.
     *
     * @param row {@link #features()} values
     * @return as there
     */
    public int predict(MemorySegment row) {
        RowMap map = rowMap();
        map.requireRow(row);
        return map.largest(row, 0);
    }

    /**
     * As {@link #predict(float[])}, of the row that begins at a byte offset.
     *
     * @param rows memory that holds the row
     * @param offset byte at which the row begins
     * @return as there
     */
    public int predict(MemorySegment rows, long offset) {
        return rowMap().largest(rows, offset);
    }

    /**
     * As {@link #predict(float[])}, of the buffer's remaining floats; its position does not change.
     *
     * @param row {@link #features()} values
     * @return as there
     */
    public int predict(FloatBuffer row) {
        return rowMap().largest(row);
    }

    /**
     * The probabilities of all classes for one row.
     *
     * @param row {@link #features()} values
     * @param out receives {@link #classes()} floats, from index 0 on
     */
    public void probabilities(float[] row, float[] out) {
        rowMap().apply(row, out);
        Softmax.inPlace(out, 0, classes());
    }

    /**
     * As {@link #probabilities(float[], float[])}, from a segment of just one row to the beginning of another.
     *
     * @param row {@link #features()} values
     * @param out receives {@link #classes()} floats
     */
    public void probabilities(MemorySegment row, MemorySegment out) {
        RowMap map = rowMap();
        map.requireRow(row);
        probabilities(row, 0, out, 0);
    }

    /**
     * As {@link #probabilities(float[], float[])}, both beginning at byte offsets.
     *
     * @param rows memory that holds the row
     * @param offset byte at which the row begins
     * @param out receives {@link #classes()} floats
     * @param outOffset byte at which the result begins
     */
    public void probabilities(MemorySegment rows, long offset, MemorySegment out, long outOffset) {
        RowMap map = rowMap();
        float[] values = map.scratch();
        map.apply(rows, offset, values);
        Softmax.inPlace(values, 0, classes());
        map.put(values, out, outOffset);
    }

    /**
     * As {@link #probabilities(float[], float[])}, between buffers, from their positions on, which do not change.
     *
     * @param row {@link #features()} values
     * @param out receives {@link #classes()} floats
     */
    public void probabilities(FloatBuffer row, FloatBuffer out) {
        RowMap map = rowMap();
        float[] values = map.scratch();
        map.apply(row, values);
        Softmax.inPlace(values, 0, classes());
        map.put(values, out);
    }

    /**
     * The logits W x + b of one row, less the logit of class 0. Their softmax are the probabilities.
     *
     * @param row {@link #features()} values
     * @param out receives {@link #classes()} floats, from index 0 on
     */
    public void logits(float[] row, float[] out) {
        rowMap().apply(row, out);
    }

    /** Packs the weights for single rows and compiles the code for these: some tenths of a second, once. */
    @Override
    public void warmUp() {
        rowMap().warmUp();
    }

    private RowMap rowMap() {
        RowMap map = rowMap;
        return map != null ? map : packRows();
    }

    private synchronized RowMap packRows() {
        if (rowMap == null) {
            double[] biases = new double[classes()];
            for (int c = 0; c < biases.length; c++) {
                biases[c] = intercepts.get(0, c);
            }
            rowMap = RowMap.relative(biases.length, features(), weights::get, biases);
        }
        return rowMap;
    }

    private static int blocks(FloatMatrix x) {
        return Math.toIntExact((x.rows() + BLOCK - 1) / BLOCK);
    }

    private FloatMatrix logits(FloatMatrix x, WorkerPool pool) {
        InvalidInputException.require(
                x.columns() == features(),
                "the data have %d columns, but the model was fitted on %d",
                x.columns(),
                features());
        FeatureNames.requireSame(x, featureNames());
        FloatMatrix z = FloatMatrix.allocate(x.rows(), classes());
        try {
            multiply(x, z, pool);
        } catch (RuntimeException | Error e) {
            z.close();
            throw e;
        }
        return z;
    }

    private void multiply(FloatMatrix x, FloatMatrix z, WorkerPool pool) {
        if (classes() <= MAXIMUM_BY_ROWS) {
            RowMap map = rowMap();
            pool.run(blocks(x), (task, worker) -> {
                long to = Math.min(x.rows(), (task + 1L) * BLOCK);
                applyRows(map, x, (long) task * BLOCK, to, z);
            });
            return;
        }
        pool.run(blocks(x), (task, worker) -> {
            long from = (long) task * BLOCK;
            long to = Math.min(x.rows(), from + BLOCK);
            Gemm.multiplyRows(x, from, to, panels, z, from);
            for (long i = from; i < to; i++) {
                KERNELS.axpy(1f, intercepts.segment(), 0, z.segment(), z.offset(i), (int) z.stride());
            }
        });
    }

    private static void applyRows(RowMap map, FloatMatrix x, long from, long to, FloatMatrix z) {
        float[] logits = new float[z.columns()];
        for (long i = from; i < to; i++) {
            try {
                map.apply(x.segment(), x.offset(i), logits);
            } catch (InvalidInputException e) {
                throw new InvalidInputException("row %d: %s".formatted(i, e.getMessage()));
            }
            z.setRow(i, logits);
        }
    }

    @Override
    public synchronized void close() {
        weights.close();
        intercepts.close();
        panels.close();
        if (rowMap != null) {
            rowMap.close();
        }
    }
}
