package io.heddle.encoder;

import io.heddle.internal.kernels.ConvolutionKernels;
import io.heddle.internal.kernels.Simd;

/** A layer that multiplies two values. The second may have one pixel, with which each pixel is multiplied. */
final class ProductLayer implements Step {
    private static final ConvolutionKernels KERNELS = Simd.convolutionKernels();

    private final PlacedPlane first;
    private final PlacedPlane second;
    private final PlacedPlane output;

    ProductLayer(PlacedPlane first, PlacedPlane second, PlacedPlane output) {
        this.first = first;
        this.second = second;
        this.output = output;
    }

    @Override
    public void run(Workspace workspace, int image) {
        int side = output.plane().side();
        boolean each = second.plane().side() == side;
        for (int y = 0; y < side; y++) {
            KERNELS.multiply(
                    side,
                    output.plane().channels(),
                    workspace.memory,
                    first.at() + first.plane().offset(y, 0),
                    second.at() + second.plane().offset(each ? y : 0, 0),
                    each ? second.plane().pixelBytes() : 0,
                    output.at() + output.plane().offset(y, 0));
        }
    }
}
