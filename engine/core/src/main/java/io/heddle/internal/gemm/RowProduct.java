package io.heddle.internal.gemm;

import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.internal.kernels.TrainingKernels;
import io.heddle.matrix.FloatMatrix;
import java.lang.foreign.MemorySegment;

/**
 * The loops around the register tile that reads the left operand along its rows, on the calling thread. Only the right
 * operand is packed. For processors where {@link Kernels#readsRows} holds.
 */
final class RowProduct {
    private static final Kernels KERNELS = Simd.kernels();
    private static final TrainingKernels TRAINING = Simd.trainingKernels();
    private static final int ROWS = Kernels.ROW_TILE_ROWS;

    private RowProduct() {}

    /**
     * out[outRow …] ← A · B, or max(0, A · B) if {@code rectified}, for rows of A that are {@code aRow} bytes apart.
     */
    static void multiply(
            MemorySegment a,
            long aOffset,
            long aRow,
            int rows,
            Panels b,
            FloatMatrix out,
            long outRow,
            boolean rectified) {
        // A small right operand stays in L2, and each row is read to its end; else a part of the right one stays there.
        int block = Blocking.staysInCache(b) ? ROWS : Blocking.MANY_ROWS;
        for (int r = 0; r < rows; r += block) {
            multiplyBlock(a, aOffset + r * aRow, aRow, Math.min(block, rows - r), b, out, outRow + r, rectified);
        }
    }

    private static void multiplyBlock(
            MemorySegment a,
            long aOffset,
            long aRow,
            int rows,
            Panels b,
            FloatMatrix out,
            long outRow,
            boolean rectified) {
        int depth = b.depth();
        int step = b.steps();
        int k = 0;
        // A product of depth 0 must write zeros, hence the do-while.
        do {
            int some = Math.min(step, depth - k);
            boolean last = rectified && k + some >= depth;
            for (int j = 0; j < b.paddedColumns(); j += b.panelColumns()) {
                for (int r = 0; r < rows; r += ROWS) {
                    int height = Math.min(ROWS, rows - r);
                    long from = aOffset + r * aRow + (long) k * Float.BYTES;
                    long to = out.offset(outRow + r) + (long) j * Float.BYTES;
                    tile(height, some, a, from, aRow, b, j, k, out, to, last);
                }
            }
            k += some;
        } while (k < depth);
    }

    /** The tile of some rows and the panel of column {@code j}, for the steps from {@code k} on. */
    private static void tile(
            int rows,
            int steps,
            MemorySegment a,
            long from,
            long aRow,
            Panels b,
            int j,
            int k,
            FloatMatrix out,
            long to,
            boolean rectified) {
        int width = b.width(j);
        long right = b.offset(j, k);
        long cRow = out.offset(1);
        boolean accumulate = k > 0;
        if (rectified) {
            TRAINING.rectifiedRowTile(
                    rows, width, steps, a, from, aRow, b.segment(), right, out.segment(), to, cRow, accumulate);
        } else {
            KERNELS.rowTile(rows, width, steps, a, from, aRow, b.segment(), right, out.segment(), to, cRow, accumulate);
        }
    }
}
