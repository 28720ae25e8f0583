package io.heddle.encoder;

import io.heddle.internal.kernels.ConvolutionKernels;
import io.heddle.internal.network.Layer;

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

    /** With as many zeros on each side as given. */
    static Plane of(int side, int channels, Layer.Padding zeros) {
        return new Plane(
                side,
                padded(channels),
                zeros.left(),
                zeros.top(),
                zeros.left() + side + zeros.right(),
                zeros.top() + side + zeros.bottom());
    }

    /** The zeros of a layer that reads the rows that there are, and zeros beside them. */
    static Layer.Padding beside(Layer.Padding padding) {
        return new Layer.Padding(0, padding.left(), 0, padding.right());
    }

    /** The zeros of a layer that reads whole tiles of Winograd's. */
    static Layer.Padding tiled(int side) {
        int behind = WinogradTiles.of(side).reach() + 1 - side;
        return new Layer.Padding(1, 1, behind, behind);
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
