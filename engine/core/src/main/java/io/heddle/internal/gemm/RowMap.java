package io.heddle.internal.gemm;

import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.internal.kernels.Softmax;
import io.heddle.internal.warmup.UntilCompiled;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.IntToDoubleFunction;

/**
 * An affine map y = W x + b, packed for predictions of single rows. It reads the weights once and runs on the calling
 * thread, without locks or allocation, for a row in any kind of memory. Any number of threads, including virtual
 * threads, may use one map.
 *
 * <p>Rows are floats or, in methods with bytes in their name, unsigned bytes. They are passed as an array, as a segment
 * and an offset in bytes, or as a buffer from its position to its limit, whose position does not change. Direct
 * buffers, segments on the heap and floats in mapped files are copied. Byte order is the machine's.
 *
 * <p>Each method throws {@link InvalidInputException} if the length of the row is not the number of inputs or a value
 * is not finite, and {@link IllegalStateException} after {@link #close()}.
 *
 * <p>For example: {@snippet file="KernelExamplesTest.java" region="row-map"}
 */
public final class RowMap implements RowStep {
    private static final Kernels KERNELS = Simd.kernels();
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ThreadLocal<float[]> FLOATS = ThreadLocal.withInitial(() -> new float[0]);
    private static final ThreadLocal<byte[]> BYTES = ThreadLocal.withInitial(() -> new byte[0]);
    private static final ThreadLocal<float[]> OUTPUTS = ThreadLocal.withInitial(() -> new float[0]);

    /** Calls after which both compilers have compiled the kernels, with a margin. */
    private static final int WARM_CALLS = 12_000;

    private static final int WARM_INPUTS = 1_024;

    private final FloatMatrix packed;
    private final int inputs;
    private final int outputs;
    private final boolean relative;
    /** Number of computed outputs: all, or all but the first. */
    private final int sums;

    private RowMap(FloatMatrix packed, int inputs, int outputs, boolean relative) {
        this.packed = packed;
        this.inputs = inputs;
        this.outputs = outputs;
        this.relative = relative;
        this.sums = relative ? outputs - 1 : outputs;
    }

    /** The weights that {@link #of} packs. */
    @FunctionalInterface
    public interface Weights {
        /** The weight of an input in an output. */
        double at(int output, int input);
    }

    /**
     * Packs a map.
     *
     * @param outputs ≥ 1
     * @param inputs floats in a row, ≥ 0
     * @param weights rounded to float
     * @param biases one for each output, rounded to float
     */
    public static RowMap of(int outputs, int inputs, Weights weights, double[] biases) {
        return new RowMap(pack(outputs, inputs, weights, biases), inputs, outputs, false);
    }

    /**
     * Packs a map for which only the differences of the outputs matter, such as logits. Outputs are relative to the
     * first, which is 0 and is not computed. With ten classes this saves a tenth of the work.
     *
     * @param outputs ≥ 2
     * @param inputs floats in a row, ≥ 0
     * @param weights their differences are rounded to float
     * @param biases one for each output
     */
    public static RowMap relative(int outputs, int inputs, Weights weights, double[] biases) {
        double[] differences = new double[outputs - 1];
        for (int j = 0; j < differences.length; j++) {
            differences[j] = biases[j + 1] - biases[0];
        }
        Weights others = (output, input) -> weights.at(output + 1, input) - weights.at(0, input);
        return new RowMap(pack(outputs - 1, inputs, others, differences), inputs, outputs, true);
    }

    private static FloatMatrix pack(int outputs, int inputs, Weights weights, double[] biases) {
        int lanes = KERNELS.lanes();
        int group = Kernels.AFFINE_GROUP;
        int groups = (outputs + group - 1) / group;
        long groupFloats = Kernels.affineGroupFloats(inputs, lanes);
        // One long row: the groups are contiguous, without the padding of a matrix.
        long vectors = (groups * groupFloats + FloatMatrix.ALIGNMENT - 1) / FloatMatrix.ALIGNMENT;
        FloatMatrix packed = FloatMatrix.allocate(vectors, 1);
        MemorySegment s = packed.segment();
        for (int g = 0; g < groups; g++) {
            int from = g * group;
            int some = Math.min(group, outputs - from);
            long at = g * groupFloats;
            for (int j = 0; j < Kernels.AFFINE_BIASES; j++) {
                float bias = j < some ? (float) biases[from + j] : Float.NEGATIVE_INFINITY;
                s.set(FLOAT, (at + j) * Float.BYTES, bias);
            }
            for (int j = 0; j < some; j++) {
                for (int i = 0; i < inputs; i++) {
                    long to = at + Kernels.affineWeight(inputs, lanes, j, i);
                    s.set(FLOAT, to * Float.BYTES, (float) weights.at(from + j, i));
                }
            }
        }
        return packed;
    }

