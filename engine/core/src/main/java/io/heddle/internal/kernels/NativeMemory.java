package io.heddle.internal.kernels;

import java.lang.foreign.MemorySegment;

/**
 * What kernels require of their segments: off-heap memory that is not a mapped file, or an array of floats where
 * {@link Kernels#readsArrays()} allows it or {@link Kernels#dotsReadArray()} requires it.
 *
 * <p>A kernel compares the class of its segments with {@link #KIND} before its loop, so that the compiler knows the
 * class. Without the comparison it takes the class from profiles that the whole program shares, because all segments
 * share the JDK's methods. If a program has used segments of other kinds, the checks and the address of each access
 * then stay in the loop, which takes two to five times as long, or vectors are not inlined and become objects.
 *
 * <p>Each kernel compares in its own method. If C2 compiles a kernel before it has counted the calls of a shared method
 * for the comparison, as with the first kernel of a process, it does not derive the class or does not inline the
 * method. A tile was then three times slower in programs that had used other segments.
 */
final class NativeMemory {
    /** The class of off-heap segments. */
    static final Class<?> KIND = MemorySegment.NULL.getClass();

    /** The class of segments that are arrays of floats. */
    static final Class<?> ARRAY = MemorySegment.ofArray(new float[0]).getClass();

    private NativeMemory() {}

    /** The array that a segment of class {@link #ARRAY} is. */
    static float[] array(MemorySegment segment) {
        if (segment.heapBase().orElse(null) instanceof float[] array) {
            return array;
        }
        throw new IllegalArgumentException("this operand must be an array of floats");
    }

    /** The index in an array of the float at a byte. */
    static int index(long offset) {
        return (int) (offset / Float.BYTES);
    }

    static IllegalArgumentException unknown() {
        return new IllegalArgumentException("kernels require off-heap memory that is not a mapped file");
    }
}
