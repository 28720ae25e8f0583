package io.heddle.internal.network;

import java.util.List;

/** A step of a network from planes of pixels to planes of pixels. */
public sealed interface Layer {
    /** Numbers of the input values: 0 is the image, i + 1 the output of layer i. */
    List<Integer> inputs();

    /**
     * Padding: pixels around an image.
     *
     * @param top rows above
     * @param left columns before
     * @param bottom rows below
     * @param right columns after
     */
    record Padding(int top, int left, int bottom, int right) {
        /** No padding. */
        public static final Padding NONE = same(0);

        /** The same padding on each side. */
        public static Padding same(int pixels) {
            return new Padding(pixels, pixels, pixels, pixels);
        }
    }

    /**
     * The size of a window.
     *
     * @param height rows
     * @param width columns
     */
    record Kernel(int height, int width) {
        /** A window of as many rows as columns. */
        public static Kernel square(int side) {
            return new Kernel(side, side);
        }

        /** The number of pixels. */
        public int area() {
            return height * width;
        }

        /** Whether the window has the size of a square image. */
        public boolean covers(int side) {
            return height == side && width == side;
        }

        /** Whether padding has fewer rows than the window, and fewer columns. */
        public boolean exceeds(Padding padding) {
            return Math.max(padding.top(), padding.bottom()) < height
                    && Math.max(padding.left(), padding.right()) < width;
        }

        /** Its side, or height x width. */
        @Override
        public String toString() {
            return height == width ? Integer.toString(height) : height + "x" + width;
        }
    }

    /** A layer with a window that moves over an image. Its output is square, as its input is. */
    sealed interface Windowed extends Layer {
        /** Number of the input value. */
        int input();

        /** The window. */
        Kernel kernel();

        /** Step from one output pixel to the next. */
        int stride();

        /** Pixels around the image. */
        Padding padding();

        @Override
        default List<Integer> inputs() {
            return List.of(input());
        }

        /** Rows of the output for an input of side {@code side}. */
        default int rows(int side) {
            return (side + padding().top() + padding().bottom() - kernel().height()) / stride() + 1;
        }

        /** Columns of the output for an input of side {@code side}. */
        default int columns(int side) {
            return (side + padding().left() + padding().right() - kernel().width()) / stride() + 1;
        }
    }

    /**
     * A convolution with zero padding and a bias, and optionally ReLU.
     *
     * @param channels planes of the output
     * @param rectified whether ReLU follows
     */
    record Convolution(int input, int channels, Kernel kernel, int stride, Padding padding, boolean rectified)
            implements Windowed {
        /** Minimum of the output: 0 with ReLU, else −∞. */
        public float floor() {
            return rectified ? 0 : Float.NEGATIVE_INFINITY;
        }
    }

    /**
     * A convolution of each plane by itself, with zero padding and a bias, and optionally ReLU.
     *
     * @param rectified whether ReLU follows
     */
    record Depthwise(int input, Kernel kernel, int stride, Padding padding, boolean rectified) implements Windowed {
        /** Minimum of the output: 0 with ReLU, else −∞. */
        public float floor() {
            return rectified ? 0 : Float.NEGATIVE_INFINITY;
        }
    }

    /**
     * Limits of each number: the smaller of {@code maximum} and the larger of {@code minimum} and the number.
     *
     * @param input number of the input value
     * @param minimum may be −∞
     * @param maximum may be ∞
     */
    record Clamp(int input, float minimum, float maximum) implements Layer {
        @Override
        public List<Integer> inputs() {
            return List.of(input);
        }
    }

    /**
     * A function of each number.
     *
     * @param input number of the input value
     * @param slope factor of negative numbers of {@link Curve#LEAKY}; 0 for the others
     */
    record Activation(int input, Curve curve, float slope) implements Layer {
        @Override
        public List<Integer> inputs() {
            return List.of(input);
        }
    }

    /** A function of one number. */
    enum Curve {
        /** 1 / (1 + e⁻ˣ). */
        SIGMOID,
        /** x / (1 + e⁻ˣ). */
        SILU,
        /** x · min(1, max(0, x / 6 + ½)). */
        HARD_SWISH,
        /** x, or slope · x if x is negative. */
        LEAKY
    }

    /**
     * The planes of several values one after the other.
     *
     * @param inputs numbers of values of the same side
     */
    record Concatenation(List<Integer> inputs) implements Layer {}

    /**
     * Consecutive planes of a value.
     *
     * @param input number of the input value
     * @param first number of the first plane
     * @param channels number of planes
     */
    record Slice(int input, int first, int channels) implements Layer {
        @Override
        public List<Integer> inputs() {
            return List.of(input);
        }
    }

    /**
     * The planes of a value in another order: the first of each group, then the second of each group, and so on.
     *
     * @param input number of the input value
     * @param groups number of groups of consecutive planes
     */
    record Shuffle(int input, int groups) implements Layer {
        @Override
        public List<Integer> inputs() {
            return List.of(input);
        }
    }

    /**
     * Pixels of one number around an image.
     *
     * @param input number of the input value
     */
    record Border(int input, Padding padding, float value) implements Layer {
        @Override
        public List<Integer> inputs() {
            return List.of(input);
        }
    }

    /** A maximum or mean of each plane over a window. */
    record Pooling(int input, Kind kind, Kernel kernel, int stride, Padding padding) implements Windowed {}

    /** The value of a window. */
    enum Kind {
        /** The largest value on the image. */
        MAX,
        /** The mean over the pixels on the image. */
        MEAN,
        /** The mean over the whole window, in which padding counts as zeros. */
        PADDED_MEAN
    }

    /**
     * The sum of two values, or one value unchanged, and optionally ReLU.
     *
     * @param inputs one or two
     * @param rectified whether ReLU follows
     */
    record Sum(List<Integer> inputs, boolean rectified) implements Layer {
        /** Minimum of the output: 0 with ReLU, else −∞. */
        public float floor() {
            return rectified ? 0 : Float.NEGATIVE_INFINITY;
        }
    }

    /**
     * The product of two values. The second may have one pixel, with which each pixel of the first is multiplied.
     *
     * @param first number of a value
     * @param second number of a value of as many planes
     */
    record Product(int first, int second) implements Layer {
        @Override
        public List<Integer> inputs() {
            return List.of(first, second);
        }
    }
}
