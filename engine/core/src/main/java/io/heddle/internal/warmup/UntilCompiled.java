package io.heddle.internal.warmup;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Repeats calls until C2 has compiled the methods that they call.
 *
 * <p>Before that, each vector operation is a call that allocates. Compilers run on other threads. After enough calls to
 * start compilation, this thread pauses between calls, so that the compilers can use the processors.
 */
public final class UntilCompiled {
    /** Calls after which C2 compiles a method whose loop has at least 24 iterations. */
    private static final int COUNTED_CALLS = 640;

    private static final int CALLS_PER_ROUND = 80;
    /** Later calls: a method without a loop is compiled after 5,000 invocations. */
    private static final int CALLS_BETWEEN_PAUSES = 16;

    private static final long PAUSE_NANOS = 4_000_000;
    /**
     * Limit for code that does not become faster. A number of pauses and not a time: compilation takes longer on a busy
     * machine.
     */
    private static final int MAXIMUM_PAUSES = 500;
    /** Limit for a JVM that does not compile. */
    private static final long LIMIT_NANOS = 20_000_000_000L;

    private UntilCompiled() {}

    /**
     * Repeats the calls alternately.
     *
     * @param calls each of at least a hundred vector operations
     */
    public static void repeat(List<Runnable> calls) {
        List<Pending> pending = new ArrayList<>();
        calls.forEach(call -> pending.add(new Pending(call)));
        long begin = System.nanoTime();
        int made = 0;
        int pauses = 0;
        while (!pending.isEmpty() && pauses < MAXIMUM_PAUSES && System.nanoTime() - begin < LIMIT_NANOS) {
            int round = made < COUNTED_CALLS ? CALLS_PER_ROUND : CALLS_BETWEEN_PAUSES;
            pending.removeIf(call -> call.isCompiledAfter(round));
            made += round;
            if (made >= COUNTED_CALLS && !pending.isEmpty()) {
                pauses++;
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /** A call whose code may still be interpreted or compiled by C1. */
    private static final class Pending {
        /** The fastest of the first calls gives the time of interpreted code. */
        private static final int INTERPRETED_CALLS = 8;
        /** Code from C2 is 1,000 times faster than interpreted code, code from C1 100 times. */
        private static final long SPEED_UP = 300;
        /** Code from C1 takes longer for a hundred vector operations. */
        private static final long COMPILED_NANOS = 1_200;

        /** Longer calls count as not compiled, even if a busy machine made the first calls very slow. */
        private static final long MAXIMUM_COMPILED_NANOS = 6_000;

        private final Runnable call;
        private final long interpreted;

        Pending(Runnable call) {
            this.call = call;
            interpreted = fastest(INTERPRETED_CALLS);
        }

        boolean isCompiledAfter(int calls) {
            long now = fastest(calls);
            return now < COMPILED_NANOS || now < MAXIMUM_COMPILED_NANOS && now * SPEED_UP < interpreted;
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
