package io.heddle.internal.kernels;

import java.lang.foreign.MemorySegment;

/**
 * Kernels of convolutions, with channels in lanes. The channels of a pixel are contiguous and padded with zeros to a
 * multiple of {@value #CHANNEL_GROUP}; pixels are in rows.
 *
 * <p>Every sum adds its terms in order by fused multiply-adds, so that all vector widths and the scalar twin return the
 * same bits.
 *
 * <p>{@link Simd#convolutionKernels()} returns the implementation in use. Memory is passed and checked as by
 * {@link Kernels}: offsets and distances are in bytes, and the caller guarantees that they are within bounds.
 *
 * <p>For example: {@snippet file="KernelExamplesTest.java" region="convolution-kernels"}
 */
public sealed interface ConvolutionKernels permits VectorConvolution, ScalarConvolution {
    /** Factor of {@link #hardSwish}. */
    float SIXTH = 1 / 6f;

    /** Channels are padded to a multiple of this number. */
    int CHANNEL_GROUP = 16;

    /** Maximum columns of a {@link #product}. */
    int MAXIMUM_COLUMNS = 32;

    /** Length of the scratch array of the methods. */
    int SCRATCH = 36 * CHANNEL_GROUP;

    /** Side of the output of a Winograd tile, F(4, 3). */
    int WINOGRAD_OUTPUT = 4;

    /** Side of the output of a short Winograd tile, F(3, 3): for sides that are no multiple of four. */
    int SHORT_OUTPUT = 3;

    /** Points of F(4, 3), and pixels that it reads. */
    int WINOGRAD_POINTS = 6;

    /** The point that F(3, 3) does not use. The other points, and so the transformed weights, are those of F(4, 3). */
    int LONG_POINT = 4;

    /** Products of a Winograd tile: one for each frequency, which is a pair of points. */
    int FREQUENCIES = WINOGRAD_POINTS * WINOGRAD_POINTS;

    /**
     * Columns of a panel of packed weights; the last panel of a matrix may have {@value #CHANNEL_GROUP} if that is
     * less.
     */
    int panelColumns();

    /**
     * Whether {@link #packPixels} and {@link #packedProduct} take the place of {@link #product}, which then uses no
     * vectors. If not, the vector form refuses both.
     */
    boolean packsPixels();

    /** Maximum pixels of a {@link #packedProduct}. */
    int packedPixels();

    /** Floats in a step of packed pixels, at least {@link #packedPixels()}. */
    int pixelStep();

    /**
     * Packs floats of some pixels step by step:
     *
     * <pre>out[outFrom + k · pixelStep() + r] ← a[from[r] + k]      r &lt; pixels, k &lt; run</pre>
     *
     * Later floats of a step are undefined.
     *
     * @param pixels 1 to {@link #packedPixels()}
     * @param from byte of each pixel's first float
     */
    void packPixels(int pixels, int run, MemorySegment a, long[] from, float[] out, int outFrom);

    /**
     * Computes some output channels of packed pixels:
     *
     * <pre>c[to[r], j] ← f(Σₖ a[k · pixelStep() + r] · b[k, j])      r &lt; pixels, j &lt; panelColumns()</pre>
     *
     * where f is that of {@link #product}, and so are the bits.
     *
     * @param pixels 1 to {@link #packedPixels()}
     * @param depth at most {@link Kernels#MAXIMUM_TILE_DEPTH}
     * @param aFrom index of the first packed float
     * @param b packed weights and biases
     * @param bFrom index of the panel's first weight
     * @param biasFrom index of the bias of the first column in {@code b}; negative for none
     * @param floor as in {@link #product}
     * @param cOffset added to all bytes in {@code to}
     * @param to byte of each output pixel
     * @param first index of the first pixel in {@code to}
     */
    void packedProduct(
            int pixels,
            int depth,
            float[] a,
            int aFrom,
            float[] b,
            int bFrom,
            int biasFrom,
            float floor,
            MemorySegment c,
            long cOffset,
            long[] to,
            int first);

