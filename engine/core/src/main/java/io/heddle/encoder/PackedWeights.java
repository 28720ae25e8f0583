package io.heddle.encoder;

import io.heddle.internal.kernels.ConvolutionKernels;
import io.heddle.internal.memory.OffHeap;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The weights of a network, packed in panels for the kernels: a panel has some output channels as columns and a row for
 * each product; panels are contiguous. First offsets are assigned, then memory is allocated, then weights are written.
 */
final class PackedWeights {
    private final int panelColumns;
    private final boolean inArray;
    private long bytes;
    private MemorySegment memory;
    private float[] array;
    private Arena arena;

    /** Returns the weight of a product and an output channel. */
    @FunctionalInterface
    interface Weight {
        float at(int row, int column);
    }

    PackedWeights(ConvolutionKernels kernels) {
        panelColumns = kernels.panelColumns();
        inArray = kernels.packsPixels();
    }

    /** Reserves memory for a matrix and returns its offset. */
    long reserve(long rows, int columns) {
        long offset = bytes;
        bytes += Math.ceilDiv(rows * columns * Float.BYTES, OffHeap.ALIGNMENT) * OffHeap.ALIGNMENT;
        return offset;
    }

    void allocate(Arena arena) {
        this.arena = arena;
        if (inArray) {
            array = new float[Math.toIntExact(bytes / Float.BYTES)];
            memory = MemorySegment.ofArray(array);
        } else {
            memory = OffHeap.allocate(bytes, arena);
        }
    }

    MemorySegment memory() {
        return memory;
    }

    /** Some columns of a row, also off-heap if the weights are not. */
    MemorySegment offHeap(long offset, int columns) {
        MemorySegment row = memory.asSlice(offset, (long) columns * Float.BYTES);
        return inArray ? OffHeap.allocate(row.byteSize(), arena).copyFrom(row) : row;
    }

    /** The same as an array, in which a byte is a quarter of an index; null if the kernels do not pack pixels. */
    float[] array() {
        return array;
    }

    /** The number of columns of the panel that begins at a column. */
    int width(int column, int columns) {
        return Math.min(panelColumns, columns - column);
    }

    /** Writes a matrix; its columns are whole groups of channels. */
    void pack(long offset, int rows, int columns, Weight weight) {
        long at = offset;
        for (int j = 0; j < columns; j += panelColumns) {
            int width = width(j, columns);
            for (int k = 0; k < rows; k++) {
                for (int c = 0; c < width; c++) {
                    memory.set(ValueLayout.JAVA_FLOAT, at, weight.at(k, j + c));
                    at += Float.BYTES;
                }
            }
        }
    }
}
