package io.heddle.cluster;

import io.heddle.matrix.FloatMatrix;
import io.heddle.simd.Gemm;
import io.heddle.simd.Kernels;
import io.heddle.simd.Simd;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * A perceptron with one hidden layer, x ↦ softmax(W₂ · ReLU(W₁ · (x, 1)) + b₂), trained so that rows and their
 * neighbours get the same cluster while all clusters are used.
 *
 * <p>One head trains on one thread: products of a batch are too small to share, and restarts are many.
 */
final class ConsistencyHead implements AutoCloseable {
    /** Rows that go through the layers together: their hidden units stay in the second cache. */
    static final int BLOCK = 256;

    static final double LEAST_AGREEMENT = 1e-30;
    private static final Kernels KERNELS = Simd.kernels();

    /** (d + 1) × hidden, the last row the bias. */
    final AdamParameter hidden;
    /** K × hidden. */
    final AdamParameter output;
    /** 1 × K. */
    final AdamParameter bias;

    private final int clusters;
    /** The same with padding: whole vectors, whose padding is and stays zero, are quicker than a few floats. */
    private final int padded;

    /** @param inputs columns of the rows, the constant 1 in the last of them included */
    ConsistencyHead(int inputs, int units, int clusters, RandomGenerator random) {
        this.clusters = clusters;
        hidden = new AdamParameter(inputs, units);
        output = new AdamParameter(clusters, units);
        bias = new AdamParameter(1, clusters);
        padded = (int) bias.value.stride();
        hidden.draw(1 / Math.sqrt(inputs - 1.0), random);
        output.draw(1 / Math.sqrt(units), random);
        bias.draw(1 / Math.sqrt(units), random);
    }

    /** Packs the weights as they are now for {@link #forward}. */
    void prepare(HeadScratch scratch) {
        scratch.hiddenPanels.repack(hidden.value, 0, (int) hidden.value.rows(), null);
        scratch.outputPanels.repackTransposed(output.value);
    }

    /** Probabilities of the clusters for rows [from, to) of x, at most a block, into out from {@code outRow} on. */
    void forward(FloatMatrix x, long from, long to, HeadScratch scratch, long at, FloatMatrix out, long outRow) {
        FloatMatrix units = scratch.units;
        int rows = (int) (to - from);
        Gemm.multiplyRows(x, from, to, scratch.hiddenPanels, units, at);
        KERNELS.relu(units.segment(), units.offset(at), (int) (rows * units.stride()));
        Gemm.multiplyRows(units, at, at + rows, scratch.outputPanels, out, outRow);
        for (long i = outRow; i < outRow + rows; i++) {
            KERNELS.axpy(1, bias.value.segment(), 0, out.segment(), out.offset(i), padded);
            KERNELS.softmax(out.segment(), out.offset(i), clusters);
        }
    }

    /**
     * Puts the gradient of the batch's loss into the parameters.
     *
     * @param anchors rows of x, from index {@code from} to {@code to}
     * @param partners a neighbour of each, at the same index
     * @return the loss: −mean log⟨p, q⟩ over the pairs − entropyWeight · entropy of the mean of all p and q
     */
    double accumulate(
            FloatMatrix x, int[] anchors, int[] partners, int from, int to, double entropyWeight, HeadScratch scratch) {
        int pairs = to - from;
        prepare(scratch);
        scratch.outputRows.repack(output.value, 0, clusters, null);
        double[] sums = new double[padded];
        FloatMatrix p = scratch.probabilities;
        // Anchors first, partners after them: the partner of row i is row i + pairs.
        scratch.gather(x, anchors, from, to, 0);
        scratch.gather(x, partners, from, to, pairs);
        for (int row = 0; row < 2 * pairs; row += BLOCK) {
            int end = Math.min(2 * pairs, row + BLOCK);
            forward(scratch.rows, row, end, scratch, row, p, row);
            for (int i = row; i < end; i++) {
                KERNELS.addToSums(p.segment(), p.offset(i), padded, sums, 0);
            }
        }
        double[] mean = Arrays.copyOf(sums, clusters);
        double entropy = entropy(mean, 2 * pairs);
        double disagreement = pairGradients(mean, pairs, entropyWeight, scratch);
        backward(2 * pairs, scratch);
        return disagreement / pairs - entropyWeight * entropy;
    }

