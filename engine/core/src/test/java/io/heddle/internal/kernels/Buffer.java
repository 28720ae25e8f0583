package io.heddle.internal.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Floats at a chosen byte offset of an off-heap segment that ends directly after them, so that a kernel that reads or
 * writes too far fails. Guards before and after the floats detect stray writes.
 */
final class Buffer {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final float GUARD = -12345.678f;
    private static final int GUARDS = 16;

    final MemorySegment segment;
    final long offset;
    private final MemorySegment whole;
    private final int length;
    private final int skew;

    private Buffer(int length, int skew) {
        this.length = length;
        this.skew = skew;
        this.offset = skew + (long) GUARDS * Float.BYTES;
        long used = offset + (long) length * Float.BYTES;
        this.whole = Arena.ofAuto().allocate(used + (long) GUARDS * Float.BYTES, 64);
        this.segment = whole.asSlice(0, used);
        for (int i = 0; i < length + 2 * GUARDS; i++) {
            whole.set(FLOAT, skew + (long) i * Float.BYTES, GUARD);
        }
    }

    /** @param skew bytes by which the floats are off the 64-byte alignment */
    static Buffer of(float[] values, int skew) {
        Buffer b = new Buffer(values.length, skew);
        MemorySegment.copy(values, 0, b.whole, FLOAT, b.offset, values.length);
        return b;
    }

    static Buffer ofLength(int length, int skew) {
        return of(new float[length], skew);
    }

    /** Returns the floats, after a check that the memory around them is unchanged. */
    float[] values() {
        float[] all = new float[length + 2 * GUARDS];
        MemorySegment.copy(whole, FLOAT, skew, all, 0, all.length);
        for (int i = 0; i < GUARDS; i++) {
            if (all[i] != GUARD || all[GUARDS + length + i] != GUARD) {
                throw new AssertionError("a kernel wrote outside of its %d floats".formatted(length));
            }
        }
        return Arrays.copyOfRange(all, GUARDS, GUARDS + length);
    }
}
