package io.heddle.model;

import io.heddle.files.DataFormatException;
import io.heddle.model.OnnxSource.Constant;
import io.heddle.model.OnnxSource.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Operators that take some channels of planes, or of rows of channels. */
final class OnnxChannels {
    private static final int DIMENSIONS = 4;
    /** The opset since which the last part of a Split may be smaller than the others. */
    private static final int UNEQUAL_PARTS = 18;

    private final OnnxOperands operands;
    private final NetworkBuilder network;

    OnnxChannels(OnnxOperands operands, NetworkBuilder network) {
        this.operands = operands;
        this.network = network;
    }

    /** Returns the number of a value whose dimension 1 is channels: planes, the image, or rows of one pixel. */
    private int number(Node node, Object value) throws DataFormatException {
        int number = operands.number(node, value);
        if (value instanceof OnnxValue.Rows && network.planes(number).side() != 1) {
            throw operands.refused(node, "of rows of planes of more than one pixel");
        }
        return number;
    }

    private boolean isChannels(Object value, long axis) {
        return axis == 1 || axis == 1 - (value instanceof OnnxValue.Rows ? 2 : DIMENSIONS);
    }

    /** Returns some channels of an operand, which is itself the result if these are all in their order. */
    private int part(Node node, String output, int number, int[] channels) {
        int part = network.channels(number, channels);
        if (part == number) {
            operands.rename(node, output);
        }
        return part;
    }

    /** Adds a layer for each part that is read. */
    void split(Node node) throws DataFormatException {
        Object value = operands.operand(node, 0);
        int number = number(node, value);
        if (!isChannels(value, node.integer("axis", 0))) {
            throw operands.refused(node, "along another axis than the channels");
        }
        int channels = network.planes(number).channels();
        List<Long> sizes = sizes(node, channels);
        if (sizes.size() != node.outputs().size()
                || sizes.stream().anyMatch(size -> size < 1 || size > channels)
                || sizes.stream().mapToLong(size -> size).sum() != channels) {
            throw operands.refused(
                    node,
                    "of %d channels into %s and %d values"
                            .formatted(channels, sizes, node.outputs().size()));
        }
        int first = 0;
        for (int i = 0; i < sizes.size(); i++) {
            String output = node.outputs().get(i);
            int end = first + sizes.get(i).intValue();
            if (operands.isRead(output)) {
                int part =
                        part(node, output, number, IntStream.range(first, end).toArray());
                operands.put(output, OnnxValue.like(value, part));
            }
            first = end;
        }
    }

    /** An attribute up to opset 12, later an operand; if there is neither, the parts are equal. */
    private List<Long> sizes(Node node, int channels) throws DataFormatException {
        if (operands.has(node, 1)) {
            return operands.constantSizes(node, 1);
        }
        long[] given = node.wholes("split");
        if (given.length > 0) {
            return Arrays.stream(given).boxed().toList();
        }
        int count = (int) node.integer("num_outputs", node.outputs().size());
        if (count != node.outputs().size()) {
            throw operands.refused(
                    node,
                    "into %d values, of which it gives %d"
                            .formatted(count, node.outputs().size()));
        }
        int each = Math.ceilDiv(channels, count);
        List<Long> sizes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean last = i == count - 1 && operands.opset() >= UNEQUAL_PARTS;
            sizes.add((long) (last ? channels - each * i : each));
        }
        return sizes;
    }

    /** Parts of other dimensions must be the whole of them. */
    Object sliced(Node node) throws DataFormatException {
        Object value = operands.operand(node, 0);
        int all = number(node, value);
        int number = all;
        List<Long> starts = wholes(node, 1, "starts");
        List<Long> ends = wholes(node, 2, "ends");
        List<Long> axes = wholes(node, 3, "axes");
        List<Long> steps = wholes(node, 4, "");
        if (starts.isEmpty()
                || ends.size() != starts.size()
                || !axes.isEmpty() && axes.size() != starts.size()
                || !steps.isEmpty() && steps.size() != starts.size()) {
            throw operands.refused(node, "with other numbers of starts, ends, axes and steps");
        }
        for (int i = 0; i < starts.size(); i++) {
            long axis = axes.isEmpty() ? i : axes.get(i);
            long step = steps.isEmpty() ? 1 : steps.get(i);
            if (isChannels(value, axis)) {
                long[] indices = new OnnxConstants(node, List.of())
                        .indices(
                                starts.get(i),
                                ends.get(i),
                                step,
                                network.planes(number).channels());
                if (indices.length == 0) {
                    throw operands.refused(node, "of no channels");
                }
                number = network.channels(
                        number, Arrays.stream(indices).mapToInt(c -> (int) c).toArray());
            } else if (starts.get(i) != 0 || ends.get(i) < end(value, axis, number) || step != 1) {
                throw operands.refused(node, "of other dimensions than the channels");
            }
        }
        if (number == all) {
            operands.rename(node, node.outputs().getFirst());
        }
        return OnnxValue.like(value, number);
    }

    /** The end of a part that is the whole of its dimension. The number of images is not known. */
    private long end(Object value, long axis, int number) {
        boolean pixels =
                !(value instanceof OnnxValue.Rows) && List.of(2L, 3L, -1L, -2L).contains(axis);
        return pixels ? network.planes(number).side() : Integer.MAX_VALUE;
    }

    private List<Long> wholes(Node node, int i, String attribute) throws DataFormatException {
        return operands.has(node, i)
                ? operands.constantSizes(node, i)
                : Arrays.stream(node.wholes(attribute)).boxed().toList();
    }

    /** One channel without its dimension, as {@code x[:, 0]} exports it, or a list of channels. */
    Object gathered(Node node) throws DataFormatException {
        Object value = operands.operand(node, 0);
        if (value instanceof OnnxValue.Rows || !isChannels(value, node.integer("axis", 0))) {
            throw operands.refused(node, "of other values than the channels of planes");
        }
        int number = operands.number(node, value);
        int count = network.planes(number).channels();
        List<Long> indices = operands.constantSizes(node, 1);
        if (indices.isEmpty() || indices.stream().anyMatch(c -> c < -count || c >= count)) {
            throw operands.refused(node, "of the channels %s of %d".formatted(indices, count));
        }
        int[] channels =
                indices.stream().mapToInt(c -> (int) (c < 0 ? c + count : c)).toArray();
        number = part(node, node.outputs().getFirst(), number, channels);
        boolean single = operands.operand(node, 1) instanceof Constant c && c.shape().length == 0;
        return single ? new OnnxValue.Plane(number) : new OnnxValue.Planes(number);
    }
}
