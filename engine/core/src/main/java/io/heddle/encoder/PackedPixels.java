package io.heddle.encoder;

import io.heddle.internal.kernels.ConvolutionKernels;
import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import java.lang.foreign.MemorySegment;

/**
 * The products of a convolution for vectors with which packing pixels first is faster. Pixels are numbered row by row.
 * As many of them are packed at a time as stay in L2; then a panel of weights is multiplied by all of them, so that
 * weights are read once.
 */
final class PackedPixels {
    private static final ConvolutionKernels KERNELS = Simd.convolutionKernels();
    private static final int PANEL = KERNELS.packedPixels();
    private static final int STEP = KERNELS.pixelStep();
    /** Maximum packed floats, which stay in 512 kB of L2 beside a panel of weights. */
    private static final int MAXIMUM_FLOATS = 48 << 10;

    private final long[] from = new long[PANEL];
    private long[] to = {};
    /** Pixels of each packed panel. */
    private int[] heights = {};

    private float[] packed = {};

    private int pixels;
    private int across;
    private int segments;
    private int run;
    private long inputAt;
    private long inputRow;
    private long inputPixel;
    private long inputSegment;
    private long outputAt;
    private long outputRow;
    private long outputPixel;

    /** Whether the products of a layer are computed by this class. */
    static boolean pay(long depth) {
        return KERNELS.packsPixels() && depth <= Kernels.MAXIMUM_TILE_DEPTH;
    }

    /**
     * Sets the number of pixels and of their products.
     *
     * @param across pixels in a row
     * @param segments rows of the kernel
     * @param run consecutive floats in a row of the kernel
     */
    void shape(int pixels, int across, int segments, int run) {
        this.pixels = pixels;
        this.across = across;
        this.segments = segments;
        this.run = run;
    }

    /**
     * Sets the places of the inputs, in bytes.
     *
     * @param at first float of the first pixel
     * @param row from one row of pixels to the next
     * @param pixel from one pixel to the next
     * @param segment from one row of the kernel to the next
     */
    void input(long at, long row, long pixel, long segment) {
        inputAt = at;
        inputRow = row;
        inputPixel = pixel;
        inputSegment = segment;
    }

    /** Sets the places of the outputs, likewise. */
    void output(long at, long row, long pixel) {
        outputAt = at;
        outputRow = row;
        outputPixel = pixel;
    }

    /**
     * Computes all output channels of all pixels.
     *
     * @param memory of the pixels
     * @param weights byte of the first panel
     * @param channels of the output, whole groups
     * @param biases byte of the first bias, negative for none
     */
    void multiply(MemorySegment memory, PackedWeights matrix, long weights, int channels, long biases, float floor) {
        if (pixels == 0) {
            return;
        }
        int depth = segments * run;
        int length = depth * STEP;
        int panels = Math.ceilDiv(pixels, PANEL);
        int together = Math.clamp(MAXIMUM_FLOATS / Math.max(1, length), 1, panels);
        if (together * length > packed.length) {
            packed = new float[together * length];
        }
        if (heights.length < together) {
            heights = new int[together];
            to = new long[together * PANEL];
        }
        for (int panel = 0; panel < panels; panel += together) {
            int some = Math.min(together, panels - panel);
            for (int p = 0; p < some; p++) {
                int begin = first(panel + p, panels);
                heights[p] = first(panel + p + 1, panels) - begin;
                pack(memory, begin, heights[p], p * length, p * PANEL);
            }
            int right = index(weights);
            for (int j = 0; j < channels; j += KERNELS.panelColumns()) {
                for (int p = 0; p < some; p++) {
                    KERNELS.packedProduct(
                            heights[p],
                            depth,
                            packed,
                            p * length,
                            matrix.array(),
                            right,
                            biases < 0 ? -1 : index(biases) + j,
                            floor,
                            memory,
                            (long) j * Float.BYTES,
                            to,
                            p * PANEL);
                }
                right += depth * KERNELS.panelColumns();
            }
        }
    }

    private static int index(long offset) {
        return (int) (offset / Float.BYTES);
    }

    /** The first pixel of a panel; the numbers of pixels differ by at most one. */
    private int first(int panel, int panels) {
        return (int) ((long) pixels * panel / panels);
    }

    private void pack(MemorySegment memory, int begin, int height, int at, int firstOfPanel) {
        for (int r = 0; r < height; r++) {
            int y = (begin + r) / across;
            int x = (begin + r) % across;
            to[firstOfPanel + r] = outputAt + y * outputRow + x * outputPixel;
            from[r] = inputAt + y * inputRow + x * inputPixel;
        }
        for (int s = 0; s < segments; s++) {
            KERNELS.packPixels(height, run, memory, from, packed, at + s * run * STEP);
            for (int r = 0; r < height; r++) {
                from[r] += inputSegment;
            }
        }
    }
}
