package io.heddle.linear;

import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import io.heddle.simd.Gemm;
import io.heddle.simd.Kernels;
import io.heddle.simd.Panels;
import io.heddle.simd.Simd;

/**
 * A fitted multinomial logistic regression: class c of row x has probability softmax(W x + b)꜀. Owns its off-heap
 * memory; immutable, and usable from several threads at a time until it is closed.
 */
public final class LogisticModel implements AutoCloseable {
    private static final Kernels KERNELS = Simd.kernels();
    private static final int BLOCK = 128;

    private final FloatMatrix weights;
    private final FloatMatrix intercepts;
    private final Panels panels;
    private final double objective;
    private final long nonZeros;
    private final Certificate certificate;
    private final int iterations;
    private final int passes;

    LogisticModel(
            FloatMatrix weights,
            FloatMatrix intercepts,
            double objective,
            long nonZeros,
            Certificate certificate,
            int iterations,
            int passes) {
        this.weights = weights;
        this.intercepts = intercepts;
        this.panels = Panels.packTransposed(weights);
        this.objective = objective;
        this.nonZeros = nonZeros;
        this.certificate = certificate;
        this.iterations = iterations;
        this.passes = passes;
    }

    /** The weights W, classes × features, for the data as they were given. Belongs to the model. */
    public FloatMatrix weights() {
        return weights;
    }

    /** The intercepts b, one per class. */
    public float[] intercepts() {
        float[] b = new float[classes()];
        intercepts.getRow(0, b);
        return b;
    }

    /** Number of classes. */
    public int classes() {
        return (int) weights.rows();
    }

    /** Number of features. */
    public int features() {
        return weights.columns();
    }

    /**
     * Mean loss plus penalty on the training data; the penalty counts the weights of the standardised data if those
     * were asked for.
     */
    public double objective() {
        return objective;
    }

    /** Weights that are not zero, intercepts not counted. */
    public long nonZeros() {
        return nonZeros;
    }

    /** Proof of how near the objective is to its minimum. */
    public Certificate certificate() {
        return certificate;
    }

    /** Rounds of the solver on all rows. */
    public int iterations() {
        return iterations;
    }

    /** Sweeps over all rows, gradients and Hessian products alike. */
    public int passes() {
        return passes;
    }

    /**
     * The most probable class of each row.
     *
     * @param x rows × features
     * @throws InvalidInputException if x has another number of columns
     */
    public int[] predict(FloatMatrix x) {
        int[] labels = new int[Math.toIntExact(x.rows())];
        try (FloatMatrix z = logits(x, WorkerPool.shared())) {
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

    /**
     * The probabilities of all classes, rows × classes, as a new matrix that the caller closes.
     *
     * @param x rows × features
     * @throws InvalidInputException if x has another number of columns
     */
    public FloatMatrix probabilities(FloatMatrix x) {
        WorkerPool pool = WorkerPool.shared();
        FloatMatrix p = logits(x, pool);
        pool.run(blocks(x), (task, worker) -> {
            long to = Math.min(x.rows(), (task + 1L) * BLOCK);
            for (long i = (long) task * BLOCK; i < to; i++) {
                KERNELS.softmax(p.segment(), p.offset(i), classes());
            }
        });
        return p;
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
        FloatMatrix z = FloatMatrix.allocate(x.rows(), classes());
        pool.run(blocks(x), (task, worker) -> {
            long from = (long) task * BLOCK;
            long to = Math.min(x.rows(), from + BLOCK);
            Gemm.multiplyRows(x, from, to, panels, z, from);
            for (long i = from; i < to; i++) {
                KERNELS.axpy(1f, intercepts.segment(), 0, z.segment(), z.offset(i), (int) z.stride());
            }
        });
        return z;
    }

    @Override
    public void close() {
        weights.close();
        intercepts.close();
        panels.close();
    }
}
