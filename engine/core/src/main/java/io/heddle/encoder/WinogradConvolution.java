package io.heddle.encoder;

import static io.heddle.internal.kernels.ConvolutionKernels.FREQUENCIES;
import static io.heddle.internal.kernels.ConvolutionKernels.WINOGRAD_INPUT;
import static io.heddle.internal.kernels.ConvolutionKernels.WINOGRAD_OUTPUT;

import io.heddle.internal.kernels.ConvolutionKernels;
import io.heddle.internal.kernels.Simd;

/**
 * A 3×3 layer of stride 1 by Winograd's F(4×4, 3×3): 36 products a tile in place of 144. Three steps: the input's tiles
 * are transformed, a product for each of 36 frequencies, the output's tiles are transformed back.
 */
final class WinogradConvolution {
    private static final ConvolutionKernels KERNELS = Simd.convolutionKernels();
    private static final int KERNEL = 3;
    private static final long LINE = 64;

    /** G of F(4, 3): what the weights are multiplied by from both sides. */
    private static final double[][] G = {
        {1 / 4.0, 0, 0},
        {-1 / 6.0, -1 / 6.0, -1 / 6.0},
        {-1 / 6.0, 1 / 6.0, -1 / 6.0},
        {1 / 24.0, 1 / 12.0, 1 / 6.0},
        {1 / 24.0, -1 / 12.0, 1 / 6.0},
        {0, 0, 1}
    };

    // Transforms cost about as much as a quarter of the products that they save with few channels.
    private static final double GAIN = 1.25;
    private static final int FEWEST_CHANNELS = 8;
    private static final long MOST_WEIGHT_BYTES = 64L << 20;

    /** Weights that stay in L2 beside an image: beyond, a block of images takes turns on each part of them. */
    private static final long NEAR_BYTES = 384L << 10;

    private final ConvolutionLayer layer;
    private final int inputs;
    private final Plane input;
    private final Plane output;
    private final PackedWeights packed;
    private final long weights;
    private final long biases;
    private final int side;
    private final int images;
    private final long inputAt;
    private final long outputAt;
    private final long transformedAt;
    private final long productsAt;
    private final long inputFrequency;
    private final long outputFrequency;

    /** Where the parts lie in the workspace. */
    interface Reservation {
        /** Keeps bytes and returns where they begin. */
        long reserve(long bytes);
    }

    /**
     * @param inputs channels that the weights are for, without padding
     * @param block images that are encoded together
     */
    WinogradConvolution(
            ConvolutionLayer layer,
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
        side = Math.ceilDiv(output.side(), WINOGRAD_OUTPUT);
        images = isFar(inputs, layer) ? block : 1;
        inputFrequency = frequencyBytes(input);
        outputFrequency = frequencyBytes(output);
        transformedAt = workspace.reserve(FREQUENCIES * inputFrequency);
        productsAt = workspace.reserve(FREQUENCIES * outputFrequency);
    }

    /** An odd number of cache lines: with a power of two all frequencies of a tile would fall into the same sets. */
    private long frequencyBytes(Plane plane) {
        return Math.ceilDiv((long) images * side * side * plane.pixelBytes(), LINE) / 2 * 2 * LINE + LINE;
    }

    /** Whether a layer is quicker in this way. */
    static boolean pays(ConvolutionLayer layer, int inputs, int outputSide) {
        long tiles = Math.ceilDiv(outputSide, WINOGRAD_OUTPUT);
        double products = (double) tiles * tiles * FREQUENCIES;
        double direct = (double) outputSide * outputSide * KERNEL * KERNEL;
        return layer.kernel() == KERNEL
                && layer.stride() == 1
                && Math.min(inputs, layer.channels()) >= FEWEST_CHANNELS
                && weightBytes(inputs, layer) <= MOST_WEIGHT_BYTES
                && products * GAIN <= direct;
    }

    private static long weightBytes(int inputs, ConvolutionLayer layer) {
        return (long) FREQUENCIES * Plane.padded(inputs) * Plane.padded(layer.channels()) * Float.BYTES;
    }

    private static boolean isFar(int inputs, ConvolutionLayer layer) {
        return weightBytes(inputs, layer) > NEAR_BYTES;
    }

