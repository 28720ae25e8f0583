package io.heddle.internal.gemm;

import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.PairList;
import io.heddle.internal.kernels.Simd;
import io.heddle.internal.kernels.TrainingKernels;
import io.heddle.internal.memory.OffHeap;
import io.heddle.matrix.FloatMatrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The loops around the register tile, on the calling thread. Both operands are packed: a panel of the left one stays in
 * L1 and a block of the right one in L2, and the result is written along its rows.
 */
public final class PackedProduct {
    private static final Kernels KERNELS = Simd.kernels();
    private static final TrainingKernels TRAINING = Simd.trainingKernels();
    private static final long FLOAT_BYTES = Float.BYTES;
    private static final ThreadLocal<PackedProduct> OWN = ThreadLocal.withInitial(PackedProduct::new);

    /** Memory in which a thread packs the right operand of a transposed product. */
    private MemorySegment packed = MemorySegment.NULL;

    /** The sums of one tile over some of the steps. */
    private final MemorySegment sums =
            OffHeap.allocate((long) KERNELS.tileRows() * KERNELS.tileColumns() * FLOAT_BYTES, Arena.ofAuto());

    /** A right operand for left panels in an array. */
    private MemorySegment array = MemorySegment.ofArray(new float[0]);

    private MemorySegment right;
    private long rightOffset;
    /** Bytes from one step of the right operand to the next, or 0 if it is packed. */
    private long rightStep;

    /** A value read ahead; stored so that the compiler does not remove the reads. */
    private boolean finite = true;

    private PackedProduct() {}

    /**
     * out ← max(0, A · B) if {@code rectified}, else A · B, or out + A · B if {@code accumulate}; element (r, k) of A
     * lies at aOffset + r·aRow + k·aStep. The depth is divided into parts that are packed one after the other.
     *
     * @param b for packed left operands
     * @param columns of B that are multiplied, from the first on; only whole tiles
     * @param outColumn column of the output that B's first one becomes
     */
    public static void multiply(
            MemorySegment a,
            long aOffset,
            long aRow,
            long aStep,
            int rows,
            Panels b,
            int columns,
            FloatMatrix out,
            long outRow,
            int outColumn,
            boolean accumulate,
            boolean rectified) {
        b.requireForPacked();
        RowPanels left = RowPanels.own();
        int depth = b.depth();
        int step = b.steps();
        int across = Blocking.columnsAtATime(columns);
        if (aStep == FLOAT_BYTES && across == KERNELS.tileColumns() && step < depth) {
            OWN.get().readRows(a, aOffset, aRow, rows, depth);
        }
        // A product of depth 0 must write zeros, hence the do-while.
        int k = 0;
        do {
            int some = Math.min(step, depth - k);
            left.pack(a, aOffset + k * aStep, aRow, aStep, rows, some);
            boolean last = rectified && k + some >= depth;
            for (int first = 0; first < columns; first += across) {
                int end = Math.min(columns, first + across);
                long to = out.offset(outRow) + outColumn * FLOAT_BYTES;
                MemorySegment right = b.segment();
                long before = 0;
                if (left.isArray()) {
                    // The panels of these columns are contiguous. The last one may have more columns.
                    before = b.offset(first, k);
                    long whole = Math.ceilDiv(end - first, b.panelColumns()) * (long) b.panelColumns();
                    right = OWN.get().copied(right, before, whole * some);
                }
                for (int p = 0; p < left.panels(); p++) {
                    long row = to + left.first(p) * out.offset(1);
                    for (int j = first; j < end; j += b.panelColumns()) {
                        long from = b.offset(j, k) - before;
                        long at = row + j * FLOAT_BYTES;
                        tile(left, p, b.width(j), some, right, from, out, at, accumulate || k > 0, last);
                    }
                }
            }
            k += some;
        } while (k < depth);
    }

    /** The products of {@code width} columns from {@code column} on that are at least a limit of the list. */
    static void pairs(RowPanels left, Panels b, int column, int width, PairList list) {
        b.requireForPacked();
        PackedProduct own = OWN.get();
        for (int j = 0; j < width; j += b.panelColumns()) {
            if (left.isArray()) {
                own.copyPasses(b, column + j);
            }
            for (int p = 0; p < left.panels(); p++) {
                own.pairs(left, p, b, column + j, j, list);
            }
        }
    }

