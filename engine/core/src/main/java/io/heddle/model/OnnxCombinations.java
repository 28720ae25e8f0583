package io.heddle.model;

import io.heddle.files.DataFormatException;
import io.heddle.internal.network.Layer;
import io.heddle.model.OnnxSource.Constant;
import io.heddle.model.OnnxSource.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Operators that combine several values of a network, or a value and constants: arithmetic, joins and padding. */
final class OnnxCombinations {
    private static final int DIMENSIONS = 4;

    private final OnnxSource source;
    private final OnnxOperands operands;
    private final NetworkBuilder network;
    private final OnnxChannelScaling scaling;

    OnnxCombinations(OnnxSource source, OnnxOperands operands, NetworkBuilder network, OnnxChannelScaling scaling) {
        this.source = source;
        this.operands = operands;
        this.network = network;
        this.scaling = scaling;
    }

    Object arithmetic(Node node) throws DataFormatException {
        Object a = operands.operand(node, 0);
        Object b = operands.operand(node, 1);
        if (a instanceof OnnxValue.Shape || b instanceof OnnxValue.Shape) {
            throw operands.ofNumberOfImages(node);
        }
        if (a instanceof Constant || b instanceof Constant) {
            return scaling.arithmetic(node);
        }
        boolean product = node.operator().equals("Mul");
        if (!product && !node.operator().equals("Add")) {
            throw operands.refused(node, "of two values of the network");
        }
        boolean rows = a instanceof OnnxValue.Rows && b instanceof OnnxValue.Rows;
        int first = network.readable(rows ? operands.number(node, a) : operands.unpadded(node, a));
        int second = network.readable(rows ? operands.number(node, b) : operands.unpadded(node, b));
        return OnnxValue.like(a, product ? product(node, first, second) : sum(first, second));
    }

    private int sum(int first, int second) {
        return network.add(new Layer.Sum(List.of(first, second), false));
    }

    private int product(Node node, int first, int second) throws DataFormatException {
        for (int i = 0; i < 2; i++) {
            int number = i == 0 ? first : second;
            int share = i == 0 ? second : first;
            int swish = operands.isReadOnce(node, 1 - i) ? network.swish(number, share) : -1;
            if (swish >= 0) {
                // For a Shape of the sigmoid.
                operands.put(node.inputs().get(1 - i), OnnxValue.like(operands.operand(node, 1 - i), swish));
                return swish;
            }
        }
        boolean swapped = network.planes(first).side() < network.planes(second).side();
        return network.add(swapped ? new Layer.Product(second, first) : new Layer.Product(first, second));
    }

    /** Planes one behind the other, or rows of them. */
    Object joined(Node node) throws DataFormatException {
        Object first = operands.operand(node, 0);
        boolean rows = first instanceof OnnxValue.Rows;
        long axis = node.integer("axis", 0);
        if (axis != 1 && axis != 1 - (rows ? 2 : DIMENSIONS)) {
            throw operands.refused(node, "along another axis than the channels");
        }
        List<Integer> values = new ArrayList<>();
        for (int i = 0; i < node.inputs().size(); i++) {
            Object value = operands.operand(node, i);
            if (value instanceof OnnxValue.Rows != rows) {
                throw operands.refused(node, "of rows and planes");
            }
            values.add(network.readable(operands.number(node, value)));
        }
        return OnnxValue.like(first, network.add(new Layer.Concatenation(values)));
    }

    /** Zeros are part of the convolution that reads them; other numbers are a layer. */
    Object padded(Node node) throws DataFormatException {
        OnnxValue.Planes planes = operands.planes(node, operands.operand(node, 0));
        if (!node.text("mode", "constant").equals("constant")) {
            throw operands.refused(node, "in the mode " + node.text("mode", ""));
        }
        long[] pads = pads(node);
        if (pads[0] != 0 || pads[1] != 0 || pads[DIMENSIONS] != 0 || pads[DIMENSIONS + 1] != 0) {
            throw operands.refused(node, "of other dimensions than rows and columns");
        }
        double value = value(node);
        Layer.Padding before = value == 0 ? planes.padding() : Layer.Padding.NONE;
        Layer.Padding padding = OnnxWindow.plus(source, node, before, pads[2], pads[3], pads[6], pads[7]);
        return value == 0
                ? new OnnxValue.Planes(planes.value(), padding)
                : new OnnxValue.Planes(network.pad(operands.unpadded(node, planes), padding, value));
    }

    /** Pixels at the start of each dimension, then at its end: an attribute up to opset 10, later an operand. */
    private long[] pads(Node node) throws DataFormatException {
        long[] given = node.wholes("pads");
        if (operands.has(node, 1)) {
            given = operands.constantSizes(node, 1).stream().mapToLong(v -> v).toArray();
        }
        long[] axes = {0, 1, 2, 3};
        if (operands.has(node, 3)) {
            axes = operands.constantSizes(node, 3).stream()
                    .mapToLong(v -> v < 0 ? v + DIMENSIONS : v)
                    .toArray();
        }
        boolean known = Arrays.stream(axes).allMatch(axis -> axis >= 0 && axis < DIMENSIONS);
        if (!known || given.length != 2 * axes.length) {
            throw operands.refused(node, "with %d numbers for %d dimensions".formatted(given.length, axes.length));
        }
        long[] pads = new long[2 * DIMENSIONS];
        for (int i = 0; i < axes.length; i++) {
            pads[(int) axes[i]] = given[i];
            pads[DIMENSIONS + (int) axes[i]] = given[axes.length + i];
        }
        return pads;
    }

    /** An attribute up to opset 10, later an operand. */
    private double value(Node node) throws DataFormatException {
        if (!operands.has(node, 2)) {
            return node.real("value", 0);
        }
        if (operands.operand(node, 2) instanceof Constant c
                && c.numbers().length == 1
                && !Double.isNaN(c.numbers()[0])) {
            return c.numbers()[0];
        }
        throw operands.refused(node, "with a value that is not a constant number");
    }
}