    /**
     * Computes some output channels of pixels:
     *
     * <pre>c[r, j] ← f(Σₛ Σₖ a[r, s, k] · b[s · run + k, j])      r &lt; rows, j &lt; columns</pre>
     *
     * where f(v) = v, or max(floor, v + bias[j]) with a bias.
     *
     * @param rows pixels
     * @param columns those of the panel, {@link #panelColumns()} or {@value #CHANNEL_GROUP}
     * @param segments rows of the kernel
     * @param run consecutive floats in a row of the kernel
     * @param aRow from one pixel to the next
     * @param aSegment from one row of the input to the next
     * @param b packed weights and biases
     * @param bOffset of the panel's first weight that is used, aligned to the panel's columns
     * @param biasOffset of the bias of the first column in {@code b}; negative for none
     * @param floor 0 for ReLU, −∞ for none
     * @param cRow from one output pixel to the next
     * @param scratch {@value #SCRATCH} floats
     */
    void product(
            int rows,
            int columns,
            int segments,
            int run,
            MemorySegment a,
            long aOffset,
            long aRow,
            long aSegment,
            MemorySegment b,
            long bOffset,
            long biasOffset,
            float floor,
            MemorySegment c,
            long cOffset,
            long cRow,
            float[] scratch);

    /**
     * Transforms the input pixels of a Winograd tile, two more a side than its output has: v ← Bᵀ d B for each channel.
     *
     * @param height output pixels from top to bottom, {@value #WINOGRAD_OUTPUT} or {@value #SHORT_OUTPUT}
     * @param width output pixels from left to right, likewise
     * @param x pixels, with zeros for those outside the image
     * @param rowBytes from one row of pixels to the next
     * @param pixelBytes from one pixel to the next
     * @param channels a multiple of {@value #CHANNEL_GROUP}
     * @param v receives {@value #FREQUENCIES} rows of channels, except those of the {@link #LONG_POINT} of a short side
     * @param frequencyBytes from one of these rows to the next
     * @param scratch {@value #SCRATCH} floats
     */
    void winogradInput(
            int height,
            int width,
            MemorySegment x,
            long xOffset,
            long rowBytes,
            long pixelBytes,
            int channels,
            MemorySegment v,
            long vOffset,
            long frequencyBytes,
            float[] scratch);

    /**
     * Transforms the products of a Winograd tile back: y ← max(floor, Aᵀ m A + bias) for each channel.
     *
     * @param height output pixels from top to bottom, {@value #WINOGRAD_OUTPUT} or {@value #SHORT_OUTPUT}
     * @param width output pixels from left to right, likewise
     * @param m {@value #FREQUENCIES} rows of channels, except those of the {@link #LONG_POINT} of a short side
     * @param frequencyBytes from one of these rows to the next
     * @param channels a multiple of {@value #CHANNEL_GROUP}
     * @param floor as in {@link #product}
     * @param y receives {@code rows} × {@code columns} of the pixels
     * @param rowBytes from one row of pixels to the next
     * @param pixelBytes from one pixel to the next
     * @param rows pixels that are stored, at most {@code height}
     * @param columns pixels that are stored, at most {@code width}
     * @param scratch {@value #SCRATCH} floats
     */
    void winogradOutput(
            int height,
            int width,
            MemorySegment m,
            long mOffset,
            long frequencyBytes,
            int channels,
            MemorySegment bias,
            long biasOffset,
            float floor,
            MemorySegment y,
            long yOffset,
            long rowBytes,
            long pixelBytes,
            int rows,
            int columns,
            float[] scratch);

    /**
     * Means over a window of pixels, row sums first: out[c] ← Σ x[·, ·, c] / (rows · columns).
     *
     * @param rowBytes from one row of pixels to the next
     * @param pixelBytes from one pixel to the next
     * @param channels a multiple of {@value #CHANNEL_GROUP}
     */
    void windowMeans(
            MemorySegment x,
            long xOffset,
            long rowBytes,
            long pixelBytes,
            int rows,
            int columns,
            int channels,
            float[] out);

