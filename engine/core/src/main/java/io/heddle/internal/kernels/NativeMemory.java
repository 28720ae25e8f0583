package io.heddle.internal.kernels;

import java.lang.foreign.MemorySegment;

/**
 * The one kind of segment that kernels of convolutions take: memory outside of the heap that is not a mapped file.
 *
 * <p>A kernel compares the class of its segments with {@link #KIND} before its loop, and the compiler then knows it.
 * The class is not known otherwise where a program uses segments of several kinds: all share the JDK's methods and the
 * profiles of these, and vectors that are loaded by a call that is not inlined cost several times more, or become
 * objects.
 */
final class NativeMemory {
    /** What memory outside of the heap is. */
    static final Class<?> KIND = MemorySegment.NULL.getClass();

    private NativeMemory() {}

    static IllegalArgumentException unknown() {
        return new IllegalArgumentException(
                "kernels of convolutions take memory outside of the heap, and no mapped files");
    }
}