    /**
     * Puts the gradient of the cross-entropy from given shares into the parameters.
     *
     * @param chosen rows of x and of the shares, from index {@code from} to {@code to}
     * @param shares n × K, each row summing up to 1
     */
    void imitate(FloatMatrix x, int[] chosen, int from, int to, FloatMatrix shares, HeadScratch scratch) {
        int rows = to - from;
        prepare(scratch);
        scratch.outputRows.repack(output.value, 0, clusters, null);
        scratch.gather(x, chosen, from, to, 0);
        FloatMatrix g = scratch.gradients;
        for (int row = 0; row < rows; row += BLOCK) {
            int end = Math.min(rows, row + BLOCK);
            forward(scratch.rows, row, end, scratch, row, g, row);
            for (int i = row; i < end; i++) {
                long at = g.offset(i);
                long share = shares.offset(chosen[from + i]);
                KERNELS.axpy(-1, shares.segment(), share, g.segment(), at, padded);
                KERNELS.scale(1f / rows, g.segment(), at, padded);
                KERNELS.axpy(1, g.segment(), at, bias.gradient.segment(), 0, padded);
            }
        }
        backward(rows, scratch);
    }

    /** Turns sums of probabilities into their mean and tells its entropy. */
    static double entropy(double[] sums, long rows) {
        double entropy = 0;
        for (int k = 0; k < sums.length; k++) {
            sums[k] = Math.max(sums[k] / rows, LEAST_AGREEMENT);
            entropy -= sums[k] * Math.log(sums[k]);
        }
        return entropy;
    }

    /** ⟨p, q⟩ for rows of probabilities, at least {@link #LEAST_AGREEMENT}. */
    static double agreement(FloatMatrix p, long i, FloatMatrix q, long j) {
        float agreement = KERNELS.dot(p.segment(), p.offset(i), q.segment(), q.offset(j), (int) p.stride());
        return Math.max(agreement, LEAST_AGREEMENT);
    }

    /** The gradients by the logits, and Σ −log⟨p, q⟩. */
    private double pairGradients(double[] mean, int pairs, double entropyWeight, HeadScratch scratch) {
        FloatMatrix p = scratch.probabilities;
        FloatMatrix common = scratch.common;
        for (int k = 0; k < clusters; k++) {
            common.set(0, k, (float) (entropyWeight * (Math.log(mean[k]) + 1) / (2.0 * pairs)));
        }
        double total = 0;
        for (int i = 0; i < pairs; i++) {
            int j = i + pairs;
            double disagreement = -Math.log(agreement(p, i, p, j));
            total += disagreement;
            float pull = (float) (-Math.exp(disagreement) / pairs);
            gradient(i, j, pull, scratch);
            gradient(j, i, pull, scratch);
        }
        return total;
    }

    private void gradient(int row, int other, float pull, HeadScratch scratch) {
        FloatMatrix p = scratch.probabilities;
        FloatMatrix g = scratch.gradients;
        long at = g.offset(row);
        MemorySegment.copy(scratch.common.segment(), 0, g.segment(), at, g.offset(1));
        KERNELS.axpy(pull, p.segment(), p.offset(other), g.segment(), at, padded);
        KERNELS.softmaxCurvature(p.segment(), p.offset(row), g.segment(), at, padded);
        KERNELS.axpy(1, g.segment(), at, bias.gradient.segment(), 0, padded);
    }

    private void backward(int rows, HeadScratch scratch) {
        FloatMatrix back = scratch.back;
        for (int row = 0; row < rows; row += BLOCK) {
            int some = Math.min(BLOCK, rows - row);
            Gemm.multiplyRows(scratch.gradients, row, row + some, scratch.outputRows, back, 0);
            KERNELS.maskNonPositive(scratch.units.segment(), scratch.units.offset(row), back.segment(), 0, (int)
                    (some * back.stride()));
            Gemm.accumulateTransposed(scratch.gradients, row, scratch.units, row, some, output.gradient);
            Gemm.accumulateTransposed(scratch.rows, row, back, 0, some, hidden.gradient);
        }
    }

    void step(double learningRate, double weightDecay) {
        hidden.step(learningRate, weightDecay);
        output.step(learningRate, weightDecay);
        bias.step(learningRate, weightDecay);
    }

    /** Frees what only training needs. */
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
