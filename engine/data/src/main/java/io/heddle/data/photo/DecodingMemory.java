package io.heddle.data.photo;

import java.util.concurrent.Semaphore;

/**
 * Limits the Java heap that decoding of photos takes: many small photos at a time, or few large ones. A thread that has
 * a share never waits for another share, so there are no deadlocks.
 */
final class DecodingMemory {
    /** Share of the heap. The rest is in use or fragmented. */
    private static final double SHARE = 0.55;

    private static final int UNIT = 1 << 10;

    private static final DecodingMemory HEAP =
            new DecodingMemory((long) (SHARE * Runtime.getRuntime().maxMemory()));

    private final int units;
    private final Semaphore free;

    DecodingMemory(long bytes) {
        units = Math.clamp(bytes / UNIT, 1, Integer.MAX_VALUE);
        free = new Semaphore(units, true);
    }

    /** The limit of this process. */
    static DecodingMemory heap() {
        return HEAP;
    }

    /** Returns the maximum share. */
    long bytes() {
        return (long) units * UNIT;
    }

    /** A share of the memory, released when it is closed. */
    final class Part implements AutoCloseable {
        private final int taken;

        private Part(int taken) {
            this.taken = taken;
        }

        @Override
        public void close() {
            free.release(taken);
        }
    }

    /**
     * Waits until this much memory is free.
     *
     * @param bytes at most {@link #bytes()}
     */
    Part take(long bytes) {
        int taken = (int) Math.min(units, Math.ceilDiv(bytes, UNIT));
        free.acquireUninterruptibly(taken);
        return new Part(taken);
    }
}
