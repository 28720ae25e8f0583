package io.heddle.internal.network;

import java.util.List;

/** A step of a network from planes of pixels to planes of pixels. */
public sealed interface Layer {
    /** Numbers of the values that it reads: 0 is the image, i + 1 the output of layer i. */
    List<Integer> inputs();

    /**
     * Pixels around an image that are not there.
     *
     * @param top rows above
     * @param left columns before
     * @param bottom rows below
     * @param right columns behind
     */
    record Padding(int top, int left, int bottom, int right) {
        /** None. */
        public static final Padding NONE = same(0);

        /** The same on each side. */
        public static Padding same(int pixels) {
            return new Padding(pixels, pixels, pixels, pixels);
        }
    }

    /**
     * A layer with a window that moves over an image.
     *
     * <p>Images are square, so the padding of rows and columns is the same in all.
     */
    sealed interface Windowed extends Layer {
        /** Number of the value that it reads. */
        int input();

        /** Side of the window. */
        int kernel();

        /** Step from one output pixel to the next. */
        int stride();

        /** Pixels around the image. */
        Padding padding();

        @Override
        default List<Integer> inputs() {
            return List.of(input());
        }

        /** Side of the output for an input of a side. */
        default int output(int side) {
            return (side + padding().top() + padding().bottom() - kernel()) / stride() + 1;
        }
    }

    /**
     * A convolution with padding by zeros, its bias and perhaps ReLU.
     *
     * @param channels planes that come out
     * @param rectified whether ReLU follows
     */
    record Convolution(int input, int channels, int kernel, int stride, Padding padding, boolean rectified)
            implements Windowed {
        /** What the sums are at least. */
        public float floor() {
            return rectified ? 0 : Float.NEGATIVE_INFINITY;
        }
    }

    /** A maximum or mean of each plane over a window. */
    record Pooling(int input, Kind kind, int kernel, int stride, Padding padding) implements Windowed {}

    /** What is taken of a window. */
    enum Kind {
        /** The largest value on the image. */
        MAX,
        /** The mean over the pixels on the image. */
        MEAN,
        /** The mean over the whole window, in which padding counts as zeros. */
        PADDED_MEAN
    }

    /**
     * The sum of two values, or a single one, and perhaps ReLU.
     *
     * @param inputs one or two
     * @param rectified whether ReLU follows
     */
    record Sum(List<Integer> inputs, boolean rectified) implements Layer {
        /** What the sums are at least. */
        public float floor() {
            return rectified ? 0 : Float.NEGATIVE_INFINITY;
        }
    }
}
