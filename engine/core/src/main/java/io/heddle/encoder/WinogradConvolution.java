package io.heddle.encoder;

import static io.heddle.internal.kernels.ConvolutionKernels.FREQUENCIES;
import static io.heddle.internal.kernels.ConvolutionKernels.LONG_POINT;
import static io.heddle.internal.kernels.ConvolutionKernels.WINOGRAD_POINTS;

import io.heddle.internal.kernels.ConvolutionKernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.internal.network.Layer;
import java.lang.foreign.MemorySegment;

/**
 * A 3×3 layer of stride 1 by Winograd's F(4, 3) and F(3, 3): 36 products instead of 144 for a tile of 4×4 pixels, 25
 * instead of 81 for 3×3. The steps are a transform of the input tiles, a matrix product for each of 36 frequencies, and
 * a transform of the output tiles.
 */
final class WinogradConvolution {
    private static final ConvolutionKernels KERNELS = Simd.convolutionKernels();
    private static final int KERNEL = 3;
    private static final Layer.Padding PADDING = Layer.Padding.same(1);
    private static final long LINE = 64;

    /** The matrix G of F(4, 3), by which weights are multiplied from both sides. */
    private static final double[][] G = {
        {1 / 4.0, 0, 0},
        {-1 / 6.0, -1 / 6.0, -1 / 6.0},
        {-1 / 6.0, 1 / 6.0, -1 / 6.0},
        {1 / 24.0, 1 / 12.0, 1 / 6.0},
        {1 / 24.0, -1 / 12.0, 1 / 6.0},
        {0, 0, 1}
    };

    // With few channels, transforms take about a quarter of the time of the products that they save.
    private static final double GAIN = 1.25;
    private static final int MINIMUM_CHANNELS = 8;
    private static final long MAXIMUM_WEIGHT_BYTES = 64L << 20;

    /**
     * Maximum bytes of weights that stay in L2 together with an image. Above it, each part of the weights is multiplied
     * for a block of images.
     */
    private static final long NEAR_BYTES = 384L << 10;

    private final Layer.Convolution layer;
    private final int inputs;
    private final Plane input;
    private final Plane output;
    private final PackedWeights packed;
    private final long weights;
    private final long biases;
    private final int images;
    private final long inputAt;
    private final long outputAt;
    private final WinogradTiles tiles;
    private final long transformedAt;
    private final long productsAt;
    private final long frequencyBytes;
    private MemorySegment bias;

    /** The offsets of the parts of the workspace. */
    interface Reservation {
        /** Reserves bytes and returns their offset. */
        long reserve(long bytes);
    }

    /**
     * @param inputs channels of the weights, without padding
     * @param block images that are encoded together
     */
    WinogradConvolution(
            Layer.Convolution layer,
            int inputs,
            Plane input,
            Plane output,
            long inputAt,
            long outputAt,
            int block,
            PackedWeights packed,
            Reservation workspace) {
        this.layer = layer;
        this.inputs = inputs;
        this.input = input;
        this.output = output;
        this.inputAt = inputAt;
        this.outputAt = outputAt;
        this.packed = packed;
        weights = packed.reserve((long) FREQUENCIES * input.channels(), output.channels());
        biases = packed.reserve(1, output.channels());
        tiles = WinogradTiles.of(output.side());
        images = isFar(inputs, layer) ? block : 1;
        // An odd number of cache lines: with a power of two, all frequencies of a tile would be in the same sets.
        long bytes = images * tiles.count() * Math.max(input.pixelBytes(), output.pixelBytes());
        frequencyBytes = Math.ceilDiv(bytes, LINE) / 2 * 2 * LINE + LINE;
        // The products of a frequency overwrite the transformed tiles of the frequency before.
        productsAt = workspace.reserve((FREQUENCIES + 1) * frequencyBytes);
        transformedAt = productsAt + frequencyBytes;
    }

