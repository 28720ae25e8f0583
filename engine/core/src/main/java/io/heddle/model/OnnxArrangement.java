package io.heddle.model;

import static io.heddle.model.OnnxConstants.broadcast;
import static io.heddle.model.OnnxConstants.count;
import static io.heddle.model.OnnxConstants.isWhole;

import io.heddle.model.OnnxSource.Constant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Operators that arrange the numbers of constants in another way: joins, parts and other shapes. */
final class OnnxArrangement {
    private final OnnxConstants given;

    private OnnxArrangement(OnnxConstants given) {
        this.given = given;
    }

    /** Returns the result of an operator, null if it is not among those that this class computes. */
    static Constant result(OnnxConstants given) {
        OnnxArrangement arrangement = new OnnxArrangement(given);
        return switch (given.node().operator()) {
            case "Expand" -> arrangement.expanded();
            case "Concat" -> arrangement.joined();
            case "Gather" -> arrangement.gathered();
            case "Slice" -> arrangement.sliced();
            case "Tile" -> arrangement.repeated();
            case "Transpose" -> arrangement.transposed();
            case "Reshape" -> arrangement.reshaped(given.sizes(1, ""));
            case "Squeeze" -> arrangement.squeezed();
            case "Unsqueeze" -> arrangement.unsqueezed();
            default -> null;
        };
    }

    private Constant expanded() {
        long[] shape = given.common(given.first().shape(), given.sizes(1, ""));
        return broadcast(given.first(), shape);
    }

    private Constant joined() {
        Constant first = given.first();
        int axis = given.axis(given.node().integer("axis", 0), first.shape().length);
        long[] shape = first.shape().clone();
        shape[axis] = 0;
        for (Constant c : given.operands()) {
            given.require(c != null && c.type() == first.type() && c.shape().length == shape.length);
            for (int d = 0; d < shape.length; d++) {
                given.require(d == axis || c.shape()[d] == shape[d]);
            }
            shape[axis] += c.shape()[axis];
        }
        int outer = count(Arrays.copyOf(shape, axis));
        int[] places = new int[count(shape)];
        int to = 0;
        for (int o = 0; o < outer; o++) {
            int start = 0;
            for (Constant c : given.operands()) {
                int each = c.numbers().length / outer;
                for (int i = 0; i < each; i++) {
                    places[to++] = start + o * each + i;
                }
                start += c.numbers().length;
            }
        }
        return Constant.joined(given.operands()).at(shape, places);
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
        Constant c = given.first();
        given.require(given.has(1) && isWhole(given.operands().get(1)));
        int axis = given.axis(given.node().integer("axis", 0), c.shape().length);
        long size = c.shape()[axis];
        long[] indices = given.operands().get(1).wholes().clone();
        for (int i = 0; i < indices.length; i++) {
            indices[i] += indices[i] < 0 ? size : 0;
            given.require(indices[i] >= 0 && indices[i] < size);
        }
        List<Long> shape = new ArrayList<>();
        Arrays.stream(c.shape()).limit(axis).forEach(shape::add);
        Arrays.stream(given.operands().get(1).shape()).forEach(shape::add);
        Arrays.stream(c.shape()).skip(axis + 1).forEach(shape::add);
        return along(c, axis, indices, shape.stream().mapToLong(v -> v).toArray());
    }

    private Constant sliced() {
        Constant c = given.first();
        long[] starts = given.sizes(1, "starts");
        long[] ends = given.sizes(2, "ends");
        long[] axes = given.sizes(3, "axes");
        long[] steps = given.has(4)
                ? given.sizes(4, "")
                : Arrays.stream(starts).map(start -> 1).toArray();
        if (axes.length == 0) {
            axes = IntStream.range(0, starts.length).asLongStream().toArray();
        }
        given.require(ends.length == starts.length && axes.length == starts.length && steps.length == starts.length);
        for (int i = 0; i < axes.length; i++) {
            int axis = given.axis(axes[i], c.shape().length);
            long[] indices = given.indices(starts[i], ends[i], steps[i], c.shape()[axis]);
            long[] shape = c.shape().clone();
            shape[axis] = indices.length;
            c = along(c, axis, indices, shape);
        }
        return c;
    }

    private Constant repeated() {
        Constant c = given.first();
        long[] times = given.get(1).wholes();
        given.require(times.length == c.shape().length);
        for (int axis = 0; axis < times.length; axis++) {
            long[] shape = c.shape().clone();
            given.require(times[axis] >= 0 && times[axis] <= Integer.MAX_VALUE);
            shape[axis] *= times[axis];
            long size = c.shape()[axis];
            long[] indices = IntStream.range(0, count(new long[] {shape[axis]}))
                    .mapToLong(i -> i % size)
                    .toArray();
            c = along(c, axis, indices, shape);
        }
        return c;
    }

    private Constant transposed() {
        Constant c = given.first();
        int n = c.shape().length;
        long[] order = given.node().wholes("perm");
        if (order.length == 0) {
            order = IntStream.range(0, n).mapToLong(i -> n - 1 - i).toArray();
        }
        given.require(Arrays.equals(
                Arrays.stream(order).sorted().toArray(),
                IntStream.range(0, n).asLongStream().toArray()));
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
        Constant c = given.first();
        long[] shape = sizes.clone();
        int open = -1;
        for (int d = 0; d < shape.length; d++) {
            if (shape[d] == 0
                    && given.node().operator().equals("Reshape")
                    && given.node().integer("allowzero", 0) == 0) {
                given.require(d < c.shape().length);
                shape[d] = c.shape()[d];
            }
            if (shape[d] == -1) {
                given.require(open < 0);
                open = d;
                shape[d] = 1;
            }
        }
        int count = count(shape);
        if (open >= 0) {
            given.require(count > 0 && c.numbers().length % count == 0);
            shape[open] = c.numbers().length / count;
        }
        given.require(count(shape) == c.numbers().length);
        return new Constant(c.type(), shape, c.numbers(), c.wholes(), c.texts());
    }

    private Constant squeezed() {
        Constant c = given.first();
        long[] axes = given.sizes(1, "axes");
        List<Long> shape = new ArrayList<>();
        for (int d = 0; d < c.shape().length; d++) {
            int dimension = d;
            boolean named = Arrays.stream(axes).anyMatch(a -> given.axis(a, c.shape().length) == dimension);
            given.require(!named || c.shape()[d] == 1);
            if (!named && (axes.length > 0 || c.shape()[d] != 1)) {
                shape.add(c.shape()[d]);
            }
        }
        return reshaped(shape.stream().mapToLong(v -> v).toArray());
    }

    private Constant unsqueezed() {
        Constant c = given.first();
        long[] axes = given.sizes(1, "axes");
        int dimensions = c.shape().length + axes.length;
        long[] shape = new long[dimensions];
        for (long axis : axes) {
            given.require(shape[given.axis(axis, dimensions)] == 0);
            shape[given.axis(axis, dimensions)] = 1;
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
