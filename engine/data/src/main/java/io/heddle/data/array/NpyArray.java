package io.heddle.data.array;

import io.heddle.files.DataFormatException;
import io.heddle.matrix.ByteMatrix;
import io.heddle.matrix.FloatMatrix;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * An array in NumPy's NPY format, versions 1 to 3, in C or Fortran order, of either byte order. A file of up to 64 MB
 * is read, a larger one is mapped. Rows are converted on request. The header is checked against the size of the file
 * first. Arrays of Python objects are refused, because they need unpickling.
 *
 * <p>For example: {@snippet file="DataExamplesTest.java" region="npy-array"}
 *
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">numpy.lib.format</a>
 */
public final class NpyArray implements AutoCloseable {
    /** Number of rows per block for arrays in Fortran order. */
    private static final int BLOCK = 256;

    private final NpyContent content;
    private final Arena owned;
    private final Dtype dtype;
    private final int columns;
    private final NpyElements elements;

    private NpyArray(NpyContent content, Arena owned) throws DataFormatException {
        this.content = content;
        this.owned = owned;
        this.dtype = content.header().dtype(content.place());
        this.columns = columns(content);
        this.elements = new NpyElements(content, dtype);
    }

    /**
     * {@return whether a file with these first bytes is an NPY file}
     *
     * @param start the first bytes of a file
     */
    public static boolean isMagic(byte[] start) {
        return NpyContent.isMagic(start);
    }