    /** Copies all passes of a panel, one after the other. */
    private void copyPasses(Panels b, int column) {
        int width = b.width(column);
        reserve((long) b.depth() * width);
        for (int k = 0; k < b.depth(); k += b.steps()) {
            long bytes = Math.min(b.steps(), b.depth() - k) * width * FLOAT_BYTES;
            MemorySegment.copy(b.segment(), b.offset(column, k), array, k * width * FLOAT_BYTES, bytes);
        }
    }

    private void pairs(RowPanels left, int panel, Panels b, int column, int firstColumn, PairList list) {
        int rows = left.height(panel);
        int width = b.width(column);
        int step = b.steps();
        long bStep = width * FLOAT_BYTES;
        MemorySegment from = left.isArray() ? array : b.segment();
        int k = 0;
        for (; k + step < b.depth(); k += step) {
            KERNELS.tile(
                    rows,
                    width,
                    step,
                    left.segment(),
                    left.offset(panel) + k * RowPanels.STEP,
                    from,
                    left.isArray() ? k * bStep : b.offset(column, k),
                    bStep,
                    sums,
                    0,
                    bStep,
                    k > 0);
        }
        KERNELS.pairTile(
                rows,
                width,
                b.depth() - k,
                left.segment(),
                left.offset(panel) + k * RowPanels.STEP,
                from,
                left.isArray() ? k * bStep : b.offset(column, k),
                k > 0 ? sums : null,
                left.first(panel),
                firstColumn,
                list);
    }

    /** Floats of a right operand, copied for left panels in an array. */
    private MemorySegment copied(MemorySegment from, long offset, long floats) {
        reserve(floats);
        MemorySegment.copy(from, offset, array, 0, floats * FLOAT_BYTES);
        return array;
    }

    private void reserve(long floats) {
        if (floats * FLOAT_BYTES > array.byteSize()) {
            array = MemorySegment.ofArray(new float[Math.toIntExact(floats)]);
        }
    }

    private static void tile(
            RowPanels left,
            int panel,
            int width,
            int steps,
            MemorySegment right,
            long rightOffset,
            FloatMatrix out,
            long to,
            boolean accumulate,
            boolean rectified) {
        int rows = left.height(panel);
        long at = left.offset(panel);
        long cRow = out.offset(1);
        if (rectified) {
            TRAINING.rectifiedTile(
                    rows, width, steps, left.segment(), at, right, rightOffset, out.segment(), to, cRow, accumulate);
        } else {
            KERNELS.tile(
                    rows,
                    width,
                    steps,
                    left.segment(),
                    at,
                    right,
                    rightOffset,
                    width * FLOAT_BYTES,
                    out.segment(),
                    to,
                    cRow,
                    accumulate);
        }
    }

    /**
     * out ← out + A[aFrom, aFrom + rows)ᵀ · B[bFrom, bFrom + rows); if {@code upper}, only the tiles on and above the
     * diagonal.
     *
     * @param out of a's columns × b's columns
     */
    static void accumulateTransposed(
            FloatMatrix a, long aFrom, FloatMatrix b, long bFrom, int rows, FloatMatrix out, boolean upper) {
        PackedProduct own = OWN.get();
        int padded = (int) b.stride();
        boolean packs = Blocking.packsRight(a, b);
        int steps = packs ? Blocking.steps(rows, Blocking.DEPTH) : Blocking.DEEP_ROWS;
        for (int done = 0; done < rows; done += steps) {
            int some = Math.min(steps, rows - done);
            for (int column = 0; column < padded; column += Blocking.DEEP_COLUMNS) {
                int width = Math.min(Blocking.DEEP_COLUMNS, padded - column);
                if (packs) {
                    own.packRight(b, bFrom + done, some, column, width);
                } else {
                    own.takeRight(b, bFrom + done, column);
                }
                own.transposed(a, aFrom + done, some, column, width, out, upper);
            }
        }
    }

    /** out ← out + A[aFrom, aFrom + B's depth)ᵀ · B, for a B of one pass. */
    static void accumulateTransposed(FloatMatrix a, long aFrom, Panels b, FloatMatrix out) {
        b.requireForPacked();
        if (b.steps() < b.depth()) {
            throw new IllegalArgumentException("panels of " + b.depth() + " rows have more than one pass");
        }
        PackedProduct own = OWN.get();
        own.right = RowPanels.isFasterInArray(a.columns(), b.depth())
                ? own.copied(b.segment(), 0, (long) b.depth() * b.paddedColumns())
                : b.segment();
        own.rightOffset = 0;
        own.rightStep = 0;
        own.transposed(a, aFrom, b.depth(), 0, b.paddedColumns(), out, false);
    }

