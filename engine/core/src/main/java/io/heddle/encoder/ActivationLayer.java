package io.heddle.encoder;

import io.heddle.internal.kernels.ConvolutionKernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.internal.network.Layer;

/** A layer that computes a function of each number. */
final class ActivationLayer implements Step {
    private static final ConvolutionKernels KERNELS = Simd.convolutionKernels();

    private final Layer.Activation layer;
    private final PlacedPlane input;
    private final PlacedPlane output;

    ActivationLayer(Layer.Activation layer, PlacedPlane input, PlacedPlane output) {
        this.layer = layer;
        this.input = input;
        this.output = output;
    }

    @Override
    public void run(Workspace workspace, int image) {
        int side = output.plane().side();
        int n = side * output.plane().channels();
        for (int y = 0; y < side; y++) {
            row(
                    workspace,
                    input.at() + input.plane().offset(y, 0),
                    n,
                    output.at() + output.plane().offset(y, 0));
        }
    }

    private void row(Workspace workspace, long from, int n, long to) {
        switch (layer.curve()) {
            case SIGMOID -> KERNELS.sigmoid(workspace.memory, from, n, false, workspace.memory, to);
            case SILU -> KERNELS.sigmoid(workspace.memory, from, n, true, workspace.memory, to);
            case HARD_SWISH -> KERNELS.hardSwish(workspace.memory, from, n, workspace.memory, to);
            case LEAKY -> KERNELS.leaky(workspace.memory, from, n, layer.slope(), workspace.memory, to);
        }
    }
}
