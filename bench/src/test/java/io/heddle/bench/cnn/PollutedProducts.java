package io.heddle.bench.cnn;

import com.sun.management.ThreadMXBean;
import io.heddle.internal.gemm.Gemm;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;

/**
 * Uses {@link OtherSegments} and then multiplies matrices with one thread. Prints the minimum processor time of a
 * product in nanoseconds, and the minimum number of bytes that it allocates. Arguments as of {@link PollutedStart}.
 */
final class PollutedProducts {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int SIZE = 480;
    private static final int CALLS = 60;

    private PollutedProducts() {}

    public static void main(String[] arguments) throws Exception {
        float total = OtherSegments.use(Integer.parseInt(arguments[0]), Path.of(arguments[1]), i -> {});
        try (WorkerPool pool = WorkerPool.of(1);
                FloatMatrix a = FloatMatrix.allocate(SIZE, SIZE);
                FloatMatrix b = FloatMatrix.allocate(SIZE, SIZE);
                FloatMatrix product = FloatMatrix.allocate(SIZE, SIZE)) {
            long minimumNanos = Long.MAX_VALUE;
            long minimumBytes = Long.MAX_VALUE;
            for (int i = 0; i < CALLS; i++) {
                long bytes = THREADS.getCurrentThreadAllocatedBytes();
                long nanos = THREADS.getCurrentThreadCpuTime();
                Gemm.multiply(a, false, b, false, product, pool);
                minimumNanos = Math.min(minimumNanos, THREADS.getCurrentThreadCpuTime() - nanos);
                minimumBytes = Math.min(minimumBytes, THREADS.getCurrentThreadAllocatedBytes() - bytes);
            }
            System.out.printf("%d %d %s%n", minimumNanos, minimumBytes, Float.isNaN(total));
        }
    }
}
