package io.heddle.internal.kernels;

import static io.heddle.internal.kernels.VectorKernels.LANES;
import static io.heddle.internal.kernels.VectorKernels.SPECIES;
import static jdk.incubator.vector.VectorOperators.GE;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/** Finds scores of a block that are at least the limit of their row or of their column. */
final class PairLimits {
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private PairLimits() {}

    static int run(
            MemorySegment scores,
            long offset,
            long rowBytes,
            int rows,
            int columns,
            float[] rowLimits,
            int rowFrom,
            float[] columnLimits,
            int columnFrom,
            int[] found) {
        NativeMemory.require(scores);
        int count = 0;
        long inside = (1L << columns) - 1;
        for (int r = 0; r < rows; r++) {
            long row = offset + r * rowBytes;
            float limit = rowLimits[rowFrom + r];
            long reached = 0;
            for (int j = 0; j < columns; j += LANES) {
                FloatVector v = FloatVector.fromMemorySegment(SPECIES, scores, row + (long) j * Float.BYTES, ORDER);
                // A score is at least one of two limits if it is at least their minimum: one comparison instead of two.
                FloatVector lesser = FloatVector.fromArray(SPECIES, columnLimits, columnFrom + j)
                        .min(limit);
                reached |= v.compare(GE, lesser).toLong() << j;
            }
            // Most rows have none, so there is one branch for all vectors of a row.
            reached &= inside;
            while (reached != 0) {
                found[count++] = r << Kernels.PAIR_BITS | Long.numberOfTrailingZeros(reached);
                reached &= reached - 1;
            }
        }
        return count;
    }
}
