package io.heddle.reliability;

import io.heddle.parallel.WorkerPool;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * Interrupts each computation at every point where it checks for interruption, and checks that it frees its memory. The
 * JVM must track native memory. Prints one line for each fault: {@code java ... InterruptedFits INTERRUPTIONS [NAME]}.
 * A computation with more checks than INTERRUPTIONS is interrupted at evenly spaced ones.
 */
public final class InterruptedFits {
    private InterruptedFits() {}

    /** A thread that is interrupted at its nth check for interruption. */
    private static final class Asking extends Thread {
        private final long interruptedAt;
        private long asked;
        private Throwable end;
        private boolean stillInterrupted;

        Asking(Runnable work, long interruptedAt) {
            super(work);
            this.interruptedAt = interruptedAt;
            setUncaughtExceptionHandler((thread, thrown) -> {
                end = thrown;
                stillInterrupted = super.isInterrupted();
            });
        }

        @Override
        public boolean isInterrupted() {
            synchronized (this) {
                if (++asked == interruptedAt) {
                    interrupt();
                }
            }
            return super.isInterrupted();
        }

        Asking done() {
            start();
            try {
                join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return this;
        }
    }

    /** Runs all computations. */
    public static void main(String[] args) {
        List<String> faults = new ArrayList<>();
        long ended = 0;
        try (LongWorks works = new LongWorks(600, 24);
                WorkerPool pool = WorkerPool.of(2)) {
            for (var work : works.all.entrySet()) {
                if (args.length > 1 && !work.getKey().contains(args[1])) {
                    continue;
                }
                Runnable run = () -> work.getValue().run(works.data, pool);
                Asking whole = new Asking(run, 0).done();
                if (whole.end != null) {
                    whole.end.printStackTrace();
                    faults.add(work.getKey() + ": " + whole.end);
                    continue;
                }
                new Asking(run, 0).done();
                long before = NativeUse.bytes();
                double step = Math.max(1, whole.asked / Double.parseDouble(args[0]));
                for (double at = 1; at <= whole.asked; at += step) {
                    Asking cut = new Asking(run, (long) at).done();
                    if (cut.end == null) {
                        // Threads share the tasks differently in each run, so a run can end before the last check.
                        continue;
                    }
                    ended++;
                    if (!(cut.end instanceof CancellationException) || !cut.stillInterrupted) {
                        faults.add(work.getKey() + " at " + (long) at + ": " + cut.end);
                    }
                    long now = settled(before);
                    if (now > before) {
                        faults.add("%s at %d of %d: %d bytes left, %s"
                                .formatted(work.getKey(), (long) at, whole.asked, now - before, where(cut.end)));
                        before = now;
                    }
                }
                System.out.println(work.getKey() + ": asked " + whole.asked);
            }
        }
        faults.forEach(System.out::println);
        System.out.println(ended + " works interrupted, " + faults.size() + " faults");
    }

    /** Bytes in use, after a wait for memory that threads or the collector's arenas free later. */
    private static long settled(long before) {
        long now = NativeUse.bytes();
        for (int i = 0; i < 5 && now > before; i++) {
            System.gc();
            pause();
            now = NativeUse.bytes();
        }
        return now;
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String where(Throwable end) {
        StringBuilder text = new StringBuilder();
        for (StackTraceElement e : end.getStackTrace()) {
            if (e.getClassName().startsWith("io.heddle") && !e.getClassName().contains("WorkerPool")) {
                text.append(' ').append(e.getFileName()).append(':').append(e.getLineNumber());
            }
        }
        return text.toString();
    }
}
