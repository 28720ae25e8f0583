package io.heddle.model;

import io.heddle.files.DataFormatException;
import io.heddle.internal.network.LayerGraph;
import io.heddle.matrix.InvalidInputException;
import io.heddle.model.OnnxSource.Constant;
import io.heddle.model.OnnxSource.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Operators that convert planes to rows and back, and those with which exporters compute the shapes of such rows. */
final class OnnxShapes {
    /** Represents the number of images in a shape. */
    private static final long ALL_IMAGES = 0;

    private final OnnxOperands operands;
    private final NetworkBuilder network;

    OnnxShapes(OnnxOperands operands, NetworkBuilder network) {
        this.operands = operands;
        this.network = network;
    }

    Object flatten(Node node) throws DataFormatException {
        Object value = operands.operand(node, 0);
        if (node.integer("axis", 1) != 1) {
            throw operands.refused(node, "of another axis than 1");
        }
        return value instanceof OnnxValue.Rows ? value : new OnnxValue.Rows(operands.unpadded(node, value));
    }

    Object reshape(Node node) throws DataFormatException {
        Object value = operands.operand(node, 0);
        if (value instanceof OnnxValue.Labels) {
            return value;
        }
        int number = operands.number(node, value);
        List<Long> sizes = operands.sizes(node, operands.operand(node, 1));
        long numbers = network.planes(number).numbers();
        if (isOnePixel(sizes, number)) {
            return new OnnxValue.Planes(number);
        }
        if (sizes.size() != 2 || sizes.get(1) != -1 && sizes.get(1) != numbers) {
            throw operands.refused(node, "to %s, which is not one row per image".formatted(sizes));
        }
        return new OnnxValue.Rows(number);
    }

    /** Whether a shape is that of planes of one pixel, as after the linear layers of squeeze-and-excitation. */
    private boolean isOnePixel(List<Long> sizes, int number) {
        LayerGraph.Planes planes = network.planes(number);
        return planes.side() == 1
                && sizes.size() == 4
                && (sizes.get(1) == planes.channels() || sizes.get(1) == -1)
                && sizes.get(2) == 1
                && sizes.get(3) == 1;
    }

    /** Rows become planes of one pixel with two more dimensions behind them. */
    private Object unsqueeze(Node node, OnnxValue.Rows rows) throws DataFormatException {
        long[] axes = operands.has(node, 1) && operands.operand(node, 1) instanceof Constant c
                ? c.wholes().clone()
                : node.wholes("axes");
        Arrays.sort(axes);
        boolean behind = Arrays.equals(axes, new long[] {2, 3}) || Arrays.equals(axes, new long[] {-2, -1});
        if (!behind || network.planes(rows.value()).side() != 1) {
            throw operands.refused(node, "that does not make planes of one pixel");
        }
        return new OnnxValue.Planes(rows.value());
    }

    Object shape(Node node) throws DataFormatException {
        Object value = operands.operand(node, 0);
        if (node.operator().equals("Shape")
                && (node.integer("start", 0) != 0 || node.attributes().containsKey("end"))) {
            throw operands.refused(node, "of only some dimensions");
        }
        if (node.operator().equals("Shape")) {
            if (value instanceof OnnxValue.Rows rows) {
                return new OnnxValue.Shape(
                        List.of(ALL_IMAGES, network.planes(rows.value()).numbers()));
            }
            LayerGraph.Planes planes = network.planes(operands.unpadded(node, value));
            return new OnnxValue.Shape(
                    List.of(ALL_IMAGES, (long) planes.channels(), (long) planes.side(), (long) planes.side()));
        }
        if (node.operator().equals("Squeeze")
                && (value instanceof OnnxValue.Planes || value instanceof OnnxValue.Rows)) {
            int number = operands.number(node, value);
            if (network.planes(number).side() != 1) {
                throw operands.refused(node, "of planes of more than one pixel");
            }
            return new OnnxValue.Rows(number);
        }
        if (node.operator().equals("Unsqueeze") && value instanceof OnnxValue.Rows rows) {
            return unsqueeze(node, rows);
        }
        List<Long> sizes = new ArrayList<>(operands.sizes(node, value));
        switch (node.operator()) {
            case "Gather" -> {
                List<Long> all = List.copyOf(sizes);
                sizes.clear();
                for (long index : operands.sizes(node, operands.operand(node, 1))) {
                    InvalidInputException.require(
                            index >= -all.size() && index < all.size(), "it has a shape without a place %d", index);
                    sizes.add(all.get((int) (index < 0 ? index + all.size() : index)));
                }
            }
            case "Concat" -> {
                for (int i = 1; i < node.inputs().size(); i++) {
                    sizes.addAll(operands.sizes(node, operands.operand(node, i)));
                }
            }
            default -> {}
        }
        return new OnnxValue.Shape(sizes);
    }
}