    /** Floats or bytes in a row. */
    public int inputs() {
        return inputs;
    }

    /** Values of the result. */
    @Override
    public int outputs() {
        return outputs;
    }

    /** The number of the largest output of a row, the lowest if several are equal. */
    public int largest(float[] row) {
        requireInputs(row.length);
        int found = KERNELS.affine(row, 0, inputs, packed.segment(), sums, relative, null, 0);
        return found >= 0 ? found : largestOfOdd(row, 0);
    }

    /** The same of the {@link #inputs()} floats that begin at an index. */
    public int largest(float[] rows, int from) {
        Objects.checkFromIndexSize(from, inputs, rows.length);
        int found = KERNELS.affine(rows, from, inputs, packed.segment(), sums, relative, null, 0);
        return found >= 0 ? found : largestOfOdd(rows, from);
    }

    /** The same of the {@link #inputs()} floats that begin at a byte offset. */
    public int largest(MemorySegment rows, long offset) {
        requireWithin(rows, offset, (long) inputs * Float.BYTES);
        if (!isReadInPlace(rows)) {
            float[] copy = floats(rows, offset);
            int found = KERNELS.affine(copy, 0, inputs, packed.segment(), sums, relative, null, 0);
            return found >= 0 ? found : largestOfOdd(copy, 0);
        }
        int found = KERNELS.affine(rows, offset, inputs, packed.segment(), sums, relative, null, 0);
        return found >= 0 ? found : largestOfOdd(floats(rows, offset), 0);
    }

    /** Kernels of floats read one class of segments; those of mapped files are of another. */
    private static boolean isReadInPlace(MemorySegment rows) {
        return rows.isNative() && !rows.isMapped();
    }

    /** The same of a buffer's remaining floats. */
    public int largest(FloatBuffer row) {
        requireInputs(row.remaining());
        boolean direct = !row.hasArray();
        float[] values = direct ? floats(row) : row.array();
        int from = direct ? 0 : row.arrayOffset() + row.position();
        int found = KERNELS.affine(values, from, inputs, packed.segment(), sums, relative, null, 0);
        return found >= 0 ? found : largestOfOdd(values, from);
    }

    /** The number of the largest output of a row of bytes, the lowest if several are equal. */
    public int largestOfBytes(byte[] row) {
        requireInputs(row.length);
        int found = KERNELS.affine(row, 0, inputs, packed.segment(), sums, relative, null, 0);
        return found >= 0 ? found : largestOfOdd(row, 0);
    }

    /** The same of the {@link #inputs()} bytes that begin at an offset. */
    public int largestOfBytes(MemorySegment rows, long offset) {
        requireWithin(rows, offset, inputs);
        if (!rows.isNative()) {
            byte[] copy = bytes(rows, offset);
            int found = KERNELS.affine(copy, 0, inputs, packed.segment(), sums, relative, null, 0);
            return found >= 0 ? found : largestOfOdd(copy, 0);
        }
        int found = KERNELS.affineOfBytes(rows, offset, inputs, packed.segment(), sums, relative, null, 0);
        return found >= 0 ? found : largestOfOdd(bytes(rows, offset), 0);
    }

    /** The same of a buffer's remaining bytes. */
    public int largestOfBytes(ByteBuffer row) {
        requireInputs(row.remaining());
        boolean direct = !row.hasArray();
        byte[] values = direct ? bytes(row) : row.array();
        int from = direct ? 0 : row.arrayOffset() + row.position();
        int found = KERNELS.affine(values, from, inputs, packed.segment(), sums, relative, null, 0);
        return found >= 0 ? found : largestOfOdd(values, from);
    }

    /** All outputs of a row, into the first {@link #outputs()} floats of {@code out}. */
    @Override
    public void apply(float[] row, float[] out) {
        requireInputs(row.length);
        requireOutputs(out);
        if (KERNELS.affine(row, 0, inputs, packed.segment(), sums, relative, out, outputs - sums) < 0) {
            requireFinite(i -> row[i]);
        }
    }

