package io.heddle.internal.gemm;

import io.heddle.matrix.InvalidInputException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/**
 * An affine map y = W x + b whose weights and sums are doubles. It is slower than {@link RowMap}, and used if the terms
 * of a sum are so much larger than the sum that floats would lose its digits.
 */
public final class DoubleRowMap implements RowStep {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ThreadLocal<double[]> ROW = ThreadLocal.withInitial(() -> new double[0]);

    private final double[][] weights;
    private final double[] biases;
    private final int inputs;

    /**
     * @param weights outputs × inputs, at least one of each; not copied, not to be changed
     * @param biases one for each output; not copied, not to be changed
     */
    public DoubleRowMap(double[][] weights, double[] biases) {
        this.weights = weights;
        this.biases = biases;
        this.inputs = weights[0].length;
    }

    @Override
    public int outputs() {
        return biases.length;
    }

    @Override
    public void apply(float[] row, float[] out) {
        RowBounds.requireInputs(row.length, inputs);
        double[] x = row();
        for (int j = 0; j < inputs; j++) {
            x[j] = row[j];
        }
        apply(x, out);
    }

    @Override
    public void apply(MemorySegment rows, long offset, float[] out) {
        RowBounds.requireWithin(rows, offset, (long) inputs * Float.BYTES);
        double[] x = row();
        for (int j = 0; j < inputs; j++) {
            x[j] = rows.get(FLOAT, offset + (long) j * Float.BYTES);
        }
        apply(x, out);
    }

    @Override
    public void apply(FloatBuffer row, float[] out) {
        RowBounds.requireInputs(row.remaining(), inputs);
        double[] x = row();
        for (int j = 0; j < inputs; j++) {
            x[j] = row.get(row.position() + j);
        }
        apply(x, out);
    }

    @Override
    public void applyToBytes(byte[] row, float[] out) {
        RowBounds.requireInputs(row.length, inputs);
        double[] x = row();
        for (int j = 0; j < inputs; j++) {
            x[j] = Byte.toUnsignedInt(row[j]);
        }
        apply(x, out);
    }

    @Override
    public void applyToBytes(MemorySegment rows, long offset, float[] out) {
        RowBounds.requireWithin(rows, offset, inputs);
        double[] x = row();
        for (int j = 0; j < inputs; j++) {
            x[j] = Byte.toUnsignedInt(rows.get(ValueLayout.JAVA_BYTE, offset + j));
        }
        apply(x, out);
    }

    @Override
    public void applyToBytes(ByteBuffer row, float[] out) {
        RowBounds.requireInputs(row.remaining(), inputs);
        double[] x = row();
        for (int j = 0; j < inputs; j++) {
            x[j] = Byte.toUnsignedInt(row.get(row.position() + j));
        }
        apply(x, out);
    }

    private double[] row() {
        double[] values = ROW.get();
        if (values.length < inputs) {
            values = new double[inputs];
            ROW.set(values);
        }
        return values;
    }

    private void apply(double[] x, float[] out) {
        for (int o = 0; o < biases.length; o++) {
            double sum = biases[o] + product(weights[o], x);
            // A zero weight of an infinite value gives NaN. Products of floats do not overflow a double.
            if (!Double.isFinite(sum)) {
                requireFinite(x);
            }
            out[o] = (float) Math.clamp(sum, -Float.MAX_VALUE, Float.MAX_VALUE);
        }
    }

    /** Four sums, because each addition waits for the one before it. */
    private double product(double[] w, double[] x) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int j = 0;
        for (; j < inputs - 3; j += 4) {
            a += w[j] * x[j];
            b += w[j + 1] * x[j + 1];
            c += w[j + 2] * x[j + 2];
            d += w[j + 3] * x[j + 3];
        }
        for (; j < inputs; j++) {
            a += w[j] * x[j];
        }
        return a + b + (c + d);
    }

    private void requireFinite(double[] x) {
        for (int j = 0; j < inputs; j++) {
            if (!Double.isFinite(x[j])) {
                throw new InvalidInputException(
                        "column %d of the row is %s; the values must be finite".formatted(j, (float) x[j]));
            }
        }
    }

    @Override
    public void requireRow(MemorySegment row) {
        RowBounds.requireFloats(row, inputs);
    }

    @Override
    public void warmUp() {
        int n = Math.min(inputs, RowStepCalls.INPUTS);
        RowStepCalls.warmUp(new DoubleRowMap(new double[1][n], new double[1]), n);
    }

    @Override
    public void close() {
        // Owns no memory outside of the heap.
    }
}