    /**
     * Opens a file: reads it, or maps it if it is large. If a mapped file is shortened later, reading its rows throws
     * an {@link InternalError}; the JVM continues.
     *
     * @param path the file
     * @return the array, which the caller closes
     * @throws DataFormatException if it is missing, cut short, not of this format, or of a type that is not numbers
     */
    public static NpyArray open(Path path) throws IOException {
        Arena arena = Arena.ofShared();
        try {
            return new NpyArray(NpyContent.open(path, arena), arena);
        } catch (IOException | RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    /**
     * {@return an array in memory that the caller owns}
     *
     * @param content content of the NPY file, including the header; must be valid as long as the array is used
     * @param place name in error messages
     * @throws DataFormatException as for {@link #open}
     */
    public static NpyArray wrap(MemorySegment content, String place) throws DataFormatException {
        return new NpyArray(NpyContent.of(content, place), null);
    }

    /** {@return the number of bytes that {@link #checkStart} needs} */
    public static int longestStart() {
        return NpyContent.LONGEST_START;
    }

    /**
     * Checks a file's header against its length, before the rest is read or memory is allocated.
     *
     * @param start the first {@link #longestStart} bytes of the file, or all bytes if it is shorter
     * @param bytes length of the whole file
     * @param place name in error messages
     * @throws DataFormatException if it is not an NPY file, or its length does not match its header
     */
    public static void checkStart(byte[] start, long bytes, String place) throws DataFormatException {
        NpyContent.check(MemorySegment.ofArray(start), bytes, place);
    }

    private static int columns(NpyContent content) throws DataFormatException {
        NpyHeader header = content.header();
        long columns = 1;
        try {
            for (int i = 1; i < header.shape().length; i++) {
                columns = Math.multiplyExact(columns, header.shape()[i]);
            }
            return Math.toIntExact(columns);
        } catch (ArithmeticException e) {
            // Checked for zero rows too, because then the size of the file does not limit the other dimensions.
            throw new DataFormatException(
                    "%s declares %s elements; a row may have at most %d"
                            .formatted(content.place(), header.shapeText(), Integer.MAX_VALUE),
                    e);
        }
    }

    /** {@return the length of each dimension; empty for a single element} */
    public long[] shape() {
        return content.header().shape().clone();
    }

    /** {@return the type of the stored elements} */
    public Dtype dtype() {
        return dtype;
    }

    /** {@return whether the file is in Fortran order} */
    public boolean fortranOrder() {
        return content.header().fortranOrder();
    }

    /** {@return the length of the first dimension; 1 for a single element} */
    public long rows() {
        return shape().length == 0 ? 1 : content.header().shape()[0];
    }

    /** {@return the number of elements per row: the product of all dimensions except the first} */
    public int columns() {
        return columns;
    }

    /**
     * Converts consecutive rows to floats. The result is in C order for both orders of the file. 64-bit values are
     * rounded to float.
     *
     * @param from first row, inclusive
     * @param to last row, exclusive
     * @param scale factor for each element
     * @return (to − from) x {@link #columns()}, owned by the caller
     * @throws IndexOutOfBoundsException unless 0 ≤ from ≤ to ≤ rows
     */
    public FloatMatrix read(long from, long to, float scale) {
        Objects.checkFromToIndex(from, to, rows());
        FloatMatrix target = FloatMatrix.allocate(to - from, columns);
        try {
            if (columnwise()) {
                readColumnwise(from, scale, target);
            } else {
                float[] row = new float[columns];
                for (long i = from; i < to; i++) {
                    elements.toFloats(i * columns, scale, row, columns);
                    target.setRow(i - from, row);
                }
            }
            return target;
        } catch (RuntimeException | Error e) {
            target.close();
            throw e;
        }
    }

    /** Columns are contiguous. Reads along the columns in blocks of rows, so that the writes stay in cache. */
    private void readColumnwise(long from, float scale, FloatMatrix target) {
        float[] piece = new float[BLOCK];
        long[] offsets = fortranOffsets();
        MemorySegment out = target.segment();
        for (long start = 0; start < target.rows(); start += BLOCK) {
            int count = (int) Math.min(BLOCK, target.rows() - start);
            for (int j = 0; j < columns; j++) {
                elements.toFloats(offsets[j] + from + start, scale, piece, count);
                long at = target.offset(start) + (long) j * Float.BYTES;
                for (int i = 0; i < count; i++, at += target.stride() * Float.BYTES) {
                    out.set(ValueLayout.JAVA_FLOAT, at, piece[i]);
                }
            }
        }
    }

    /** Returns the offset of row 0 of each column, with columns in C order. */
    private long[] fortranOffsets() {
        long[] shape = content.header().shape();
        long[] strides = new long[shape.length];
        strides[0] = 1;
        for (int k = 1; k < shape.length; k++) {
            strides[k] = strides[k - 1] * shape[k - 1];
        }
        long[] offsets = new long[columns];
        for (int j = 0; j < columns; j++) {
            long rest = j;
            for (int k = shape.length - 1; k > 0; k--) {
                offsets[j] += rest % shape[k] * strides[k];
                rest /= shape[k];
            }
        }
        return offsets;
    }

    /**
     * Converts consecutive rows to doubles, laid out as for {@link #read}. Values are exact before scaling, except
     * whole numbers above 2⁵³, which are rounded. Use it for data whose offset exceeds the precision of float.
     *
     * @param from first row, inclusive
     * @param to last row, exclusive
     * @param scale factor for each element
     * @param target receives (to − from) · {@link #columns()} values from index 0 on, row after row
     * @throws IndexOutOfBoundsException unless 0 ≤ from ≤ to ≤ rows and the target has room
     */
    public void readDoubles(long from, long to, double scale, double[] target) {
        Objects.checkFromToIndex(from, to, rows());
        int count = (int) Math.min(Integer.MAX_VALUE, to - from);
        Objects.checkFromIndexSize(0L, Math.multiplyExact((long) count, (long) columns), target.length);
        if (!columnwise()) {
            elements.toDoubles(from * columns, scale, target, 0, count * columns);
            return;
        }
        double[] piece = new double[Math.min(BLOCK, count)];
        long[] offsets = fortranOffsets();
        for (int start = 0; start < count; start += BLOCK) {
            int length = Math.min(BLOCK, count - start);
            for (int j = 0; j < columns; j++) {
                elements.toDoubles(offsets[j] + from + start, scale, piece, 0, length);
                for (int i = 0; i < length; i++) {
                    target[(start + i) * columns + j] = piece[i];
                }
            }
        }
    }

    private boolean columnwise() {
        return content.header().fortranOrder() && content.header().shape().length > 1;
    }

    /**
     * Returns the rows without copying, if they have type {@code uint8} and C order.
     *
     * @param scale value of the byte 1
     * @return a view that is valid until this array is closed; empty for another type or order
     */
    public Optional<ByteMatrix> bytes(float scale) {
        return dtype == Dtype.UINT8 && !columnwise()
                ? Optional.of(ByteMatrix.wrap(content.elements(), rows(), columns, scale))
                : Optional.empty();
    }

    /**
     * {@return the elements of a one-dimensional array of whole numbers, such as labels}
     *
     * @throws DataFormatException if the array has another shape, is longer than a Java array, or holds fractions
     */
    public long[] readIntegers() throws DataFormatException {
        if (shape().length != 1 || !dtype.isInteger() || dtype == Dtype.UINT64 || rows() > Integer.MAX_VALUE - 8) {
            throw new DataFormatException(
                    "%s is an array of %s of the type %s; one dimension of whole numbers is required"
                            .formatted(content.place(), content.header().shapeText(), dtype));
        }
        long[] values = new long[(int) rows()];
        for (int i = 0; i < values.length; i++) {
            values[i] = elements.integer(i);
        }
        return values;
    }

    /** Unmaps the file if this array owns it; may be called again without effect. */
    @Override
    public void close() {
        if (owned != null && owned.scope().isAlive()) {
            owned.close();
        }
    }
}
