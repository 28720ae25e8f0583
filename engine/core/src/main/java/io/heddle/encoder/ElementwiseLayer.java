package io.heddle.encoder;

import io.heddle.internal.kernels.ConvolutionKernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.internal.network.Layer;
import java.lang.foreign.MemorySegment;

/** A layer that computes a function of each number. */
final class ElementwiseLayer implements Step {
    private static final ConvolutionKernels KERNELS = Simd.convolutionKernels();

    private final RowFunction function;
    private final PlacedPlane input;
    private final PlacedPlane output;

    private ElementwiseLayer(RowFunction function, PlacedPlane input, PlacedPlane output) {
        this.function = function;
        this.input = input;
        this.output = output;
    }

    /** Computes n numbers of a row of pixels. */
    @FunctionalInterface
    private interface RowFunction {
        void apply(MemorySegment memory, long from, int n, long to);
    }

    static ElementwiseLayer of(Layer.Clamp layer, PlacedPlane input, PlacedPlane output) {
        return new ElementwiseLayer(
                (m, from, n, to) -> KERNELS.limit(m, from, n, layer.minimum(), layer.maximum(), m, to), input, output);
    }

    static ElementwiseLayer of(Layer.Activation layer, PlacedPlane input, PlacedPlane output) {
        RowFunction function =
                switch (layer.curve()) {
                    case SIGMOID -> (m, from, n, to) -> KERNELS.sigmoid(m, from, n, false, m, to);
                    case SILU -> (m, from, n, to) -> KERNELS.sigmoid(m, from, n, true, m, to);
                    case HARD_SWISH -> (m, from, n, to) -> KERNELS.hardSwish(m, from, n, m, to);
                    case LEAKY -> (m, from, n, to) -> KERNELS.leaky(m, from, n, layer.slope(), m, to);
                };
        return new ElementwiseLayer(function, input, output);
    }

    @Override
    public void run(Workspace workspace, int image) {
        int side = output.plane().side();
        int n = side * output.plane().channels();
        for (int y = 0; y < side; y++) {
            function.apply(
                    workspace.memory,
                    input.at() + input.plane().offset(y, 0),
                    n,
                    output.at() + output.plane().offset(y, 0));
        }
    }
}
