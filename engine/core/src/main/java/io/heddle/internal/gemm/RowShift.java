package io.heddle.internal.gemm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Subtracts an origin from single rows. For values far from zero that differ little, the difference is exact or nearly
 * so, while the products of the values with weights would round the digits that differ.
 *
 * <p>Values that are not finite stay so. The map after this step refuses them.
 */
public final class RowShift implements RowStep {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private final float[] origin;

    /** @param origin subtracted from each row; not copied, not to be changed */
    public RowShift(float[] origin) {
        this.origin = origin;
    }

    @Override
    public int outputs() {
        return origin.length;
    }

    private void subtract(float[] values) {
        for (int j = 0; j < origin.length; j++) {
            values[j] -= origin[j];
        }
    }

    @Override
    public void apply(float[] row, float[] out) {
        RowBounds.requireInputs(row.length, origin.length);
        for (int j = 0; j < origin.length; j++) {
            out[j] = row[j] - origin[j];
        }
    }

    @Override
    public void apply(MemorySegment rows, long offset, float[] out) {
        RowBounds.requireWithin(rows, offset, (long) origin.length * Float.BYTES);
        MemorySegment.copy(rows, FLOAT, offset, out, 0, origin.length);
        subtract(out);
    }

    @Override
    public void apply(FloatBuffer row, float[] out) {
        RowBounds.requireInputs(row.remaining(), origin.length);
        row.get(row.position(), out, 0, origin.length);
        subtract(out);
    }

    @Override
    public void applyToBytes(byte[] row, float[] out) {
        RowBounds.requireInputs(row.length, origin.length);
        for (int j = 0; j < origin.length; j++) {
            out[j] = Byte.toUnsignedInt(row[j]) - origin[j];
        }
    }

    @Override
    public void applyToBytes(MemorySegment rows, long offset, float[] out) {
        RowBounds.requireWithin(rows, offset, origin.length);
        for (int j = 0; j < origin.length; j++) {
            out[j] = Byte.toUnsignedInt(rows.get(ValueLayout.JAVA_BYTE, offset + j)) - origin[j];
        }
    }

    @Override
    public void applyToBytes(ByteBuffer row, float[] out) {
        RowBounds.requireInputs(row.remaining(), origin.length);
        for (int j = 0; j < origin.length; j++) {
            out[j] = Byte.toUnsignedInt(row.get(row.position() + j)) - origin[j];
        }
    }

    @Override
    public void requireRow(MemorySegment row) {
        RowBounds.requireFloats(row, origin.length);
    }

    @Override
    public void warmUp() {
        int n = Math.min(origin.length, RowStepCalls.INPUTS);
        RowStepCalls.warmUp(new RowShift(Arrays.copyOf(origin, n)), n);
    }

    @Override
    public void close() {
        // Owns no memory.
    }
}
