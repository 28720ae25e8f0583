package io.heddle.internal.gemm;

import static io.heddle.internal.kernels.Kernels.LEFT_STEP;

import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.internal.memory.OffHeap;
import io.heddle.matrix.FloatMatrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The left operand of a product, some rows of a matrix, packed so that the register tile reads it from front to back:
 * panels of as many rows as a tile has, each stored step after step, {@value Kernels#LEFT_STEP} floats a step.
 *
 * <p>Packed again and again without allocation while the size does not grow; its memory goes with the object. Not for
 * several threads at a time.
 *
 * <p>For example: {@snippet file="KernelExamplesTest.java" region="panels"}
 */
public final class RowPanels {
    static final long STEP = LEFT_STEP * (long) Float.BYTES;
    private static final Kernels KERNELS = Simd.kernels();
    private static final ThreadLocal<RowPanels> OWN = ThreadLocal.withInitial(RowPanels::new);

    private MemorySegment segment = MemorySegment.NULL;
    private int rows;
    private int height;
    private int depth;

    /** Empty panels. */
    public RowPanels() {}

    /** Those of the calling thread, for what is packed and used in one go. */
    static RowPanels own() {
        return OWN.get();
    }

    /** Packs rows {@code from} to {@code to}, exclusive, of a matrix. */
    public void repack(FloatMatrix a, long from, long to) {
        pack(a.segment(), a.offset(from), a.offset(1), Float.BYTES, Math.toIntExact(to - from), a.columns());
    }

    /** Packs an operand whose element (r, k) lies at aOffset + r·aRow + k·aStep. */
    public void pack(MemorySegment a, long aOffset, long aRow, long aStep, int rows, int depth) {
        int most = KERNELS.tileRows();
        int panels = (rows + most - 1) / most;
        long bytes = panels * depth * STEP;
        if (bytes > segment.byteSize()) {
            segment = OffHeap.allocate(bytes, Arena.ofAuto());
        }
        this.rows = rows;
        this.depth = depth;
        // Ten rows are two panels of five, not one of eight and one of two.
        height = panels == 0 ? 0 : (rows + panels - 1) / panels;
        for (int p = 0; p < panels(); p++) {
            int first = p * height;
            KERNELS.packLeft(
                    Math.min(height, rows - first), depth, a, aOffset + first * aRow, aRow, aStep, segment, offset(p));
        }
    }

    int rows() {
        return rows;
    }

    int depth() {
        return depth;
    }

    /** Rows of every panel but the last. */
    int height() {
        return height;
    }

    int panels() {
        return rows == 0 ? 0 : (rows + height - 1) / height;
    }

    public MemorySegment segment() {
        return segment;
    }

    /** Byte at which a panel starts. */
    long offset(int panel) {
        return panel * depth * STEP;
    }
}