    /** Whether a layer is faster by this algorithm. */
    static boolean pays(Layer.Convolution layer, int inputs, int outputSide) {
        double products = WinogradTiles.of(outputSide).products();
        double direct = (double) outputSide * outputSide * KERNEL * KERNEL;
        return layer.kernel().covers(KERNEL)
                && layer.stride() == 1
                && layer.padding().equals(PADDING)
                && Math.min(inputs, layer.channels()) >= MINIMUM_CHANNELS
                && weightBytes(inputs, layer) <= MAXIMUM_WEIGHT_BYTES
                && products * GAIN <= direct;
    }

    private static long weightBytes(int inputs, Layer.Convolution layer) {
        return (long) FREQUENCIES * Plane.padded(inputs) * Plane.padded(layer.channels()) * Float.BYTES;
    }

    private static boolean isFar(int inputs, Layer.Convolution layer) {
        return weightBytes(inputs, layer) > NEAR_BYTES;
    }

    /** Bytes of the workspace for one image, if a block of them is encoded together; else 0. */
    static long blockBytes(Layer.Convolution layer, int inputs, int outputSide) {
        if (!pays(layer, inputs, outputSide) || !isFar(inputs, layer)) {
            return 0;
        }
        long tileBytes = (long) Plane.padded(Math.max(inputs, layer.channels())) * Float.BYTES;
        return (FREQUENCIES + 1) * WinogradTiles.of(outputSide).count() * tileBytes;
    }

    void pack(float[] weight, float[] bias) {
        int outputs = layer.channels();
        float[][] transformed = new float[FREQUENCIES][inputs * outputs];
        double[] kernel = new double[KERNEL * KERNEL];
        double[] half = new double[WINOGRAD_POINTS * KERNEL];
        for (int j = 0; j < outputs; j++) {
            for (int c = 0; c < inputs; c++) {
                for (int i = 0; i < kernel.length; i++) {
                    kernel[i] = weight[(j * inputs + c) * kernel.length + i];
                }
                transform(kernel, half, transformed, c * outputs + j);
            }
        }
        for (int f = 0; f < FREQUENCIES; f++) {
            float[] one = transformed[f];
            packed.pack(
                    weights + f * matrixBytes(),
                    input.channels(),
                    output.channels(),
                    (k, j) -> k < inputs && j < outputs ? one[k * outputs + j] : 0);
        }
        packed.pack(biases, 1, output.channels(), (k, j) -> j < outputs ? bias[j] : 0);
        this.bias = packed.offHeap(biases, output.channels());
    }

    private long matrixBytes() {
        return (long) input.channels() * output.channels() * Float.BYTES;
    }

    /** G g Gᵀ in double. */
    private static void transform(double[] kernel, double[] half, float[][] to, int at) {
        for (int i = 0; i < WINOGRAD_POINTS; i++) {
            for (int x = 0; x < KERNEL; x++) {
                double sum = 0;
                for (int y = 0; y < KERNEL; y++) {
                    sum += G[i][y] * kernel[y * KERNEL + x];
                }
                half[i * KERNEL + x] = sum;
            }
        }
        for (int i = 0; i < WINOGRAD_POINTS; i++) {
            for (int j = 0; j < WINOGRAD_POINTS; j++) {
                double sum = 0;
                for (int x = 0; x < KERNEL; x++) {
                    sum += half[i * KERNEL + x] * G[j][x];
                }
                to[i * WINOGRAD_POINTS + j][at] = (float) sum;
            }
        }
    }

    /** The first step, image by image. */
    Step transformInput() {
        return this::transformInput;
    }

    /** The second step, for an image or for all of a block. */
    Step multiply() {
        return new Step() {
            @Override
            public boolean ofWholeBlock() {
                return images > 1;
            }

            @Override
            public void run(Workspace workspace, int image) {
                multiply(workspace);
            }
        };
    }

