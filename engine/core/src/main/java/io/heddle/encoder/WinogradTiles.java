package io.heddle.encoder;

import static io.heddle.internal.kernels.ConvolutionKernels.SHORT_OUTPUT;
import static io.heddle.internal.kernels.ConvolutionKernels.WINOGRAD_OUTPUT;
import static io.heddle.internal.kernels.ConvolutionKernels.WINOGRAD_POINTS;

/**
 * The division of a side of a plane into Winograd tiles of four pixels, followed by tiles of three, and the order of
 * tiles in memory: high and narrow ones of all images, then high and wide, low and wide, low and narrow. So the tiles
 * of each frequency are contiguous, also of frequencies that only high or only wide tiles have.
 *
 * @param longer number of tiles of four pixels per side
 * @param shorter number of tiles of three pixels per side
 */
record WinogradTiles(int longer, int shorter) {
    /** Divides a side into the minimum number of tiles, with the maximum number of short ones. */
    static WinogradTiles of(int side) {
        int tiles = Math.ceilDiv(side, WINOGRAD_OUTPUT);
        int shorter = Math.min(tiles, tiles * WINOGRAD_OUTPUT - side);
        return new WinogradTiles(tiles - shorter, shorter);
    }

    int perSide() {
        return longer + shorter;
    }

    /** The number of tiles of an image. */
    int count() {
        return perSide() * perSide();
    }

    /** The number of products of an image and a pair of channels. */
    double products() {
        double side = (double) longer * WINOGRAD_POINTS + shorter * (WINOGRAD_POINTS - 1.0);
        return side * side;
    }

    /** The number of pixels of all tiles along a side. */
    int reach() {
        return longer * WINOGRAD_OUTPUT + shorter * SHORT_OUTPUT;
    }

    /** The number of pixels of a tile along a side. */
    int output(int tile) {
        return tile < longer ? WINOGRAD_OUTPUT : SHORT_OUTPUT;
    }

    /** The first pixel of a tile along a side. */
    int first(int tile) {
        return tile < longer ? tile * WINOGRAD_OUTPUT : tile * SHORT_OUTPUT + longer;
    }

    /** The index of a tile among the tiles of some images. */
    int index(int y, int x, int image, int images) {
        boolean high = y < longer;
        boolean wide = x < longer;
        int row = high ? y : y - longer;
        int column = wide ? x : x - longer;
        int inRow = wide ? longer : shorter;
        int ofImage = (high ? longer : shorter) * inRow;
        int before;
        if (high) {
            before = wide ? from(true) : 0;
        } else {
            before = wide ? to(true, false) : to(false, true);
        }
        return before * images + image * ofImage + row * inRow + column;
    }

    /** The index of the first tile of a frequency, for one image. */
    int from(boolean wideOnly) {
        return wideOnly ? longer * shorter : 0;
    }

    /** The index after the last tile of a frequency, for one image. */
    int to(boolean highOnly, boolean wideOnly) {
        if (highOnly) {
            return longer * perSide();
        }
        return wideOnly ? longer * (perSide() + shorter) : count();
    }
}