    /**
     * Maxima over a window of pixels: out[c] ← max x[·, ·, c]. If one is NaN, the maximum is NaN.
     *
     * @param rowBytes from one row of pixels to the next
     * @param pixelBytes from one pixel to the next
     * @param channels a multiple of {@value #CHANNEL_GROUP}
     */
    void windowMaxima(
            MemorySegment x,
            long xOffset,
            long rowBytes,
            long pixelBytes,
            int rows,
            int columns,
            int channels,
            float[] out);

    /**
     * Sums of two rows: y ← max(floor, a + b).
     *
     * @param n floats, a multiple of {@value #CHANNEL_GROUP}
     * @param floor as in {@link #product}
     */
    void sum(
            MemorySegment a,
            long aOffset,
            MemorySegment b,
            long bOffset,
            int n,
            float floor,
            MemorySegment y,
            long yOffset);

    /**
     * Convolutions of each channel by itself, of pixels in a row: y[p, c] ← max(floor, bias[c] + Σᵥ Σᵤ x[p, v, u, c] ·
     * w[v, u, c]).
     *
     * @param pixels output pixels, next to each other
     * @param rows of the window
     * @param columns of the window
     * @param rowBytes from one row of input pixels to the next
     * @param stepBytes from the window of one output pixel to that of the next
     * @param channels a multiple of {@value #CHANNEL_GROUP}; also the floats of an input pixel and an output pixel
     * @param weightsFrom index of the first weight
     * @param weightsRow from one row of the window to the next; its pixels are contiguous
     * @param floor as in {@link #product}
     */
    void depthwise(
            int pixels,
            int rows,
            int columns,
            MemorySegment x,
            long xOffset,
            long rowBytes,
            long stepBytes,
            int channels,
            float[] weights,
            int weightsFrom,
            int weightsRow,
            float[] bias,
            float floor,
            MemorySegment y,
            long yOffset);

    /**
     * Limits of numbers: y ← min(maximum, max(minimum, x)); NaN stays NaN.
     *
     * @param n floats, a multiple of {@value #CHANNEL_GROUP}
     */
    void limit(MemorySegment x, long xOffset, int n, float minimum, float maximum, MemorySegment y, long yOffset);

    /**
     * The logistic function, or its product with the number: y ← 1 / (1 + e⁻ˣ), or y ← x / (1 + e⁻ˣ).
     *
     * @param n floats, a multiple of {@value #CHANNEL_GROUP}
     * @param times whether the result is multiplied by x
     */
    void sigmoid(MemorySegment x, long xOffset, int n, boolean times, MemorySegment y, long yOffset);

    /**
     * The piecewise linear form of x / (1 + e⁻ˣ): y ← x · min(1, max(0, x / 6 + ½)).
     *
     * @param n floats, a multiple of {@value #CHANNEL_GROUP}
     */
    void hardSwish(MemorySegment x, long xOffset, int n, MemorySegment y, long yOffset);

    /**
     * Multiplies negative numbers by a factor: y ← x, or slope · x for x &lt; 0.
     *
     * @param n floats, a multiple of {@value #CHANNEL_GROUP}
     */
    void leaky(MemorySegment x, long xOffset, int n, float slope, MemorySegment y, long yOffset);

    /**
     * Products of pixels: y[p, c] ← a[p, c] · b[p, c]. All are in the same memory, in rows without gaps.
     *
     * @param channels a multiple of {@value #CHANNEL_GROUP}; also the floats of a pixel
     * @param bStep bytes from one pixel of b to the next; 0 to multiply all by the same
     */
    void multiply(int pixels, int channels, MemorySegment memory, long aOffset, long bOffset, long bStep, long yOffset);
}
