package io.heddle.bench.latency;

import io.heddle.bench.BenchData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A thread that repeatedly fits all models while others predict, compares their answers with those of the first models,
 * closes them, and records the memory of the process.
 */
final class Refits extends Thread {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final int KINDS = 3;
    private static final long PAUSE_NANOS = 1_000_000;

    private final BenchData data;
    private final RowModels first;
    private final long everyNanos;
    private volatile boolean ended;
    private volatile int phase;
    private BooleanSupplier seen = () -> true;
    private int fits;
    private int different;
    private long firstMegabytes;
    private long lastMegabytes;
    private Throwable failure;

    /** @param everyNanos from the end of one fit to the start of the next */
    Refits(BenchData data, RowModels first, long everyNanos) {
        super("refits");
        this.data = data;
        this.first = first;
        this.everyNanos = everyNanos;
    }

    /** {@return a number that changes at the start and at the end of each refit; odd during a refit} */
    int phase() {
        return phase;
    }

    /** @param everyThread whether each thread that predicts has seen the current phase */
    void waitFor(BooleanSupplier everyThread) {
        seen = everyThread;
    }

    @Override
    public void run() {
        try {
            while (!ended) {
                LockSupport.parkNanos(everyNanos);
                if (!ended) {
                    next();
                    refit();
                    next();
                }
            }
        } catch (IOException | RuntimeException | Error e) {
            failure = e;
        }
    }

    private void next() {
        phase++;
        while (!ended && !seen.getAsBoolean()) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private void refit() throws IOException {
        try (RowModels again = new RowModels(data)) {
            boolean same = true;
            for (int kind = 0; kind < KINDS; kind++) {
                for (int row = 0; row < RowModels.ROWS; row++) {
                    same &= Soak.ask(again, kind, row) == Soak.ask(first, kind, row);
                }
            }
            different += same ? 0 : 1;
        }
        lastMegabytes = residentMegabytes();
        // The second refit, because code and heap still grow during the first one.
        firstMegabytes = ++fits <= 2 ? lastMegabytes : firstMegabytes;
    }

    private static long residentMegabytes() throws IOException {
        if (!Files.isReadable(STATUS)) {
            return 0;
        }
        for (String line : Files.readAllLines(STATUS)) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
            }
        }
        return 0;
    }

    /** Ends the thread after the current fit; returns whether all fits gave the same answers. */
    boolean end() throws InterruptedException {
        ended = true;
        LockSupport.unpark(this);
        join();
        if (failure != null) {
            failure.printStackTrace();
        }
        return failure == null && different == 0;
    }

    /** Returns a summary in one line. */
    String line() {
        return "%d refits of all models: %d gave other answers; resident memory went from %d to %d MB"
                .formatted(fits, different, firstMegabytes, lastMegabytes);
    }
}
