package io.heddle.bench.compare;

import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.RowSlices;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;

/**
 * The roofline of this machine: the maximum rates of operations and of bytes.
 *
 * @param flops floating-point operations per second of fused multiply-adds with operands in registers
 * @param bytes bytes per second read from memory
 * @param hertz clock frequency of a core during the multiply-adds, measured with a chain of operations of known latency
 */
public record Roof(double flops, double bytes, double hertz) {
    private static final double NANOS = 1e-9;
    private static final int SHORT_ROUNDS = 300;
    private static final int STEPS = 100_000;
    private static final int ROWS = 65_536;
    private static final int COLUMNS = 1_024;
    private static final int ROUNDS = 12;
    private static final Kernels KERNELS = Simd.kernels();

    /** Size of a read of memory, much larger than the caches. */
    static final long READ_BYTES = (long) ROWS * COLUMNS * Float.BYTES;

    /** Number of rounds; the best one counts, because other programs only slow rounds down. */
    public static Roof measure(WorkerPool pool) {
        double[] sums = new double[pool.threads()];
        double fastest = Double.POSITIVE_INFINITY;
        double cycle = Double.POSITIVE_INFINITY;
        for (int round = 0; round < SHORT_ROUNDS; round++) {
            long start = System.nanoTime();
            pool.run(pool.threads(), (task, worker) -> sums[worker] += MultiplyAdds.run(STEPS));
            fastest = Math.min(fastest, (System.nanoTime() - start) * NANOS);
            start = System.nanoTime();
            sums[0] += MultiplyAdds.chain(STEPS, round);
            cycle = Math.min(cycle, (System.nanoTime() - start) * NANOS / (STEPS * MultiplyAdds.CHAIN_CYCLES));
        }
        if (Double.isNaN(sums[0])) {
            throw new IllegalStateException("sums of finite numbers are not finite");
        }
        return new Roof(pool.threads() * STEPS * MultiplyAdds.FLOPS_A_STEP / fastest, bytes(pool), 1 / cycle);
    }

    /** Returns the fused multiply-adds per cycle and core, which is approximately the number of its units. */
    double multiplyAddsPerCycle(int threads) {
        return flops / threads / hertz / MultiplyAdds.FLOPS_EACH;
    }

    private static double bytes(WorkerPool pool) {
        double[] seconds = new double[ROUNDS];
        RowSlices slices = RowSlices.of(ROWS, 64);
        try (FloatMatrix x = FloatMatrix.allocate(ROWS, COLUMNS)) {
            // Unwritten zero pages share one physical page.
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
