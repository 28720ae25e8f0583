package io.heddle.bench.widths;

import io.heddle.internal.kernels.Simd;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.Locale;

/**
 * Measures every kernel in this process and prints a line for each: its name, nanoseconds per call, and the limit of
 * the core. All kernels run before the first is measured, so that the compiler's profile includes all shapes.
 */
final class KernelTimes {
    private static final double SLICE_NANOS = 4e6;
    private static final int SLICES = 25;
    private static final int WARM_UP_SLICES = 100;
    private static final int ROUNDS = 2;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private KernelTimes() {}

    public static void main(String[] arguments) {
        Core core = Simd.lanes() == 1 ? Core.UNKNOWN : Core.measure();
        System.out.printf(Locale.ROOT, "lanes\t%d\t%.1f%n", Simd.lanes(), core.operations());
        try (KernelShapes shapes = new KernelShapes()) {
            List<TimedKernel> kernels = shapes.all();
            for (int round = 0; round < ROUNDS; round++) {
                for (TimedKernel kernel : kernels) {
                    nanos(kernel, WARM_UP_SLICES);
                }
            }
            for (TimedKernel kernel : kernels) {
                System.out.printf(
                        Locale.ROOT, "%s\t%.1f\t%.1f%n", kernel.name(), nanos(kernel, SLICES), kernel.limit(core));
            }
        }
    }

    /** Returns the minimum CPU time of a call in nanoseconds, over the given number of slices. */
    private static double nanos(TimedKernel kernel, int slices) {
        double minimum = Double.POSITIVE_INFINITY;
        long calls = 1;
        for (int slice = 0; slice < slices; ) {
            long start = THREADS.getCurrentThreadCpuTime();
            for (long i = 0; i < calls; i++) {
                kernel.call().run();
            }
            double taken = THREADS.getCurrentThreadCpuTime() - start;
            if (taken < SLICE_NANOS) {
                calls *= 2;
            } else {
                minimum = Math.min(minimum, taken / calls);
                slice++;
            }
        }
        return minimum;
    }
}
