package io.heddle.data.photo;

import java.util.concurrent.Semaphore;

/**
 * How much of Java's heap photos may take while they are decoded: many small ones at a time, or few large ones. Who
 * holds a share never waits for another, so all get their turn.
 */
final class DecodingMemory {
    /** Of the heap, for the rest is in use, or in pieces that are too small. */
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

    /** Of this process. */
    static DecodingMemory heap() {
        return HEAP;
    }

    /** The largest share that anybody can have. */
    long bytes() {
        return (long) units * UNIT;
    }

    /** A part of the memory, given back when it is closed. */
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
     * Waits until so much is free.
     *
     * @param bytes at most {@link #bytes()}
     */
    Part take(long bytes) {
        int taken = (int) Math.min(units, Math.ceilDiv(bytes, UNIT));
        free.acquireUninterruptibly(taken);
        return new Part(taken);
    }
}
