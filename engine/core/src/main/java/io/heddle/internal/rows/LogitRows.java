package io.heddle.internal.rows;

import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.matrix.FloatMatrix;
import java.lang.foreign.MemorySegment;

/** The computations of the softmax loss on rows of logits, in float. All matrices have one column per class. */
public final class LogitRows {
    private static final Kernels KERNELS = Simd.kernels();

    private LogitRows() {}

    /** Adds {@code biases}, a matrix of one row, to some rows. */
    public static void addBiases(FloatMatrix biases, FloatMatrix logits, long from, int count) {
        for (int i = 0; i < count; i++) {
            KERNELS.axpy(1f, biases.segment(), 0, logits.segment(), logits.offset(from + i), (int) logits.stride());
        }
    }

    /** Adds t times a row to another. */
    public static void move(float t, FloatMatrix step, FloatMatrix logits, long row) {
        KERNELS.axpy(t, step.segment(), step.offset(row), logits.segment(), logits.offset(row), (int) logits.stride());
    }

    /**
     * Computes the probabilities of a row of logits, and the residuals weight · (p − e), with e the unit vector of the
     * true class.
     *
     * @param probabilities written at the same row
     * @param residuals written at row {@code to}
     * @param label the true class
     * @return −log of its probability
     */
    public static double residuals(
            FloatMatrix logits,
            long row,
            FloatMatrix probabilities,
            FloatMatrix residuals,
            long to,
            int label,
            double weight) {
        Elements.copyRow(logits, row, probabilities, row);
        MemorySegment p = probabilities.segment();
        double loss =
                KERNELS.softmax(p, probabilities.offset(row), logits.columns()) - Elements.get(logits, row, label);
        Elements.copyRow(probabilities, row, residuals, to);
        Elements.set(residuals, to, label, Elements.get(residuals, to, label) - 1f);
        scale(weight, residuals, to);
        return loss;
    }

    /**
     * {@return −log of the true class's probability at the logits plus t times a step}
     *
     * @param scratch overwritten at row {@code at}
     */
    public static double lossAlong(
            FloatMatrix logits, FloatMatrix step, double t, long row, int label, FloatMatrix scratch, long at) {
        Elements.copyRow(logits, row, scratch, at);
        MemorySegment z = scratch.segment();
        long offset = scratch.offset(at);
        KERNELS.axpy((float) t, step.segment(), step.offset(row), z, offset, (int) scratch.stride());
        float own = Elements.get(scratch, at, label);
        return KERNELS.softmax(z, offset, logits.columns()) - own;
    }

    /** u ← weight · (diag(p) − ppᵀ) u for a row of each. */
    public static void curve(FloatMatrix probabilities, long row, FloatMatrix u, long uRow, double weight) {
        KERNELS.softmaxCurvature(
                probabilities.segment(), probabilities.offset(row), u.segment(), u.offset(uRow), (int) u.stride());
        scale(weight, u, uRow);
    }

    private static void scale(double weight, FloatMatrix m, long row) {
        if (weight != 1) {
            KERNELS.scale((float) weight, m.segment(), m.offset(row), (int) m.stride());
        }
    }
}
