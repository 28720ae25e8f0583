package io.heddle.internal.gemm;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/**
 * The first step of two that predict single rows. As {@link RowMap}, which describes rows, results and exceptions, it
 * runs on the calling thread, without locks or allocation.
 */
public sealed interface RowStep extends AutoCloseable permits RowMap, RowShift, DoubleRowMap {
    /** Values of the result. */
    int outputs();

    /** All outputs of a row, into the first {@link #outputs()} floats of {@code out}. */
    void apply(float[] row, float[] out);

    /** The same of the floats that begin at a byte offset. */
    void apply(MemorySegment rows, long offset, float[] out);

    /** The same of a buffer's remaining floats. */
    void apply(FloatBuffer row, float[] out);

    /** The same of a row of bytes. */
    void applyToBytes(byte[] row, float[] out);

    /** The same of the bytes that begin at an offset. */
    void applyToBytes(MemorySegment rows, long offset, float[] out);

    /** The same of a buffer's remaining bytes. */
    void applyToBytes(ByteBuffer row, float[] out);

    /** @throws io.heddle.matrix.InvalidInputException if the size of a segment is not that of one row of floats */
    void requireRow(MemorySegment row);

    /** Compiles the code for rows in all kinds of memory. The results are discarded. */
    void warmUp();

    @Override
    void close();
}