    /** The third step, image by image. */
    Step transformOutput() {
        return this::transformOutput;
    }

    /** Number of images whose tiles are contiguous. */
    private int together(Workspace workspace) {
        return images > 1 ? workspace.count : 1;
    }

    private int tile(Workspace workspace, int image, int y, int x) {
        return tiles.index(y, x, images > 1 ? image : 0, together(workspace));
    }

    private void transformInput(Workspace workspace, int image) {
        for (int y = 0; y < tiles.perSide(); y++) {
            for (int x = 0; x < tiles.perSide(); x++) {
                KERNELS.winogradInput(
                        tiles.output(y),
                        tiles.output(x),
                        workspace.memory,
                        inputAt + input.offset(tiles.first(y) - 1, tiles.first(x) - 1),
                        input.rowBytes(),
                        input.pixelBytes(),
                        input.channels(),
                        workspace.memory,
                        transformedAt + tile(workspace, image, y, x) * input.pixelBytes(),
                        frequencyBytes,
                        workspace.scratch);
            }
        }
    }

    private void multiply(Workspace workspace) {
        int together = together(workspace);
        for (int f = 0; f < FREQUENCIES; f++) {
            boolean highOnly = f / WINOGRAD_POINTS == LONG_POINT;
            boolean wideOnly = f % WINOGRAD_POINTS == LONG_POINT;
            int from = together * tiles.from(wideOnly);
            int to = together * tiles.to(highOnly, wideOnly);
            long panel = weights + f * matrixBytes();
            if (PackedPixels.pay(input.channels())) {
                multiplyPacked(workspace, from, to - from, f, panel);
                continue;
            }
            for (int j = 0; j < output.channels(); j += KERNELS.panelColumns()) {
                int width = packed.width(j, output.channels());
                multiply(workspace, from, to - from, f, j, width, panel);
                panel += (long) input.channels() * width * Float.BYTES;
            }
        }
    }

    private void multiplyPacked(Workspace workspace, int first, int count, int frequency, long panel) {
        PackedPixels pixels = workspace.pixels;
        pixels.shape(count, count, 1, input.channels());
        pixels.input(transformedAt + frequency * frequencyBytes + first * input.pixelBytes(), 0, input.pixelBytes(), 0);
        pixels.output(productsAt + frequency * frequencyBytes + first * output.pixelBytes(), 0, output.pixelBytes());
        pixels.multiply(workspace.memory, packed, panel, output.channels(), -1, 0);
    }

    private void multiply(Workspace workspace, int first, int count, int frequency, int column, int width, long panel) {
        KERNELS.product(
                count,
                width,
                1,
                input.channels(),
                workspace.memory,
                transformedAt + frequency * frequencyBytes + first * input.pixelBytes(),
                input.pixelBytes(),
                0,
                packed.memory(),
                panel,
                -1,
                0,
                workspace.memory,
                productsAt + frequency * frequencyBytes + first * output.pixelBytes() + (long) column * Float.BYTES,
                output.pixelBytes(),
                workspace.scratch);
    }

    private void transformOutput(Workspace workspace, int image) {
        for (int y = 0; y < tiles.perSide(); y++) {
            for (int x = 0; x < tiles.perSide(); x++) {
                KERNELS.winogradOutput(
                        tiles.output(y),
                        tiles.output(x),
                        workspace.memory,
                        productsAt + tile(workspace, image, y, x) * output.pixelBytes(),
                        frequencyBytes,
                        output.channels(),
                        bias,
                        0,
                        layer.floor(),
                        workspace.memory,
                        outputAt + output.offset(tiles.first(y), tiles.first(x)),
                        output.rowBytes(),
                        output.pixelBytes(),
                        Math.min(tiles.output(y), output.side() - tiles.first(y)),
                        Math.min(tiles.output(x), output.side() - tiles.first(x)),
                        workspace.scratch);
            }
        }
    }
}
