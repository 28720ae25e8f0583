package io.heddle.bench.latency;

import com.sun.management.ThreadMXBean;
import io.heddle.bench.BenchData;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/**
 * The main class of {@code bench/soak}: threads that predict for minutes. Prints the latencies of each interval, and
 * fails if a result differs from the first one or a prediction allocates. Another thread fits all models again from
 * time to time.
 */
public final class Soak {
    private static final String USAGE = """
            usage: bench/soak [--minutes M] [--threads T] [--data DATA]
              --minutes M   how long; default 10
              --threads T   how many threads ask; default 8
              --refit S     seconds between two fits of all models beside the predictions; 0 for none; default 10
              --data DATA   fashion-mnist, fashion-mnist:ROWS or ROWSxCOLUMNSxCLASSES; default fashion-mnist:10000
            exit code 0 if all answers were the same and predictions allocated nothing between refits, 1 if not,
            2 if the command is not understood
            """;
    private static final int INTERVALS = 10;
    /** One call in this number is measured, because the clock would take a tenth of the time. */
    private static final int SAMPLED = 16;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Soak() {}

    /** @param arguments see {@code bench/soak --help} */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        double minutes = 10;
        int threads = 8;
        double refit = 10;
        String data = "fashion-mnist:10000";
        for (int i = 0; i < arguments.length; i++) {
            boolean last = i + 1 == arguments.length;
            if (arguments[i].equals("--help")) {
                System.out.print(USAGE);
                return;
            }
            if (last) {
                refuse();
            }
            String value = arguments[++i];
            try {
                switch (arguments[i - 1]) {
                    case "--minutes" -> minutes = Double.parseDouble(value);
                    case "--threads" -> threads = Integer.parseInt(value);
                    case "--refit" -> refit = Double.parseDouble(value);
                    case "--data" -> data = value;
                    default -> refuse();
                }
            } catch (NumberFormatException e) {
                refuse();
            }
        }
        if (!(minutes > 0) || threads < 1 || !(refit >= 0)) {
            refuse();
        }
        try (BenchData loaded = BenchData.of(data)) {
            try (RowModels models = new RowModels(loaded)) {
                Refits refits = refit > 0 ? new Refits(loaded, models, (long) (refit * 1e9)) : null;
                System.exit(run(models, threads, (long) (minutes * 60e9), INTERVALS, refits) ? 0 : 1);
            }
        }
    }

    private static void refuse() {
        System.err.print(USAGE);
        System.exit(2);
    }

    /**
     * Returns whether all results were equal and predictions allocated nothing between refits.
     *
     * @param refits not started yet, or null for none
     */
    static boolean run(RowModels models, int count, long nanos, int intervals, Refits refits)
            throws InterruptedException {
        models.classifier.warmUp();
        models.pixelsToClass.warmUp();
        models.componentsToClusters.warmUp();
        Asker[] askers = new Asker[count];
        CountDownLatch ready = new CountDownLatch(count);
        CountDownLatch go = new CountDownLatch(1);
        for (int t = 0; t < count; t++) {
            askers[t] = new Asker(models, refits, intervals, nanos, ready, go);
            askers[t].start();
        }
        ready.await();
        if (refits != null) {
            refits.waitFor(() -> Stream.of(askers).allMatch(a -> !a.isAlive() || a.phase == refits.phase()));
            refits.start();
        }
        go.countDown();
        long allocated = 0;
        long allocatedInRefits = 0;
        long wrong = 0;
        for (Asker asker : askers) {
            asker.join();
            allocated += asker.bytes[0];
            allocatedInRefits += asker.bytes[1];
            wrong += asker.wrong;
        }
        System.out.printf(
                "%n%8s %14s %8s %8s %8s %12s   (ns, three predictions in turn)%n",
                "part", "calls timed", "p50", "p99", "p99.9", "max");
        double first = 0;
        double last = 0;
        for (int i = 0; i < intervals; i++) {
            Histogram all = new Histogram();
            for (Asker asker : askers) {
                all.add(asker.times[i]);
            }
            last = all.percentile(50);
            first = i == 0 ? last : first;
            System.out.printf(
                    Locale.ROOT,
                    "%5d/%-2d %,14d %,8.0f %,8.0f %,8.0f %,12d%n",
                    i + 1,
                    intervals,
                    all.count(),
                    last,
                    all.percentile(99),
                    all.percentile(99.9),
                    all.largest());
        }
        System.out.printf(
                Locale.ROOT,
                "%n%d threads, %.1f minutes: %,d results differ, %,d bytes allocated after the warm-up, p50 went from %,.0f to %,.0f ns (%+.1f %%)%n",
                count,
                nanos / 60e9,
                wrong,
                allocated,
                first,
                last,
                first > 0 ? 100 * (last / first - 1) : 0);
        boolean same = true;
        if (refits != null) {
            same = refits.end();
            System.out.println(refits.line());
            System.out.printf("%,d bytes allocated by predictions while a refit ran%n", allocatedInRefits);
        }
        boolean passed = wrong == 0 && allocated == 0 && same;
        System.out.println(passed ? "passed" : "FAILED: see above");
        return passed;
    }

    /** The answer to one of the questions: 0 and 1 are classes, 2 is a cluster. */
    static int ask(RowModels models, int kind, int row) {
        return switch (kind) {
            case 0 -> models.classifier.predict(models.outside, row * models.rowBytes);
            case 1 -> models.pixelsToClass.predictBytes(models.pixels[row]);
            default -> models.componentsToClusters.predict(models.heap[row]);
        };
    }

    /** Runs the predictions of one thread. */
    private static final class Asker extends Thread {
        private static final int WARM_CALLS = 60_000;

        private final RowModels models;
        private final Histogram[] times;
        private final long nanos;
        private final CountDownLatch ready;
        private final CountDownLatch go;
        private final int[][] expected = new int[3][RowModels.ROWS];
        private long wrong;
        private final Refits refits;
        /**
         * Bytes that this thread has allocated between refits and during refits. A refit closes shared memory, and the
         * JVM then continues the calls of other threads that access such memory in the interpreter.
         */
        private final long[] bytes = new long[2];

        private long bytesBefore;
        private volatile int phase;

        Asker(RowModels models, Refits refits, int intervals, long nanos, CountDownLatch ready, CountDownLatch go) {
            super("asker");
            this.models = models;
            this.refits = refits;
            this.nanos = nanos;
            this.ready = ready;
            this.go = go;
            times = new Histogram[intervals];
            for (int i = 0; i < intervals; i++) {
                times[i] = new Histogram();
            }
        }

        private void ask(long until, long from, int calls) {
            long part = Math.max(1, (until - from) / times.length);
            for (int call = 0; calls > 0 ? call < calls : true; call++) {
                int kind = call % 3;
                int row = call & RowModels.ROWS - 1;
                if (call % SAMPLED != 0) {
                    wrong += Soak.ask(models, kind, row) == expected[kind][row] ? 0 : 1;
                    continue;
                }
                long before = System.nanoTime();
                int label = Soak.ask(models, kind, row);
                long after = System.nanoTime();
                wrong += label == expected[kind][row] ? 0 : 1;
                times[(int) Math.min(times.length - 1L, Math.max(0, (after - from) / part))].add(after - before);
                int current = refits == null ? 0 : refits.phase();
                if (current != phase) {
                    count();
                    phase = current;
                }
                if (calls == 0 && after >= until) {
                    return;
                }
            }
        }

        /** Counts the bytes of the phase that has ended. */
        private void count() {
            long total = THREADS.getCurrentThreadAllocatedBytes();
            bytes[phase & 1] += total - bytesBefore;
            bytesBefore = total;
        }

        @Override
        public void run() {
            for (int kind = 0; kind < expected.length; kind++) {
                for (int row = 0; row < RowModels.ROWS; row++) {
                    expected[kind][row] = Soak.ask(models, kind, row);
                }
            }
            long now = System.nanoTime();
            ask(now, now - 1, WARM_CALLS);
            for (Histogram each : times) {
                each.clear();
            }
            count();
            Arrays.fill(bytes, 0);
            ready.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                wrong++;
                return;
            }
            bytesBefore = THREADS.getCurrentThreadAllocatedBytes();
            long start = System.nanoTime();
            ask(start + nanos, start, 0);
            count();
        }
    }
}
