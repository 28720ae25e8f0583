package io.heddle.simd;

import static io.heddle.simd.Kernels.TILE_COLUMNS;
import static io.heddle.simd.Kernels.TILE_ROWS;

import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.RowSlices;
import io.heddle.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Matrix products: the loops around {@link Kernels#tile}, which alone knows vectors.
 *
 * <p>The single-threaded forms work on row blocks, so that an algorithm can fuse several products while a block is in
 * cache. The parallel forms divide by shape alone: the result is the same bit for bit for any number of threads.
 * Reference: Van Zee and van de Geijn, "BLIS: A Framework for Rapidly Instantiating BLAS Functionality", ACM TOMS
 * 41(3), 2015.
 *
 * <p>For example: {@snippet file="SimdExamplesTest.java" region="gemm"}
 */
public final class Gemm {
    private static final Kernels KERNELS = Simd.kernels();
    private static final TrainingKernels TRAINING = Simd.trainingKernels();
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
        long aRow = a.stride() * FLOAT_BYTES;
        block(a.segment(), a.offset(from), aRow, FLOAT_BYTES, (int) (to - from), b, out, outRow);
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
        for (int j = 0; j < b.paddedColumns(); j += TILE_COLUMNS) {
            int width = Math.min(TILE_COLUMNS, b.paddedColumns() - j);
            for (long r = from; r < to; r += TILE_ROWS) {
                TRAINING.rectifiedTile(
                        (int) Math.min(TILE_ROWS, to - r),
                        width,
                        b.depth(),
                        a.segment(),
                        a.offset(r),
                        a.stride() * FLOAT_BYTES,
                        FLOAT_BYTES,
                        b.segment(),
                        b.panelOffset(j),
                        width * FLOAT_BYTES,
                        out.segment(),
                        out.offset(outRow + r - from) + j * FLOAT_BYTES,
                        out.stride() * FLOAT_BYTES);
            }
        }
    }

    /**
     * out[outRow …] ← A[from, to) · the one panel of B that begins with column {@code column}, on the calling thread:
     * for those who go on with each piece of a product while it is in the innermost cache.
     *
     * @param a rows × depth
     * @param column a multiple of {@link Kernels#TILE_COLUMNS} below the columns of b
     * @param out at least {@link Kernels#TILE_COLUMNS} columns wide, or as the panel is
     */
    public static void multiplyPanel(
            FloatMatrix a, long from, long to, Panels b, int column, FloatMatrix out, long outRow) {
        int width = Math.min(TILE_COLUMNS, b.paddedColumns() - column);
        long bStep = width * FLOAT_BYTES;
        int depth = b.depth();
        int k = 0;
        do {
            int some = Math.min(Blocking.DEPTH, depth - k);
            for (long r = from; r < to; r += TILE_ROWS) {
                KERNELS.tile(
                        (int) Math.min(TILE_ROWS, to - r),
                        width,
                        some,
                        a.segment(),
                        a.offset(r) + k * FLOAT_BYTES,
                        a.stride() * FLOAT_BYTES,
                        FLOAT_BYTES,
                        b.segment(),
                        b.panelOffset(column) + k * bStep,
                        bStep,
                        out.segment(),
                        out.offset(outRow + r - from),
                        out.stride() * FLOAT_BYTES,
                        k > 0);
            }
            k += some;
        } while (k < depth);
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
        int depth = b.depth();
        // A product of depth 0 still has to write its zeros, hence the do.
        int k = 0;
        do {
            int some = Math.min(Blocking.DEPTH, depth - k);
            pass(a, aOffset + k * aStep, aRow, aStep, rows, b, k, some, out, outRow);
            k += some;
        } while (k < depth);
    }

    /** Some steps of a product, from step k on, added to those before. */
    private static void pass(
            MemorySegment a,
            long aOffset,
            long aRow,
            long aStep,
            int rows,
            Panels b,
            int k,
            int steps,
            FloatMatrix out,
            long outRow) {
        for (int j = 0; j < b.paddedColumns(); j += TILE_COLUMNS) {
            int width = Math.min(TILE_COLUMNS, b.paddedColumns() - j);
            long bStep = width * FLOAT_BYTES;
            for (int r = 0; r < rows; r += TILE_ROWS) {
                KERNELS.tile(
                        Math.min(TILE_ROWS, rows - r),
                        width,
                        steps,
                        a,
                        aOffset + r * aRow,
                        aRow,
                        aStep,
                        b.segment(),
                        b.panelOffset(j) + k * bStep,
                        bStep,
                        out.segment(),
                        out.offset(outRow + r) + j * FLOAT_BYTES,
                        out.stride() * FLOAT_BYTES,
                        k > 0);
            }
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
        long aStep = a.stride() * FLOAT_BYTES;
        long bStep = b.stride() * FLOAT_BYTES;
        long cRow = out.stride() * FLOAT_BYTES;
        int p = a.columns();
        int padded = (int) b.stride();
        // Ten rows are two tiles of five, not one of eight and one that computes two.
        int tiles = Math.max(1, (p + TILE_ROWS - 1) / TILE_ROWS);
        int height = (p + tiles - 1) / tiles;
        // The operand with the longer rows is walked once, and what a tile takes of it stays in L1 meanwhile.
        boolean aOnce = p > padded;
        int outer = aOnce ? p : padded;
        int inner = aOnce ? padded : p;
        int outerStep = aOnce ? height : TILE_COLUMNS;
        int innerStep = aOnce ? TILE_COLUMNS : height;
        for (int u = 0; u < outer; u += outerStep) {
            for (int v = 0; v < inner; v += innerStep) {
                int i = aOnce ? u : v;
                int j = aOnce ? v : u;
                KERNELS.tile(
                        Math.min(height, p - i),
                        Math.min(TILE_COLUMNS, padded - j),
                        rows,
                        a.segment(),
                        a.offset(aFrom) + i * FLOAT_BYTES,
                        FLOAT_BYTES,
                        aStep,
                        b.segment(),
                        b.offset(bFrom) + j * FLOAT_BYTES,
                        bStep,
                        out.segment(),
                        out.offset(i) + j * FLOAT_BYTES,
                        cRow,
                        true);
            }
        }
    }

    /**
     * out ← out + A[aFrom, aFrom + rows)ᵀ · A[aFrom, aFrom + rows) on and above the diagonal, on the calling thread;
     * below it some tiles are written too, and are not to be read.
     *
     * @param a n × p
     * @param out p × p
     */
    public static void accumulateUpperGram(FloatMatrix a, long aFrom, int rows, FloatMatrix out) {
        long step = a.stride() * FLOAT_BYTES;
        int p = a.columns();
        int padded = (int) a.stride();
        for (int j = 0; j < padded; j += TILE_COLUMNS) {
            int width = Math.min(TILE_COLUMNS, padded - j);
            for (int i = 0; i < Math.min(p, j + width); i += TILE_ROWS) {
                KERNELS.tile(
                        Math.min(TILE_ROWS, p - i),
                        width,
                        rows,
                        a.segment(),
                        a.offset(aFrom) + i * FLOAT_BYTES,
                        FLOAT_BYTES,
                        step,
                        a.segment(),
                        a.offset(aFrom) + j * FLOAT_BYTES,
                        step,
                        out.segment(),
                        out.offset(i) + j * FLOAT_BYTES,
                        out.stride() * FLOAT_BYTES,
                        true);
            }
        }
    }

    /**
     * C ← op(A) · op(B) with all threads of the pool; op transposes where asked.
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
        int tasks = Math.toIntExact((m + Blocking.ROWS - 1) / Blocking.ROWS);
        long aRow = aTransposed ? FLOAT_BYTES : a.stride() * FLOAT_BYTES;
        long aStep = aTransposed ? a.stride() * FLOAT_BYTES : FLOAT_BYTES;
        Panels packed = PANELS.take(p -> p.fit(k, n), () -> Panels.allocate(Math.toIntExact(k), c.columns()));
        try {
            if (bTransposed) {
                packed.repackTransposed(b);
            } else {
                packed.repack(b, pool);
            }
            pool.run(tasks, (task, worker) -> {
                long from = (long) task * Blocking.ROWS;
                int rows = (int) Math.min(Blocking.ROWS, m - from);
                block(a.segment(), from * aRow, aRow, aStep, rows, packed, c, from);
            });
        } finally {
            PANELS.giveBack(packed, packed.byteSize());
        }
    }

    /**
     * C ← Aᵀ · B for many rows: slices of them have sums of their own, made block by block while a block of both is in
     * cache. They are of BᵀA, since B is mostly the narrower one, and fewer of its columns than a vector has lanes
     * would leave lanes idle.
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
                    accumulateTransposed(b, row, a, row, (int) Math.min(Blocking.DEEP_ROWS, to - row), sum);
                }
            });
            merge(sums, slices.count(), height, pool);
            RowSlices rows = RowSlices.of(c.rows(), FloatMatrix.ALIGNMENT);
            pool.run(rows.count(), (task, worker) -> transpose(sums, height, rows.from(task), rows.to(task), c));
        } finally {
            SUMS.giveBack(sums, sums.segment().byteSize());
        }
    }

    private static void close(Panels[] panels) {
        for (Panels p : panels) {
            if (p != null) {
                p.close();
            }
        }
    }

    /** Matrices one below the other, one for each slice. */
    private static FloatMatrix takeSums(long rows, int columns) {
        return SUMS.take(m -> m.rows() == rows && m.columns() == columns, () -> FloatMatrix.allocate(rows, columns));
    }

    private static FloatMatrix cleared(FloatMatrix sums, int slice, int height) {
        FloatMatrix sum = sums.rows((long) slice * height, (slice + 1L) * height);
        sum.segment().fill((byte) 0);
        return sum;
    }

    /** Adds all to the first, in their order. */
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
     * @param shift 1 × d, subtracted from each row on the way, or null
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
        Panels[] panels = new Panels[pool.threads()];
        try (RowBlocks rowBlocks = RowBlocks.of(x, Blocking.GRAM_ROWS, pool)) {
            pool.run(slices, (slice, worker) -> {
                if (panels[worker] == null) {
                    panels[worker] = Panels.allocate(Blocking.GRAM_ROWS, d);
                }
                FloatMatrix sum = cleared(sums, slice, d);
                long from = blocks * slice / slices * Blocking.GRAM_ROWS;
                long to = Math.min(x.rows(), blocks * (slice + 1) / slices * Blocking.GRAM_ROWS);
                for (long i = from; i < to; i += Blocking.GRAM_ROWS) {
                    FloatMatrix rows = rowBlocks.get(i, Math.min(to, i + Blocking.GRAM_ROWS), worker);
                    panels[worker].repack(rows, 0, (int) rows.rows(), shift);
                    accumulateUpperGram(panels[worker], sum);
                }
            });
            merge(sums, slices, d, pool);
            RowSlices rows = RowSlices.of(d, FloatMatrix.ALIGNMENT);
            pool.run(rows.count(), (task, worker) -> mirrorUpper(sums, rows.from(task), rows.to(task), out));
        } finally {
            close(panels);
            SUMS.giveBack(sums, sums.segment().byteSize());
        }
    }

    /** Adds the tiles of PᵀP on and above the diagonal; both operands are read from the same panels. */
    private static void accumulateUpperGram(Panels p, FloatMatrix sum) {
        int d = p.columns();
        MemorySegment s = p.segment();
        // A tile's part of the left operand stays in L1 while the right one goes by.
        for (int i = 0; i < d; i += TILE_ROWS) {
            int panel = i / TILE_COLUMNS * TILE_COLUMNS;
            int aWidth = Math.min(TILE_COLUMNS, p.paddedColumns() - panel);
            for (int j = panel; j < p.paddedColumns(); j += TILE_COLUMNS) {
                int width = Math.min(TILE_COLUMNS, p.paddedColumns() - j);
                KERNELS.tile(
                        Math.min(TILE_ROWS, d - i),
                        width,
                        p.depth(),
                        s,
                        p.panelOffset(panel) + (i - panel) * FLOAT_BYTES,
                        FLOAT_BYTES,
                        aWidth * FLOAT_BYTES,
                        s,
                        p.panelOffset(j),
                        width * FLOAT_BYTES,
                        sum.segment(),
                        sum.offset(i) + j * FLOAT_BYTES,
                        sum.stride() * FLOAT_BYTES,
                        true);
            }
        }
    }

    /** Rows of out ← those of a symmetric matrix of which the part on and above the diagonal is known. */
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
