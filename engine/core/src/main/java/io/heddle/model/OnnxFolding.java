package io.heddle.model;

import io.heddle.matrix.InvalidInputException;
import io.heddle.model.OnnxSource.Constant;
import io.heddle.model.OnnxSource.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.stream.IntStream;

/**
 * Computes operators whose operands are constants, as ONNX Runtime does before it runs a graph. Exporters write such
 * operators for padding that depends on the size of the images.
 */
final class OnnxFolding {
    private static final long MAXIMUM_NUMBERS = 1L << 25;
    private static final long EXACT = 1L << 53;

    private final Node node;
    /** Null for an operand that is left out. */
    private final List<Constant> operands;

    private OnnxFolding(Node node, List<Constant> operands) {
        this.node = node;
        this.operands = operands;
    }

    /**
     * Returns the result of an operator.
     *
     * @param operands null for one that is left out
     * @return empty if the operator, or its attributes, are not among those that this class computes
     * @throws InvalidInputException if the operands are not valid
     */
    static Optional<Constant> result(Node node, List<Constant> operands) {
        boolean numbers = operands.stream().allMatch(c -> c == null || c.type() != OnnxSource.TEXT);
        if (!numbers || operands.isEmpty() || operands.getFirst() == null) {
            return Optional.empty();
        }
        return Optional.ofNullable(new OnnxFolding(node, operands).result());
    }

    private Constant result() {
        Constant first = operands.getFirst();
        return switch (node.operator()) {
            case "Identity" -> first;
            case "Cast" -> cast(first, node.integer("to", 0));
            case "Neg" -> each(v -> -v);
            case "Ceil" -> each(Math::ceil);
            case "Floor" -> each(Math::floor);
            case "Abs" -> each(Math::abs);
            case "Relu" -> each(v -> Math.max(v, 0));
            case "Sqrt" -> isWhole(first) ? null : each(Math::sqrt);
            case "Reciprocal" -> isWhole(first) ? null : each(v -> 1 / v);
            case "Not" -> each(v -> v == 0 ? 1 : 0);
            case "Add" -> pairs(Double::sum, Long::sum);
            case "Sub" -> pairs((a, b) -> a - b, (a, b) -> a - b);
            case "Mul" -> pairs((a, b) -> a * b, (a, b) -> a * b);
            case "Div" -> pairs((a, b) -> a / b, (a, b) -> a / nonzero(b));
            case "Mod" ->
                node.integer("fmod", 0) == 0
                        ? isWhole(first) ? pairs(null, (a, b) -> Math.floorMod(a, nonzero(b))) : null
                        : pairs((a, b) -> a % b, (a, b) -> a % nonzero(b));
            case "Max" -> all(Math::max, Math::max);
            case "Min" -> all(Math::min, Math::min);
            case "Equal" -> compared((a, b) -> a == b ? 1 : 0, (a, b) -> a == b ? 1 : 0);
            case "Greater" -> compared((a, b) -> a > b ? 1 : 0, (a, b) -> a > b ? 1 : 0);
            case "GreaterOrEqual" -> compared((a, b) -> a >= b ? 1 : 0, (a, b) -> a >= b ? 1 : 0);
            case "Less" -> compared((a, b) -> a < b ? 1 : 0, (a, b) -> a < b ? 1 : 0);
            case "LessOrEqual" -> compared((a, b) -> a <= b ? 1 : 0, (a, b) -> a <= b ? 1 : 0);
            case "And" -> isWhole(first) ? compared(null, (a, b) -> a != 0 && b != 0 ? 1 : 0) : null;
            case "Or" -> isWhole(first) ? compared(null, (a, b) -> a != 0 || b != 0 ? 1 : 0) : null;
            case "Clip" -> clipped();
            case "Where" -> chosen();
            case "Shape" -> node.attributes().isEmpty() ? ofWholes(first.shape()) : null;
            case "ConstantOfShape" -> filled();
            case "Expand" -> expanded();
            case "Concat" -> joined();
            case "Gather" -> gathered();
            case "Slice" -> sliced();
            case "Transpose" -> transposed();
            case "Reshape" -> reshaped(sizes(1, ""));
            case "Squeeze" -> squeezed();
            case "Unsqueeze" -> unsqueezed();
            default -> null;
        };
    }

