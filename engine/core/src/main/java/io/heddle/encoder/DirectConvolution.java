package io.heddle.encoder;

import io.heddle.internal.kernels.ConvolutionKernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.internal.network.Layer;

/** A convolution that reads the pixels under its kernel in place. */
final class DirectConvolution implements Step {
    private static final ConvolutionKernels KERNELS = Simd.convolutionKernels();

    private final Layer.Convolution layer;
    private final int inputs;
    private final Plane input;
    private final Plane output;
    private final long inputAt;
    private final long outputAt;
    private final PackedWeights packed;
    private final long weights;
    private final long biases;
    /** Contiguous output pixels: those of a row, or all if neither input nor output has padding between rows. */
    private final int columns;

    private final int rows;

    /**
     * @param inputs channels of the weights, without padding
     * @param inputAt byte of the workspace where the input begins
     * @param outputAt byte of the workspace where the output begins
     */
    DirectConvolution(
            Layer.Convolution layer,
            int inputs,
            Plane input,
            Plane output,
            long inputAt,
            long outputAt,
            PackedWeights packed) {
        this.layer = layer;
        this.inputs = inputs;
        this.input = input;
        this.output = output;
        this.inputAt = inputAt;
        this.outputAt = outputAt;
        this.packed = packed;
        weights = packed.reserve((long) layer.kernel().height() * run(), output.channels());
        biases = packed.reserve(1, output.channels());
        boolean flat = layer.kernel().area() == 1
                && layer.stride() == 1
                && layer.padding().equals(Layer.Padding.NONE)
                && input.dense()
                && output.dense();
        columns = flat ? output.side() * output.side() : output.side();
        rows = flat ? 1 : output.side();
    }

    private int run() {
        return layer.kernel().width() * input.channels();
    }

    void pack(float[] weight, float[] bias) {
        int height = layer.kernel().height();
        int width = layer.kernel().width();
        packed.pack(weights, height * run(), output.channels(), (k, j) -> {
            int row = k / run();
            int column = k % run() / input.channels();
            int channel = k % input.channels();
            boolean real = j < layer.channels() && channel < inputs;
            return real ? weight[((j * inputs + channel) * height + row) * width + column] : 0;
        });
        packed.pack(biases, 1, output.channels(), (k, j) -> j < layer.channels() ? bias[j] : 0);
    }

    @Override
    public void run(Workspace workspace, int image) {
        if (packsPixels(layer, input.channels())) {
            runPacked(workspace);
            return;
        }
        long panel = weights;
        for (int j = 0; j < output.channels(); j += KERNELS.panelColumns()) {
            int width = packed.width(j, output.channels());
            for (int y = 0; y < rows; y++) {
                row(workspace, y, j, width, panel);
            }
            panel += (long) layer.kernel().height() * run() * width * Float.BYTES;
        }
    }

    /** Whether the pixels of a layer are packed; then its input has all of its padding. */
    static boolean packsPixels(Layer.Convolution layer, int channels) {
        return PackedPixels.pay((long) layer.kernel().area() * channels);
    }

    private void runPacked(Workspace workspace) {
        PackedPixels pixels = workspace.pixels;
        int side = output.side();
        pixels.shape(side * side, side, layer.kernel().height(), run());
        pixels.input(
                inputAt + input.offset(-layer.padding().top(), -layer.padding().left()),
                layer.stride() * input.rowBytes(),
                layer.stride() * input.pixelBytes(),
                input.rowBytes());
        pixels.output(outputAt + output.offset(0, 0), output.rowBytes(), output.pixelBytes());
        pixels.multiply(workspace.memory, packed, weights, output.channels(), biases, layer.floor());
    }

    private void row(Workspace workspace, int y, int column, int width, long panel) {
        int top = y * layer.stride() - layer.padding().top();
        // Rows of the kernel within the image.
        int first = Math.max(0, -top);
        int last = Math.min(layer.kernel().height(), input.side() - top);
        long channel = (long) column * Float.BYTES;
        KERNELS.product(
                columns,
                width,
                last - first,
                run(),
                workspace.memory,
                inputAt + input.offset(top + first, -layer.padding().left()),
                layer.stride() * input.pixelBytes(),
                input.rowBytes(),
                packed.memory(),
                panel + (long) first * run() * width * Float.BYTES,
                biases + channel,
                layer.floor(),
                workspace.memory,
                outputAt + output.offset(y, 0) + channel,
                output.pixelBytes(),
                workspace.scratch);
    }
}