    /** The same of the {@link #inputs()} floats that begin at an index. */
    public void apply(float[] rows, int from, float[] out) {
        Objects.checkFromIndexSize(from, inputs, rows.length);
        requireOutputs(out);
        if (KERNELS.affine(rows, from, inputs, packed.segment(), sums, relative, out, outputs - sums) < 0) {
            requireFinite(i -> rows[from + i]);
        }
    }

    /** The same of the {@link #inputs()} floats that begin at a byte offset. */
    @Override
    public void apply(MemorySegment rows, long offset, float[] out) {
        requireWithin(rows, offset, (long) inputs * Float.BYTES);
        requireOutputs(out);
        int found = isReadInPlace(rows)
                ? KERNELS.affine(rows, offset, inputs, packed.segment(), sums, relative, out, outputs - sums)
                : KERNELS.affine(
                        floats(rows, offset), 0, inputs, packed.segment(), sums, relative, out, outputs - sums);
        if (found < 0) {
            requireFinite(i -> rows.get(FLOAT, offset + (long) i * Float.BYTES));
        }
    }

    /** The same of a buffer's remaining floats. */
    @Override
    public void apply(FloatBuffer row, float[] out) {
        requireInputs(row.remaining());
        requireOutputs(out);
        boolean direct = !row.hasArray();
        float[] values = direct ? floats(row) : row.array();
        int from = direct ? 0 : row.arrayOffset() + row.position();
        if (KERNELS.affine(values, from, inputs, packed.segment(), sums, relative, out, outputs - sums) < 0) {
            requireFinite(i -> values[from + i]);
        }
    }

    /** All outputs of a row of bytes, into the first {@link #outputs()} floats of {@code out}. */
    @Override
    public void applyToBytes(byte[] row, float[] out) {
        requireInputs(row.length);
        requireOutputs(out);
        KERNELS.affine(row, 0, inputs, packed.segment(), sums, relative, out, outputs - sums);
    }

    /** The same of the {@link #inputs()} bytes that begin at an offset. */
    @Override
    public void applyToBytes(MemorySegment rows, long offset, float[] out) {
        requireWithin(rows, offset, inputs);
        requireOutputs(out);
        if (rows.isNative()) {
            KERNELS.affineOfBytes(rows, offset, inputs, packed.segment(), sums, relative, out, outputs - sums);
        } else {
            KERNELS.affine(bytes(rows, offset), 0, inputs, packed.segment(), sums, relative, out, outputs - sums);
        }
    }

    /** The same of a buffer's remaining bytes. */
    @Override
    public void applyToBytes(ByteBuffer row, float[] out) {
        requireInputs(row.remaining());
        requireOutputs(out);
        boolean direct = !row.hasArray();
        byte[] values = direct ? bytes(row) : row.array();
        int from = direct ? 0 : row.arrayOffset() + row.position();
        KERNELS.affine(values, from, inputs, packed.segment(), sums, relative, out, outputs - sums);
    }

    /** Compiles the code for rows in all kinds of memory: some tenths of a second. The results are discarded. */
    @Override
    public void warmUp() {
        // Only a part of a large map: the code does not depend on the size.
        int n = Math.min(inputs, WARM_INPUTS);
        int some = Math.min(sums, 2 * Kernels.AFFINE_GROUP);
        float[] out = new float[some + 1];
        byte[] bytes = new byte[n];
        float[] floats = new float[n];
        MemorySegment map = packed.segment();
        try (FloatMatrix row = FloatMatrix.allocate(1, n)) {
            MemorySegment segment = row.segment();
            List<Consumer<float[]>> calls = List.of(
                    wanted -> KERNELS.affine(floats, 0, n, map, some, relative, wanted, 0),
                    wanted -> KERNELS.affine(bytes, 0, n, map, some, relative, wanted, 0),
                    wanted -> KERNELS.affine(segment, 0, n, map, some, relative, wanted, 0),
                    wanted -> KERNELS.affineOfBytes(segment, 0, n, map, some, relative, wanted, 0),
                    wanted -> Softmax.inPlace(out, 0, some));
            // Calls for a short row are fast even before compilation, hence the minimum number of calls.
            for (int i = 0; i < WARM_CALLS; i++) {
                float[] wanted = (i & 1) == 0 ? out : null;
                calls.forEach(call -> call.accept(wanted));
            }
            UntilCompiled.repeat(
                    calls.stream().<Runnable>map(call -> () -> call.accept(out)).toList());
        }
    }

