package io.heddle.model;

import io.heddle.files.DataFormatException;
import io.heddle.internal.network.Layer.Kernel;
import io.heddle.internal.network.Layer.Padding;
import io.heddle.model.OnnxSource.Node;
import java.util.Arrays;

/** The window of a convolution or of pooling, as an operator's attributes describe it. */
record OnnxWindow(Kernel kernel, int stride, Padding padding) {
    private static final int LARGEST = 1 << 12;

    /** Checks the size of a window, and that the operator states no other one. */
    static Kernel kernel(OnnxSource source, Node node, long height, long width) throws DataFormatException {
        if (Math.min(height, width) < 1 || Math.max(height, width) > LARGEST) {
            throw refused(source, node, "with a window of %d x %d pixels".formatted(width, height));
        }
        long[] given = node.wholes("kernel_shape");
        if (given.length > 0 && !Arrays.equals(given, new long[] {height, width})) {
            throw refused(source, node, "with a kernel_shape that is not that of its weights");
        }
        return new Kernel((int) height, (int) width);
    }

    /**
     * Reads strides, padding, dilations and rounding.
     *
     * @param side of the input
     * @param before padding of a preceding Pad
     */
    static OnnxWindow of(OnnxSource source, Node node, Kernel kernel, int side, Padding before)
            throws DataFormatException {
        if (Arrays.stream(node.wholes("dilations")).anyMatch(d -> d != 1)) {
            throw refused(source, node, "with dilations");
        }
        return dilated(source, node, kernel, side, before);
    }

    /** As {@link #of}, with dilations: the window includes the pixels between those that are read. */
    static OnnxWindow dilated(OnnxSource source, Node node, Kernel kernel, int side, Padding before)
            throws DataFormatException {
        long[] dilations = node.wholes("dilations");
        long step = dilations.length == 0 ? 1 : dilations[0];
        long reach = (Math.max(kernel.height(), kernel.width()) - 1) * step + 1;
        if (Arrays.stream(dilations).anyMatch(d -> d != step) || step < 1 || step > LARGEST || reach > LARGEST) {
            throw refused(source, node, "with the dilations %s".formatted(Arrays.toString(dilations)));
        }
        Kernel window = new Kernel((kernel.height() - 1) * (int) step + 1, (kernel.width() - 1) * (int) step + 1);
        long[] strides = node.wholes("strides");
        long stride = strides.length == 0 ? 1 : strides[0];
        if (Arrays.stream(strides).anyMatch(s -> s != stride) || stride < 1 || stride > LARGEST) {
            throw refused(source, node, "with the strides %s".formatted(Arrays.toString(strides)));
        }
        Padding padding = padding(source, node, window, (int) stride, side, before);
        if (node.integer("ceil_mode", 0) != 0) {
            int below = beyond(source, node, side + padding.top(), padding.bottom(), window.height(), stride);
            int beside = beyond(source, node, side + padding.left(), padding.right(), window.width(), stride);
            padding = plus(source, node, padding, 0, 0, below, beside);
        }
        return new OnnxWindow(window, (int) stride, padding);
    }

    /**
     * Pixels behind the padding that the last window of {@code ceil_mode} includes.
     *
     * @param side of the image with the padding before it
     * @param behind padding behind it
     * @param kernel height or width of the window
     */
    private static int beyond(OnnxSource source, Node node, int side, int behind, int kernel, long stride)
            throws DataFormatException {
        long left = (side + (long) behind - kernel) % stride;
        int more = left <= 0 ? 0 : (int) (stride - left);
        // Versions of ONNX Runtime differ in windows without a pixel of the image, and in what such a mean divides by.
        if (more > 0 && (side + behind + more - kernel >= side || node.integer("count_include_pad", 0) != 0)) {
            throw refused(source, node, "with ceil_mode and padding that it counts or windows behind the image");
        }
        return more;
    }

    private static Padding padding(OnnxSource source, Node node, Kernel kernel, int stride, int side, Padding before)
            throws DataFormatException {
        String automatic = node.text("auto_pad", "NOTSET");
        switch (automatic) {
            case "NOTSET" -> {
                long[] pads = node.wholes("pads");
                if (pads.length == 0) {
                    return before;
                }
                if (pads.length != 4) {
                    throw refused(source, node, "with %d paddings".formatted(pads.length));
                }
                return plus(source, node, before, pads[0], pads[1], pads[2], pads[3]);
            }
            case "VALID" -> {
                return before;
            }
            case "SAME_UPPER", "SAME_LOWER" -> {
                // ONNX Runtime refuses these too.
                if (Arrays.stream(node.wholes("dilations")).anyMatch(d -> d != 1)) {
                    throw refused(source, node, "with dilations and the auto_pad " + automatic);
                }
                if (!before.equals(Padding.NONE)) {
                    throw refused(source, node, "with auto_pad behind a Pad");
                }
                int below = same(kernel.height(), stride, side);
                int beside = same(kernel.width(), stride, side);
                int odd = automatic.equals("SAME_UPPER") ? 0 : 1;
                int top = (below + odd) / 2;
                int left = (beside + odd) / 2;
                return new Padding(top, left, below - top, beside - left);
            }
            default -> throw refused(source, node, "with the auto_pad " + automatic);
        }
    }

    /** Pixels of padding with which a side is divided by the stride. */
    private static int same(int kernel, int stride, int side) {
        return Math.max(0, (Math.ceilDiv(side, stride) - 1) * stride + kernel - side);
    }

    /** Adds two paddings. */
    static Padding plus(OnnxSource source, Node node, Padding padding, long top, long left, long bottom, long right)
            throws DataFormatException {
        for (long pixels : new long[] {top, left, bottom, right}) {
            if (pixels < 0 || pixels > LARGEST) {
                throw refused(source, node, "with a padding of %d pixels".formatted(pixels));
            }
        }
        return new Padding(
                padding.top() + (int) top,
                padding.left() + (int) left,
                padding.bottom() + (int) bottom,
                padding.right() + (int) right);
    }

    private static DataFormatException refused(OnnxSource source, Node node, String why) {
        return source.fault("has the operator %s %s, which Heddle does not read", node.operator(), why);
    }
}
