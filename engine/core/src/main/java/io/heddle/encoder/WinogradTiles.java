package io.heddle.encoder;

import static io.heddle.internal.kernels.ConvolutionKernels.SHORT_OUTPUT;
import static io.heddle.internal.kernels.ConvolutionKernels.WINOGRAD_OUTPUT;
import static io.heddle.internal.kernels.ConvolutionKernels.WINOGRAD_POINTS;

/**
 * How a side of a plane is divided into Winograd tiles of four and of three pixels, first the longer ones, and in which
 * order the tiles of images lie: high and narrow ones of all images, then high and wide, low and wide, low and narrow.
 * So the tiles of a frequency that only high ones have lie together, and those of one that only wide ones have.
 *
 * @param longer tiles of four pixels a side
 * @param shorter tiles of three pixels a side
 */
record WinogradTiles(int longer, int shorter) {
    /** The fewest tiles that make up a side, as many short ones as there can be. */
    static WinogradTiles of(int side) {
        int tiles = Math.ceilDiv(side, WINOGRAD_OUTPUT);
        int shorter = Math.min(tiles, tiles * WINOGRAD_OUTPUT - side);
        return new WinogradTiles(tiles - shorter, shorter);
    }

    int perSide() {
        return longer + shorter;
    }

    /** Tiles of an image. */
    int count() {
        return perSide() * perSide();
    }

    /** Products of an image and a pair of channels. */
    double products() {
        double side = (double) longer * WINOGRAD_POINTS + shorter * (WINOGRAD_POINTS - 1.0);
        return side * side;
    }

    /** Pixels that the tiles make up. */
    int reach() {
        return longer * WINOGRAD_OUTPUT + shorter * SHORT_OUTPUT;
    }

    /** Pixels of a tile along a side. */
    int output(int tile) {
        return tile < longer ? WINOGRAD_OUTPUT : SHORT_OUTPUT;
    }

    /** First pixel of a tile along a side. */
    int first(int tile) {
        return tile < longer ? tile * WINOGRAD_OUTPUT : tile * SHORT_OUTPUT + longer;
    }

    /** Place of a tile among those of some images. */
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

    /** First tile of a frequency, for one image. */
    int from(boolean wideOnly) {
        return wideOnly ? longer * shorter : 0;
    }

    /** Behind the last tile of a frequency, for one image. */
    int to(boolean highOnly, boolean wideOnly) {
        if (highOnly) {
            return longer * perSide();
        }
        return wideOnly ? longer * (perSide() + shorter) : count();
    }
}
