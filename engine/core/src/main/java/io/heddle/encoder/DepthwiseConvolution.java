package io.heddle.encoder;

import io.heddle.internal.network.Layer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A convolution of each channel by itself. Only the part of a window within the image is read. */
final class DepthwiseConvolution implements Step {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

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
        int area = layer.kernel() * layer.kernel();
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
        for (int y = 0; y < output.plane().side(); y++) {
            for (int x = 0; x < output.plane().side(); x++) {
                pixel(workspace, y, x);
            }
        }
    }

    private void pixel(Workspace workspace, int y, int x) {
        int side = input.plane().side();
        int top = y * layer.stride() - layer.padding().top();
        int left = x * layer.stride() - layer.padding().left();
        float[] sums = workspace.means;
        System.arraycopy(biases, 0, sums, 0, channels);
        for (int v = Math.max(0, -top); v < Math.min(layer.kernel(), side - top); v++) {
            for (int u = Math.max(0, -left); u < Math.min(layer.kernel(), side - left); u++) {
                long at = input.at() + input.plane().offset(top + v, left + u);
                add(workspace.memory, at, (v * layer.kernel() + u) * channels, sums);
            }
        }
        float floor = layer.floor();
        for (int c = 0; c < channels; c++) {
            sums[c] = Math.max(floor, sums[c]);
        }
        MemorySegment.copy(
                sums, 0, workspace.memory, FLOAT, output.at() + output.plane().offset(y, x), channels);
    }

    private void add(MemorySegment pixels, long at, int weight, float[] sums) {
        for (int c = 0; c < channels; c++) {
            sums[c] += weights[weight + c] * pixels.get(FLOAT, at + (long) c * Float.BYTES);
        }
    }
}
