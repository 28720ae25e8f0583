package io.heddle.reliability;

import io.heddle.parallel.WorkerPool;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Measures the longest time between two checks for an interruption, in undisturbed runs of each work: the delay of an
 * interruption at the worst moment. The first run includes code that is not compiled yet. Times are CPU times of each
 * thread, so that other programs do not count. Prints a table: {@code java ... CheckGaps ROWS COLUMNS [PATTERN]}.
 */
public final class CheckGaps {
    private static final int SHOWN_FRAMES = 3;

    private CheckGaps() {}

    /** What a thread has done since its last check. */
    private static final class Clock {
        long last = ProcessorTime.ofThread();
    }

    /** A thread that records each check for its interruption. */
    private static final class Asked extends Thread {
        private final Map<Thread, Clock> clocks = new ConcurrentHashMap<>();
        private long longest;
        private String where = "";
        private Throwable failure;

        Asked(Runnable work) {
            super(work);
            setUncaughtExceptionHandler((thread, thrown) -> failure = thrown);
        }

        @Override
        public boolean isInterrupted() {
            // The first check of a thread begins its time.
            Clock clock = clocks.computeIfAbsent(Thread.currentThread(), thread -> new Clock());
            long gap = ProcessorTime.ofThread() - clock.last;
            synchronized (this) {
                if (gap > longest) {
                    longest = gap;
                    where = frames();
                }
            }
            clock.last = ProcessorTime.ofThread();
            return super.isInterrupted();
        }

        static Asked done(String name, Runnable work) throws InterruptedException {
            Asked thread = new Asked(work);
            thread.start();
            thread.join();
            if (thread.failure != null) {
                throw new IllegalStateException(name, thread.failure);
            }
            return thread;
        }

        private static String frames() {
            return Stream.of(Thread.currentThread().getStackTrace())
                    .filter(f -> f.getClassName().startsWith("io.heddle")
                            && !f.getClassName().contains("reliability")
                            && !f.getClassName().contains("WorkerPool"))
                    .limit(SHOWN_FRAMES)
                    .map(f -> f.getFileName().replace(".java", ":") + f.getLineNumber())
                    .collect(Collectors.joining(" < "));
        }
    }

    /** Prints the table. */
    public static void main(String[] args) throws InterruptedException {
        System.out.println(
                "| work | processor, s | longest in the first run, ms | in the second, ms | the check after it |\n|---|---|---|---|---|");
        // Its class reads files when it is initialized, and channels check for interruptions too.
        ProcessorTime.ofThread();
        try (LongWorks works = new LongWorks(Integer.parseInt(args[0]), Integer.parseInt(args[1]));
                WorkerPool pool = WorkerPool.of(2)) {
            for (var work : works.all.entrySet()) {
                if (args.length > 2 && !work.getKey().matches(args[2])) {
                    continue;
                }
                Runnable run = () -> work.getValue().run(works.data, pool);
                Asked first = Asked.done(work.getKey(), run);
                long begun = ProcessorTime.ofProcess();
                Asked second = Asked.done(work.getKey(), run);
                System.out.printf(
                        "| %s | %.1f | %.1f | %.1f | %s |%n",
                        work.getKey(),
                        (ProcessorTime.ofProcess() - begun) * 1e-9,
                        first.longest * 1e-6,
                        second.longest * 1e-6,
                        second.where);
            }
        }
    }
}
