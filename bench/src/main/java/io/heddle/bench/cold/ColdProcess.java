package io.heddle.bench.cold;

import com.sun.management.OperatingSystemMXBean;
import io.heddle.Heddle;
import io.heddle.bench.BenchData;
import io.heddle.parallel.WorkerPool;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/**
 * One process of {@link ColdFits}: reads the data, fits once cold, and then for eight seconds. Prints the times as one
 * line of numbers, in nanoseconds.
 */
final class ColdProcess {
    private static final int MINIMUM_FITS = 5;
    private static final int MAXIMUM_FITS = 40;
    /** Number of last fits, whose median is the warm time. */
    private static final int WARM_FITS = 3;

    private static final long WARM_UP_NANOS = 8_000_000_000L;

    /** Whether and when the process calls {@link Heddle#warmUp()}. */
    enum WarmUp {
        /** Never. */
        NONE,
        /** On a separate thread, while the data are read. */
        PARALLEL,
        /** Never, and the process ends after the first fit: the run that creates an archive. */
        RECORD
    }

    /**
     * The measurements of a process.
     *
     * @param readSeconds from the start of the JVM until the data are read
     * @param cold of the first fit
     * @param coldCpu of all threads during the first fit, compilers included
     * @param warm median of the last fits
     * @param warmCpu of all threads during one of them
     */
    record Times(double readSeconds, double cold, double coldCpu, double warm, double warmCpu) {
        private static final double NANOS = 1e-9;

        private static Times parse(String line) {
            double[] values = Arrays.stream(line.split(" "))
                    .mapToDouble(Double::parseDouble)
                    .map(v -> v * NANOS)
                    .toArray();
            return new Times(values[0], values[1], values[2], values[3], values[4]);
        }

        /** Parses the output of a process. */
        static Times of(String output) throws IOException {
            return output.lines()
                    .filter(line -> line.startsWith(MARK))
                    .findFirst()
                    .map(line -> parse(line.substring(MARK.length())))
                    .orElseThrow(() -> new IOException("a process printed no times: " + output));
        }
    }

    private static final String MARK = "times: ";

    private ColdProcess() {}

    /** @param arguments the name of a {@link Fit}, of the data, and of a {@link WarmUp} */
    public static void main(String[] arguments) throws IOException {
        Fit fit = Fit.valueOf(arguments[0]);
        WarmUp warmUp = WarmUp.valueOf(arguments[2]);
        if (warmUp == WarmUp.PARALLEL) {
            Heddle.startWarmUp();
        }
        try (BenchData data = BenchData.of(arguments[1])) {
            WorkerPool pool = WorkerPool.shared();
            long started = ManagementFactory.getRuntimeMXBean().getStartTime();
            long read = (System.currentTimeMillis() - started) * 1_000_000;
            long[] wall = new long[MAXIMUM_FITS];
            long[] cpu = new long[MAXIMUM_FITS];
            int fits = 0;
            long begin = System.nanoTime();
            do {
                long cpuBefore = cpuNanos();
                long before = System.nanoTime();
                fit.run(data, pool);
                wall[fits] = System.nanoTime() - before;
                cpu[fits] = cpuNanos() - cpuBefore;
                fits++;
                if (warmUp == WarmUp.RECORD) {
                    return;
                }
            } while (fits < MAXIMUM_FITS && (fits < MINIMUM_FITS || System.nanoTime() - begin < WARM_UP_NANOS));
            System.out.printf("%s%d %d %d %d %d%n", MARK, read, wall[0], cpu[0], median(wall, fits), median(cpu, fits));
        }
    }

    private static long cpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private static long median(long[] values, int count) {
        long[] last = Arrays.copyOfRange(values, count - WARM_FITS, count);
        Arrays.sort(last);
        return last[WARM_FITS / 2];
    }
}
