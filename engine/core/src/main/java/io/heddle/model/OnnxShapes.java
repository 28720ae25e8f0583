package io.heddle.model;

import io.heddle.files.DataFormatException;
import io.heddle.internal.network.Layer;
import io.heddle.internal.network.LayerGraph;
import io.heddle.matrix.InvalidInputException;
import io.heddle.model.OnnxSource.Constant;
import io.heddle.model.OnnxSource.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Operators that convert planes to rows and back, and those with which exporters compute the shapes of such rows. */
final class OnnxShapes {
    /** Represents the number of images in a shape. */
    private static final long ALL_IMAGES = 0;

    private static final int DIMENSIONS = 4;

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
        return new OnnxValue.Rows(
                value instanceof OnnxValue.Column column ? column.value() : operands.number(node, value));
    }

    Object reshape(Node node) throws DataFormatException {
        Object value = operands.operand(node, 0);
        if (value instanceof OnnxValue.Labels) {
            return value;
        }
        int number =
                switch (value) {
                    case OnnxValue.Groups groups -> groups.value();
                    case OnnxValue.Column column -> column.value();
                    default -> operands.number(node, value);
                };
        List<Long> sizes = operands.sizes(node, operands.operand(node, 1));
        LayerGraph.Planes planes = network.planes(number);
        if (!operands.keepsImages(sizes)) {
            throw operands.refused(node, "to %s, which is not one row per image".formatted(sizes));
        }
        long[] image = ofImage(sizes, planes.numbers());
        if (Arrays.equals(image, new long[] {planes.channels(), planes.side(), planes.side()})) {
            return new OnnxValue.Planes(shuffled(value, number));
        }
        if (image.length == 1) {
            return new OnnxValue.Rows(shuffled(value, number));
        }
        if ((value instanceof OnnxValue.Planes || value instanceof OnnxValue.Image)
                && image.length > 2
                && Math.max(image[0], image[1]) <= planes.channels()
                && image[0] * image[1] == planes.channels()
                && image[2] == (image.length == 3 ? (long) planes.side() * planes.side() : planes.side())) {
            return new OnnxValue.Groups(number, (int) image[0], false);
        }
        throw operands.refused(node, "to %s, which is not one row per image".formatted(sizes));
    }

    /** The sizes behind the number of images; empty if they are not those of all numbers of an image. */
    private static long[] ofImage(List<Long> sizes, long numbers) {
        long[] image = sizes.stream().skip(1).mapToLong(v -> v).toArray();
        long product = Arrays.stream(image).filter(v -> v != -1).reduce(1, (a, b) -> a * b);
        if (product > 0
                && numbers % product == 0
                && Arrays.stream(image).filter(v -> v == -1).count() == 1) {
            return Arrays.stream(image)
                    .map(v -> v == -1 ? numbers / product : v)
                    .toArray();
        }
        return product == numbers ? image : new long[0];
    }

    private int shuffled(Object value, int number) {
        return value instanceof OnnxValue.Groups groups && groups.transposed()
                ? network.add(new Layer.Shuffle(network.readable(number), groups.groups()))
                : number;
    }

    /** The middle of a channel shuffle: groups and the channels of a group change places. */
    Object transpose(Node node) throws DataFormatException {
        long[] order = node.wholes("perm");
        boolean swapped = order.length > 3
                && order[0] == 0
                && order[1] == 2
                && order[2] == 1
                && IntStream.range(3, order.length).allMatch(d -> order[d] == d);
        if (!swapped || !(operands.operand(node, 0) instanceof OnnxValue.Groups groups) || groups.transposed()) {
            throw operands.refused(node, "other than between two Reshape that make a channel shuffle");
        }
        return new OnnxValue.Groups(groups.value(), groups.groups(), true);
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
        if (node.operator().equals("Shape")) {
            return part(shapeOf(node, value), node.integer("start", 0), node.integer("end", Long.MAX_VALUE));
        }
        if (node.operator().equals("Squeeze")
                && (value instanceof OnnxValue.Planes || value instanceof OnnxValue.Rows)) {
            int number = operands.number(node, value);
            if (network.planes(number).side() != 1) {
                throw operands.refused(node, "of planes of more than one pixel");
            }
            boolean isColumn =
                    value instanceof OnnxValue.Planes && wholes(node, 1, "axes").size() == 1;
            return isColumn ? new OnnxValue.Column(number) : new OnnxValue.Rows(number);
        }
        if (node.operator().equals("Squeeze") && value instanceof OnnxValue.Column column) {
            return new OnnxValue.Rows(column.value());
        }
        if (node.operator().equals("Unsqueeze") && value instanceof OnnxValue.Plane plane) {
            List<Long> axes = wholes(node, 1, "axes");
            if (!axes.equals(List.of(1L)) && !axes.equals(List.of(1L - DIMENSIONS))) {
                throw operands.refused(node, "of a channel at another place than that of the channels");
            }
            return new OnnxValue.Planes(plane.value());
        }
        if (node.operator().equals("Unsqueeze") && value instanceof OnnxValue.Rows rows) {
            return unsqueeze(node, rows);
        }
        List<Long> sizes = new ArrayList<>(operands.sizes(node, value));
        return switch (node.operator()) {
            case "Gather" -> gathered(node, sizes);
            case "Slice" -> sliced(node, sizes);
            case "Concat" -> {
                for (int i = 1; i < node.inputs().size(); i++) {
                    sizes.addAll(operands.sizes(node, operands.operand(node, i)));
                }
                yield new OnnxValue.Shape(sizes);
            }
            default -> new OnnxValue.Shape(sizes);
        };
    }

    private List<Long> shapeOf(Node node, Object value) throws DataFormatException {
        if (value instanceof OnnxValue.Rows rows) {
            return List.of(ALL_IMAGES, network.planes(rows.value()).numbers());
        }
        OnnxValue.Planes padded = operands.planes(node, value);
        LayerGraph.Planes planes = network.planes(padded.value());
        Layer.Padding padding = padded.padding();
        return List.of(
                ALL_IMAGES,
                (long) planes.channels(),
                (long) planes.side() + padding.top() + padding.bottom(),
                (long) planes.side() + padding.left() + padding.right());
    }

    /** Some sizes in order. If the number of images is not among them, they are constants. */
    private static Object part(List<Long> sizes, long start, long end) {
        int count = sizes.size();
        long from = Math.clamp(start < 0 ? start + count : start, 0, count);
        long to = Math.clamp(end < 0 ? end + count : end, from, (long) count);
        List<Long> some = sizes.subList((int) from, (int) to);
        return known(new long[] {some.size()}, some);
    }

    private static Object known(long[] shape, List<Long> sizes) {
        return sizes.contains(ALL_IMAGES)
                ? new OnnxValue.Shape(sizes)
                : OnnxFolding.ofWholes(
                        OnnxSource.INT64,
                        shape,
                        sizes.stream().mapToLong(v -> v).toArray());
    }

    private Object gathered(Node node, List<Long> sizes) throws DataFormatException {
        List<Long> some = new ArrayList<>();
        for (long index : operands.constantSizes(node, 1)) {
            InvalidInputException.require(
                    index >= -sizes.size() && index < sizes.size(), "it has a shape without a place %d", index);
            some.add(sizes.get((int) (index < 0 ? index + sizes.size() : index)));
        }
        long[] shape = operands.operand(node, 1) instanceof Constant c ? c.shape() : new long[] {some.size()};
        return known(shape, some);
    }

    private Object sliced(Node node, List<Long> sizes) throws DataFormatException {
        List<Long> starts = wholes(node, 1, "starts");
        List<Long> ends = wholes(node, 2, "ends");
        List<Long> axes = wholes(node, 3, "axes");
        boolean first = axes.isEmpty() || axes.equals(List.of(0L)) || axes.equals(List.of(-1L));
        boolean single = !operands.has(node, 4) || wholes(node, 4, "").equals(List.of(1L));
        if (starts.size() != 1 || ends.size() != 1 || !first || !single) {
            throw operands.refused(node, "of a shape in another way than from a start to an end");
        }
        return part(sizes, starts.getFirst(), ends.getFirst());
    }

    private List<Long> wholes(Node node, int i, String attribute) throws DataFormatException {
        return operands.has(node, i)
                ? operands.constantSizes(node, i)
                : Arrays.stream(node.wholes(attribute)).boxed().toList();
    }
}
