package io.heddle.internal.rows;

import io.heddle.matrix.FloatMatrix;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Access to single elements and whole rows of matrices, for inner loops. As {@link FloatMatrix#get} and
 * {@link FloatMatrix#set}, but only the bounds of the matrix's memory are checked, so the padding of a row can be read
 * and written.
 */
public final class Elements {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private Elements() {}

    /** The byte offset of an element within the matrix's segment, for kernels that process a part of a row. */
    public static long offset(FloatMatrix m, long row, int column) {
        return m.offset(row) + (long) column * Float.BYTES;
    }

    /** Reads an element. */
    public static float get(FloatMatrix m, long row, int column) {
        return m.segment().get(FLOAT, offset(m, row, column));
    }

    /** Reads float j of a row that begins at a byte offset of a segment. */
    public static float get(MemorySegment rows, long offset, int j) {
        return rows.get(FLOAT, offset + (long) j * Float.BYTES);
    }

    /** Writes float j of a row that begins at a byte offset of a segment. */
    public static void set(MemorySegment rows, long offset, int j, float value) {
        rows.set(FLOAT, offset + (long) j * Float.BYTES, value);
    }

    /** Reads floats that begin at a byte offset of a segment, as many as the array has. */
    public static void read(MemorySegment rows, long offset, float[] out) {
        MemorySegment.copy(rows, FLOAT, offset, out, 0, out.length);
    }

    /** Writes an element. */
    public static void set(FloatMatrix m, long row, int column, float value) {
        m.segment().set(FLOAT, offset(m, row, column), value);
    }

    /** Sets some elements of a row to one value. */
    public static void fill(FloatMatrix m, long row, int from, int to, float value) {
        MemorySegment segment = m.segment();
        for (int j = from; j < to; j++) {
            segment.set(FLOAT, offset(m, row, j), value);
        }
    }

    /** Copies a row with its padding. */
    public static void copyRow(FloatMatrix from, long row, FloatMatrix to, long toRow) {
        MemorySegment.copy(from.segment(), from.offset(row), to.segment(), to.offset(toRow), from.offset(1));
    }

    /** sumsⱼ ← sumsⱼ + element j of a row, in double, for each of the sums. */
    public static void addToSums(FloatMatrix m, long row, double[] sums) {
        MemorySegment segment = m.segment();
        for (int j = 0; j < sums.length; j++) {
            sums[j] += segment.get(FLOAT, offset(m, row, j));
        }
    }

    /** sumsⱼ ← sumsⱼ + weight · the elements {@code from} to {@code to} of a row, in double. */
    public static void addToSums(
            FloatMatrix m, long row, int from, int to, double weight, double[] sums, int sumsFrom) {
        MemorySegment segment = m.segment();
        for (int j = from; j < to; j++) {
            sums[sumsFrom + j - from] += weight * segment.get(FLOAT, offset(m, row, j));
        }
    }
}
