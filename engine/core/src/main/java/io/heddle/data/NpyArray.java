package io.heddle.data;

import io.heddle.matrix.ByteMatrix;
import io.heddle.matrix.FloatMatrix;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * An array in NumPy's NPY format, versions 1 to 3, in C or Fortran order, of either byte order. A file is mapped into
 * memory, not read: opening costs nothing, and rows are converted when they are asked for. The header is checked
 * against the size of the file first. Arrays of Python objects are refused: nothing is ever unpickled.
 *
 * <p>For example: {@snippet file="DataExamplesTest.java" region="npy-array"}
 *
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">numpy.lib.format</a>
 */
public final class NpyArray implements AutoCloseable {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int VERSION_AT = MAGIC.length;
    private static final int LENGTH_AT = VERSION_AT + 2;
    /** NumPy itself refuses longer ones. */
    private static final int LONGEST_HEADER = 10_000;

    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

    private final String place;
    private final Arena owned;
    private final MemorySegment elements;
    private final NpyHeader header;
    private final int columns;

    private NpyArray(String place, Arena owned, MemorySegment elements, NpyHeader header, int columns) {
        this.place = place;
        this.owned = owned;
        this.elements = elements;
        this.header = header;
        this.columns = columns;
    }

    /**
     * {@return whether a file starts as NPY files do}
     *
     * @param start the first bytes of a file
     */
    public static boolean isMagic(byte[] start) {
        if (start.length < MAGIC.length) {
            return false;
        }
        for (int i = 0; i < MAGIC.length; i++) {
            if (start[i] != MAGIC[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * Maps a file.
     *
     * @param path the file
     * @return the array, which the caller closes
     * @throws DataFormatException if it is missing, cut short, not of this format, or of a type that is not numbers
     */
    public static NpyArray open(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new DataFormatException(
                    Files.exists(path) ? path + " is not a file" : "the file " + path + " does not exist");
        }
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(path)) {
            MemorySegment content = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            return of(content, arena, path.toString());
        } catch (IOException | RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    /**
     * {@return an array within memory that somebody else keeps}
     *
     * @param content of the NPY file, header included; must live as long as the array is used
     * @param place what to call it in errors
     * @throws DataFormatException as for {@link #open}
     */
    public static NpyArray wrap(MemorySegment content, String place) throws DataFormatException {
        return of(content, null, place);
    }

    private static NpyArray of(MemorySegment content, Arena owned, String place) throws DataFormatException {
        int prefix = prefixLength(content, place);
        long headerLength = prefix == LENGTH_AT + Short.BYTES
                ? Short.toUnsignedInt(content.get(little(ValueLayout.JAVA_SHORT_UNALIGNED), LENGTH_AT))
                : Integer.toUnsignedLong(content.get(little(ValueLayout.JAVA_INT_UNALIGNED), LENGTH_AT));
        if (headerLength > LONGEST_HEADER || headerLength > content.byteSize() - prefix) {
            throw new DataFormatException(
                    "%s declares an NPY header of %d bytes; it may have %d, and the file ends after %d"
                            .formatted(place, headerLength, LONGEST_HEADER, content.byteSize()));
        }
        byte[] text = content.asSlice(prefix, headerLength).toArray(BYTE);
        NpyHeader header = NpyHeader.parse(new String(text, StandardCharsets.UTF_8), place);
        MemorySegment elements = content.asSlice(prefix + headerLength);
        return new NpyArray(place, owned, elements, header, checkedColumns(header, elements.byteSize(), place));
    }

    private static int prefixLength(MemorySegment content, String place) throws DataFormatException {
        byte[] start =
                content.asSlice(0, Math.min(content.byteSize(), LENGTH_AT)).toArray(BYTE);
        if (!isMagic(start)) {
            throw new DataFormatException(place + " is not an NPY file: it does not start with \\x93NUMPY");
        }
        int version = start.length > VERSION_AT ? start[VERSION_AT] : 0;
        if (start.length == LENGTH_AT && (version < 1 || version > 3)) {
            throw new DataFormatException("%s is of NPY version %d; Heddle reads 1 to 3".formatted(place, version));
        }
        int prefix = LENGTH_AT + (version == 1 ? Short.BYTES : Integer.BYTES);
        if (content.byteSize() < prefix) {
            throw new DataFormatException(
                    "%s ends after %d bytes, within its NPY header".formatted(place, content.byteSize()));
        }
        return prefix;
    }

    private static int checkedColumns(NpyHeader header, long bytes, String place) throws DataFormatException {
        long declared;
        try {
            declared = Math.multiplyExact(header.elements(), header.dtype().bytes());
        } catch (ArithmeticException e) {
            throw new DataFormatException(
                    "%s declares %s elements, more than any file holds".formatted(place, header.shapeText()));
        }
        if (declared != bytes) {
            throw new DataFormatException("%s declares %s elements of type %s and so %d bytes, but holds %d"
                    .formatted(place, header.shapeText(), header.dtype(), declared, bytes));
        }
        long columns = 1;
        try {
            for (int i = 1; i < header.shape().length; i++) {
                columns = Math.multiplyExact(columns, header.shape()[i]);
            }
            Math.toIntExact(columns);
        } catch (ArithmeticException e) {
            // Also with zero rows, where the size of the file says nothing about the other lengths.
            throw new DataFormatException("%s declares %s elements; a row may have at most %d"
                    .formatted(place, header.shapeText(), Integer.MAX_VALUE));
        }
        return (int) columns;
    }

    private static <L extends ValueLayout> L little(L layout) {
        @SuppressWarnings("unchecked")
        L ordered = (L) layout.withOrder(ByteOrder.LITTLE_ENDIAN);
        return ordered;
    }

    /** {@return the length along each dimension; empty for a single element} */
    public long[] shape() {
        return header.shape().clone();
    }

    /** {@return the type of the elements as they are stored} */
    public Dtype dtype() {
        return header.dtype();
    }

    /** {@return whether the first index runs fastest in the file} */
    public boolean fortranOrder() {
        return header.fortranOrder();
    }

    /** {@return the length along the first dimension; 1 for a single element} */
    public long rows() {
        return header.shape().length == 0 ? 1 : header.shape()[0];
    }

    /** {@return the elements in a row: the product of all dimensions but the first} */
    public int columns() {
        return columns;
    }

    /**
     * Converts consecutive rows to floats; the dimensions beyond the first are laid out in C order whatever the file's.
     * 64-bit values are rounded to float.
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
            if (header.fortranOrder() && header.shape().length > 1) {
                readColumnwise(from, scale, target);
            } else {
                float[] row = new float[columns];
                for (long i = from; i < to; i++) {
                    convert(i * columns, scale, row, columns);
                    target.setRow(i - from, row);
                }
            }
            return target;
        } catch (RuntimeException | Error e) {
            target.close();
            throw e;
        }
    }

    /** Each column lies in one piece: read along it, a few rows' worth at a time so that the writes stay in cache. */
    private void readColumnwise(long from, float scale, FloatMatrix target) {
        final int block = 256;
        float[] piece = new float[block];
        long[] offsets = fortranOffsets();
        MemorySegment out = target.segment();
        for (long start = 0; start < target.rows(); start += block) {
            int count = (int) Math.min(block, target.rows() - start);
            for (int j = 0; j < columns; j++) {
                convert(offsets[j] + from + start, scale, piece, count);
                long at = target.offset(start) + (long) j * Float.BYTES;
                for (int i = 0; i < count; i++, at += target.stride() * Float.BYTES) {
                    out.set(ValueLayout.JAVA_FLOAT, at, piece[i]);
                }
            }
        }
    }

    /** Where row 0 of each column lies, columns counted in C order. */
    private long[] fortranOffsets() {
        long[] shape = header.shape();
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

    /** A loop for each type, so that none asks for the type within. */
    private void convert(long first, float scale, float[] out, int count) {
        MemorySegment m = elements;
        ByteOrder order = header.order();
        ValueLayout.OfShort shorts = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order);
        ValueLayout.OfInt ints = ValueLayout.JAVA_INT_UNALIGNED.withOrder(order);
        long at = first * header.dtype().bytes();
        switch (header.dtype()) {
            case BOOL, UINT8 -> {
                for (int i = 0; i < count; i++) {
                    out[i] = scale * Byte.toUnsignedInt(m.get(BYTE, at + i));
                }
            }
            case INT8 -> {
                for (int i = 0; i < count; i++) {
                    out[i] = scale * m.get(BYTE, at + i);
                }
            }
            case UINT16 -> {
                for (int i = 0; i < count; i++) {
                    out[i] = scale * Short.toUnsignedInt(m.get(shorts, at + 2L * i));
                }
            }
            case INT16 -> {
                for (int i = 0; i < count; i++) {
                    out[i] = scale * m.get(shorts, at + 2L * i);
                }
            }
            case FLOAT16 -> {
                for (int i = 0; i < count; i++) {
                    out[i] = scale * Float.float16ToFloat(m.get(shorts, at + 2L * i));
                }
            }
            case UINT32 -> {
                for (int i = 0; i < count; i++) {
                    out[i] = scale * Integer.toUnsignedLong(m.get(ints, at + 4L * i));
                }
            }
            case INT32 -> {
                for (int i = 0; i < count; i++) {
                    out[i] = scale * m.get(ints, at + 4L * i);
                }
            }
            case FLOAT32 -> {
                ValueLayout.OfFloat floats = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(order);
                for (int i = 0; i < count; i++) {
                    out[i] = scale * m.get(floats, at + 4L * i);
                }
            }
            case INT64 -> {
                ValueLayout.OfLong longs = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(order);
                for (int i = 0; i < count; i++) {
                    out[i] = scale * m.get(longs, at + 8L * i);
                }
            }
            case FLOAT64 -> {
                ValueLayout.OfDouble doubles = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(order);
                for (int i = 0; i < count; i++) {
                    out[i] = (float) (scale * m.get(doubles, at + 8L * i));
                }
            }
        }
    }

    /**
     * The rows as bytes where they lie, if that is what they are: of type {@code uint8} and in C order.
     *
     * @param scale what the byte 1 stands for
     * @return a view, unusable once this array is closed; empty if the elements are of another type or order
     */
    public Optional<ByteMatrix> bytes(float scale) {
        if (header.dtype() != Dtype.UINT8 || header.fortranOrder() && header.shape().length > 1) {
            return Optional.empty();
        }
        return Optional.of(ByteMatrix.wrap(elements, rows(), columns, scale));
    }

    /**
     * {@return the elements of a one-dimensional array of whole numbers, such as labels}
     *
     * @throws DataFormatException if the array has another shape, is longer than a Java array, or holds fractions
     */
    public long[] readIntegers() throws DataFormatException {
        if (header.shape().length != 1 || !header.dtype().isInteger() || rows() > Integer.MAX_VALUE - 8) {
            throw new DataFormatException("%s holds %s elements of type %s; one dimension of whole numbers is wanted"
                    .formatted(place, header.shapeText(), header.dtype()));
        }
        ByteOrder order = header.order();
        ValueLayout.OfShort shorts = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order);
        ValueLayout.OfInt ints = ValueLayout.JAVA_INT_UNALIGNED.withOrder(order);
        ValueLayout.OfLong longs = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(order);
        long[] values = new long[(int) rows()];
        for (int i = 0; i < values.length; i++) {
            long at = (long) i * header.dtype().bytes();
            values[i] = switch (header.dtype()) {
                case BOOL, UINT8 -> Byte.toUnsignedInt(elements.get(BYTE, at));
                case INT8 -> elements.get(BYTE, at);
                case UINT16 -> Short.toUnsignedInt(elements.get(shorts, at));
                case INT16 -> elements.get(shorts, at);
                case UINT32 -> Integer.toUnsignedLong(elements.get(ints, at));
                case INT32 -> elements.get(ints, at);
                case INT64 -> elements.get(longs, at);
                case FLOAT16, FLOAT32, FLOAT64 -> throw new AssertionError(header.dtype());
            };
        }
        return values;
    }

    /** Unmaps the file, if this array has mapped one; may be called again without effect. */
    @Override
    public void close() {
        if (owned != null && owned.scope().isAlive()) {
            owned.close();
        }
    }
}
