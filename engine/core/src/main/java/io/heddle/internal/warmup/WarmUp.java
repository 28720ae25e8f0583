package io.heddle.internal.warmup;

import io.heddle.internal.gemm.RowPanels;
import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.matrix.FloatMatrix;

/**
 * Gets the kernels compiled before they are needed. Until the second compiler has seen a kernel, each vector operation
 * is a call that allocates, a hundred times slower than the instruction it will become; on two cores the first seconds
 * of a program would go there. A program that has something else to do first, such as reading its data, starts this
 * beside it.
 */
public final class WarmUp {
    /** Calls that make both compilers take a method, with a margin. */
    private static final int ROUNDS = 1_500;
    /** Steps of a tile's inner loop: enough for the loop to count, few enough to interpret. */
    private static final int DEPTH = 32;

    private WarmUp() {}

    /** Starts a daemon thread that warms the kernels up and ends. */
    public static Thread start() {
        return Thread.ofPlatform().daemon().name("heddle-warm-up").start(WarmUp::run);
    }

    /** Warms the kernels up on the calling thread: some tenths of a second, O(1) memory. */
    public static void run() {
        Kernels kernels = Simd.kernels();
        try (FloatMatrix a = FloatMatrix.allocate(kernels.tileRows(), DEPTH);
                FloatMatrix b = FloatMatrix.allocate(DEPTH, Kernels.TILE_COLUMNS);
                FloatMatrix c = FloatMatrix.allocate(kernels.tileRows(), Kernels.TILE_COLUMNS)) {
            RowPanels left = new RowPanels();
            for (int round = 0; round < ROUNDS; round++) {
                left.pack(a.segment(), 0, a.offset(1), Float.BYTES, kernels.tileRows(), DEPTH);
                int full = kernels.tileColumns();
                for (int columns = Math.min(full, FloatMatrix.ALIGNMENT); columns <= full; columns *= 2) {
                    tile(kernels, columns, left, b, c, (round & 1) == 0);
                }
                rows(kernels, b, c);
            }
        }
    }

    private static void tile(
            Kernels kernels, int columns, RowPanels left, FloatMatrix b, FloatMatrix c, boolean accumulate) {
        kernels.tile(
                kernels.tileRows(),
                columns,
                DEPTH,
                left.segment(),
                0,
                b.segment(),
                0,
                (long) columns * Float.BYTES,
                c.segment(),
                0,
                c.offset(1),
                accumulate);
    }

    private static void rows(Kernels kernels, FloatMatrix x, FloatMatrix y) {
        int n = x.columns();
        int classes = n - n / 4;
        kernels.axpy(0.5f, x.segment(), 0, y.segment(), 0, n);
        kernels.softmax(y.segment(), 0, classes);
        kernels.softmaxCurvature(y.segment(), 0, x.segment(), 0, n);
        kernels.dot(x.segment(), 0, y.segment(), 0, n);
        kernels.squaredDistance(x.segment(), 0, y.segment(), 0, n);
        kernels.subtract(x.segment(), 0, y.segment(), 0, x.segment(), x.offset(1), n);
        kernels.allFinite(y.segment(), 0, n);
    }
}
