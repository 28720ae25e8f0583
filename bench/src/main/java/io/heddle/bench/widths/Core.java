package io.heddle.bench.widths;

import io.heddle.bench.compare.Roof;
import io.heddle.internal.kernels.Simd;
import io.heddle.parallel.WorkerPool;

/**
 * The maximum rates of one core per nanosecond with the vectors of this JVM. The arithmetic rate is measured. Loads and
 * stores are those of Intel's cores since Haswell and AMD's since Zen 2 at the measured clock: two vectors read and one
 * written per cycle. The true limit of a core that reads one vector of 512 bits per cycle is lower.
 *
 * @param operations arithmetic operations on a number
 * @param loadedBytes bytes read from the nearest cache
 * @param storedBytes bytes written to it
 */
record Core(double operations, double loadedBytes, double storedBytes) {
    /** Without vectors there is no limit. */
    static final Core UNKNOWN = new Core(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);

    private static final double NANOS = 1e9;
    private static final double LOADS_A_CYCLE = 2;
    private static final double FLOPS_OF_A_MULTIPLY_ADD = 2;

    static Core measure() {
        try (WorkerPool one = WorkerPool.of(1)) {
            Roof roof = Roof.measure(one);
            double vectors = roof.hertz() / NANOS * Simd.lanes() * Float.BYTES;
            return new Core(roof.flops() / FLOPS_OF_A_MULTIPLY_ADD / NANOS, LOADS_A_CYCLE * vectors, vectors);
        }
    }
}
