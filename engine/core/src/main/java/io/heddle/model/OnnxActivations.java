package io.heddle.model;

import io.heddle.files.DataFormatException;
import io.heddle.internal.network.Layer;
import io.heddle.internal.network.LayerGraph;
import io.heddle.model.OnnxSource.Constant;
import io.heddle.model.OnnxSource.Node;
import java.util.List;

/** Operators that change each number of a value by itself: ReLU, limits, sigmoids and swishes. */
final class OnnxActivations {
    /** The opset since which the limits of Clip are operands. */
    private static final int LIMITS_AS_OPERANDS = 11;

    private static final double SIGMOID_FACTOR = 0.2;
    private static final double LEAKY_SLOPE = 0.01;

    private final OnnxOperands operands;
    private final NetworkBuilder network;
    private final OnnxChannelScaling scaling;

    OnnxActivations(OnnxOperands operands, NetworkBuilder network, OnnxChannelScaling scaling) {
        this.operands = operands;
        this.network = network;
        this.scaling = scaling;
    }

    Object result(Node node) throws DataFormatException {
        return switch (node.operator()) {
            case "Relu" -> rectified(node);
            case "Clip" -> clamped(node);
            case "HardSigmoid" ->
                sigmoid(node, node.real("alpha", SIGMOID_FACTOR), node.real("beta", NetworkBuilder.CENTRE));
            case "HardSwish" -> curve(node, Layer.Curve.HARD_SWISH, 0);
            case "Sigmoid" -> curve(node, Layer.Curve.SIGMOID, 0);
            case "Swish" -> swish(node);
            case "PRelu" -> parametric(node);
            case "LeakyRelu" -> curve(node, Layer.Curve.LEAKY, node.real("alpha", LEAKY_SLOPE));
            default -> limitedByOne(node);
        };
    }

    private int number(Node node, Object value) throws DataFormatException {
        return network.readable(operands.number(node, value));
    }

    private Object limited(Node node, Object value, float minimum, float maximum) throws DataFormatException {
        return OnnxValue.like(value, network.add(new Layer.Clamp(number(node, value), minimum, maximum)));
    }

    /** min(1, max(0, alpha · x + beta)). */
    private Object sigmoid(Node node, double alpha, double beta) throws DataFormatException {
        Object value = operands.operand(node, 0);
        // A sigmoid in the middle of a swish, which becomes one layer.
        if ((float) alpha == (float) NetworkBuilder.SWISH_FACTOR
                && beta == NetworkBuilder.CENTRE
                && !operands.isReadOnce(node, 0)) {
            return OnnxValue.like(value, network.hardSigmoid(number(node, value)));
        }
        return limited(node, scaling.uniformly(node, 0, alpha, beta), 0, 1);
    }

    private Object curve(Node node, Layer.Curve curve, double slope) throws DataFormatException {
        Object value = operands.operand(node, 0);
        return OnnxValue.like(value, network.add(new Layer.Activation(number(node, value), curve, (float) slope)));
    }

    /** A slope of negative numbers for each channel: max(0, x) + slope · min(0, x). */
    private Object parametric(Node node) throws DataFormatException {
        Object value = operands.operand(node, 0);
        if (operands.isOneNumber(node, 1)) {
            return curve(node, Layer.Curve.LEAKY, operands.channelwise(node, 1, 1, 1)[0]);
        }
        int number = number(node, value);
        LayerGraph.Planes planes = network.planes(number);
        if (value instanceof OnnxValue.Rows && planes.side() != 1) {
            throw operands.refused(node, "of rows of planes, with another number for each pixel");
        }
        double[] slopes = operands.channelwise(node, 1, planes.channels(), value instanceof OnnxValue.Rows ? 1 : 3);
        int negative = network.add(new Layer.Clamp(number, Float.NEGATIVE_INFINITY, 0));
        int scaled = network.scale(negative, slopes, new double[slopes.length]);
        int positive = network.add(new Layer.Sum(List.of(number), true));
        return OnnxValue.like(value, network.add(new Layer.Sum(List.of(positive, scaled), false)));
    }

    /** The product of x and its sigmoid. */
    private Object swish(Node node) throws DataFormatException {
        if (node.real("alpha", 1) != 1) {
            throw operands.refused(node, "with the factor %s".formatted(node.real("alpha", 1)));
        }
        return curve(node, Layer.Curve.SILU, 0);
    }

    /** Max or Min of a value and a constant. */
    private Object limitedByOne(Node node) throws DataFormatException {
        if (node.inputs().size() != 2) {
            throw operands.refused(node, "of %d values".formatted(node.inputs().size()));
        }
        int variable = operands.operand(node, 0) instanceof Constant ? 1 : 0;
        Object value = operands.operand(node, variable);
        if (value instanceof Constant
                || !(operands.operand(node, 1 - variable) instanceof Constant limit)
                || limit.numbers().length != 1
                || limit.shape().length > (value instanceof OnnxValue.Rows ? 2 : 4)) {
            throw operands.refused(node, "of values other than one of the network and one number");
        }
        float bound = (float) limit.numbers()[0];
        return node.operator().equals("Max")
                ? limited(node, value, bound, Float.POSITIVE_INFINITY)
                : limited(node, value, Float.NEGATIVE_INFINITY, bound);
    }

    /** The limits are attributes up to opset 10, later operands. */
    private Object clamped(Node node) throws DataFormatException {
        boolean byAttributes =
                node.attributes().containsKey("min") || node.attributes().containsKey("max");
        if (operands.opset() >= LIMITS_AS_OPERANDS
                ? byAttributes
                : node.inputs().size() > 1) {
            throw operands.refused(
                    node,
                    "with limits as %s in opset %d"
                            .formatted(byAttributes ? "attributes" : "operands", operands.opset()));
        }
        float minimum = (float) limit(node, 1, "min", Double.NEGATIVE_INFINITY);
        float maximum = (float) limit(node, 2, "max", Double.POSITIVE_INFINITY);
        if (minimum == 0 && maximum == Float.POSITIVE_INFINITY) {
            return rectified(node);
        }
        return limited(node, operands.operand(node, 0), minimum, maximum);
    }

    private double limit(Node node, int i, String attribute, double otherwise) throws DataFormatException {
        if (!operands.has(node, i)) {
            return node.real(attribute, otherwise);
        }
        if (operands.operand(node, i) instanceof Constant c && c.numbers().length == 1) {
            return c.numbers()[0];
        }
        throw operands.refused(node, "with limits that are not constants");
    }

    private Object rectified(Node node) throws DataFormatException {
        Object value = operands.operand(node, 0);
        int number = number(node, value);
        if (network.isLinear(number) && operands.isReadOnce(node, 0)) {
            network.rectify(number);
            return value;
        }
        return OnnxValue.like(value, network.add(new Layer.Sum(List.of(number), true)));
    }
}
