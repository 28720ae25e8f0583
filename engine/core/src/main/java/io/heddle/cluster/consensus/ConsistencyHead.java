package io.heddle.cluster.consensus;

import io.heddle.internal.gemm.Gemm;
import io.heddle.internal.gemm.Panels;
import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.internal.kernels.TrainingKernels;
import io.heddle.internal.rows.Elements;
import io.heddle.matrix.FloatMatrix;
import java.util.random.RandomGenerator;

/**
 * A perceptron with one hidden layer, x ↦ softmax(W₂ · ReLU(W₁ · (x, 1)) + b₂), trained so that rows and their
 * neighbours get the same cluster while all clusters are used.
 *
 * <p>A head is trained on one thread: the products of a batch are too small to parallelize, and there are many
 * restarts.
 */
final class ConsistencyHead implements AutoCloseable {
    /** Rows per block: their hidden units stay in the L2 cache. */
    static final int BLOCK = 256;

    /** The same for gradients: the packed inputs stay in the L1 cache. */
    static final int BACKWARD_BLOCK = 128;

    static final double MINIMUM_AGREEMENT = 1e-30;
    // Its product with the minimum agreement is still a normal number.
    private static final double SMALL_PRODUCT = Double.MIN_NORMAL / MINIMUM_AGREEMENT;

    private static final Kernels PRODUCTS = Simd.kernels();
    private static final TrainingKernels KERNELS = Simd.trainingKernels();

    /** (d + 1) × hidden, the last row the bias. */
    final AdamParameter hidden;
    /** K × hidden. */
    final AdamParameter output;
    /** 1 × K. */
    final AdamParameter bias;

    private final int clusters;

    /** @param inputs columns of the rows, the constant 1 in the last of them included */
    ConsistencyHead(int inputs, int units, int clusters, RandomGenerator random) {
        this.clusters = clusters;
        hidden = new AdamParameter(inputs, units);
        output = new AdamParameter(clusters, units);
        bias = new AdamParameter(1, clusters);
        hidden.draw(1 / Math.sqrt(inputs - 1.0), random);
        output.draw(1 / Math.sqrt(units), random);
        bias.draw(1 / Math.sqrt(units), random);
    }

    /** Packs the current weights for {@link #forward}. */
    void prepare(HeadScratch scratch) {
        scratch.hiddenPanels.repack(hidden.value, 0, (int) hidden.value.rows(), null);
        scratch.outputPanels.repackTransposed(output.value);
    }

    /** Probabilities of the clusters for rows [from, to) of x, at most a block, into out from {@code outRow} on. */
    void forward(FloatMatrix x, long from, long to, HeadScratch scratch, FloatMatrix out, long outRow) {
        int rows = (int) (to - from);
        FloatMatrix p = scratch.probabilities;
        forward(x, from, rows, scratch, 0);
        for (int k = 0; k < clusters; k++) {
            for (int i = 0; i < rows; i++) {
                Elements.set(out, outRow + i, k, Elements.get(p, k, i));
            }
        }
    }

    /** The same into columns of the scratch's probabilities, whose hidden units are at the same place. */
    private void forward(FloatMatrix x, long from, int rows, HeadScratch scratch, int at) {
        FloatMatrix p = scratch.probabilities;
        Gemm.multiplyRowsRectified(x, from, from + rows, scratch.hiddenPanels, scratch.units, at);
        Gemm.multiplyRows(scratch.units, at, at + rows, scratch.outputPanels, scratch.logits, 0);
        for (int k = 0; k < clusters; k++) {
            float constant = bias.value.get(0, k);
            for (int i = 0; i < rows; i++) {
                Elements.set(p, k, at + i, Elements.get(scratch.logits, i, k) + constant);
            }
        }
        KERNELS.softmaxColumns(p.segment(), Elements.offset(p, 0, at), p.offset(1), clusters, HeadScratch.padded(rows));
    }

    /** All rows of the batch; the probabilities of padding rows become zero. */
    private void forwardBatch(int pairs, int parts, HeadScratch scratch) {
        prepare(scratch);
        int half = HeadScratch.padded(pairs);
        for (int row = 0; row < parts * half; row += BLOCK) {
            forward(scratch.rows, row, Math.min(BLOCK, parts * half - row), scratch, row);
        }
        FloatMatrix p = scratch.probabilities;
        for (int k = 0; k < clusters; k++) {
            for (int part = 0; part < parts; part++) {
                Elements.fill(p, k, part * half + pairs, (part + 1) * half, 0);
            }
        }
    }

