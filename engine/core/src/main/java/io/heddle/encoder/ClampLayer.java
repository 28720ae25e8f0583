package io.heddle.encoder;

import io.heddle.internal.kernels.ConvolutionKernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.internal.network.Layer;

/** A layer that limits each number, as ReLU6 does. */
final class ClampLayer implements Step {
    private static final ConvolutionKernels KERNELS = Simd.convolutionKernels();

    private final Layer.Clamp layer;
    private final PlacedPlane input;
    private final PlacedPlane output;

    ClampLayer(Layer.Clamp layer, PlacedPlane input, PlacedPlane output) {
        this.layer = layer;
        this.input = input;
        this.output = output;
    }

    @Override
    public void run(Workspace workspace, int image) {
        int side = output.plane().side();
        for (int y = 0; y < side; y++) {
            KERNELS.limit(
                    workspace.memory,
                    input.at() + input.plane().offset(y, 0),
                    side * output.plane().channels(),
                    layer.minimum(),
                    layer.maximum(),
                    workspace.memory,
                    output.at() + output.plane().offset(y, 0));
        }
    }
}
