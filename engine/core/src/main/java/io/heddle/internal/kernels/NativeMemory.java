package io.heddle.internal.kernels;

import java.lang.foreign.MemorySegment;

/**
 * Checks that segments are off-heap memory and not mapped files, which kernels require.
 *
 * <p>A kernel compares the class of its segments with {@link #KIND} before its loop, so that the compiler knows the
 * class. Without the comparison it takes the class from profiles that the whole program shares, because all segments
 * share the JDK's methods. If a program has used segments of other kinds, the checks and the address of each access
 * then stay in the loop, which takes two to five times as long, or vectors are not inlined and become objects.
 */
final class NativeMemory {
    /** The class of off-heap segments. */
    private static final Class<?> KIND = MemorySegment.NULL.getClass();

    private NativeMemory() {}

    static void require(MemorySegment a) {
        if (a.getClass() != KIND) {
            throw unknown();
        }
    }

    static void require(MemorySegment a, MemorySegment b) {
        if (a.getClass() != KIND || b.getClass() != KIND) {
            throw unknown();
        }
    }

    static void require(MemorySegment a, MemorySegment b, MemorySegment c) {
        if (a.getClass() != KIND || b.getClass() != KIND || c.getClass() != KIND) {
            throw unknown();
        }
    }

    static void require(MemorySegment a, MemorySegment b, MemorySegment c, MemorySegment d) {
        require(a, b);
        require(c, d);
    }

    private static IllegalArgumentException unknown() {
        return new IllegalArgumentException("kernels require off-heap memory that is not a mapped file");
    }
}
