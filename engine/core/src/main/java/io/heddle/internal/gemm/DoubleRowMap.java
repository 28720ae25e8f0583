package io.heddle.internal.gemm;

import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.matrix.InvalidInputException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * An affine map y = W x + b whose weights and sums are doubles. It is slower than {@link RowMap}, and used if the terms
 * of a sum are so much larger than the sum that floats would lose its digits.
 */
public final class DoubleRowMap implements RowStep {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    /** A row, and its products with scratch behind them. */
    private static final ThreadLocal<double[][]> SCRATCH = ThreadLocal.withInitial(() -> new double[2][0]);

    private static final Kernels KERNELS = Simd.kernels();

    /** Output by output, each padded with zeros to {@link #width}. */
    private final double[] weights;

    private final double[] biases;
    private final int inputs;
    private final int width;

    /**
     * @param weights outputs × inputs, at least one of each
     * @param biases one for each output; not copied, not to be changed
     */
    public DoubleRowMap(double[][] weights, double[] biases) {
        this.biases = biases;
        inputs = weights[0].length;
        width = inputs < Kernels.SHORT_DOUBLES
                ? inputs
                : Math.ceilDiv(inputs, Kernels.DOUBLE_STEPS) * Kernels.DOUBLE_STEPS;
        this.weights = new double[Math.multiplyExact(biases.length, width)];
        for (int o = 0; o < biases.length; o++) {
            System.arraycopy(weights[o], 0, this.weights, o * width, inputs);
        }
    }

    @Override
    public int outputs() {
        return biases.length;
    }

    @Override
    public void apply(float[] row, float[] out) {
        RowBounds.requireInputs(row.length, inputs);
        double[][] scratch = scratch();
        double[] x = scratch[0];
        for (int j = 0; j < inputs; j++) {
            x[j] = row[j];
        }
        apply(scratch, out);
    }

    @Override
    public void apply(MemorySegment rows, long offset, float[] out) {
        RowBounds.requireWithin(rows, offset, (long) inputs * Float.BYTES);
        double[][] scratch = scratch();
        double[] x = scratch[0];
        for (int j = 0; j < inputs; j++) {
            x[j] = rows.get(FLOAT, offset + (long) j * Float.BYTES);
        }
        apply(scratch, out);
    }

    @Override
    public void apply(FloatBuffer row, float[] out) {
        RowBounds.requireInputs(row.remaining(), inputs);
        double[][] scratch = scratch();
        double[] x = scratch[0];
        for (int j = 0; j < inputs; j++) {
            x[j] = row.get(row.position() + j);
        }
        apply(scratch, out);
    }

    @Override
    public void applyToBytes(byte[] row, float[] out) {
        RowBounds.requireInputs(row.length, inputs);
        double[][] scratch = scratch();
        double[] x = scratch[0];
        for (int j = 0; j < inputs; j++) {
            x[j] = Byte.toUnsignedInt(row[j]);
        }
        apply(scratch, out);
    }

    @Override
    public void applyToBytes(MemorySegment rows, long offset, float[] out) {
        RowBounds.requireWithin(rows, offset, inputs);
        double[][] scratch = scratch();
        double[] x = scratch[0];
        for (int j = 0; j < inputs; j++) {
            x[j] = Byte.toUnsignedInt(rows.get(ValueLayout.JAVA_BYTE, offset + j));
        }
        apply(scratch, out);
    }

    @Override
    public void applyToBytes(ByteBuffer row, float[] out) {
        RowBounds.requireInputs(row.remaining(), inputs);
        double[][] scratch = scratch();
        double[] x = scratch[0];
        for (int j = 0; j < inputs; j++) {
            x[j] = Byte.toUnsignedInt(row.get(row.position() + j));
        }
        apply(scratch, out);
    }

    /** Returns arrays of the calling thread: a row whose padding behind the inputs is zero, and room for products. */
    private double[][] scratch() {
        double[][] scratch = SCRATCH.get();
        if (scratch[0].length < width) {
            scratch[0] = new double[width];
        }
        if (scratch[1].length < biases.length + Kernels.DOUBLE_SCRATCH) {
            scratch[1] = new double[biases.length + Kernels.DOUBLE_SCRATCH];
        }
        Arrays.fill(scratch[0], inputs, width, 0);
        return scratch;
    }

    private void apply(double[][] scratch, float[] out) {
        double[] x = scratch[0];
        double[] products = scratch[1];
        KERNELS.dotsOfDoubles(weights, biases.length, width, x, products);
        for (int o = 0; o < biases.length; o++) {
            double sum = biases[o] + products[o];
            // A zero weight of an infinite value gives NaN. Products of floats do not overflow a double.
            if (!Double.isFinite(sum)) {
                requireFinite(x);
            }
            out[o] = (float) Math.clamp(sum, -Float.MAX_VALUE, Float.MAX_VALUE);
        }
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
