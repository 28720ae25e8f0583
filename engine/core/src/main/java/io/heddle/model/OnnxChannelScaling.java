package io.heddle.model;

import io.heddle.files.DataFormatException;
import io.heddle.internal.network.LayerGraph;
import io.heddle.model.OnnxSource.Constant;
import io.heddle.model.OnnxSource.Node;
import java.util.Arrays;
import java.util.List;

/**
 * Scalings of single channels, x ↦ x · factor + shift: batch norm and arithmetic with constants. A scaling is folded
 * into the convolution before it, if there is one. A scaling of the image is kept.
 */
final class OnnxChannelScaling {
    private static final double EPSILON = 1e-5;
    /** The opset since which batch norm has an attribute for training. */
    private static final int TRAINING_MODE = 14;

    private final OnnxOperands operands;
    private final NetworkBuilder network;
    /** The scaling of the channels of the image. */
    private final double[] factor;

    private final double[] shift;

    OnnxChannelScaling(OnnxOperands operands, NetworkBuilder network, List<ImageScaling> scaling) {
        this.operands = operands;
        this.network = network;
        int channels = network.planes(0).channels();
        factor = new double[channels];
        Arrays.fill(factor, 1);
        shift = new double[channels];
        scaling.forEach(one -> one.apply(factor, shift));
    }

    double[] factor() {
        return factor;
    }

    /** The numbers that are subtracted from the channels of the image before the multiplication. */
    double[] subtracted(OnnxSource source) throws DataFormatException {
        double[] subtract = new double[shift.length];
        for (int c = 0; c < subtract.length; c++) {
            if (factor[c] == 0 || !Double.isFinite(1 / factor[c])) {
                throw source.fault("multiplies channel %d of its image by %s", c, factor[c]);
            }
            subtract[c] = shift[c] == 0 ? 0 : -shift[c] / factor[c];
        }
        return subtract;
    }

    Object normalization(Node node) throws DataFormatException {
        Object value = operands.operand(node, 0);
        int channels = channels(node, value);
        double[] scale = operands.numbers(node, 1, channels);
        double[] bias = operands.numbers(node, 2, channels);
        double[] mean = operands.numbers(node, 3, channels);
        double[] variance = operands.numbers(node, 4, channels);
        // Before opset 14, the further outputs stand for training.
        boolean trains = operands.opset() < TRAINING_MODE
                && node.outputs().stream().skip(1).anyMatch(output -> !output.isEmpty());
        if (trains || node.integer("training_mode", 0) != 0) {
            throw operands.refused(node, "in training mode");
        }
        double[] given = node.numbers("epsilon");
        double epsilon = given.length == 0 ? EPSILON : given[0];
        double[] by = new double[channels];
        double[] plus = new double[channels];
        for (int c = 0; c < channels; c++) {
            by[c] = scale[c] / Math.sqrt(variance[c] + epsilon);
            plus[c] = bias[c] - mean[c] * by[c];
        }
        return affine(node, 0, by, plus);
    }

    private int channels(Node node, Object value) throws DataFormatException {
        if (value instanceof OnnxValue.Rows rows) {
            LayerGraph.Planes planes = network.planes(rows.value());
            return planes.side() == 1 ? planes.channels() : (int) planes.numbers();
        }
        return network.planes(operands.planes(node, value).value()).channels();
    }

    /**
     * Adds the scaling x · by + plus of each channel, which is folded into the convolution before it or applied to the
     * image, if these have no other use. Otherwise it is a layer.
     */
    private Object affine(Node node, int operand, double[] by, double[] plus) throws DataFormatException {
        Object value = operands.operand(node, operand);
        if (value instanceof OnnxValue.Image && operands.isReadOnce(node, operand) && network.count() == 0) {
            for (int c = 0; c < factor.length; c++) {
                factor[c] *= by[c];
                shift[c] = shift[c] * by[c] + plus[c];
            }
            return value;
        }
        int number = operands.number(node, value);
        if (network.planes(number).channels() != by.length) {
            throw operands.refused(node, "of rows of planes, with another number for each pixel");
        }
        if (network.isFoldable(number) && operands.isReadOnce(node, operand)) {
            network.fold(number, by, plus);
            return value;
        }
        return OnnxValue.like(value, network.scale(network.readable(number), by, plus));
    }

    /** Scales all channels of an operand alike. */
    Object uniformly(Node node, int operand, double by, double plus) throws DataFormatException {
        Object value = operands.operand(node, operand);
        int number = operands.number(node, value);
        int channels = network.planes(number).channels();
        double[] factors = new double[channels];
        double[] shifts = new double[channels];
        Arrays.fill(factors, by);
        Arrays.fill(shifts, plus);
        return affine(node, operand, factors, shifts);
    }

    Object arithmetic(Node node) throws DataFormatException {
        Object a = operands.operand(node, 0);
        Object b = operands.operand(node, 1);
        int variable = a instanceof Constant ? 1 : 0;
        Object value = variable == 0 ? a : b;
        int channels = channels(node, value);
        if (value instanceof OnnxValue.Rows rows && operands.isOneNumber(node, 1 - variable)) {
            // Rows of planes too.
            channels = network.planes(rows.value()).channels();
        }
        double[] v = operands.channelwise(node, 1 - variable, channels, value instanceof OnnxValue.Rows ? 1 : 3);
        double[] by = new double[channels];
        double[] plus = new double[channels];
        for (int c = 0; c < channels; c++) {
            switch (node.operator()) {
                case "Add" -> set(by, plus, c, 1, v[c]);
                case "Sub" -> set(by, plus, c, variable == 0 ? 1 : -1, variable == 0 ? -v[c] : v[c]);
                case "Mul" -> set(by, plus, c, v[c], 0);
                default -> {
                    if (variable == 1) {
                        throw operands.refused(node, "by a value of the network");
                    }
                    set(by, plus, c, 1 / v[c], 0);
                }
            }
        }
        return affine(node, variable, by, plus);
    }

    private static void set(double[] by, double[] plus, int c, double factor, double shift) {
        by[c] = factor;
        plus[c] = shift;
    }
}
