package io.heddle.encoder;

import io.heddle.internal.kernels.ConvolutionKernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.internal.network.Layer;

/** A layer that adds two values, pixel by pixel, or copies one value, with optional ReLU. */
final class SumLayer implements Step {
    private static final ConvolutionKernels KERNELS = Simd.convolutionKernels();

    private final Layer.Sum layer;
    private final PlacedPlane first;
    private final PlacedPlane second;
    private final PlacedPlane output;

    /** @param second null for a single value; then {@code zerosAt} of the workspace is a row of zeros */
    SumLayer(Layer.Sum layer, PlacedPlane first, PlacedPlane second, long zerosAt, PlacedPlane output) {
        this.layer = layer;
        this.first = first;
        this.second = second == null ? new PlacedPlane(null, zerosAt) : second;
        this.output = output;
    }

    @Override
    public void run(Workspace workspace, int image) {
        int side = output.plane().side();
        for (int y = 0; y < side; y++) {
            KERNELS.sum(
                    workspace.memory,
                    first.at() + first.plane().offset(y, 0),
                    workspace.memory,
                    second.at() + (second.plane() == null ? 0 : second.plane().offset(y, 0)),
                    side * output.plane().channels(),
                    layer.floor(),
                    workspace.memory,
                    output.at() + output.plane().offset(y, 0));
        }
    }
}
