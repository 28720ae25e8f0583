package io.heddle.internal.gemm;

import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.internal.memory.OffHeap;
import io.heddle.matrix.ByteMatrix;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Returns the rows of a matrix as floats, block by block: views of a matrix of floats, or bytes converted into a block
 * that belongs to the worker and stays in its cache while the algorithm uses it.
 *
 * <p>For example: {@snippet file="KernelExamplesTest.java" region="row-blocks"}
 */
public final class RowBlocks implements AutoCloseable {
    private static final Kernels KERNELS = Simd.kernels();

    private final DataMatrix x;
    /** The numbers of the rows, or null for all rows. */
    private final long[] chosen;

    private final int height;
    /** Null if blocks are views. Closing even an empty matrix stops all threads for about 10 µs. */
    private final FloatMatrix converted;
    /**
     * Bytes of mapped files and of arrays are copied before a kernel reads them, or null. Kernels require off-heap
     * memory. If a file was shortened, a copy throws an InternalError; a vector load would end the JVM, because HotSpot
     * does not handle SIGBUS in compiled vector code.
     */
    private final MemorySegment copies;

    private final Arena arena;

    private RowBlocks(DataMatrix x, long[] chosen, int height, FloatMatrix converted) {
        this.x = x;
        this.chosen = chosen;
        this.height = height;
        this.converted = converted;
        if (chosen == null
                && x instanceof ByteMatrix bytes
                && (bytes.segment().isMapped() || !bytes.segment().isNative())) {
            arena = Arena.ofShared();
            copies = OffHeap.allocate(converted.rows() * bytes.columns(), arena);
        } else {
            arena = null;
            copies = null;
        }
    }

    /**
     * @param height maximum rows in a block
     * @param pool whose workers read blocks
     */
    public static RowBlocks of(DataMatrix x, int height, WorkerPool pool) {
        FloatMatrix converted =
                x instanceof ByteMatrix ? FloatMatrix.allocate((long) pool.threads() * height, x.columns()) : null;
        return new RowBlocks(x, null, height, converted);
    }

    /**
     * Some rows of a matrix, as if it had no others: each block is copied when it is read, never all of them.
     *
     * @param chosen numbers of rows of x; not copied
     * @param height maximum rows in a block
     * @param pool whose workers read blocks
     */
    public static RowBlocks of(DataMatrix x, long[] chosen, int height, WorkerPool pool) {
        return new RowBlocks(x, chosen, height, FloatMatrix.allocate((long) pool.threads() * height, x.columns()));
    }

    /** The number of rows. */
    public long rows() {
        return chosen == null ? x.rows() : chosen.length;
    }

    /**
     * Rows {@code from} to {@code to}, exclusive, as a matrix whose row 0 is row {@code from}. It is valid until the
     * worker reads its next block and must not be written to.
     *
     * @param worker the worker number that {@link WorkerPool.Task} passes
     */
    public FloatMatrix get(long from, long to, int worker) {
        if (chosen != null) {
            return copy(from, to, worker);
        }
        return switch (x) {
            case FloatMatrix floats -> floats.rows(from, to);
            case ByteMatrix bytes -> convert(bytes, from, to, worker);
        };
    }

    private FloatMatrix copy(long from, long to, int worker) {
        requireBlock(from, to);
        long first = (long) worker * height;
        for (long i = from; i < to; i++) {
            x.copyRow(chosen[(int) i], converted, first + i - from);
        }
        return converted.rows(first, first + to - from);
    }

    private void requireBlock(long from, long to) {
        if (from < 0 || from > to || to > rows() || to - from > height) {
            throw new IndexOutOfBoundsException("rows %d to %d are not a block of at most %d rows of the %d of %s"
                    .formatted(from, to, height, rows(), x));
        }
    }

    private FloatMatrix convert(ByteMatrix bytes, long from, long to, int worker) {
        requireBlock(from, to);
        long first = (long) worker * height;
        MemorySegment source = bytes.segment();
        long shift = 0;
        if (copies != null) {
            long start = first * bytes.columns();
            shift = start - bytes.offset(from);
            MemorySegment.copy(source, bytes.offset(from), copies, start, (to - from) * bytes.columns());
            source = copies;
        }
        for (long i = from; i < to; i++) {
            KERNELS.bytesToFloats(
                    source,
                    bytes.offset(i) + shift,
                    bytes.scale(),
                    converted.segment(),
                    converted.offset(first + i - from),
                    bytes.columns());
        }
        return converted.rows(first, first + to - from);
    }

    @Override
    public void close() {
        if (converted != null) {
            converted.close();
        }
        if (arena != null) {
            arena.close();
        }
    }
}
