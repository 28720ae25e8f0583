package io.heddle.model;

import io.heddle.files.DataFormatException;
import io.heddle.internal.network.Layer;
import io.heddle.internal.network.Layer.Kernel;
import io.heddle.internal.network.LayerGraph;
import io.heddle.model.OnnxSource.Constant;
import io.heddle.model.OnnxSource.Node;
import java.util.Arrays;

/** Operators with a window that moves over planes, or that is as large as they are: convolutions and pooling. */
final class OnnxWindows {
    private static final int DIMENSIONS = 4;
    /** Maximum number of weights of a convolution of groups, or with dilations, with the zeros between them. */
    private static final long MAXIMUM_WEIGHTS = 1L << 25;

    private final OnnxSource source;
    private final OnnxOperands operands;
    private final NetworkBuilder network;

    OnnxWindows(OnnxSource source, OnnxOperands operands, NetworkBuilder network) {
        this.source = source;
        this.operands = operands;
        this.network = network;
    }

    private OnnxValue.Planes of(int value) {
        return new OnnxValue.Planes(value);
    }

    Object convolution(Node node) throws DataFormatException {
        OnnxValue.Planes input = operands.planes(node, operands.operand(node, 0));
        if (!(operands.operand(node, 1) instanceof Constant weight)) {
            throw operands.refused(node, "with weights that are computed");
        }
        if (weight.shape().length != DIMENSIONS) {
            throw operands.refused(node, "with weights of %d dimensions".formatted(weight.shape().length));
        }
        LayerGraph.Planes planes = network.planes(input.value());
        Kernel kernel = OnnxWindow.kernel(source, node, weight.shape()[2], weight.shape()[3]);
        if (!kernel.exceeds(input.padding())) {
            input = of(operands.unpadded(node, input));
            planes = network.planes(input.value());
        }
        OnnxWindow window = OnnxWindow.dilated(source, node, kernel, planes.side(), input.padding());
        if (isWide(window)) {
            input = of(operands.unpadded(node, new OnnxValue.Planes(input.value(), window.padding())));
            planes = network.planes(input.value());
            window = new OnnxWindow(window.kernel(), window.stride(), Layer.Padding.NONE);
        }
        long channels = weight.shape()[0];
        long groups = node.integer("group", 1);
        boolean tooLarge = channels * planes.channels() * window.kernel().area() > MAXIMUM_WEIGHTS;
        if (groups < 1 || planes.channels() % groups != 0 || channels % groups != 0 || groups > 1 && tooLarge) {
            throw operands.refused(node, "of %d groups".formatted(groups));
        }
        if (!window.kernel().equals(kernel) && tooLarge) {
            throw operands.refused(node, "with dilations of a large kernel");
        }
        long each = planes.channels() / groups;
        double[] weights = operands.numbers(node, 1, channels, each, kernel.height(), kernel.width());
        double[] bias = operands.has(node, 2) ? operands.numbers(node, 2, channels) : new double[(int) channels];
        weights = dilated(weights, kernel, window.kernel());
        // The first layer must be a full convolution.
        if (groups > 1 && each == 1 && channels == groups && input.value() > 0) {
            Layer layer = new Layer.Depthwise(input.value(), window.kernel(), window.stride(), window.padding(), false);
            return of(network.add(layer, weights, bias));
        }
        if (groups > 1) {
            weights = ungrouped(weights, (int) groups, (int) channels, planes.channels());
        }
        Layer layer = new Layer.Convolution(
                input.value(), (int) channels, window.kernel(), window.stride(), window.padding(), false);
        return of(network.add(layer, weights, bias));
    }

    /** Returns whether windows would lie in the padding only, which must be a layer then; its planes must be square. */
    private static boolean isWide(OnnxWindow window) {
        Layer.Padding padding = window.padding();
        boolean square = padding.top() + padding.bottom() == padding.left() + padding.right();
        Kernel kernel = window.kernel();
        // A layer of one pixel may have a padding of one.
        return square && !new Kernel(Math.max(kernel.height(), 2), Math.max(kernel.width(), 2)).exceeds(padding);
    }

    /** Returns the weights of a kernel with zeros between those of a smaller one. */
    private static double[] dilated(double[] weights, Kernel kernel, Kernel reach) {
        if (reach.equals(kernel)) {
            return weights;
        }
        int down = kernel.height() == 1 ? 1 : (reach.height() - 1) / (kernel.height() - 1);
        int across = kernel.width() == 1 ? 1 : (reach.width() - 1) / (kernel.width() - 1);
        double[] all = new double[weights.length / kernel.area() * reach.area()];
        for (int i = 0; i < weights.length; i++) {
            int plane = i / kernel.area();
            int row = i / kernel.width() % kernel.height() * down;
            all[(plane * reach.height() + row) * reach.width() + i % kernel.width() * across] = weights[i];
        }
        return all;
    }

    /** Returns the weights of all channels, with zeros between different groups. */
    private static double[] ungrouped(double[] weights, int groups, int outputs, int inputs) {
        int each = inputs / groups;
        int area = weights.length / outputs / each;
        double[] all = new double[outputs * inputs * area];
        for (int o = 0; o < outputs; o++) {
            int first = o / (outputs / groups) * each;
            System.arraycopy(weights, o * each * area, all, (o * inputs + first) * area, each * area);
        }
        return all;
    }

    Object pooling(Node node) throws DataFormatException {
        int input = network.readable(operands.unpadded(node, operands.operand(node, 0)));
        long[] sizes = node.wholes("kernel_shape");
        if (sizes.length != 2) {
            throw operands.refused(node, "with a window of %d dimensions".formatted(sizes.length));
        }
        Kernel kernel = OnnxWindow.kernel(source, node, sizes[0], sizes[1]);
        int side = network.planes(input).side();
        OnnxWindow window = OnnxWindow.of(source, node, kernel, side, Layer.Padding.NONE);
        Layer.Kind mean = node.integer("count_include_pad", 0) == 0 ? Layer.Kind.MEAN : Layer.Kind.PADDED_MEAN;
        Layer.Kind kind = node.operator().equals("MaxPool") ? Layer.Kind.MAX : mean;
        return of(network.add(new Layer.Pooling(input, kind, window.kernel(), window.stride(), window.padding())));
    }

    Object global(Node node, Layer.Kind kind) throws DataFormatException {
        int input = network.readable(operands.unpadded(node, operands.operand(node, 0)));
        Kernel all = Kernel.square(network.planes(input).side());
        return of(network.add(new Layer.Pooling(input, kind, all, 1, Layer.Padding.NONE)));
    }

    /** Over rows and columns, as exported from {@code x.mean((2, 3))}. */
    Object reduced(Node node, Layer.Kind kind) throws DataFormatException {
        long[] axes = operands.has(node, 1) && operands.operand(node, 1) instanceof Constant c
                ? c.wholes()
                : node.wholes("axes");
        long[] from = Arrays.stream(axes)
                .map(axis -> axis < 0 ? axis + DIMENSIONS : axis)
                .sorted()
                .toArray();
        if (!Arrays.equals(from, new long[] {2, 3})) {
            throw operands.refused(node, "over other axes than rows and columns");
        }
        OnnxValue.Planes planes = (OnnxValue.Planes) global(node, kind);
        return node.integer("keepdims", 1) == 0 ? new OnnxValue.Rows(planes.value()) : planes;
    }
}
