package io.heddle.simd;

import io.heddle.matrix.ByteMatrix;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;

/**
 * Hands out the rows of a matrix as floats, block by block: views of a matrix of floats, and of a matrix of bytes
 * conversions into a block of the worker's own, which stays in its cache while the algorithm works on it.
 *
 * <p>For example: {@snippet file="SimdExamplesTest.java" region="row-blocks"}
 */
public final class RowBlocks implements AutoCloseable {
    private static final Kernels KERNELS = Simd.kernels();

    private final DataMatrix x;
    private final int height;
    private final FloatMatrix converted;

    private RowBlocks(DataMatrix x, int height, FloatMatrix converted) {
        this.x = x;
        this.height = height;
        this.converted = converted;
    }

    /**
     * @param height rows in a block at most
     * @param pool whose workers will ask for blocks
     */
    public static RowBlocks of(DataMatrix x, int height, WorkerPool pool) {
        long needed = x instanceof ByteMatrix ? (long) pool.threads() * height : 0;
        return new RowBlocks(x, height, FloatMatrix.allocate(needed, x.columns()));
    }

    /**
     * Rows {@code from} to {@code to}, exclusive, as rows 0 and on of a matrix that is good until the worker asks for
     * its next block; it must not be written to.
     *
     * @param worker the thread that asks, as its {@link WorkerPool.Task} is told
     */
    public FloatMatrix get(long from, long to, int worker) {
        return switch (x) {
            case FloatMatrix floats -> floats.rows(from, to);
            case ByteMatrix bytes -> convert(bytes, from, to, worker);
        };
    }

    private FloatMatrix convert(ByteMatrix bytes, long from, long to, int worker) {
        if (from < 0 || from > to || to > bytes.rows() || to - from > height) {
            throw new IndexOutOfBoundsException(
                    "rows %d to %d are not a block of at most %d rows of %s".formatted(from, to, height, bytes));
        }
        long first = (long) worker * height;
        for (long i = from; i < to; i++) {
            KERNELS.bytesToFloats(
                    bytes.segment(),
                    bytes.offset(i),
                    bytes.scale(),
                    converted.segment(),
                    converted.offset(first + i - from),
                    bytes.columns());
        }
        return converted.rows(first, first + to - from);
    }

    @Override
    public void close() {
        converted.close();
    }
}