    private static void require(boolean holds, Node node) {
        InvalidInputException.require(holds, "its operator %s has operands that do not fit", node.operator());
    }

    private static boolean isWhole(Constant c) {
        return c.type() != OnnxSource.FLOAT && c.type() != OnnxSource.DOUBLE;
    }

    private long nonzero(long divisor) {
        require(divisor != 0, node);
        return divisor;
    }

    private static int count(long[] shape) {
        long count = 1;
        for (long size : shape) {
            InvalidInputException.require(
                    size >= 0 && (count == 0 || size <= MAXIMUM_NUMBERS / count),
                    "it computes a constant of the shape %s",
                    Arrays.toString(shape));
            count *= size;
        }
        return (int) count;
    }

    /** A constant of an ONNX type, whose numbers are rounded to it. */
    private static Constant of(long type, long[] shape, double[] numbers) {
        boolean whole = type != OnnxSource.FLOAT && type != OnnxSource.DOUBLE;
        long[] wholes = new long[whole ? numbers.length : 0];
        double[] rounded = numbers.clone();
        for (int i = 0; i < numbers.length; i++) {
            if (whole) {
                wholes[i] = (long) numbers[i];
                rounded[i] = wholes[i];
            } else if (type == OnnxSource.FLOAT) {
                rounded[i] = (float) numbers[i];
            }
        }
        return new Constant(type, shape, rounded, wholes, List.of());
    }

    private static Constant ofWholes(long... numbers) {
        return ofWholes(OnnxSource.INT64, new long[] {numbers.length}, numbers);
    }

    /** A constant of whole numbers; those of 32 bits overflow as in ONNX Runtime. */
    static Constant ofWholes(long type, long[] shape, long[] numbers) {
        long[] wholes = type == OnnxSource.INT32
                ? Arrays.stream(numbers).map(v -> (int) v).toArray()
                : numbers;
        return new Constant(type, shape, Arrays.stream(wholes).asDoubleStream().toArray(), wholes, List.of());
    }

    private Constant cast(Constant c, long to) {
        boolean floating = to == OnnxSource.FLOAT || to == OnnxSource.DOUBLE;
        if (!floating && to != OnnxSource.INT32 && to != OnnxSource.INT64 && to != OnnxSource.BOOL) {
            return null;
        }
        if (to == OnnxSource.BOOL) {
            double[] flags = Arrays.stream(c.numbers()).map(v -> v == 0 ? 0 : 1).toArray();
            return of(to, c.shape(), flags);
        }
        double limit = to == OnnxSource.INT32 ? Integer.MAX_VALUE : Long.MAX_VALUE;
        // Conversion of NaN and of numbers that are too large is not defined.
        require(floating || Arrays.stream(c.numbers()).allMatch(v -> Math.abs(v) <= limit), node);
        return isWhole(c) && !floating ? ofWholes(to, c.shape(), c.wholes()) : of(to, c.shape(), c.numbers());
    }

    private Constant each(DoubleUnaryOperator operator) {
        Constant c = operands.getFirst();
        // Larger whole numbers are not exact as double.
        require(Arrays.stream(c.wholes()).allMatch(v -> v > -EXACT && v < EXACT), node);
        return of(c.type(), c.shape(), Arrays.stream(c.numbers()).map(operator).toArray());
    }

    /** The shape of two operands after broadcasting. */
    private long[] common(long[] a, long[] b) {
        long[] shape = new long[Math.max(a.length, b.length)];
        for (int i = 1; i <= shape.length; i++) {
            long first = i <= a.length ? a[a.length - i] : 1;
            long second = i <= b.length ? b[b.length - i] : 1;
            require(first == second || first == 1 || second == 1, node);
            shape[shape.length - i] = first == 1 ? second : first;
        }
        return shape;
    }

