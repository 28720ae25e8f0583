package io.heddle.model;

import io.heddle.files.DataFormatException;
import io.heddle.internal.network.Layer;
import io.heddle.model.OnnxSource.Node;
import java.util.Arrays;

/** The window of a convolution or of pooling, as an operator's attributes describe it. */
record OnnxWindow(int kernel, int stride, Layer.Padding padding) {
    private static final int LARGEST = 1 << 12;

    /**
     * Reads strides, padding, dilations and rounding.
     *
     * @param height of the window
     * @param width of the window
     * @param side of the input
     * @param before padding of a preceding Pad
     */
    static OnnxWindow of(OnnxSource source, Node node, long height, long width, int side, Layer.Padding before)
            throws DataFormatException {
        if (Arrays.stream(node.wholes("dilations")).anyMatch(d -> d != 1)) {
            throw refused(source, node, "with dilations");
        }
        return dilated(source, node, height, width, side, before);
    }

    /** As {@link #of}, with dilations: the window includes the pixels between those that are read. */
    static OnnxWindow dilated(OnnxSource source, Node node, long height, long width, int side, Layer.Padding before)
            throws DataFormatException {
        if (height != width || height < 1 || height > LARGEST) {
            throw refused(source, node, "with a window of %d x %d pixels".formatted(width, height));
        }
        long[] kernel = node.wholes("kernel_shape");
        if (kernel.length > 0 && !Arrays.equals(kernel, new long[] {height, width})) {
            throw refused(source, node, "with a kernel_shape that is not that of its weights");
        }
        long[] dilations = node.wholes("dilations");
        long step = dilations.length == 0 ? 1 : dilations[0];
        if (Arrays.stream(dilations).anyMatch(d -> d != step) || step < 1 || step > LARGEST) {
            throw refused(source, node, "with the dilations %s".formatted(Arrays.toString(dilations)));
        }
        int reach = (int) Math.min((height - 1) * step + 1, LARGEST + 1);
        if (reach > LARGEST) {
            throw refused(source, node, "with the dilations %s".formatted(Arrays.toString(dilations)));
        }
        long[] strides = node.wholes("strides");
        long stride = strides.length == 0 ? 1 : strides[0];
        if (Arrays.stream(strides).anyMatch(s -> s != stride) || stride < 1 || stride > LARGEST) {
            throw refused(source, node, "with the strides %s".formatted(Arrays.toString(strides)));
        }
        Layer.Padding padding = padding(source, node, reach, (int) stride, side, before);
        if (node.integer("ceil_mode", 0) != 0) {
            padding = new Layer.Padding(
                    padding.top(),
                    padding.left(),
                    padding.bottom() + beyond(source, node, side + padding.top(), padding.bottom(), reach, stride),
                    padding.right() + beyond(source, node, side + padding.left(), padding.right(), reach, stride));
        }
        return new OnnxWindow(reach, (int) stride, padding);
    }

    /**
     * Pixels behind the padding that the last window of {@code ceil_mode} includes.
     *
     * @param side of the image with the padding before it
     * @param behind padding behind it
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

    private static Layer.Padding padding(
            OnnxSource source, Node node, int kernel, int stride, int side, Layer.Padding before)
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
                if (!before.equals(Layer.Padding.NONE)) {
                    throw refused(source, node, "with auto_pad behind a Pad");
                }
                int all = Math.max(0, (Math.ceilDiv(side, stride) - 1) * stride + kernel - side);
                int first = automatic.equals("SAME_UPPER") ? all / 2 : all - all / 2;
                return new Layer.Padding(first, first, all - first, all - first);
            }
            default -> throw refused(source, node, "with the auto_pad " + automatic);
        }
    }

    /** Adds two paddings. */
    static Layer.Padding plus(
            OnnxSource source, Node node, Layer.Padding padding, long top, long left, long bottom, long right)
            throws DataFormatException {
        for (long pixels : new long[] {top, left, bottom, right}) {
            if (pixels < 0 || pixels > LARGEST) {
                throw refused(source, node, "with a padding of %d pixels".formatted(pixels));
            }
        }
        return new Layer.Padding(
                padding.top() + (int) top,
                padding.left() + (int) left,
                padding.bottom() + (int) bottom,
                padding.right() + (int) right);
    }

    private static DataFormatException refused(OnnxSource source, Node node, String why) {
        return source.fault("has the operator %s %s, which Heddle does not read", node.operator(), why);
    }
}
