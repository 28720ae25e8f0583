package io.heddle.internal.kernels;

import java.lang.foreign.MemorySegment;

/**
 * Checks that segments are off-heap memory and not mapped files, which is required by the kernels of convolutions.
 *
 * <p>A kernel compares the class of its segments with {@link #KIND} before its loop, so that the compiler can use the
 * class. Without the comparison, the class is unknown if a program uses several kinds of segments, because all share
 * the JDK's methods and their profiles. Vector loads are then not inlined: they are several times slower or allocate.
 */
final class NativeMemory {
    /** The class of off-heap segments. */
    static final Class<?> KIND = MemorySegment.NULL.getClass();

    private NativeMemory() {}

    static IllegalArgumentException unknown() {
        return new IllegalArgumentException(
                "kernels of convolutions require off-heap memory that is not a mapped file");
    }
}
