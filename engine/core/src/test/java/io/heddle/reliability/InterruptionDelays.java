package io.heddle.reliability;

import io.heddle.parallel.WorkerPool;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CancellationException;

/**
 * Measures how long computations continue after {@link Thread#interrupt} at random moments. Prints a table: {@code java
 * ... InterruptionDelays ROWS COLUMNS INTERRUPTIONS [NAME]}.
 */
public final class InterruptionDelays {
    private static final long SLOW_MILLIS = 100;
    /** Longer computations are not run to their end. */
    private static final long LONGEST_MILLIS = 60_000;

    private InterruptionDelays() {}

    /** Prints the table. */
    public static void main(String[] args) throws InterruptedException {
        int rounds = Integer.parseInt(args[2]);
        System.out.println("| work | whole, ms | interruptions | median, ms | longest, ms |\n|---|---|---|---|---|");
        try (LongWorks works = new LongWorks(Integer.parseInt(args[0]), Integer.parseInt(args[1]));
                WorkerPool pool = WorkerPool.of(Runtime.getRuntime().availableProcessors())) {
            for (var work : works.all.entrySet()) {
                if (args.length > 3 && !work.getKey().contains(args[3])) {
                    continue;
                }
                measure(work.getKey(), () -> work.getValue().run(works.data, pool), rounds);
            }
        }
    }

    private static void measure(String name, Runnable work, int rounds) throws InterruptedException {
        double whole = millis(work);
        Random random = new Random(7);
        double[] delays = new double[rounds];
        int ended = 0;
        for (int round = 0; round < rounds; round++) {
            boolean[] cancelled = new boolean[1];
            long[] end = new long[1];
            Thread thread = new Thread(() -> {
                try {
                    work.run();
                } catch (CancellationException e) {
                    cancelled[0] = true;
                }
                end[0] = System.nanoTime();
            });
            thread.start();
            thread.join(Math.max(1, (long) (random.nextDouble() * whole)));
            long interrupted = System.nanoTime();
            thread.interrupt();
            thread.join(SLOW_MILLIS);
            if (thread.isAlive()) {
                System.err.println(name + " continues at " + Arrays.toString(thread.getStackTrace()));
            }
            thread.join();
            if (cancelled[0]) {
                delays[ended++] = (end[0] - interrupted) * 1e-6;
            }
        }
        double[] sorted = Arrays.copyOf(delays, ended);
        Arrays.sort(sorted);
        System.out.printf(
                "| %s | %s | %d | %.1f | %.1f |%n",
                name,
                whole < LONGEST_MILLIS ? "%.0f".formatted(whole) : "over " + LONGEST_MILLIS,
                ended,
                ended == 0 ? 0 : sorted[ended / 2],
                ended == 0 ? 0 : sorted[ended - 1]);
    }

    /** The time of the computation, at most the maximum waiting time. */
    private static double millis(Runnable work) throws InterruptedException {
        long begin = System.nanoTime();
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (CancellationException e) {
                // It exceeded the limit.
            }
        });
        thread.start();
        thread.join(LONGEST_MILLIS);
        thread.interrupt();
        thread.join();
        return Math.min(LONGEST_MILLIS, (System.nanoTime() - begin) * 1e-6);
    }
}
