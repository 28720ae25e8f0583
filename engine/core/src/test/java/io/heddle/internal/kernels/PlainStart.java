package io.heddle.internal.kernels;

import io.heddle.matrix.FloatMatrix;

/** Run in a separate JVM, without {@code jdk.incubator.vector}, by {@link WithoutVectorModuleTest}. */
public final class PlainStart {
    private PlainStart() {}

    /** Prints the kernels in use, their lanes and Σ i² for i = 0 … 99. */
    public static void main(String[] arguments) {
        try (FloatMatrix x = FloatMatrix.allocate(1, 100)) {
            for (int i = 0; i < 100; i++) {
                x.set(0, i, i);
            }
            float dot = Simd.kernels().dot(x.segment(), 0, x.segment(), 0, 100);
            System.out.println(Simd.kernels().getClass().getSimpleName() + " " + Simd.lanes() + " " + dot);
        }
    }
}
