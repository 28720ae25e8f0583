package io.heddle.internal.gemm;

import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.PairList;
import io.heddle.internal.kernels.Simd;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.RowSlices;
import io.heddle.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Matrix products: the loops around {@link Kernels#tile}.
 *
 * <p>The single-threaded forms work on row blocks, so that an algorithm can fuse several products while a block is in
 * cache. The parallel forms divide the work by shape only, so the result has the same bits for any number of threads.
 * Reference: Van Zee and van de Geijn, "BLIS: A Framework for Rapidly Instantiating BLAS Functionality", ACM TOMS
 * 41(3), 2015.
 *
 * <p>For example: {@snippet file="KernelExamplesTest.java" region="gemm"}
 */
public final class Gemm {
    private static final Kernels KERNELS = Simd.kernels();
    private static final long FLOAT_BYTES = Float.BYTES;
    private static final Spare<Panels> PANELS = new Spare<>(Panels::close);
    private static final Spare<FloatMatrix> SUMS = new Spare<>(FloatMatrix::close);

    private Gemm() {}

    /**
     * out[outRow …] ← A[from, to) · B, on the calling thread.
     *
     * @param a rows × depth
     * @param b depth × columns, packed
     * @param out at least columns wide; its padding becomes zero
     */
    public static void multiplyRows(FloatMatrix a, long from, long to, Panels b, FloatMatrix out, long outRow) {
        block(a.segment(), a.offset(from), a.offset(1), FLOAT_BYTES, (int) (to - from), b, out, outRow);
    }

    /**
     * out[outRow …] ← max(0, A[from, to) · B), on the calling thread.
     *
     * @param a rows × depth
     * @param b depth × columns, packed
     * @param out at least columns wide; its padding becomes zero
     */
    public static void multiplyRowsRectified(
            FloatMatrix a, long from, long to, Panels b, FloatMatrix out, long outRow) {
        int rows = (int) (to - from);
        if (b.isForRows()) {
            RowProduct.multiply(a.segment(), a.offset(from), a.offset(1), rows, b, out, outRow, true);
            return;
        }
        int maximum = Blocking.packedRows(b.columns());
        for (int r = 0; r < rows; r += maximum) {
            PackedProduct.multiply(
                    a.segment(),
                    a.offset(from + r),
                    a.offset(1),
                    FLOAT_BYTES,
                    Math.min(maximum, rows - r),
                    b,
                    b.paddedColumns(),
                    out,
                    outRow + r,
                    0,
                    false,
                    true);
        }
    }

    /**
     * Adds the elements of A · up to {@link Kernels#TILE_COLUMNS} columns of B that are at least a limit to a list, on
     * the calling thread. The product is not stored.
     *
     * @param a rows × depth, packed
     * @param b depth × columns, packed for packed left operands
     * @param column a multiple of {@link Kernels#TILE_COLUMNS} below the columns of b
     * @param list started for this block
     */
    public static void pairsAtLeast(RowPanels a, Panels b, int column, PairList list) {
        int width = Math.min(Kernels.TILE_COLUMNS, b.paddedColumns() - column);
        PackedProduct.pairs(a, b, column, width, list);
    }

    /**
     * One block of at most a few hundred rows; element (r, k) of the left operand lies at aOffset + r·aRow + k·aStep.
     */
    private static void block(
            MemorySegment a, long aOffset, long aRow, long aStep, int rows, Panels b, FloatMatrix out, long outRow) {
        if (b.hasLines() && aStep == FLOAT_BYTES) {
            b.multiplyLines(a, aOffset, aRow, rows, out, outRow);
            return;
        }
        if (b.isForRows()) {
            RowProduct.multiply(a, aOffset, aRow, rows, b, out, outRow, false);
            return;
        }
        // A block just larger than what is packed at a time is packed as a whole.
        int maximum = Blocking.packedRows(b.columns());
        int some = rows < 2 * maximum ? rows : maximum;
        for (int r = 0; r < rows; r += some) {
            PackedProduct.multiply(
                    a,
                    aOffset + r * aRow,
                    aRow,
                    aStep,
                    Math.min(some, rows - r),
                    b,
                    b.paddedColumns(),
                    out,
                    outRow + r,
                    0,
                    false,
                    false);
        }
    }

    /**
     * out ← out + A[aFrom, aFrom + rows)ᵀ · B[bFrom, bFrom + rows), on the calling thread.
     *
     * @param a n × p
     * @param b n × q
     * @param out p × q
     */
    public static void accumulateTransposed(
            FloatMatrix a, long aFrom, FloatMatrix b, long bFrom, int rows, FloatMatrix out) {
        PackedProduct.accumulateTransposed(a, aFrom, b, bFrom, rows, out, false);
    }

    /**
     * out ← out + A[aFrom, aFrom + B's depth)ᵀ · B for a B that was written as panels, on the calling thread.
     *
     * @param a n × p
     * @param b rows × q, packed for packed left operands, in one pass
     * @param out p × q
     */
    public static void accumulateTransposed(FloatMatrix a, long aFrom, Panels b, FloatMatrix out) {
        PackedProduct.accumulateTransposed(a, aFrom, b, out);
    }

    /**
     * The same for a B that is not in a cache: its rows are first read along, which is faster.
     *
     * @param a n × p
     * @param b n × q
     * @param out p × q
     */
    public static void accumulateTransposedFromMemory(
            FloatMatrix a, long aFrom, FloatMatrix b, long bFrom, int rows, FloatMatrix out) {
        PackedProduct.accumulateTransposedFromMemory(a, aFrom, b, bFrom, rows, out);
    }

    /**
     * out ← out + A[aFrom, aFrom + rows)ᵀ · A[aFrom, aFrom + rows) on and above the diagonal, on the calling thread;
     * some tiles below it are written too; their values must not be used.
     *
     * @param a n × p
     * @param out p × p
     */
    public static void accumulateUpperGram(FloatMatrix a, long aFrom, int rows, FloatMatrix out) {
        PackedProduct.accumulateTransposed(a, aFrom, a, aFrom, rows, out, true);
    }

    /**
     * C ← op(A) · op(B) with all threads of the pool; op is the transpose or the identity.
     *
     * @param a m × k, or k × m if transposed
     * @param b k × n, or n × k if transposed
     * @param c m × n, overwritten
     * @throws InvalidInputException if the shapes do not fit
     */
    public static void multiply(
            FloatMatrix a, boolean aTransposed, FloatMatrix b, boolean bTransposed, FloatMatrix c, WorkerPool pool) {
        long m = aTransposed ? a.columns() : a.rows();
        long k = aTransposed ? a.rows() : a.columns();
        long bk = bTransposed ? b.columns() : b.rows();
        long n = bTransposed ? b.rows() : b.columns();
        InvalidInputException.require(
                k == bk && c.rows() == m && c.columns() == n,
                "the product of %d x %d and %d x %d does not fit into %d x %d",
                m,
                k,
                bk,
                n,
                c.rows(),
                c.columns());
        if (aTransposed && !bTransposed && k >= Blocking.DEEP && m * n <= Blocking.SLICED_ELEMENTS) {
            multiplyDeep(a, b, c, pool);
            return;
        }
        int height = Blocking.taskRows(m, c.columns(), pool.threads());
        int tasks = Math.toIntExact((m + height - 1) / height);
        long aRow = aTransposed ? FLOAT_BYTES : a.stride() * FLOAT_BYTES;
        long aStep = aTransposed ? a.stride() * FLOAT_BYTES : FLOAT_BYTES;
        Panels packed = PANELS.take(
                p -> p.fit(k, n, aTransposed),
                () -> aTransposed
                        ? Panels.allocateForPacked(Math.toIntExact(k), c.columns())
                        : Panels.allocate(Math.toIntExact(k), c.columns()));
        try {
            if (bTransposed) {
                packed.repackTransposed(b);
            } else {
                packed.repack(b, pool);
            }
            pool.run(tasks, (task, worker) -> {
                long from = (long) task * height;
                int rows = (int) Math.min(height, m - from);
                block(a.segment(), from * aRow, aRow, aStep, rows, packed, c, from);
            });
        } finally {
            PANELS.giveBack(packed, packed.byteSize());
        }
    }

    /**
     * C ← Aᵀ · B for many rows: slices of the rows have separate sums, computed block by block while a block of both is
     * in cache. The sums are of BᵀA: B usually has fewer columns than A, and if it has fewer than a vector has lanes,
     * AᵀB would leave lanes unused.
     */
    private static void multiplyDeep(FloatMatrix a, FloatMatrix b, FloatMatrix c, WorkerPool pool) {
        RowSlices slices = RowSlices.of(a.rows(), Blocking.DEEP_ROWS, Blocking.DEEP_SLICES);
        int height = b.columns();
        FloatMatrix sums = takeSums((long) slices.count() * height, a.columns());
        try {
            pool.run(slices.count(), (slice, worker) -> {
                FloatMatrix sum = cleared(sums, slice, height);
                long to = slices.to(slice);
                for (long row = slices.from(slice); row < to; row += Blocking.DEEP_ROWS) {
                    int some = (int) Math.min(Blocking.DEEP_ROWS, to - row);
                    PackedProduct.accumulateTransposedFromMemory(b, row, a, row, some, sum);
                }
            });
            merge(sums, slices.count(), height, pool);
            RowSlices rows = RowSlices.of(c.rows(), FloatMatrix.ALIGNMENT);
            pool.run(rows.count(), (task, worker) -> transpose(sums, height, rows.from(task), rows.to(task), c));
        } finally {
            SUMS.giveBack(sums, sums.segment().byteSize());
        }
    }

    /** Matrices in one block of memory, one for each slice. */
    private static FloatMatrix takeSums(long rows, int columns) {
        return SUMS.take(m -> m.rows() == rows && m.columns() == columns, () -> FloatMatrix.allocate(rows, columns));
    }

    private static FloatMatrix cleared(FloatMatrix sums, int slice, int height) {
        FloatMatrix sum = sums.rows((long) slice * height, (slice + 1L) * height);
        sum.segment().fill((byte) 0);
        return sum;
    }

    /** Adds all matrices to the first, in order. */
    private static void merge(FloatMatrix sums, int count, int height, WorkerPool pool) {
        MemorySegment s = sums.segment();
        RowSlices rows = RowSlices.of(height, 1);
        pool.run(rows.count(), (task, worker) -> {
            for (long i = rows.from(task); i < rows.to(task); i++) {
                for (int slice = 1; slice < count; slice++) {
                    long from = sums.offset((long) slice * height + i);
                    KERNELS.axpy(1f, s, from, s, sums.offset(i), (int) sums.stride());
                }
            }
        });
    }

    /** Rows of out ← columns of the first rows of m. */
    private static void transpose(FloatMatrix m, int height, long from, long to, FloatMatrix out) {
        for (int j = 0; j < height; j++) {
            for (long i = from; i < to; i++) {
                float v = m.segment().get(ValueLayout.JAVA_FLOAT_UNALIGNED, m.offset(j) + i * FLOAT_BYTES);
                out.segment().set(ValueLayout.JAVA_FLOAT_UNALIGNED, out.offset(i) + j * FLOAT_BYTES, v);
            }
        }
    }

    /**
     * out ← (X − 1·shift)ᵀ (X − 1·shift) with all threads of the pool, at half the cost of a general product.
     *
     * @param x n × d
     * @param shift 1 × d, subtracted from each row, or null
     * @param out d × d, overwritten
     * @throws InvalidInputException if the shapes do not fit
     */
    public static void gram(DataMatrix x, FloatMatrix shift, FloatMatrix out, WorkerPool pool) {
        int d = x.columns();
        InvalidInputException.require(
                out.rows() == d && out.columns() == d,
                "the Gram matrix of %d columns does not fit into %d x %d",
                d,
                out.rows(),
                out.columns());
        long blocks = (x.rows() + Blocking.GRAM_ROWS - 1) / Blocking.GRAM_ROWS;
        int slices = Math.clamp(blocks / Blocking.GRAM_SLICE_BLOCKS, 1, Blocking.GRAM_SLICES);
        FloatMatrix sums = takeSums((long) slices * d, d);
        try (RowBlocks rowBlocks = RowBlocks.of(x, Blocking.GRAM_ROWS, pool);
                FloatMatrix shifted =
                        shift == null ? null : FloatMatrix.allocate((long) pool.threads() * Blocking.GRAM_ROWS, d)) {
            pool.run(slices, (slice, worker) -> {
                FloatMatrix sum = cleared(sums, slice, d);
                long from = blocks * slice / slices * Blocking.GRAM_ROWS;
                long to = Math.min(x.rows(), blocks * (slice + 1) / slices * Blocking.GRAM_ROWS);
                for (long i = from; i < to; i += Blocking.GRAM_ROWS) {
                    FloatMatrix rows = rowBlocks.get(i, Math.min(to, i + Blocking.GRAM_ROWS), worker);
                    if (shift != null) {
                        rows = shift(rows, shift, shifted, (long) worker * Blocking.GRAM_ROWS);
                    }
                    accumulateUpperGram(rows, 0, (int) rows.rows(), sum);
                }
            });
            merge(sums, slices, d, pool);
            RowSlices rows = RowSlices.of(d, FloatMatrix.ALIGNMENT);
            pool.run(rows.count(), (task, worker) -> mirrorUpper(sums, rows.from(task), rows.to(task), out));
        } finally {
            SUMS.giveBack(sums, sums.segment().byteSize());
        }
    }

    /** Writes the rows minus a shift to {@code out}, from row {@code to} on. */
    private static FloatMatrix shift(FloatMatrix rows, FloatMatrix shift, FloatMatrix out, long to) {
        for (long i = 0; i < rows.rows(); i++) {
            KERNELS.subtract(
                    rows.segment(),
                    rows.offset(i),
                    shift.segment(),
                    shift.offset(0),
                    out.segment(),
                    out.offset(to + i),
                    rows.columns());
        }
        return out.rows(to, to + rows.rows());
    }

    /** Rows of out ← rows of a symmetric matrix that is given on and above the diagonal. */
    private static void mirrorUpper(FloatMatrix upper, long from, long to, FloatMatrix out) {
        MemorySegment s = upper.segment();
        for (long i = from; i < to; i++) {
            long bytes = (out.columns() - i) * FLOAT_BYTES;
            MemorySegment.copy(
                    s, upper.offset(i) + i * FLOAT_BYTES, out.segment(), out.offset(i) + i * FLOAT_BYTES, bytes);
        }
        for (long j = 0; j < to; j++) {
            for (long i = Math.max(from, j + 1); i < to; i++) {
                float v = s.get(ValueLayout.JAVA_FLOAT_UNALIGNED, upper.offset(j) + i * FLOAT_BYTES);
                out.segment().set(ValueLayout.JAVA_FLOAT_UNALIGNED, out.offset(i) + j * FLOAT_BYTES, v);
            }
        }
    }
}