    /** For each place of a shape, the place of a constant of a smaller shape. */
    private static int[] broadcast(long[] from, long[] to) {
        return IntStream.range(0, count(to))
                .map(i -> {
                    int rest = i;
                    int place = 0;
                    int step = 1;
                    for (int d = 1; d <= from.length; d++) {
                        int index = (int) (rest % to[to.length - d]);
                        rest /= (int) to[to.length - d];
                        place += from[from.length - d] == 1 ? 0 : index * step;
                        step *= (int) from[from.length - d];
                    }
                    return place;
                })
                .toArray();
    }

    private Constant broadcast(Constant c, long[] shape) {
        return c.at(shape, broadcast(c.shape(), shape));
    }

    private Constant pairs(DoubleBinaryOperator real, LongBinaryOperator whole) {
        require(operands.size() == 2 && operands.get(1) != null, node);
        return pairs(operands.getFirst(), operands.get(1), real, whole);
    }

    private Constant pairs(Constant a, Constant b, DoubleBinaryOperator real, LongBinaryOperator whole) {
        require(a.type() == b.type(), node);
        long[] shape = common(a.shape(), b.shape());
        Constant first = broadcast(a, shape);
        Constant second = broadcast(b, shape);
        if (isWhole(a)) {
            long[] results = IntStream.range(0, first.wholes().length)
                    .mapToLong(i -> whole.applyAsLong(first.wholes()[i], second.wholes()[i]))
                    .toArray();
            return ofWholes(a.type(), shape, results);
        }
        return of(
                a.type(),
                shape,
                IntStream.range(0, first.numbers().length)
                        .mapToDouble(i -> real.applyAsDouble(first.numbers()[i], second.numbers()[i]))
                        .toArray());
    }

    private Constant all(DoubleBinaryOperator real, LongBinaryOperator whole) {
        Constant result = operands.getFirst();
        for (Constant c : operands.subList(1, operands.size())) {
            require(c != null, node);
            result = pairs(result, c, real, whole);
        }
        return result;
    }

    private Constant compared(DoubleBinaryOperator real, LongBinaryOperator whole) {
        Constant result = pairs(real, whole);
        return of(OnnxSource.BOOL, result.shape(), result.numbers());
    }

    private Constant clipped() {
        double minimum = limit(1, "min", Double.NEGATIVE_INFINITY);
        double maximum = limit(2, "max", Double.POSITIVE_INFINITY);
        return each(v -> Math.min(Math.max(v, minimum), maximum));
    }

    private double limit(int i, String attribute, double otherwise) {
        if (!has(i)) {
            return node.real(attribute, otherwise);
        }
        require(operands.get(i).numbers().length == 1, node);
        return operands.get(i).numbers()[0];
    }

    private boolean has(int i) {
        return i < operands.size() && operands.get(i) != null;
    }

    private Constant chosen() {
        require(has(1) && has(2) && operands.get(1).type() == operands.get(2).type(), node);
        long[] shape = common(
                common(operands.getFirst().shape(), operands.get(1).shape()),
                operands.get(2).shape());
        Constant which = broadcast(operands.getFirst(), shape);
        int[] yes = broadcast(operands.get(1).shape(), shape);
        int[] no = broadcast(operands.get(2).shape(), shape);
        int first = operands.get(1).numbers().length;
        int[] places = IntStream.range(0, yes.length)
                .map(i -> which.numbers()[i] != 0 ? yes[i] : first + no[i])
                .toArray();
        return Constant.joined(operands.subList(1, 3)).at(shape, places);
    }

    /** Whole numbers that are an operand, or an attribute up to some opset. */
    private long[] sizes(int i, String attribute) {
        if (!has(i)) {
            return node.wholes(attribute);
        }
        require(isWhole(operands.get(i)) && operands.get(i).shape().length <= 1, node);
        return operands.get(i).wholes();
    }

