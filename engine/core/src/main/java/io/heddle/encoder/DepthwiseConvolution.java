package io.heddle.encoder;

import io.heddle.internal.kernels.ConvolutionKernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.internal.network.Layer;

/** A convolution of each channel by itself. Only the part of a window within the image is read. */
final class DepthwiseConvolution implements Step {
    private static final ConvolutionKernels KERNELS = Simd.convolutionKernels();

    private final Layer.Depthwise layer;
    private final PlacedPlane input;
    private final PlacedPlane output;
    private final int channels;
    /** Row, column, channel; zero for channels that are padding. */
    private final float[] weights;

    private final float[] biases;

    /** @param weight channel, row, column */
    DepthwiseConvolution(Layer.Depthwise layer, PlacedPlane input, PlacedPlane output, float[] weight, float[] bias) {
        this.layer = layer;
        this.input = input;
        this.output = output;
        channels = output.plane().channels();
        int area = layer.kernel().area();
        weights = new float[area * channels];
        biases = new float[channels];
        System.arraycopy(bias, 0, biases, 0, bias.length);
        for (int c = 0; c < bias.length; c++) {
            for (int w = 0; w < area; w++) {
                weights[w * channels + c] = weight[c * area + w];
            }
        }
    }

    @Override
    public void run(Workspace workspace, int image) {
        int side = output.plane().side();
        // Output pixels whose window is between the first and the last column of the image.
        int from = Math.min(side, Math.ceilDiv(layer.padding().left(), layer.stride()));
        int reach =
                input.plane().side() - layer.kernel().width() + layer.padding().left();
        int to = reach < 0 ? from : Math.clamp(reach / layer.stride() + 1, from, side);
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < from; x++) {
                pixels(workspace, y, x, 1);
            }
            if (to > from) {
                pixels(workspace, y, from, to - from);
            }
            for (int x = to; x < side; x++) {
                pixels(workspace, y, x, 1);
            }
        }
    }

    /** Pixels of a row whose windows are all within the columns of the image, or one pixel. */
    private void pixels(Workspace workspace, int y, int x, int count) {
        int side = input.plane().side();
        int top = y * layer.stride() - layer.padding().top();
        int left = x * layer.stride() - layer.padding().left();
        int v = Math.max(0, -top);
        int u = Math.max(0, -left);
        KERNELS.depthwise(
                count,
                Math.max(0, Math.min(layer.kernel().height(), side - top) - v),
                Math.max(0, Math.min(layer.kernel().width(), side - left) - u),
                workspace.memory,
                input.at() + input.plane().offset(Math.max(0, top), Math.max(0, left)),
                input.plane().rowBytes(),
                layer.stride() * input.plane().pixelBytes(),
                channels,
                weights,
                (v * layer.kernel().width() + u) * channels,
                layer.kernel().width() * channels,
                biases,
                layer.floor(),
                workspace.memory,
                output.at() + output.plane().offset(y, x));
    }
}
