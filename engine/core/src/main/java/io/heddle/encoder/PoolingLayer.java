package io.heddle.encoder;

import io.heddle.internal.kernels.ConvolutionKernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.internal.network.Layer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A layer of maxima or means over windows of its input. Only the part of a window within the image is read. */
final class PoolingLayer implements Step {
    private static final ConvolutionKernels KERNELS = Simd.convolutionKernels();

    private final Layer.Pooling layer;
    private final Plane input;
    private final Plane output;
    private final long inputAt;
    private final long outputAt;

    /**
     * @param inputAt byte of the workspace where the input begins
     * @param outputAt byte of the workspace where the output begins
     */
    PoolingLayer(Layer.Pooling layer, Plane input, Plane output, long inputAt, long outputAt) {
        this.layer = layer;
        this.input = input;
        this.output = output;
        this.inputAt = inputAt;
        this.outputAt = outputAt;
    }

    @Override
    public void run(Workspace workspace, int image) {
        for (int y = 0; y < output.side(); y++) {
            int top = y * layer.stride() - layer.padding().top();
            int rows = Math.min(top + layer.kernel().height(), input.side()) - Math.max(top, 0);
            for (int x = 0; x < output.side(); x++) {
                int left = x * layer.stride() - layer.padding().left();
                int columns = Math.min(left + layer.kernel().width(), input.side()) - Math.max(left, 0);
                window(workspace, Math.max(top, 0), Math.max(left, 0), rows, columns);
                MemorySegment.copy(
                        workspace.means,
                        0,
                        workspace.memory,
                        ValueLayout.JAVA_FLOAT,
                        outputAt + output.offset(y, x),
                        output.channels());
            }
        }
    }

    private void window(Workspace workspace, int top, int left, int rows, int columns) {
        long at = inputAt + input.offset(top, left);
        float[] out = workspace.means;
        if (layer.kind() == Layer.Kind.MAX) {
            KERNELS.windowMaxima(
                    workspace.memory, at, input.rowBytes(), input.pixelBytes(), rows, columns, input.channels(), out);
            return;
        }
        KERNELS.windowMeans(
                workspace.memory, at, input.rowBytes(), input.pixelBytes(), rows, columns, input.channels(), out);
        int area = layer.kernel().area();
        if (layer.kind() == Layer.Kind.PADDED_MEAN && rows * columns < area) {
            float share = (float) rows * columns / area;
            for (int c = 0; c < input.channels(); c++) {
                out[c] *= share;
            }
        }
    }
}