    private Constant filled() {
        long[] shape = sizes(0, "");
        Constant value = node.attributes().containsKey("value")
                ? node.attributes().get("value").constant()
                : of(OnnxSource.FLOAT, new long[] {1}, new double[1]);
        require(value != null && value.numbers().length == 1, node);
        return value.at(shape, new int[count(shape)]);
    }

    private Constant expanded() {
        long[] shape = common(operands.getFirst().shape(), sizes(1, ""));
        return broadcast(operands.getFirst(), shape);
    }

    private int axis(long axis, int dimensions) {
        require(axis >= -dimensions && axis < dimensions, node);
        return (int) (axis < 0 ? axis + dimensions : axis);
    }

    private Constant joined() {
        Constant first = operands.getFirst();
        int axis = axis(node.integer("axis", 0), first.shape().length);
        long[] shape = first.shape().clone();
        shape[axis] = 0;
        for (Constant c : operands) {
            require(c != null && c.type() == first.type() && c.shape().length == shape.length, node);
            for (int d = 0; d < shape.length; d++) {
                require(d == axis || c.shape()[d] == shape[d], node);
            }
            shape[axis] += c.shape()[axis];
        }
        int outer = count(Arrays.copyOf(shape, axis));
        int[] places = new int[count(shape)];
        int to = 0;
        for (int o = 0; o < outer; o++) {
            int start = 0;
            for (Constant c : operands) {
                int each = c.numbers().length / outer;
                for (int i = 0; i < each; i++) {
                    places[to++] = start + o * each + i;
                }
                start += c.numbers().length;
            }
        }
        return Constant.joined(operands).at(shape, places);
    }

    /** The numbers of a constant with other indices along an axis. */
    private static Constant along(Constant c, int axis, long[] indices, long[] shape) {
        int size = (int) c.shape()[axis];
        int inner = count(Arrays.copyOfRange(c.shape(), axis + 1, c.shape().length));
        int outer = count(Arrays.copyOf(c.shape(), axis));
        count(shape);
        int[] places = new int[outer * indices.length * inner];
        for (int p = 0; p < places.length; p++) {
            int index = (int) indices[p / inner % indices.length];
            places[p] = (p / inner / indices.length * size + index) * inner + p % inner;
        }
        return c.at(shape, places);
    }

    private Constant gathered() {
        Constant c = operands.getFirst();
        require(has(1) && isWhole(operands.get(1)), node);
        int axis = axis(node.integer("axis", 0), c.shape().length);
        long size = c.shape()[axis];
        long[] indices = operands.get(1).wholes().clone();
        for (int i = 0; i < indices.length; i++) {
            indices[i] += indices[i] < 0 ? size : 0;
            require(indices[i] >= 0 && indices[i] < size, node);
        }
        List<Long> shape = new ArrayList<>();
        Arrays.stream(c.shape()).limit(axis).forEach(shape::add);
        Arrays.stream(operands.get(1).shape()).forEach(shape::add);
        Arrays.stream(c.shape()).skip(axis + 1).forEach(shape::add);
        return along(c, axis, indices, shape.stream().mapToLong(v -> v).toArray());
    }

    private Constant sliced() {
        Constant c = operands.getFirst();
        long[] starts = sizes(1, "starts");
        long[] ends = sizes(2, "ends");
        long[] axes = sizes(3, "axes");
        long[] steps =
                has(4) ? sizes(4, "") : Arrays.stream(starts).map(start -> 1).toArray();
        if (axes.length == 0) {
            axes = IntStream.range(0, starts.length).asLongStream().toArray();
        }
        require(ends.length == starts.length && axes.length == starts.length && steps.length == starts.length, node);
        for (int i = 0; i < axes.length; i++) {
            int axis = axis(axes[i], c.shape().length);
            long[] indices = indices(starts[i], ends[i], steps[i], c.shape()[axis]);
            long[] shape = c.shape().clone();
            shape[axis] = indices.length;
            c = along(c, axis, indices, shape);
        }
        return c;
    }

