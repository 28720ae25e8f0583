package io.heddle.encoder;

import io.heddle.internal.kernels.ConvolutionKernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.internal.network.Layer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A convolution of the image, whose planes are stored one after the other. With few channels, a row of the kernel has
 * only a few values. So the input rows of each output row are interleaved first, and all values for a pixel are
 * contiguous.
 */
final class FirstConvolution implements Step {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ConvolutionKernels KERNELS = Simd.convolutionKernels();

    private final Layer.Convolution layer;
    private final int inputSide;
    private final ImageScale scale;
    private final Plane output;
    private final long interleaved;
    private final long outputAt;
    private final PackedWeights packed;
    private final long weights;
    private final long biases;

    /**
     * @param interleaved byte of the workspace where {@link #scratchBytes} of scratch begin
     * @param outputAt byte of the workspace where the output begins
     */
    FirstConvolution(
            Layer.Convolution layer,
            int inputSide,
            ImageScale scale,
            Plane output,
            long interleaved,
            long outputAt,
            PackedWeights packed) {
        this.layer = layer;
        this.inputSide = inputSide;
        this.scale = scale;
        this.output = output;
        this.interleaved = interleaved;
        this.outputAt = outputAt;
        this.packed = packed;
        weights = packed.reserve(area(), output.channels());
        biases = packed.reserve(1, output.channels());
    }

    static long scratchBytes(Layer.Convolution layer, int channels, int inputSide) {
        long columns =
                (long) inputSide + layer.padding().left() + layer.padding().right();
        return columns * layer.kernel().height() * channels * Float.BYTES;
    }

    /** Values in a column of the kernel. */
    private int step() {
        return layer.kernel().height() * scale.channels();
    }

    private int area() {
        return layer.kernel().width() * step();
    }

    /** Packs the weights column by column of the kernel, in the order of the interleaved rows. */
    void pack(float[] weight, float[] bias) {
        int height = layer.kernel().height();
        int width = layer.kernel().width();
        packed.pack(weights, area(), output.channels(), (k, j) -> {
            int column = k / step();
            int channel = k % step() / height;
            int row = k % height;
            return j < layer.channels()
                    ? weight[((j * scale.channels() + channel) * height + row) * width + column]
                    : 0;
        });
        packed.pack(biases, 1, output.channels(), (k, j) -> j < layer.channels() ? bias[j] : 0);
    }

    @Override
    public void run(Workspace workspace, int image) {
        long from = workspace.imagesOffset + image * workspace.imageBytes;
        for (int y = 0; y < output.side(); y++) {
            int top = y * layer.stride() - layer.padding().top();
            for (int c = 0; c < scale.channels(); c++) {
                interleave(workspace.images, from, c, top, workspace.memory);
            }
            if (PackedPixels.pay(area())) {
                rowPacked(workspace, y);
                continue;
            }
            long panel = weights;
            for (int j = 0; j < output.channels(); j += KERNELS.panelColumns()) {
                int width = packed.width(j, output.channels());
                KERNELS.product(
                        output.side(),
                        width,
                        1,
                        area(),
                        workspace.memory,
                        interleaved,
                        (long) layer.stride() * step() * Float.BYTES,
                        0,
                        packed.memory(),
                        panel,
                        biases + (long) j * Float.BYTES,
                        layer.floor(),
                        workspace.memory,
                        outputAt + output.offset(y, 0) + (long) j * Float.BYTES,
                        output.pixelBytes(),
                        workspace.scratch);
                panel += (long) area() * width * Float.BYTES;
            }
        }
    }

    private void rowPacked(Workspace workspace, int y) {
        PackedPixels pixels = workspace.pixels;
        pixels.shape(output.side(), output.side(), 1, area());
        pixels.input(interleaved, 0, (long) layer.stride() * step() * Float.BYTES, 0);
        pixels.output(outputAt + output.offset(y, 0), 0, output.pixelBytes());
        pixels.multiply(workspace.memory, packed, weights, output.channels(), biases, layer.floor());
    }

    /** The columns outside the image are initially zero and are not written. */
    private void interleave(MemorySegment image, long from, int channel, int top, MemorySegment to) {
        int height = layer.kernel().height();
        long first = (long) layer.padding().left() * step() + (long) channel * height;
        for (int k = 0; k < height; k++) {
            long at = interleaved + (first + k) * Float.BYTES;
            int row = top + k;
            if (row < 0 || row >= inputSide) {
                clear(to, at, step());
                continue;
            }
            long pixels = from + ((long) channel * inputSide + row) * inputSide * Float.BYTES;
            if (scale.isIdentity()) {
                spread(image, pixels, to, at, step());
            } else {
                spread(image, pixels, scale.shift(channel), scale.factor(channel), to, at, step());
            }
        }
    }

    private void clear(MemorySegment to, long at, long step) {
        for (int x = 0; x < inputSide; x++) {
            to.set(FLOAT, at + x * step * Float.BYTES, 0f);
        }
    }

    private void spread(MemorySegment image, long from, MemorySegment to, long at, long step) {
        for (int x = 0; x < inputSide; x++) {
            to.set(FLOAT, at + x * step * Float.BYTES, image.get(FLOAT, from + (long) x * Float.BYTES));
        }
    }

    private void spread(
            MemorySegment image, long from, float shift, float factor, MemorySegment to, long at, long step) {
        for (int x = 0; x < inputSide; x++) {
            float pixel = image.get(FLOAT, from + (long) x * Float.BYTES);
            to.set(FLOAT, at + x * step * Float.BYTES, (pixel - shift) * factor);
        }
    }
}
