package io.heddle.reliability;

import io.heddle.parallel.WorkerPool;
import java.util.concurrent.CountDownLatch;

/** Tasks of a pool repeatedly fill the whole heap. The JVM must have a small heap. */
public final class StarvedPool {
    private static final int ROUNDS = 50;

    private StarvedPool() {}

    /** A list that one task fills. */
    private static final class Link {
        final Link next;
        final long[] ballast;

        Link(Link next, int size) {
            this.next = next;
            ballast = new long[size];
        }
    }

    /** Prints how many rounds ended as expected. */
    public static void main(String[] args) throws InterruptedException {
        int errors = 0;
        try (WorkerPool pool = WorkerPool.of(4)) {
            for (int round = 0; round < ROUNDS; round++) {
                try {
                    pool.run(8, (index, worker) -> {
                        Link last = null;
                        // The last bytes are allocated in small pieces, so that other allocations fail too.
                        for (int size = 10_000; ; size = Math.max(1, size - 1)) {
                            last = new Link(last, size);
                        }
                    });
                } catch (OutOfMemoryError e) {
                    errors++;
                }
                CountDownLatch together = new CountDownLatch(pool.threads());
                pool.run(pool.threads(), (index, worker) -> {
                    together.countDown();
                    try {
                        // Ends only if all threads of the pool are alive.
                        together.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
            }
        }
        System.out.println(
                errors + " of " + ROUNDS + " rounds ended by OutOfMemoryError; the pool has all its threads");
    }
}
