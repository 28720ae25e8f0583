package io.heddle.model;

import static io.heddle.model.OnnxConstants.broadcast;
import static io.heddle.model.OnnxConstants.count;
import static io.heddle.model.OnnxConstants.isWhole;

import io.heddle.matrix.InvalidInputException;
import io.heddle.model.OnnxSource.Constant;
import io.heddle.model.OnnxSource.Node;
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
    private static final long EXACT = 1L << 53;

    private final OnnxConstants given;
    private final Node node;

    private OnnxFolding(OnnxConstants given) {
        this.given = given;
        node = given.node();
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
        OnnxConstants given = new OnnxConstants(node, operands);
        Constant result = new OnnxFolding(given).result();
        return Optional.ofNullable(result == null ? OnnxArrangement.result(given) : result);
    }

    private Constant result() {
        Constant first = given.first();
        return switch (node.operator()) {
            case "Identity" -> first;
            case "Cast" -> cast(first, node.integer("to", 0));
            case "Neg" -> each(v -> -v);
            case "Ceil" -> each(Math::ceil);
            case "Floor" -> each(Math::floor);
            case "Abs" -> each(Math::abs);
            case "Relu" -> each(v -> Math.max(v, 0));
            case "Exp" -> isWhole(first) ? null : each(Math::exp);
            case "Sqrt" -> isWhole(first) ? null : each(Math::sqrt);
            case "Reciprocal" -> isWhole(first) ? null : each(v -> 1 / v);
            case "Not" -> each(v -> v == 0 ? 1 : 0);
            case "Add" -> pairs(Double::sum, Long::sum);
            case "Sub" -> pairs((a, b) -> a - b, (a, b) -> a - b);
            case "Mul" -> pairs((a, b) -> a * b, (a, b) -> a * b);
            case "Div" -> pairs((a, b) -> a / b, (a, b) -> a / nonzero(b));
            case "Pow" -> isWhole(first) ? null : pairs(Math::pow, null);
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
            case "Size" -> ofWholes(OnnxSource.INT64, new long[0], new long[] {first.numbers().length});
            case "ConstantOfShape" -> filled();
            case "Range" -> range();
            case "ReduceProd" -> reduced((a, b) -> a * b, this::product);
            case "ReduceSum" -> reduced(Double::sum, this::sum);
            case "ReduceMean" -> isWhole(first) ? null : mean();
            case "ReduceMax" -> reduced(Math::max, Math::max);
            case "ReduceMin" -> reduced(Math::min, Math::min);
            default -> null;
        };
    }

    private long nonzero(long divisor) {
        given.require(divisor != 0);
        return divisor;
    }

    /** Runtimes differ in products and sums of an axis that overflow. */
    private long product(long a, long b) {
        long product = a * b;
        given.require(Math.multiplyHigh(a, b) == product >> Long.SIZE - 1 && fits(product));
        return product;
    }

    private long sum(long a, long b) {
        long sum = a + b;
        given.require(((a ^ sum) & (b ^ sum)) >= 0 && fits(sum));
        return sum;
    }

    private boolean fits(long number) {
        return given.first().type() != OnnxSource.INT32 || number == (int) number;
    }

    /** A constant of an ONNX type, whose numbers are rounded to it. */
    private static Constant of(long type, long[] shape, double[] numbers) {
        boolean whole = OnnxConstants.isWhole(type);
        long[] wholes = new long[whole ? numbers.length : 0];
        double[] rounded = numbers.clone();
        for (int i = 0; i < numbers.length; i++) {
            if (whole) {
                wholes[i] = (long) numbers[i];
                rounded[i] = wholes[i];
            } else if (type == OnnxSource.FLOAT) {
                rounded[i] = (float) numbers[i];
            } else if (type == OnnxSource.FLOAT16) {
                // As runtimes do, which compute in float.
                rounded[i] = Float.float16ToFloat(Float.floatToFloat16((float) numbers[i]));
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
        boolean floating = OnnxSource.isFloating(to) || to == OnnxSource.FLOAT16;
        if (!floating && to != OnnxSource.INT32 && to != OnnxSource.INT64 && to != OnnxSource.BOOL) {
            return null;
        }
        if (to == OnnxSource.BOOL) {
            double[] flags = Arrays.stream(c.numbers()).map(v -> v == 0 ? 0 : 1).toArray();
            return of(to, c.shape(), flags);
        }
        double limit = to == OnnxSource.INT32 ? Integer.MAX_VALUE : Long.MAX_VALUE;
        // Conversion of NaN and of numbers that are too large is not defined.
        given.require(floating || Arrays.stream(c.numbers()).allMatch(v -> Math.abs(v) <= limit));
        return isWhole(c) && !floating ? ofWholes(to, c.shape(), c.wholes()) : of(to, c.shape(), c.numbers());
    }

    private Constant each(DoubleUnaryOperator operator) {
        Constant c = given.first();
        // Larger whole numbers are not exact as double.
        given.require(Arrays.stream(c.wholes()).allMatch(v -> v > -EXACT && v < EXACT));
        return of(c.type(), c.shape(), Arrays.stream(c.numbers()).map(operator).toArray());
    }

    private Constant pairs(DoubleBinaryOperator real, LongBinaryOperator whole) {
        given.require(given.operands().size() == 2 && given.operands().get(1) != null);
        return pairs(given.first(), given.operands().get(1), real, whole);
    }

    private Constant pairs(Constant a, Constant b, DoubleBinaryOperator real, LongBinaryOperator whole) {
        given.require(a.type() == b.type());
        long[] shape = given.common(a.shape(), b.shape());
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
        Constant result = given.first();
        for (Constant c : given.operands().subList(1, given.operands().size())) {
            given.require(c != null);
            result = pairs(result, c, real, whole);
        }
        return result;
    }

    /** The numbers from the first operand to the second, without it, in steps of the third. */
    private Constant range() {
        Constant start = given.first();
        for (int i = 0; i < 3; i++) {
            given.require(given.get(i).numbers().length == 1 && given.get(i).type() == start.type());
        }
        double from = start.numbers()[0];
        double step = given.get(2).numbers()[0];
        double count = Math.max(0, Math.ceil((given.get(1).numbers()[0] - from) / step));
        given.require(step != 0 && Math.max(Math.abs(from), Math.abs(from + count * step)) < EXACT);
        long[] shape = {(long) count};
        return of(
                start.type(),
                shape,
                IntStream.range(0, count(shape))
                        .mapToDouble(i -> from + i * step)
                        .toArray());
    }

    /** Combines the numbers along some axes, which are an attribute or, in later opsets, an operand. */
    private Constant reduced(DoubleBinaryOperator real, LongBinaryOperator whole) {
        Constant c = given.first();
        long[] axes = given.sizes(1, "axes");
        int dimensions = c.shape().length;
        boolean[] reduced = new boolean[dimensions];
        Arrays.fill(reduced, axes.length == 0 && node.integer("noop_with_empty_axes", 0) == 0);
        for (long axis : axes) {
            reduced[given.axis(axis, dimensions)] = true;
        }
        long[] kept = c.shape().clone();
        for (int d = 0; d < dimensions; d++) {
            kept[d] = reduced[d] ? 1 : kept[d];
        }
        int[] places = broadcast(kept, c.shape());
        given.require(places.length > 0);
        double[] numbers = new double[count(kept)];
        long[] wholes = new long[numbers.length];
        boolean[] begun = new boolean[numbers.length];
        for (int i = 0; i < places.length; i++) {
            int to = places[i];
            if (isWhole(c)) {
                wholes[to] = begun[to] ? whole.applyAsLong(wholes[to], c.wholes()[i]) : c.wholes()[i];
            } else {
                numbers[to] = begun[to] ? real.applyAsDouble(numbers[to], c.numbers()[i]) : c.numbers()[i];
            }
            begun[to] = true;
        }
        long[] shape = node.integer("keepdims", 1) != 0
                ? kept
                : IntStream.range(0, dimensions)
                        .filter(d -> !reduced[d])
                        .mapToLong(d -> kept[d])
                        .toArray();
        return isWhole(c) ? ofWholes(c.type(), shape, wholes) : of(c.type(), shape, numbers);
    }

    private Constant mean() {
        Constant sum = reduced(Double::sum, null);
        double each = (double) given.first().numbers().length / sum.numbers().length;
        return of(
                sum.type(),
                sum.shape(),
                Arrays.stream(sum.numbers()).map(v -> v / each).toArray());
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
        if (!given.has(i)) {
            return node.real(attribute, otherwise);
        }
        given.require(given.operands().get(i).numbers().length == 1);
        return given.operands().get(i).numbers()[0];
    }

    private Constant chosen() {
        given.require(given.has(1)
                && given.has(2)
                && given.operands().get(1).type() == given.operands().get(2).type());
        long[] shape = given.common(
                given.common(given.first().shape(), given.operands().get(1).shape()),
                given.operands().get(2).shape());
        Constant which = broadcast(given.first(), shape);
        int[] yes = broadcast(given.operands().get(1).shape(), shape);
        int[] no = broadcast(given.operands().get(2).shape(), shape);
        int first = given.operands().get(1).numbers().length;
        int[] places = IntStream.range(0, yes.length)
                .map(i -> which.numbers()[i] != 0 ? yes[i] : first + no[i])
                .toArray();
        return Constant.joined(given.operands().subList(1, 3)).at(shape, places);
    }

    private Constant filled() {
        long[] shape = given.sizes(0, "");
        Constant value = node.attributes().containsKey("value")
                ? node.attributes().get("value").constant()
                : of(OnnxSource.FLOAT, new long[] {1}, new double[1]);
        given.require(value != null && value.numbers().length == 1);
        return value.at(shape, new int[count(shape)]);
    }
}
