package io.heddle.internal.gemm;

import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.internal.memory.OffHeap;
import io.heddle.matrix.FloatMatrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The left operand of a product, some rows of a matrix, packed so that the register tile reads it from front to back:
 * panels of as many rows as a tile has, each stored step by step with {@link Kernels#leftStep} floats per step.
 *
 * <p>Off-heap, or an array where {@link Kernels#readsArrays()} and there are enough panels or rows are read in place.
 * May be packed repeatedly; allocates only if the size grows. The garbage collector frees its memory. Not thread-safe.
 *
 * <p>For example: {@snippet file="KernelExamplesTest.java" region="panels"}
 */
public final class RowPanels {
    private static final Kernels KERNELS = Simd.kernels();
    static final long STEP = KERNELS.leftStep() * (long) Float.BYTES;
    private static final ThreadLocal<RowPanels> OWN = ThreadLocal.withInitial(RowPanels::new);

    /** Minimum number of panels that are packed into an array: right operands are copied for them. */
    private static final int MINIMUM_FOR_ARRAY = 3;
    /** Maximum bytes of an array, for programs with a small heap. */
    private static final long MAXIMUM_ARRAY = 64L << 20;

    private MemorySegment offHeap = MemorySegment.NULL;
    private MemorySegment array = MemorySegment.ofArray(new float[0]);
    /** The one of the two that was packed last. */
    private MemorySegment segment = offHeap;

    private int rows;
    private int panels;
    private int depth;

    /** Empty panels. */
    public RowPanels() {}

    /** Panels of the calling thread, for operands that are packed and used in one call. */
    static RowPanels own() {
        return OWN.get();
    }

    /** Packs rows {@code from} to {@code to}, exclusive, of a matrix. */
    public void repack(FloatMatrix a, long from, long to) {
        pack(a.segment(), a.offset(from), a.offset(1), Float.BYTES, Math.toIntExact(to - from), a.columns());
    }

    /** Packs an operand whose element (r, k) is at aOffset + r·aRow + k·aStep. */
    public void pack(MemorySegment a, long aOffset, long aRow, long aStep, int rows, int depth) {
        pack(a, aOffset, aRow, aStep, rows, depth, isFasterInArray(rows, depth));
    }

    /** Whether the right operand of so many rows should be copied to an array. */
    static boolean isFasterInArray(int rows, int depth) {
        long count = (rows + KERNELS.tileRows() - 1) / KERNELS.tileRows();
        return KERNELS.readsArrays() && count >= MINIMUM_FOR_ARRAY && count * depth * STEP <= MAXIMUM_ARRAY;
    }

    /** The same, into an array or not. */
    void pack(MemorySegment a, long aOffset, long aRow, long aStep, int rows, int depth, boolean intoArray) {
        pack(a, aOffset, aRow, aStep, rows, depth, KERNELS.tileRows(), intoArray);
    }

    /** The same for a right operand that is not packed, in panels of as many rows as its tile has. */
    void packForStrided(MemorySegment a, long aOffset, long aRow, long aStep, int rows, int depth) {
        pack(a, aOffset, aRow, aStep, rows, depth, KERNELS.stridedTileRows(), KERNELS.readsArrays());
    }

    private void pack(
            MemorySegment a, long aOffset, long aRow, long aStep, int rows, int depth, int maximum, boolean intoArray) {
        panels = (rows + maximum - 1) / maximum;
        long bytes = panels * depth * STEP;
        segment = intoArray ? array(bytes) : offHeap(bytes);
        this.rows = rows;
        this.depth = depth;
        for (int p = 0; p < panels; p++) {
            KERNELS.packLeft(height(p), depth, a, aOffset + first(p) * aRow, aRow, aStep, segment, offset(p));
        }
    }

    private MemorySegment array(long bytes) {
        if (bytes > array.byteSize()) {
            array = MemorySegment.ofArray(new float[(int) (bytes / Float.BYTES)]);
        }
        return array;
    }

    private MemorySegment offHeap(long bytes) {
        if (bytes > offHeap.byteSize()) {
            offHeap = OffHeap.allocate(bytes, Arena.ofAuto());
        }
        return offHeap;
    }

    /** Whether the panels are in an array; then a packed right operand must be in one too. */
    boolean isArray() {
        return segment == array;
    }

    int depth() {
        return depth;
    }

    int panels() {
        return panels;
    }

    /** The first row of a panel. Heights differ by at most one: 14 rows are 7 and 7, not 12 and 2. */
    int first(int panel) {
        return (int) ((long) rows * panel / panels);
    }

    /** Rows of a panel. */
    int height(int panel) {
        return first(panel + 1) - first(panel);
    }

    public MemorySegment segment() {
        return segment;
    }

    /** Byte at which a panel starts. */
    long offset(int panel) {
        return panel * depth * STEP;
    }
}