    /**
     * Computes the gradient of the batch's loss and stores it in the parameters.
     *
     * @param anchors rows of x, from index {@code from} to {@code to}
     * @param partners a neighbour of each, at the same index
     * @return the loss: −mean log⟨p, q⟩ over the pairs − entropyWeight · entropy of the mean of all p and q
     */
    double accumulate(
            FloatMatrix x, int[] anchors, int[] partners, int from, int to, double entropyWeight, HeadScratch scratch) {
        int pairs = to - from;
        int half = HeadScratch.padded(pairs);
        // Anchors first, partners after them: the partner of row i is row i + half.
        scratch.gather(x, anchors, from, to, 0);
        scratch.gather(x, partners, from, to, half);
        forwardBatch(pairs, 2, scratch);
        FloatMatrix p = scratch.probabilities;
        double[] mean = new double[clusters];
        for (int k = 0; k < clusters; k++) {
            mean[k] = sum(p, k, 2 * half, scratch);
        }
        double entropy = entropy(mean, 2L * pairs);
        for (int k = 0; k < clusters; k++) {
            scratch.common[k] = (float) (entropyWeight * (Math.log(mean[k]) + 1) / (2.0 * pairs));
        }
        KERNELS.pairGradients(
                p.segment(),
                0,
                Elements.offset(p, 0, half),
                p.offset(1),
                clusters,
                half,
                -1f / pairs,
                (float) MINIMUM_AGREEMENT,
                scratch.common,
                scratch.gradients.segment(),
                scratch.agreements);
        backward(2 * half, scratch);
        return disagreement(scratch.agreements, pairs) / pairs - entropyWeight * entropy;
    }

    /**
     * Computes the gradient of the cross-entropy to given shares and stores it in the parameters.
     *
     * @param chosen rows of x and of the shares, from index {@code from} to {@code to}
     * @param shares n × K, each row summing up to 1
     */
    void imitate(FloatMatrix x, int[] chosen, int from, int to, FloatMatrix shares, HeadScratch scratch) {
        int rows = to - from;
        scratch.gather(x, chosen, from, to, 0);
        forwardBatch(rows, 1, scratch);
        for (int k = 0; k < clusters; k++) {
            imitationGradient(k, shares, chosen, from, rows, scratch);
        }
        backward(HeadScratch.padded(rows), scratch);
    }

    private static void imitationGradient(
            int k, FloatMatrix shares, int[] chosen, int from, int rows, HeadScratch scratch) {
        FloatMatrix p = scratch.probabilities;
        FloatMatrix g = scratch.gradients;
        for (int i = 0; i < rows; i++) {
            g.set(k, i, (p.get(k, i) - shares.get(chosen[from + i], k)) / rows);
        }
        for (int i = rows; i < HeadScratch.padded(rows); i++) {
            g.set(k, i, 0);
        }
    }

    /** Converts sums of probabilities to their mean and returns its entropy. */
    static double entropy(double[] sums, long rows) {
        double entropy = 0;
        for (int k = 0; k < sums.length; k++) {
            sums[k] = Math.max(sums[k] / rows, MINIMUM_AGREEMENT);
            entropy -= sums[k] * Math.log(sums[k]);
        }
        return entropy;
    }

    /** Σ −log of the first agreements, each at least {@link #MINIMUM_AGREEMENT}. */
    static double disagreement(float[] agreements, int count) {
        double disagreement = 0;
        // One logarithm of a product instead of many logarithms.
        double product = 1;
        for (int i = 0; i < count; i++) {
            if (product < SMALL_PRODUCT) {
                disagreement -= Math.log(product);
                product = 1;
            }
            product *= Math.max(agreements[i], MINIMUM_AGREEMENT);
        }
        return disagreement - Math.log(product);
    }

    /** The sum of the first elements of a row that is as long as a batch. */
    private static float sum(FloatMatrix m, int row, int count, HeadScratch scratch) {
        return PRODUCTS.dot(m.segment(), m.offset(row), scratch.ones.segment(), 0, count);
    }

    private void backward(int rows, HeadScratch scratch) {
        Panels back = scratch.back;
        FloatMatrix g = scratch.gradients;
        FloatMatrix units = scratch.units;
        for (int row = 0; row < rows; row += BACKWARD_BLOCK) {
            int some = Math.min(BACKWARD_BLOCK, rows - row);
            back.startRows(some);
            KERNELS.outputGradients(
                    g.segment(),
                    Elements.offset(g, 0, row),
                    g.offset(1),
                    clusters,
                    output.value.segment(),
                    output.gradient.segment(),
                    0,
                    output.value.offset(1),
                    units.segment(),
                    units.offset(row),
                    units.offset(1),
                    some,
                    (int) units.stride(),
                    back.segment(),
                    back.panelColumns());
            Gemm.accumulateTransposed(scratch.rows, row, back, hidden.gradient);
        }
        for (int k = 0; k < clusters; k++) {
            bias.gradient.set(0, k, bias.gradient.get(0, k) + sum(g, k, rows, scratch));
        }
    }

    void step(double learningRate, double weightDecay) {
        hidden.step(learningRate, weightDecay);
        output.step(learningRate, weightDecay);
        bias.step(learningRate, weightDecay);
    }

    /** Frees the memory that only training needs. */
    void finish() {
        hidden.finish();
        output.finish();
        bias.finish();
    }

    @Override
    public void close() {
        hidden.close();
        output.close();
        bias.close();
    }
}
