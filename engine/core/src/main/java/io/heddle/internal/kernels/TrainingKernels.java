package io.heddle.internal.kernels;

import java.lang.foreign.MemorySegment;

/**
 * The kernels for training a small perceptron with a softmax, in addition to the products of {@code Gemm}. Hidden units
 * have a row for each sample. Values per class have a row for each class, so that a vector has sixteen samples and no
 * sum is across lanes.
 *
 * <p>{@link Simd#trainingKernels()} returns the implementation in use. Memory is passed and checked as by
 * {@link Kernels}.
 *
 * <p>For example: {@snippet file="KernelExamplesTest.java" region="training-kernels"}
 */
public sealed interface TrainingKernels permits VectorTraining, ScalarTraining {
    /** Classes in a group of {@link #outputGradients}. */
    int CLASS_GROUP = 10;

    /** Maximum samples of one call of {@link #outputGradients}. */
    int MAXIMUM_ROWS = 256;

    /**
     * A tile as {@link Kernels#tile} computes it, followed by a rectifier:
     *
     * <pre>c[r, j] ← max(0, s · c[r, j] + Σₖ a[r, k] · b[k, j])      r &lt; rows, j &lt; columns</pre>
     */
    void rectifiedTile(
            int rows,
            int columns,
            int depth,
            MemorySegment a,
            long aOffset,
            MemorySegment b,
            long bOffset,
            MemorySegment c,
            long cOffset,
            long cRow,
            boolean accumulate);

    /**
     * The same for a left operand in order of its rows, as {@link Kernels#rowTile} reads it.
     *
     * @param rows 1 to {@link Kernels#ROW_TILE_ROWS}
     * @param columns 1 to 4 vectors
     * @param depth 0 to {@link Kernels#MAXIMUM_TILE_DEPTH}
     */
    void rectifiedRowTile(
            int rows,
            int columns,
            int depth,
            MemorySegment a,
            long aOffset,
            long aRow,
            MemorySegment b,
            long bOffset,
            MemorySegment c,
            long cOffset,
            long cRow,
            boolean accumulate);

    /**
     * Turns the logits of n samples, a row for each class, into probabilities in place.
     *
     * @param rowBytes bytes from one class to the next
     * @param n samples, a multiple of 16
     */
    void softmaxColumns(MemorySegment x, long offset, long rowBytes, int classes, int n);

    /**
     * The gradient, with respect to the logits, of a loss that is low if a sample and its partner agree. With p and q
     * their probabilities, f = pull / max(⟨p, q⟩, minimum):
     *
     * <pre>g ← p ∘ (u − ⟨p, u⟩),  u = f · q + common      and the same with p and q exchanged</pre>
     *
     * @param p probabilities, a row for each class; gradients have the same layout
     * @param partner bytes from a sample to its partner
     * @param rowBytes bytes from one class to the next
     * @param n samples with a partner, a multiple of 16
     * @param common one value per class, the same for all samples
     * @param agreements receives max(⟨p, q⟩, minimum) of each sample
     */
    void pairGradients(
            MemorySegment p,
            long offset,
            long partner,
            long rowBytes,
            int classes,
            int n,
            float pull,
            float minimum,
            float[] common,
            MemorySegment g,
            float[] agreements);

    /**
     * Backpropagation through the last layer: with g the gradients with respect to the logits, w the weights, h the
     * hidden units,
     *
     * <pre>back[r, j] ← h[r, j] &gt; 0 ? Σₖ g[k, r] · w[k, j] : 0
     * gradient[k, j] ← gradient[k, j] + Σᵣ g[k, r] · h[r, j]</pre>
     *
     * @param gRow bytes from one class to the next
     * @param wOffset byte at which the weights begin; also that of the gradient in its segment
     * @param wRow bytes from one class to the next, of the weights and of their gradient
     * @param hRow bytes from one sample to the next
     * @param rows samples, 0 to {@link #MAXIMUM_ROWS}
     * @param units hidden units, a multiple of 16
     * @param back packed as the right operand of a product: panels of some columns, row by row, from byte 0 on
     * @param panel columns of each panel but the last, a multiple of the lanes
     */
    void outputGradients(
            MemorySegment g,
            long gOffset,
            long gRow,
            int classes,
            MemorySegment w,
            MemorySegment gradient,
            long wOffset,
            long wRow,
            MemorySegment h,
            long hOffset,
            long hRow,
            int rows,
            int units,
            MemorySegment back,
            int panel);

    /**
     * Inner products of one row with others.
     *
     * @param rowBytes bytes from one row to the next
     * @param n floats in a row, a multiple of 16
     * @param others numbers of rows, {@code count} of them from index {@code from} on
     * @param out receives the products from index 0 on
     */
    void agreements(MemorySegment p, long row, long rowBytes, int n, int[] others, int from, int count, float[] out);

    /**
     * One step of Adam for n floats, all four vectors at the same offset. With g' = g + decay · w:
     *
     * <pre>first ← keepFirst · first + (1 − keepFirst) · g'
     * second ← keepSecond · second + (1 − keepSecond) · g'²
     * w ← w − rate · first / (√second + epsilon)</pre>
     *
     * The caller includes the bias correction in rate and epsilon.
     */
    void adam(
            MemorySegment w,
            MemorySegment g,
            MemorySegment first,
            MemorySegment second,
            long offset,
            int n,
            float rate,
            float epsilon,
            float keepFirst,
            float keepSecond,
            float decay);
}
