package io.heddle.encoder;

import io.heddle.internal.kernels.ConvolutionKernels;

/** How pixels are divided into the tiles of the kernels. */
final class Tiles {
    private Tiles() {}

    /** Pixels of a tile so that the fewest tiles make up so many pixels, all but the last of the same height. */
    static int height(int pixels) {
        return Math.ceilDiv(pixels, Math.ceilDiv(pixels, ConvolutionKernels.TILE_PIXELS));
    }
}
