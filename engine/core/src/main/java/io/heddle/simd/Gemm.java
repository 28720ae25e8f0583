package io.heddle.simd;

import static io.heddle.simd.Kernels.TILE_COLUMNS;
import static io.heddle.simd.Kernels.TILE_ROWS;

import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
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
 */
public final class Gemm {
    private static final Kernels KERNELS = Simd.kernels();
    private static final long FLOAT_BYTES = Float.BYTES;

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
     * One block of at most a few hundred rows; element (r, k) of the left operand lies at aOffset + r·aRow + k·aStep.
     */
    private static void block(
            MemorySegment a, long aOffset, long aRow, long aStep, int rows, Panels b, FloatMatrix out, long outRow) {
        if (b.hasLines() && aStep == FLOAT_BYTES) {
            b.multiplyLines(a, aOffset, aRow, rows, out, outRow);
            return;
        }
        MemorySegment c = out.segment();
        long cRow = out.stride() * FLOAT_BYTES;
        int depth = b.depth();
        // A product of depth 0 still has to write its zeros, hence the do.
        int k = 0;
        do {
            int some = Math.min(Blocking.DEPTH, depth - k);
            for (int j = 0; j < b.paddedColumns(); j += TILE_COLUMNS) {
                int width = Math.min(TILE_COLUMNS, b.paddedColumns() - j);
                long bStep = width * FLOAT_BYTES;
                long bOffset = b.panelOffset(j) + k * bStep;
                for (int r = 0; r < rows; r += TILE_ROWS) {
                    KERNELS.tile(
                            Math.min(TILE_ROWS, rows - r),
                            width,
                            some,
                            a,
                            aOffset + r * aRow + k * aStep,
                            aRow,
                            aStep,
                            b.segment(),
                            bOffset,
                            bStep,
                            c,
                            out.offset(outRow + r) + j * FLOAT_BYTES,
                            cRow,
                            k > 0);
                }
            }
            k += some;
        } while (k < depth);
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
        for (int j = 0; j < padded; j += TILE_COLUMNS) {
            int width = Math.min(TILE_COLUMNS, padded - j);
            for (int i = 0; i < p; i += height) {
                KERNELS.tile(
                        Math.min(height, p - i),
                        width,
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
        long aRow = aTransposed ? FLOAT_BYTES : a.stride() * FLOAT_BYTES;
        long aStep = aTransposed ? a.stride() * FLOAT_BYTES : FLOAT_BYTES;
        int tasks = Math.toIntExact((m + Blocking.ROWS - 1) / Blocking.ROWS);
        try (Panels packed = bTransposed ? Panels.packTransposed(b) : Panels.pack(b)) {
            pool.run(tasks, (task, worker) -> {
                long from = (long) task * Blocking.ROWS;
                int rows = (int) Math.min(Blocking.ROWS, m - from);
                block(a.segment(), from * aRow, aRow, aStep, rows, packed, c, from);
            });
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
        int slices = (int) Math.clamp(blocks, 1, Blocking.GRAM_SLICES);
        try (FloatMatrix sums = FloatMatrix.allocate((long) slices * d, d);
                RowBlocks rowBlocks = RowBlocks.of(x, Blocking.GRAM_ROWS, pool)) {
            pool.run(slices, (slice, worker) -> {
                FloatMatrix sum = sums.rows((long) slice * d, (slice + 1L) * d);
                long from = blocks * slice / slices * Blocking.GRAM_ROWS;
                long to = Math.min(x.rows(), blocks * (slice + 1) / slices * Blocking.GRAM_ROWS);
                try (Panels block = Panels.allocate(Blocking.GRAM_ROWS, d)) {
                    for (long i = from; i < to; i += Blocking.GRAM_ROWS) {
                        FloatMatrix rows = rowBlocks.get(i, Math.min(to, i + Blocking.GRAM_ROWS), worker);
                        block.repack(rows, 0, (int) rows.rows(), shift);
                        accumulateUpperGram(block, sum);
                    }
                }
            });
            for (int i = 0; i < d; i++) {
                MemorySegment.copy(
                        sums.segment(), sums.offset(i), out.segment(), out.offset(i), out.stride() * FLOAT_BYTES);
                for (int slice = 1; slice < slices; slice++) {
                    KERNELS.axpy(
                            1f, sums.segment(), sums.offset((long) slice * d + i), out.segment(), out.offset(i), d);
                }
            }
        }
        mirrorUpper(out);
    }

    /** Adds the tiles of PᵀP on and above the diagonal; both operands are read from the same panels. */
    private static void accumulateUpperGram(Panels p, FloatMatrix sum) {
        int d = p.columns();
        MemorySegment s = p.segment();
        for (int j = 0; j < p.paddedColumns(); j += TILE_COLUMNS) {
            int width = Math.min(TILE_COLUMNS, p.paddedColumns() - j);
            for (int i = 0; i < Math.min(d, j + width); i += TILE_ROWS) {
                int panel = i / TILE_COLUMNS * TILE_COLUMNS;
                int aWidth = Math.min(TILE_COLUMNS, p.paddedColumns() - panel);
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

    private static void mirrorUpper(FloatMatrix m) {
        MemorySegment s = m.segment();
        for (int i = 0; i < m.columns(); i++) {
            for (int j = 0; j < i; j++) {
                float v = s.get(ValueLayout.JAVA_FLOAT_UNALIGNED, m.offset(j) + i * FLOAT_BYTES);
                s.set(ValueLayout.JAVA_FLOAT_UNALIGNED, m.offset(i) + j * FLOAT_BYTES, v);
            }
        }
    }
}