    /** The same for a B that is not in a cache. */
    static void accumulateTransposedFromMemory(
            FloatMatrix a, long aFrom, FloatMatrix b, long bFrom, int rows, FloatMatrix out) {
        if (!Blocking.packsRight(a, b)) {
            OWN.get().readRows(b.segment(), b.offset(bFrom), b.offset(1), rows, b.columns());
        }
        accumulateTransposed(a, aFrom, b, bFrom, rows, out, false);
    }

    /**
     * Reads rows from memory into the cache. Processors prefetch along a row, so reading a part of each row, and then
     * the next part of each, would wait for memory at each part.
     */
    private void readRows(MemorySegment x, long offset, long rowBytes, int rows, int columns) {
        for (int r = 0; r < rows; r++) {
            finite &= KERNELS.allFinite(x, offset + r * rowBytes, columns);
        }
    }

    private void packRight(FloatMatrix b, long from, int rows, int column, int width) {
        long floats = (long) rows * width;
        if (KERNELS.readsArrays()) {
            reserve(floats);
            right = array;
        } else {
            if (floats * FLOAT_BYTES > packed.byteSize()) {
                packed = OffHeap.allocate(floats * FLOAT_BYTES, Arena.ofAuto());
            }
            right = packed;
        }
        rightOffset = 0;
        rightStep = 0;
        KERNELS.pack(
                b.segment(),
                b.offset(from) + column * FLOAT_BYTES,
                b.offset(1),
                rows,
                width,
                null,
                right,
                0,
                0,
                (long) rows * KERNELS.tileColumns() * FLOAT_BYTES);
    }

    private void takeRight(FloatMatrix b, long from, int column) {
        right = b.segment();
        rightOffset = b.offset(from) + column * FLOAT_BYTES;
        rightStep = b.offset(1);
    }

    private void transposed(
            FloatMatrix a, long from, int steps, int column, int width, FloatMatrix out, boolean upper) {
        RowPanels left = RowPanels.own();
        int p = a.columns();
        int end = upper ? Math.min(p, column + width) : p;
        for (int i = 0; i < end; i += Blocking.FEW_ROWS) {
            int some = Math.min(Blocking.FEW_ROWS, end - i);
            long at = a.offset(from) + i * FLOAT_BYTES;
            if (rightStep == 0) {
                left.pack(a.segment(), at, FLOAT_BYTES, a.offset(1), some, steps, right == array);
            } else {
                left.packForStrided(a.segment(), at, FLOAT_BYTES, a.offset(1), some, steps);
            }
            int panels = left.panels();
            int tile = KERNELS.tileColumns();
            if (rightStep == 0) {
                // A left panel stays in L1 for all right ones.
                for (int q = 0; q < panels; q++) {
                    for (int j = 0; j < width; j += tile) {
                        tile(left, q, steps, j, Math.min(tile, width - j), out, i, column, upper);
                    }
                }
            } else {
                // Rows in place would be read from L2 too slowly, so their part stays in L1 for all left panels.
                for (int j = 0; j < width; j += tile) {
                    for (int q = 0; q < panels; q++) {
                        tile(left, q, steps, j, Math.min(tile, width - j), out, i, column, upper);
                    }
                }
            }
        }
    }

    /**
     * Adds a left panel · one panel of the right operand; if {@code upper}, only if the tile is not below the diagonal.
     *
     * @param j its first column, after {@code column}
     * @param i the first row of all left panels
     */
    private void tile(
            RowPanels left, int panel, int steps, int j, int width, FloatMatrix out, int i, int column, boolean upper) {
        int row = i + left.first(panel);
        if (upper && row >= column + j + width) {
            return;
        }
        KERNELS.tile(
                left.height(panel),
                width,
                steps,
                left.segment(),
                left.offset(panel),
                right,
                rightOffset + (long) j * FLOAT_BYTES * (rightStep == 0 ? steps : 1),
                rightStep == 0 ? width * FLOAT_BYTES : rightStep,
                out.segment(),
                out.offset(row) + (column + j) * FLOAT_BYTES,
                out.offset(1),
                true);
    }
}
