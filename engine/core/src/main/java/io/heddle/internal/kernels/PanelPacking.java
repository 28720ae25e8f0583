package io.heddle.internal.kernels;

import static io.heddle.internal.kernels.NativeMemory.KIND;
import static io.heddle.internal.kernels.VectorKernels.LANES;
import static io.heddle.internal.kernels.VectorKernels.SPECIES;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/**
 * Packs rows into panels. It reads along the rows, so that the processor can prefetch. Only the writes, which go to a
 * cache, jump from panel to panel. In the order of the panels, each read would wait for memory.
 */
final class PanelPacking {
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int WIDTH = new VectorKernels().tileColumns();
    private static final long BYTES = (long) LANES * Float.BYTES;
    private static final long FULL = (long) WIDTH * Float.BYTES;

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
        if (out.getClass() == NativeMemory.ARRAY) {
            if (shift != null || columns % WIDTH != 0) {
                throw NativeMemory.unknown();
            }
            intoArray(x, xOffset, xRow, rows, columns, NativeMemory.array(out), outOffset, outRow, panelBytes);
            return;
        }
        int panels = columns / WIDTH;
        // If a panel has 32 columns, 16 columns are half a panel.
        boolean half = columns % WIDTH != 0;
        for (int i = 0; i < rows; i++) {
            long from = xOffset + i * xRow;
            long to = outOffset + (outRow + i) * FULL;
            if (shift == null) {
                copy(x, from, panels, out, to, panelBytes);
            } else {
                subtract(x, from, shift, panels, out, to, panelBytes);
            }
            if (half) {
                long column = panels * FULL;
                long halfTo = outOffset + panels * panelBytes + (outRow + i) * BYTES;
                if (shift == null) {
                    copyOne(x, from + column, out, halfTo);
                } else {
                    subtractOne(x, from + column, shift, column, out, halfTo);
                }
            }
        }
    }

    /** The same for whole panels without a shift. */
    private static void intoArray(
            MemorySegment x,
            long xOffset,
            long xRow,
            int rows,
            int columns,
            float[] out,
            long outOffset,
            int outRow,
            long panelBytes) {
        if (x.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        int panels = columns / WIDTH;
        int panelFloats = NativeMemory.index(panelBytes);
        for (int i = 0; i < rows; i++) {
            long from = xOffset + i * xRow;
            int to = NativeMemory.index(outOffset) + (outRow + i) * WIDTH;
            for (int p = 0; p < panels; p++) {
                FloatVector v0 = FloatVector.fromMemorySegment(SPECIES, x, from + p * FULL, ORDER);
                FloatVector v1 = FloatVector.fromMemorySegment(SPECIES, x, from + BYTES + p * FULL, ORDER);
                v0.intoArray(out, to + p * panelFloats);
                v1.intoArray(out, to + LANES + p * panelFloats);
            }
        }
    }

    private static void copyOne(MemorySegment x, long from, MemorySegment out, long to) {
        if (x.getClass() != KIND || out.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        FloatVector.fromMemorySegment(SPECIES, x, from, ORDER).intoMemorySegment(out, to, ORDER);
    }

    private static void subtractOne(
            MemorySegment x, long from, MemorySegment shift, long column, MemorySegment out, long to) {
        if (x.getClass() != KIND || shift.getClass() != KIND || out.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        FloatVector.fromMemorySegment(SPECIES, x, from, ORDER)
                .sub(FloatVector.fromMemorySegment(SPECIES, shift, column, ORDER))
                .intoMemorySegment(out, to, ORDER);
    }

    private static void copy(MemorySegment x, long from, int panels, MemorySegment out, long to, long panelBytes) {
        if (x.getClass() != KIND || out.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        for (int p = 0; p < panels; p++) {
            FloatVector v0 = FloatVector.fromMemorySegment(SPECIES, x, from + p * FULL, ORDER);
            FloatVector v1 = FloatVector.fromMemorySegment(SPECIES, x, from + BYTES + p * FULL, ORDER);
            v0.intoMemorySegment(out, to + p * panelBytes, ORDER);
            v1.intoMemorySegment(out, to + BYTES + p * panelBytes, ORDER);
        }
    }

    private static void subtract(
            MemorySegment x, long from, MemorySegment shift, int panels, MemorySegment out, long to, long panelBytes) {
        if (x.getClass() != KIND || shift.getClass() != KIND || out.getClass() != KIND) {
            throw NativeMemory.unknown();
        }
        for (int p = 0; p < panels; p++) {
            FloatVector v0 = FloatVector.fromMemorySegment(SPECIES, x, from + p * FULL, ORDER);
            FloatVector v1 = FloatVector.fromMemorySegment(SPECIES, x, from + BYTES + p * FULL, ORDER);
            v0.sub(FloatVector.fromMemorySegment(SPECIES, shift, p * FULL, ORDER))
                    .intoMemorySegment(out, to + p * panelBytes, ORDER);
            v1.sub(FloatVector.fromMemorySegment(SPECIES, shift, BYTES + p * FULL, ORDER))
                    .intoMemorySegment(out, to + BYTES + p * panelBytes, ORDER);
        }
    }
}
