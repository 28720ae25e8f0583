package io.heddle.encoder;

import io.heddle.internal.kernels.ConvolutionKernels;
import io.heddle.internal.network.Layer;

/**
 * The memory layout of the output of a layer: pixels in rows, the channels of a pixel contiguous, with padding by zeros
 * for the next layer.
 *
 * @param side pixels in a row and in a column
 * @param channels of a pixel, padded to whole groups
 * @param left padding before each row, in pixels
 * @param top padding rows before the first row
 * @param columns pixels in a row with its padding
 * @param rows with padding
 */
record Plane(int side, int channels, int left, int top, int columns, int rows) {
    static int padded(int channels) {
        return Math.ceilDiv(channels, ConvolutionKernels.CHANNEL_GROUP) * ConvolutionKernels.CHANNEL_GROUP;
    }

    /** A layout with the same padding on each side. */
    static Plane of(int side, int channels, Layer.Padding zeros) {
        return new Plane(
                side,
                padded(channels),
                zeros.left(),
                zeros.top(),
                zeros.left() + side + zeros.right(),
                zeros.top() + side + zeros.bottom());
    }

    /** A layout with padding columns only. */
    static Layer.Padding beside(Layer.Padding padding) {
        return new Layer.Padding(0, padding.left(), 0, padding.right());
    }

    /** A layout with padding for whole Winograd tiles. */
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

    /** Bytes from the start of the memory to a pixel, which may be padding. */
    long offset(int y, int x) {
        return (y + top) * rowBytes() + (x + left) * pixelBytes();
    }

    /** Whether there is no padding between rows. */
    boolean dense() {
        return columns == side;
    }
}
