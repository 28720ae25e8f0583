package io.heddle.simd;

import static io.heddle.simd.Kernels.TILE_COLUMNS;
import static io.heddle.simd.VectorKernels.LANES;
import static io.heddle.simd.VectorKernels.SPECIES;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/**
 * Lays rows out in panels. It goes along the rows, which is how memory is read ahead, and leaves the jumps from panel
 * to panel to the writes, which go to a cache: panel after panel, each read would wait for memory.
 */
final class PanelPacking {
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final long FULL = (long) TILE_COLUMNS * Float.BYTES;

    private PanelPacking() {}

    static void run(
            MemorySegment x,
            long xOffset,
            long xRow,
            int rows,
            int columns,
            MemorySegment shift,
            MemorySegment out,
            long outOffset,
            int outRow,
            long panelBytes) {
        int whole = columns - columns % TILE_COLUMNS;
        long rest = (long) (columns - whole) * Float.BYTES;
        for (int i = 0; i < rows; i++) {
            long from = xOffset + i * xRow;
            for (int j = 0; j < whole; j += TILE_COLUMNS) {
                long to = outOffset + j / TILE_COLUMNS * panelBytes + (outRow + i) * FULL;
                piece(x, from, TILE_COLUMNS, shift, j, out, to);
            }
            long to = outOffset + whole / TILE_COLUMNS * panelBytes + (outRow + i) * rest;
            piece(x, from, columns - whole, shift, whole, out, to);
        }
    }

    private static void piece(
            MemorySegment x, long from, int count, MemorySegment shift, int column, MemorySegment out, long to) {
        long first = (long) column * Float.BYTES;
        for (int j = 0; j < count; j += LANES) {
            long at = (long) j * Float.BYTES;
            FloatVector v = FloatVector.fromMemorySegment(SPECIES, x, from + first + at, ORDER);
            if (shift == null) {
                v.intoMemorySegment(out, to + at, ORDER);
            } else {
                v.sub(FloatVector.fromMemorySegment(SPECIES, shift, first + at, ORDER))
                        .intoMemorySegment(out, to + at, ORDER);
            }
        }
    }
}
