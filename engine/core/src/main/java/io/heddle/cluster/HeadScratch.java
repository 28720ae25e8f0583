package io.heddle.cluster;

import io.heddle.matrix.FloatMatrix;
import io.heddle.simd.Panels;
import java.lang.foreign.MemorySegment;

/** What one thread needs to train a {@link ConsistencyHead} or to run it, allocated once. */
final class HeadScratch implements AutoCloseable {
    /** The gathered rows of a batch. */
    final FloatMatrix rows;
    /** Their hidden units after ReLU. */
    final FloatMatrix units;

    final FloatMatrix probabilities;
    /** Of the loss by the logits. */
    final FloatMatrix gradients;
    /** Of the loss by the hidden units, a block. */
    final FloatMatrix back;
    /** The part of the gradient that all rows share. */
    final FloatMatrix common;

    final Panels hiddenPanels;
    final Panels outputPanels;
    final Panels outputRows;

    /** @param batch rows in a batch, anchors and partners, or 0 where nothing is trained */
    HeadScratch(int batch, int inputs, int hidden, int clusters) {
        rows = FloatMatrix.allocate(batch, inputs);
        units = FloatMatrix.allocate(Math.max(batch, ConsistencyHead.BLOCK), hidden);
        probabilities = FloatMatrix.allocate(batch, clusters);
        gradients = FloatMatrix.allocate(batch, clusters);
        back = FloatMatrix.allocate(ConsistencyHead.BLOCK, hidden);
        common = FloatMatrix.allocate(1, clusters);
        hiddenPanels = Panels.allocate(inputs, hidden);
        outputPanels = Panels.allocate(hidden, clusters);
        outputRows = Panels.allocate(clusters, hidden);
    }

    void gather(FloatMatrix x, int[] chosen, int from, int to, int at) {
        long bytes = x.offset(1);
        for (int i = from; i < to; i++) {
            MemorySegment.copy(x.segment(), x.offset(chosen[i]), rows.segment(), rows.offset(at + i - from), bytes);
        }
    }

    @Override
    public void close() {
        rows.close();
        units.close();
        probabilities.close();
        gradients.close();
        back.close();
        common.close();
        hiddenPanels.close();
        outputPanels.close();
        outputRows.close();
    }
}
