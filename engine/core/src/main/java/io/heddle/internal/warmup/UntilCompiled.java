package io.heddle.internal.warmup;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Repeats calls until the second compiler has compiled what they call.
 *
 * <p>Until then, each vector operation is a call that allocates. Compilation runs on other threads. Once the calls have
 * been counted often enough to start it, this thread makes only a few calls now and then and leaves the processors to
 * the compilers.
 */
public final class UntilCompiled {
    /** Calls after which the second compiler takes a method whose loop has at least 24 iterations. */
    private static final int COUNTED_CALLS = 640;

    private static final int CALLS_PER_ROUND = 80;
    /** Later: enough for the 5,000 invocations that a method without a loop takes. */
    private static final int CALLS_BETWEEN_PAUSES = 16;

    private static final long PAUSE_NANOS = 4_000_000;
    /** For code that never gets so much faster; counted, because a busy machine takes longer to compile. */
    private static final int MOST_PAUSES = 500;
    /** For a JVM that never compiles. */
    private static final long LIMIT_NANOS = 20_000_000_000L;

    private UntilCompiled() {}

    /**
     * Repeats the calls in turns.
     *
     * @param calls each of at least a hundred vector operations
     */
    public static void repeat(List<Runnable> calls) {
        List<Pending> pending = new ArrayList<>();
        calls.forEach(call -> pending.add(new Pending(call)));
        long begin = System.nanoTime();
        int made = 0;
        int pauses = 0;
        while (!pending.isEmpty() && pauses < MOST_PAUSES && System.nanoTime() - begin < LIMIT_NANOS) {
            int round = made < COUNTED_CALLS ? CALLS_PER_ROUND : CALLS_BETWEEN_PAUSES;
            pending.removeIf(call -> call.isCompiledAfter(round));
            made += round;
            if (made >= COUNTED_CALLS && !pending.isEmpty()) {
                pauses++;
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /** A call whose code may still be interpreted, or compiled by the first compiler. */
    private static final class Pending {
        /** Of the first calls the fastest is taken as the time of interpreted code. */
        private static final int INTERPRETED_CALLS = 8;
        /** Code of the second compiler is a thousand times faster than the interpreter, of the first one 100 times. */
        private static final long SPEED_UP = 300;
        /** Code of the first compiler takes longer for a hundred vector operations. */
        private static final long COMPILED_NANOS = 1_200;

        /** Longer calls are not compiled, however slow the first ones were: a busy machine interrupts them. */
        private static final long MOST_COMPILED_NANOS = 6_000;

        private final Runnable call;
        private final long interpreted;

        Pending(Runnable call) {
            this.call = call;
            interpreted = fastest(INTERPRETED_CALLS);
        }

        boolean isCompiledAfter(int calls) {
            long now = fastest(calls);
            return now < COMPILED_NANOS || now < MOST_COMPILED_NANOS && now * SPEED_UP < interpreted;
        }

        private long fastest(int calls) {
            long fastest = Long.MAX_VALUE;
            for (int i = 0; i < calls; i++) {
                long before = System.nanoTime();
                call.run();
                fastest = Math.min(fastest, System.nanoTime() - before);
            }
            return fastest;
        }
    }
}
