package io.heddle;

import io.heddle.internal.kernels.Simd;
import io.heddle.internal.warmup.WarmUp;

/**
 * The engine as a whole: which vectors it uses on this machine, and how to have its kernels compiled before the first
 * request.
 *
 * <p>For example: {@snippet file="HeddleExamplesTest.java" region="warm-up"}
 */
public final class Heddle {
    private Heddle() {}

    /** {@return the number of floats in one vector of the kernels in use: 16, 8 or 4, and 1 without SIMD} */
    public static int vectorLanes() {
        return Simd.lanes();
    }

    /**
     * Compiles the kernels on the calling thread: some tenths of a second, O(1) memory. Until the second compiler has
     * compiled a kernel, each of its vector operations is a call that allocates, about a hundred times slower.
     */
    public static void warmUp() {
        WarmUp.run();
    }

    /**
     * Starts {@link #warmUp()} on a daemon thread, for a program that reads its data in the meantime.
     *
     * @return the thread, already started
     */
    public static Thread startWarmUp() {
        return WarmUp.start();
    }
}