    /** @throws InvalidInputException if the size of a segment is not that of one row of floats */
    @Override
    public void requireRow(MemorySegment row) {
        if (row.byteSize() != (long) inputs * Float.BYTES) {
            throw new InvalidInputException(
                    "a row of %d bytes does not fit a model of %d floats".formatted(row.byteSize(), inputs));
        }
    }

    /** Copies {@link #outputs()} floats into a segment. */
    public void put(float[] values, MemorySegment out, long offset) {
        long bytes = (long) outputs * Float.BYTES;
        if (offset < 0 || offset > out.byteSize() - bytes) {
            throw new InvalidInputException("%d bytes of results do not fit at byte %d into a segment of %d"
                    .formatted(bytes, offset, out.byteSize()));
        }
        MemorySegment.copy(values, 0, out, FLOAT, offset, outputs);
    }

    /** Copies {@link #outputs()} floats into a buffer from its position on, which does not change. */
    public void put(float[] values, FloatBuffer out) {
        if (out.remaining() < outputs) {
            throw new InvalidInputException("%d results do not fit into %d places".formatted(outputs, out.remaining()));
        }
        out.put(out.position(), values, 0, outputs);
    }

    /** An array of the calling thread, for {@link #outputs()} floats that are then copied to other memory. */
    public float[] scratch() {
        return scratch(OUTPUTS, outputs);
    }

    // The entry points have no varargs, because these would allocate.
    private void requireInputs(int given) {
        if (given != inputs) {
            throw new InvalidInputException("a row of %d values does not fit a model of %d".formatted(given, inputs));
        }
    }

    /** Also writes the output that is not computed, 0. */
    private void requireOutputs(float[] out) {
        if (out.length < outputs) {
            throw new InvalidInputException("%d results do not fit into %d places".formatted(outputs, out.length));
        }
        if (relative) {
            out[0] = 0;
        }
    }

    private static void requireWithin(MemorySegment rows, long offset, long bytes) {
        if (offset < 0 || offset > rows.byteSize() - bytes) {
            throw new InvalidInputException("a row of %d bytes at byte %d does not fit into a segment of %d"
                    .formatted(bytes, offset, rows.byteSize()));
        }
    }

    private void requireFinite(IntToDoubleFunction row) {
        for (int i = 0; i < inputs; i++) {
            double value = row.applyAsDouble(i);
            if (!Double.isFinite(value)) {
                throw new InvalidInputException(
                        "column %d of the row is %s; the values must be finite".formatted(i, (float) value));
            }
        }
    }

    /** Handles a largest output that is not finite: a value of the row is not finite, or finite values overflowed. */
    private int largestOfOdd(float[] row, int from) {
        requireFinite(i -> row[from + i]);
        float[] out = new float[outputs];
        KERNELS.affine(row, from, inputs, packed.segment(), sums, relative, out, outputs - sums);
        return first(out);
    }

    private int largestOfOdd(byte[] row, int from) {
        float[] out = new float[outputs];
        KERNELS.affine(row, from, inputs, packed.segment(), sums, relative, out, outputs - sums);
        return first(out);
    }

    private static int first(float[] out) {
        int best = 0;
        for (int j = 1; j < out.length; j++) {
            if (out[j] > out[best]) {
                best = j;
            }
        }
        return best;
    }

    private static float[] scratch(ThreadLocal<float[]> own, int n) {
        float[] values = own.get();
        if (values.length < n) {
            values = Arrays.copyOf(values, n);
            own.set(values);
        }
        return values;
    }

    private static byte[] scratchBytes(int n) {
        byte[] values = BYTES.get();
        if (values.length < n) {
            values = new byte[n];
            BYTES.set(values);
        }
        return values;
    }

    private float[] floats(MemorySegment rows, long offset) {
        float[] copy = scratch(FLOATS, inputs);
        MemorySegment.copy(rows, FLOAT, offset, copy, 0, inputs);
        return copy;
    }

    private float[] floats(FloatBuffer row) {
        float[] copy = scratch(FLOATS, inputs);
        row.get(row.position(), copy, 0, inputs);
        return copy;
    }

    private byte[] bytes(MemorySegment rows, long offset) {
        byte[] copy = scratchBytes(inputs);
        MemorySegment.copy(rows, BYTE, offset, copy, 0, inputs);
        return copy;
    }

    private byte[] bytes(ByteBuffer row) {
        byte[] copy = scratchBytes(inputs);
        row.get(row.position(), copy, 0, inputs);
        return copy;
    }

    /** Frees the weights; may be called again without effect. */
    @Override
    public void close() {
        packed.close();
    }
}
