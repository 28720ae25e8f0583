package io.heddle.internal.gemm;

import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.matrix.FloatMatrix;
import java.lang.foreign.MemorySegment;

/**
 * The loops around the register tile that reads the left operand along its rows, on the calling thread. Only the right
 * operand is packed. For processors where {@link Kernels#readsRows} holds.
 */
final class RowProduct {
    private static final Kernels KERNELS = Simd.kernels();
    private static final int ROWS = Kernels.ROW_TILE_ROWS;

    private RowProduct() {}

    /** out[outRow …] ← A · B for rows of A that are {@code aRow} bytes apart. */
    static void multiply(MemorySegment a, long aOffset, long aRow, int rows, Panels b, FloatMatrix out, long outRow) {
        // A small right operand stays in L2, and each row is read to its end; else a part of the right one stays there.
        int block = Blocking.staysInCache(b) ? ROWS : Blocking.MANY_ROWS;
        for (int r = 0; r < rows; r += block) {
            multiplyBlock(a, aOffset + r * aRow, aRow, Math.min(block, rows - r), b, out, outRow + r);
        }
    }

    private static void multiplyBlock(
            MemorySegment a, long aOffset, long aRow, int rows, Panels b, FloatMatrix out, long outRow) {
        int depth = b.depth();
        int step = b.steps();
        int k = 0;
        // A product of depth 0 must write zeros, hence the do-while.
        do {
            int some = Math.min(step, depth - k);
            for (int j = 0; j < b.paddedColumns(); j += b.panelColumns()) {
                for (int r = 0; r < rows; r += ROWS) {
                    KERNELS.rowTile(
                            Math.min(ROWS, rows - r),
                            b.width(j),
                            some,
                            a,
                            aOffset + r * aRow + (long) k * Float.BYTES,
                            aRow,
                            b.segment(),
                            b.offset(j, k),
                            out.segment(),
                            out.offset(outRow + r) + (long) j * Float.BYTES,
                            out.offset(1),
                            k > 0);
                }
            }
            k += some;
        } while (k < depth);
    }
}
