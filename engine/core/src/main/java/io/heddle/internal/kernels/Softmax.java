package io.heddle.internal.kernels;

/**
 * Computes the softmax of a few numbers on the heap with the engine's exponential; {@link Kernels#softmax} is for rows.
 *
 * <p>For example: {@snippet file="KernelExamplesTest.java" region="softmax"}
 */
public final class Softmax {
    private Softmax() {}

    /** Replaces n logits, from index {@code from} on, by probabilities; NaN if a logit is not finite. */
    public static void inPlace(float[] logits, int from, int n) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = from; i < from + n; i++) {
            max = Math.max(max, logits[i]);
        }
        float sum = 0;
        for (int i = from; i < from + n; i++) {
            float e = ExpPolynomial.exp(logits[i] - max);
            logits[i] = e;
            sum += e;
        }
        float scale = 1 / sum;
        for (int i = from; i < from + n; i++) {
            logits[i] *= scale;
        }
    }
}
