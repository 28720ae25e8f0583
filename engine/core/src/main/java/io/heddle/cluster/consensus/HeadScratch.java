package io.heddle.cluster.consensus;

import io.heddle.internal.gemm.Panels;
import io.heddle.internal.rows.Elements;
import io.heddle.matrix.FloatMatrix;

/** Memory for one thread to train or run a {@link ConsistencyHead}. */
final class HeadScratch implements AutoCloseable {
    /** The gathered rows of a batch. */
    final FloatMatrix rows;
    /** Their hidden units after ReLU. */
    final FloatMatrix units;
    /** Logits, a row for each row of a block. */
    final FloatMatrix logits;
    /** Probabilities of the batch, a row for each cluster. */
    final FloatMatrix probabilities;
    /** Gradient of the loss with respect to the logits, in the same layout. */
    final FloatMatrix gradients;
    /** Gradient of the loss with respect to the hidden units of a block. */
    final Panels back;
    /** One row of ones, as long as a batch. */
    final FloatMatrix ones;
    /** The agreement of each pair. */
    final float[] agreements;

    final float[] common;

    final Panels hiddenPanels;
    final Panels outputPanels;

    /** @param batch rows in a batch, anchors and partners, or 0 without training; a multiple of 32 */
    HeadScratch(int batch, int inputs, int hidden, int clusters) {
        int columns = Math.max(batch, ConsistencyHead.BLOCK);
        rows = FloatMatrix.allocate(batch, inputs);
        units = FloatMatrix.allocate(columns, hidden);
        logits = FloatMatrix.allocate(ConsistencyHead.BLOCK, clusters);
        probabilities = FloatMatrix.allocate(clusters, columns);
        // With the row stride of the probabilities, which the kernel uses for both.
        gradients = FloatMatrix.allocate(clusters, batch == 0 ? 0 : columns);
        back = Panels.allocateForPacked(ConsistencyHead.BACKWARD_BLOCK, hidden);
        ones = FloatMatrix.allocate(1, batch);
        for (int i = 0; i < batch; i++) {
            ones.set(0, i, 1);
        }
        agreements = new float[batch / 2];
        common = new float[clusters];
        hiddenPanels = Panels.allocate(inputs, hidden);
        outputPanels = Panels.allocate(hidden, clusters);
    }

    /** The number of rows for some pairs, padded to whole vectors. */
    static int batch(int pairs) {
        return 2 * padded(pairs);
    }

    /** The next multiple of the padding of matrix rows. */
    static int padded(int count) {
        return Math.ceilDiv(count, FloatMatrix.ALIGNMENT) * FloatMatrix.ALIGNMENT;
    }

    void gather(FloatMatrix x, int[] chosen, int from, int to, int at) {
        for (int i = from; i < to; i++) {
            Elements.copyRow(x, chosen[i], rows, (long) at + i - from);
        }
    }

    @Override
    public void close() {
        rows.close();
        units.close();
        logits.close();
        probabilities.close();
        gradients.close();
        back.close();
        ones.close();
        hiddenPanels.close();
        outputPanels.close();
    }
}
