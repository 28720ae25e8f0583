package io.heddle.model;

import io.heddle.matrix.InvalidInputException;
import io.heddle.model.OnnxSource.Constant;
import io.heddle.model.OnnxSource.Node;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * An operator whose operands are constants.
 *
 * @param operands null for one that is left out
 */
record OnnxConstants(Node node, List<Constant> operands) {
    private static final long MAXIMUM_NUMBERS = 1L << 25;

    static boolean isWhole(Constant c) {
        return isWhole(c.type());
    }

    /** Returns whether the numbers of an ONNX type are whole ones, or flags. */
    static boolean isWhole(long type) {
        return OnnxSource.isWhole(type) || type == OnnxSource.BOOL;
    }

    /** The number of numbers of a shape. */
    static int count(long[] shape) {
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

    void require(boolean holds) {
        InvalidInputException.require(holds, "its operator %s has operands that do not fit", node.operator());
    }

    Constant first() {
        return operands.getFirst();
    }

    boolean has(int i) {
        return i < operands.size() && operands.get(i) != null;
    }

    /** An operand that must be there. */
    Constant get(int i) {
        require(has(i));
        return operands.get(i);
    }

    /** Whole numbers that are an operand, or an attribute up to some opset. */
    long[] sizes(int i, String attribute) {
        if (!has(i)) {
            return node.wholes(attribute);
        }
        require(isWhole(operands.get(i)) && operands.get(i).shape().length <= 1);
        return operands.get(i).wholes();
    }

    /** An axis, counted from the end if it is negative. */
    int axis(long axis, int dimensions) {
        require(axis >= -dimensions && axis < dimensions);
        return (int) (axis < 0 ? axis + dimensions : axis);
    }

    /** The indices from a start to an end, which count from the end of the axis if they are negative. */
    long[] indices(long start, long end, long step, long size) {
        // Backwards, ONNX Runtime takes the largest numbers for the start of the axis; the standard does not.
        require(step > 0 || step < 0 && step != Long.MIN_VALUE && end < Integer.MAX_VALUE);
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

    /** The shape of two operands after broadcasting. */
    long[] common(long[] a, long[] b) {
        long[] shape = new long[Math.max(a.length, b.length)];
        for (int i = 1; i <= shape.length; i++) {
            long first = i <= a.length ? a[a.length - i] : 1;
            long second = i <= b.length ? b[b.length - i] : 1;
            require(first == second || first == 1 || second == 1);
            shape[shape.length - i] = first == 1 ? second : first;
        }
        return shape;
    }

    /** For each place of a shape, the place of a constant of a smaller shape. */
    static int[] broadcast(long[] from, long[] to) {
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

    static Constant broadcast(Constant c, long[] shape) {
        return c.at(shape, broadcast(c.shape(), shape));
    }
}
