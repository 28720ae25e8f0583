package io.heddle.bench.compare;

import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.RowSlices;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;

/**
 * What this machine does at best, as far as this engine can drive it: no work is faster than its operations at the one
 * rate or its bytes at the other.
 *
 * @param flops floating-point operations a second of the register tile, its operands in the nearest cache
 * @param bytes bytes a second read from memory
 */
record Roof(double flops, double bytes) {
    private static final double NANOS = 1e-9;
    private static final int DEPTH = 256;
    private static final int TILES_A_TASK = 2_000;
    private static final int ROWS = 65_536;
    private static final int COLUMNS = 1_024;
    private static final int ROUNDS = 12;
    private static final Kernels KERNELS = Simd.kernels();

    /** What one read of memory reads: many times the caches. */
    static final long READ_BYTES = (long) ROWS * COLUMNS * Float.BYTES;

    /** The best of several rounds, for a roof is what nothing gets in the way of. */
    static Roof measure(WorkerPool pool) {
        return new Roof(flops(pool), bytes(pool));
    }

    private static double flops(WorkerPool pool) {
        int threads = pool.threads();
        int width = KERNELS.tileColumns();
        int height = KERNELS.tileRows();
        FloatMatrix[] left = new FloatMatrix[threads];
        FloatMatrix[] right = new FloatMatrix[threads];
        FloatMatrix[] product = new FloatMatrix[threads];
        for (int t = 0; t < threads; t++) {
            left[t] = FloatMatrix.allocate(1, DEPTH * Kernels.LEFT_STEP);
            right[t] = FloatMatrix.allocate(1, DEPTH * width);
            product[t] = FloatMatrix.allocate(height, width);
        }
        double[] seconds = new double[ROUNDS];
        try {
            for (int round = 0; round < ROUNDS; round++) {
                long start = System.nanoTime();
                pool.run(4 * threads, (task, worker) -> {
                    for (int i = 0; i < TILES_A_TASK; i++) {
                        tile(left[worker], right[worker], product[worker]);
                    }
                });
                seconds[round] = (System.nanoTime() - start) * NANOS;
            }
        } finally {
            for (FloatMatrix[] matrices : new FloatMatrix[][] {left, right, product}) {
                Arrays.stream(matrices).forEach(FloatMatrix::close);
            }
        }
        double work = 2.0 * height * width * DEPTH * TILES_A_TASK * 4 * threads;
        return work / Arrays.stream(seconds).min().orElseThrow();
    }

    private static void tile(FloatMatrix left, FloatMatrix right, FloatMatrix product) {
        KERNELS.tile(
                KERNELS.tileRows(),
                KERNELS.tileColumns(),
                DEPTH,
                left.segment(),
                0,
                right.segment(),
                0,
                (long) KERNELS.tileColumns() * Float.BYTES,
                product.segment(),
                0,
                product.stride() * Float.BYTES,
                false);
    }

    private static double bytes(WorkerPool pool) {
        double[] seconds = new double[ROUNDS];
        RowSlices slices = RowSlices.of(ROWS, 64);
        try (FloatMatrix x = FloatMatrix.allocate(ROWS, COLUMNS)) {
            // Fresh zero pages are all the same page to the machine until they are written.
            x.segment().fill((byte) 1);
            for (int round = 0; round < ROUNDS; round++) {
                long start = System.nanoTime();
                pool.run(slices.count(), (slice, worker) -> {
                    int values = (int) (slices.to(slice) - slices.from(slice)) * COLUMNS;
                    if (!KERNELS.allFinite(x.segment(), x.offset(slices.from(slice)), values)) {
                        throw new IllegalStateException("a constant is not finite");
                    }
                });
                seconds[round] = (System.nanoTime() - start) * NANOS;
            }
        }
        return READ_BYTES / Arrays.stream(seconds).min().orElseThrow();
    }
}
