package io.heddle.encoder;

import io.heddle.internal.kernels.ConvolutionKernels;

/**
 * How the output of a layer lies in memory: pixels in rows, the channels of a pixel together, around them zeros that
 * the next layer reads.
 *
 * @param side pixels in a row and in a column
 * @param channels of a pixel, padded to whole groups
 * @param left pixels of zero before each row
 * @param top rows of zero before the first
 * @param columns pixels in a row with its zeros
 * @param rows with those of zero
 */
record Plane(int side, int channels, int left, int top, int columns, int rows) {
    static int padded(int channels) {
        return Math.ceilDiv(channels, ConvolutionKernels.CHANNEL_GROUP) * ConvolutionKernels.CHANNEL_GROUP;
    }

    /** For a layer that reads the rows that there are, and zeros beside them. */
    static Plane beside(int side, int channels, int padding) {
        return new Plane(side, padded(channels), padding, 0, side + 2 * padding, side);
    }

    /** For a layer that reads whole tiles of Winograd's. */
    static Plane tiled(int side, int channels) {
        int reach = WinogradTiles.of(side).reach() + 2;
        return new Plane(side, padded(channels), 1, 1, reach, reach);
    }

    long pixelBytes() {
        return (long) channels * Float.BYTES;
    }

    long rowBytes() {
        return columns * pixelBytes();
    }

    long bytes() {
        return rows * rowBytes();
    }

    /** Bytes from the start of the memory to a pixel, which may lie among the zeros. */
    long offset(int y, int x) {
        return (y + top) * rowBytes() + (x + left) * pixelBytes();
    }

    /** Whether pixel follows pixel without zeros between the rows. */
    boolean dense() {
        return columns == side;
    }
}
