package io.heddle.data.array;

import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Writes arrays in NumPy's NPY format, version 1, in C order and little-endian.
 *
 * <p>For example: {@snippet file="DataExamplesTest.java" region="npy-writer"}
 *
 * @see NpyArray
 */
public final class NpyWriter {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int ALIGNMENT = 64;
    private static final int PREFIX = 10;

    private NpyWriter() {}

    /**
     * Writes a matrix as {@code float32}, rows x columns.
     *
     * @param matrix the matrix
     * @param out receives the bytes; stays open
     * @throws IOException if it cannot be written
     */
    public static void write(FloatMatrix matrix, OutputStream out) throws IOException {
        header(Dtype.FLOAT32, new long[] {matrix.rows(), matrix.columns()}, out);
        rows(matrix, out);
    }

    /**
     * Writes the header of a file.
     *
     * @param dtype type of the elements
     * @param shape shape of the array
     * @param out receives the bytes; stays open
     * @throws IOException if it cannot be written
     */
    public static void header(Dtype dtype, long[] shape, OutputStream out) throws IOException {
        String code =
                switch (dtype) {
                    case BOOL -> "|b1";
                    case UINT8 -> "|u1";
                    case INT8 -> "|i1";
                    case UINT16 -> "<u2";
                    case INT16 -> "<i2";
                    case UINT32 -> "<u4";
                    case INT32 -> "<i4";
                    case INT64 -> "<i8";
                    case UINT64 -> "<u8";
                    case FLOAT16 -> "<f2";
                    case FLOAT32 -> "<f4";
                    case FLOAT64 -> "<f8";
                };
        // Python writes tuples as (3,) and (3, 4).
        String lengths = Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining(", "));
        String text = "{'descr': '%s', 'fortran_order': False, 'shape': (%s%s), }"
                .formatted(code, lengths, shape.length == 1 ? "," : "");
        // The elements are aligned to 64 bytes.
        int length = (PREFIX + text.length() + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT - PREFIX;
        out.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) length, (byte) (length >> 8)});
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.write(" ".repeat(length - text.length() - 1).getBytes(StandardCharsets.US_ASCII));
        out.write('\n');
    }

    /**
     * Writes rows of a {@code float32} array.
     *
     * @param matrix the matrix
     * @param out receives the bytes; stays open
     * @throws IOException if it cannot be written
     */
    public static void rows(FloatMatrix matrix, OutputStream out) throws IOException {
        byte[] row = new byte[Math.multiplyExact(matrix.columns(), Float.BYTES)];
        MemorySegment target = MemorySegment.ofArray(row);
        for (long i = 0; i < matrix.rows(); i++) {
            MemorySegment.copy(
                    matrix.segment(), ValueLayout.JAVA_FLOAT, matrix.offset(i), target, FLOAT, 0, matrix.columns());
            out.write(row);
        }
    }

    /**
     * Writes rows of a {@code uint8} array.
     *
     * @param matrix of whole numbers from 0 to 255
     * @param out receives the bytes; stays open
     * @throws InvalidInputException if it holds other values
     * @throws IOException if it cannot be written
     */
    public static void byteRows(FloatMatrix matrix, OutputStream out) throws IOException {
        float[] values = new float[matrix.columns()];
        byte[] row = new byte[values.length];
        for (long i = 0; i < matrix.rows(); i++) {
            matrix.getRow(i, values);
            for (int j = 0; j < row.length; j++) {
                row[j] = unsignedByte(values[j], i, j);
            }
            out.write(row);
        }
    }

    /**
     * Writes a row of an array of {@code uint8}, {@code float32} or {@code float64}.
     *
     * @param values the values: whole numbers from 0 to 255 for {@code uint8}; rounded for {@code float32}
     * @param dtype of the array
     * @param row number of the row, for the error message
     * @param out receives the bytes; stays open
     * @throws InvalidInputException if a value is not a whole number from 0 to 255 for {@code uint8}, or the array has
     *     another type
     * @throws IOException if it cannot be written
     */
    public static void row(double[] values, Dtype dtype, long row, OutputStream out) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, dtype.bytes()))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int j = 0; j < values.length; j++) {
            switch (dtype) {
                case UINT8 -> bytes.put(unsignedByte(values[j], row, j));
                case FLOAT32 -> bytes.putFloat((float) values[j]);
                case FLOAT64 -> bytes.putDouble(values[j]);
                default -> throw new InvalidInputException("rows of doubles are not written as " + dtype);
            }
        }
        out.write(bytes.array());
    }

    private static byte unsignedByte(double value, long row, int column) {
        InvalidInputException.require(
                value == (int) value && value >= 0 && value <= 255,
                "element (%d, %d) is %s, not a whole number from 0 to 255",
                row,
                column,
                value);
        return (byte) value;
    }

    /**
     * Writes labels as {@code int32}, one dimension.
     *
     * @param values the labels
     * @param out receives the bytes; stays open
     * @throws IOException if it cannot be written
     */
    public static void write(int[] values, OutputStream out) throws IOException {
        header(Dtype.INT32, new long[] {values.length}, out);
        byte[] bytes = new byte[Math.multiplyExact(values.length, Integer.BYTES)];
        MemorySegment.copy(
                values,
                0,
                MemorySegment.ofArray(bytes),
                ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN),
                0,
                values.length);
        out.write(bytes);
    }
}