    /** The indices from a start to an end, which count from the end of the axis if they are negative. */
    private long[] indices(long start, long end, long step, long size) {
        // Backwards, ONNX Runtime takes the largest numbers for the start of the axis; the standard does not.
        require(step > 0 || step < 0 && step != Long.MIN_VALUE && end < Integer.MAX_VALUE, node);
        if (size == 0) {
            return new long[0];
        }
        long lowest = step > 0 ? 0 : -1;
        long highest = step > 0 ? size : size - 1;
        long from = Math.clamp(start < 0 ? start + size : start, 0, highest);
        long to = Math.clamp(end < 0 ? Math.max(end + size, lowest) : end, lowest, highest);
        long count = step > 0 ? Math.ceilDiv(to - from, step) : Math.ceilDiv(from - to, -step);
        return IntStream.range(0, (int) Math.max(0, count))
                .mapToLong(i -> from + i * step)
                .toArray();
    }

    private Constant transposed() {
        Constant c = operands.getFirst();
        int n = c.shape().length;
        long[] order = node.wholes("perm");
        if (order.length == 0) {
            order = IntStream.range(0, n).mapToLong(i -> n - 1 - i).toArray();
        }
        require(
                Arrays.equals(
                        Arrays.stream(order).sorted().toArray(),
                        IntStream.range(0, n).asLongStream().toArray()),
                node);
        long[] shape = new long[n];
        int[] steps = new int[n];
        for (int d = 0; d < n; d++) {
            int from = (int) order[d];
            shape[d] = c.shape()[from];
            steps[d] = count(Arrays.copyOfRange(c.shape(), from + 1, n));
        }
        int[] places = new int[c.numbers().length];
        for (int p = 0; p < places.length; p++) {
            int rest = p;
            for (int d = n - 1; d >= 0; d--) {
                places[p] += (int) (rest % shape[d]) * steps[d];
                rest /= (int) shape[d];
            }
        }
        return c.at(shape, places);
    }

    private Constant reshaped(long[] sizes) {
        Constant c = operands.getFirst();
        long[] shape = sizes.clone();
        int open = -1;
        for (int d = 0; d < shape.length; d++) {
            if (shape[d] == 0 && node.operator().equals("Reshape") && node.integer("allowzero", 0) == 0) {
                require(d < c.shape().length, node);
                shape[d] = c.shape()[d];
            }
            if (shape[d] == -1) {
                require(open < 0, node);
                open = d;
                shape[d] = 1;
            }
        }
        int count = count(shape);
        if (open >= 0) {
            require(count > 0 && c.numbers().length % count == 0, node);
            shape[open] = c.numbers().length / count;
        }
        require(count(shape) == c.numbers().length, node);
        return new Constant(c.type(), shape, c.numbers(), c.wholes(), c.texts());
    }

    private Constant squeezed() {
        Constant c = operands.getFirst();
        long[] axes = sizes(1, "axes");
        List<Long> shape = new ArrayList<>();
        for (int d = 0; d < c.shape().length; d++) {
            int dimension = d;
            boolean given = Arrays.stream(axes).anyMatch(a -> axis(a, c.shape().length) == dimension);
            require(!given || c.shape()[d] == 1, node);
            if (!given && (axes.length > 0 || c.shape()[d] != 1)) {
                shape.add(c.shape()[d]);
            }
        }
        return reshaped(shape.stream().mapToLong(v -> v).toArray());
    }

    private Constant unsqueezed() {
        Constant c = operands.getFirst();
        long[] axes = sizes(1, "axes");
        int dimensions = c.shape().length + axes.length;
        long[] shape = new long[dimensions];
        for (long axis : axes) {
            require(shape[axis(axis, dimensions)] == 0, node);
            shape[axis(axis, dimensions)] = 1;
        }
        int from = 0;
        for (int d = 0; d < dimensions; d++) {
            if (shape[d] == 0) {
                shape[d] = c.shape()[from++];
            }
        }
        return reshaped(shape);
    }
}
