package io.heddle.data.array;

import io.heddle.files.DataFormatException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Labels in NumPy's NPY format, one per row: whole numbers of any type, including floats without fractions, booleans,
 * or texts of a fixed length ({@code S} in UTF-8, {@code U}). The array has one dimension; further dimensions must have
 * length 1.
 *
 * <p>For example: {@snippet file="DataExamplesTest.java" region="npy-labels"}
 *
 * @see NpyArray
 */
public final class NpyLabels implements AutoCloseable {
    private final NpyContent content;
    private final Arena owned;
    private final int size;
    /** Null if labels are texts. */
    private final NpyElements numbers;

    private final boolean booleans;

    private NpyLabels(NpyContent content, Arena owned) throws DataFormatException {
        NpyHeader header = content.header();
        long[] shape = header.shape();
        boolean column = shape.length >= 1;
        for (int i = 1; i < shape.length; i++) {
            column &= shape[i] == 1;
        }
        if (!column || shape[0] > Integer.MAX_VALUE - 8) {
            throw new DataFormatException("%s is an array of %s; labels must be one column, one per row"
                    .formatted(content.place(), header.shapeText()));
        }
        this.content = content;
        this.owned = owned;
        this.size = (int) shape[0];
        Dtype dtype = header.isText() ? null : header.dtype(content.place());
        this.numbers = dtype == null ? null : new NpyElements(content, dtype);
        this.booleans = dtype == Dtype.BOOL;
    }

    /**
     * Opens a file: reads it, or maps it if it is large.
     *
     * @param path the file
     * @return the labels, which the caller closes
     * @throws DataFormatException if it is missing, cut short, not of this format, or does not hold a column of such
     *     values
     */
    public static NpyLabels open(Path path) throws IOException {
        Arena arena = Arena.ofShared();
        try {
            return new NpyLabels(NpyContent.open(path, arena), arena);
        } catch (IOException | RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    /**
     * {@return labels in memory that the caller owns}
     *
     * @param content content of the NPY file, including the header; must be valid as long as the labels are used
     * @param place name in error messages
     * @throws DataFormatException as for {@link #open}
     */
    public static NpyLabels wrap(MemorySegment content, String place) throws DataFormatException {
        return new NpyLabels(NpyContent.of(content, place), null);
    }

    /** {@return the number of labels} */
    public int size() {
        return size;
    }

    /**
     * {@return the label of a row: a text, a whole number in decimal digits, or {@code true} or {@code false}}
     *
     * @param row number of the row
     * @throws DataFormatException if it is a fraction, not finite, empty, or not UTF-8
     * @throws IndexOutOfBoundsException if there is no such row
     */
    public String get(int row) throws DataFormatException {
        Objects.checkIndex(row, size);
        if (booleans) {
            return Boolean.toString(numbers.integer(row) != 0);
        }
        String label = numbers != null ? numbers.wholeNumber(row) : text(row);
        if (label.isEmpty()) {
            throw new DataFormatException(
                    numbers != null
                            ? "%s: the label of row %d is %s, which is not a whole number"
                                    .formatted(content.place(), row, numbers.real(row))
                            : "%s: the label of row %d is empty".formatted(content.place(), row));
        }
        return label;
    }

    /** Returns whether the labels are booleans, which are the numbers 0 and 1 too. */
    boolean areBooleans() {
        return booleans;
    }

    private String text(int row) throws DataFormatException {
        long bytes = content.header().elementBytes();
        MemorySegment element = content.elements().asSlice(row * bytes, bytes);
        try {
            return content.header().isUnicode() ? unicode(element) : utf8(element);
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw new DataFormatException(
                    "%s: the label of row %d is not valid %s"
                            .formatted(content.place(), row, content.header().isUnicode() ? "Unicode" : "UTF-8"),
                    e);
        }
    }

    /** Decodes characters of four bytes. NumPy pads with zeros. */
    private String unicode(MemorySegment element) {
        ValueLayout.OfInt layout =
                ValueLayout.JAVA_INT_UNALIGNED.withOrder(content.header().order());
        int[] points = element.toArray(layout);
        int length = points.length;
        while (length > 0 && points[length - 1] == 0) {
            length--;
        }
        return new String(points, 0, length);
    }

    private static String utf8(MemorySegment element) throws CharacterCodingException {
        byte[] bytes = element.toArray(ValueLayout.JAVA_BYTE);
        int length = bytes.length;
        while (length > 0 && bytes[length - 1] == 0) {
            length--;
        }
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes, 0, length))
                .toString();
    }

    /** Unmaps the file, if one has been mapped; may be called again without effect. */
    @Override
    public void close() {
        if (owned != null && owned.scope().isAlive()) {
            owned.close();
        }
    }
}