    /** Bytes of the workspace for one image, if a block of them is encoded together; else 0. */
    static long blockBytes(ConvolutionLayer layer, int inputs, int outputSide) {
        if (!pays(layer, inputs, outputSide) || !isFar(inputs, layer)) {
            return 0;
        }
        long tiles = Math.ceilDiv(outputSide, WINOGRAD_OUTPUT);
        return tiles * tiles * FREQUENCIES * (Plane.padded(inputs) + Plane.padded(layer.channels())) * Float.BYTES;
    }

    void pack(float[] weight, float[] bias) {
        int outputs = layer.channels();
        float[][] transformed = new float[FREQUENCIES][inputs * outputs];
        double[] kernel = new double[KERNEL * KERNEL];
        double[] half = new double[WINOGRAD_INPUT * KERNEL];
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
    }

    private long matrixBytes() {
        return (long) input.channels() * output.channels() * Float.BYTES;
    }

    /** G g Gᵀ in double. */
    private static void transform(double[] kernel, double[] half, float[][] to, int at) {
        for (int i = 0; i < WINOGRAD_INPUT; i++) {
            for (int x = 0; x < KERNEL; x++) {
                double sum = 0;
                for (int y = 0; y < KERNEL; y++) {
                    sum += G[i][y] * kernel[y * KERNEL + x];
                }
                half[i * KERNEL + x] = sum;
            }
        }
        for (int i = 0; i < WINOGRAD_INPUT; i++) {
            for (int j = 0; j < WINOGRAD_INPUT; j++) {
                double sum = 0;
                for (int x = 0; x < KERNEL; x++) {
                    sum += half[i * KERNEL + x] * G[j][x];
                }
                to[i * WINOGRAD_INPUT + j][at] = (float) sum;
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
                multiply(workspace, images > 1 ? image * side * side : side * side);
            }
        };
    }

    /** The third step, image by image. */
    Step transformOutput() {
        return this::transformOutput;
    }

    private int firstTile(int image) {
        return images > 1 ? image * side * side : 0;
    }

    private void transformInput(Workspace workspace, int image) {
        long to = transformedAt + firstTile(image) * input.pixelBytes();
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                KERNELS.winogradInput(
                        workspace.memory,
                        inputAt + input.offset(y * WINOGRAD_OUTPUT - 1, x * WINOGRAD_OUTPUT - 1),
                        input.rowBytes(),
                        input.pixelBytes(),
                        input.channels(),
                        workspace.memory,
                        to,
                        inputFrequency,
                        workspace.scratch);
                to += input.pixelBytes();
            }
        }
    }

    private void multiply(Workspace workspace, int tiles) {
        for (int f = 0; f < FREQUENCIES; f++) {
            long panel = weights + f * matrixBytes();
            for (int j = 0; j < output.channels(); j += KERNELS.panelColumns()) {
                int width = packed.width(j, output.channels());
                multiply(workspace, tiles, f, j, width, panel);
                panel += (long) input.channels() * width * Float.BYTES;
            }
        }
    }

    private void multiply(Workspace workspace, int tiles, int frequency, int column, int width, long panel) {
        long from = transformedAt + frequency * inputFrequency;
        long to = productsAt + frequency * outputFrequency + (long) column * Float.BYTES;
        int height = Tiles.height(tiles);
        for (int t = 0; t < tiles; t += height) {
            KERNELS.tile(
                    Math.min(height, tiles - t),
                    width,
                    1,
                    input.channels(),
                    workspace.memory,
                    from + t * input.pixelBytes(),
                    input.pixelBytes(),
                    0,
                    packed.memory(),
                    panel,
                    -1,
                    workspace.memory,
                    to + t * output.pixelBytes(),
                    output.pixelBytes(),
                    workspace.scratch);
        }
    }

    private void transformOutput(Workspace workspace, int image) {
        long from = productsAt + firstTile(image) * output.pixelBytes();
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                KERNELS.winogradOutput(
                        workspace.memory,
                        from,
                        outputFrequency,
                        output.channels(),
                        packed.memory(),
                        biases,
                        workspace.memory,
                        outputAt + output.offset(y * WINOGRAD_OUTPUT, x * WINOGRAD_OUTPUT),
                        output.rowBytes(),
                        output.pixelBytes(),
                        Math.min(WINOGRAD_OUTPUT, output.side() - y * WINOGRAD_OUTPUT),
                        Math.min(WINOGRAD_OUTPUT, output.side() - x * WINOGRAD_OUTPUT),
                        workspace.scratch);
                from += output.pixelBytes();
            }
        }
    }
}
