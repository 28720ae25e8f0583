package io.heddle.model;

import io.heddle.files.DataFormatException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Named float32 tensors and lines of text, read from a file of the safetensors format: the length of a header, the
 * header in JSON, the numbers. Such a file holds no code, so one from anywhere may be opened.
 *
 * <p>Sizes are checked against those of the file before anything is allocated. Immutable.
 *
 * <p>For example: {@snippet file="ModelExamplesTest.java" region="tensor-set"}
 */
public final class TensorSet {
    private static final int LARGEST_HEADER = 1 << 20;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final String label;
    private final byte[] file;
    private final MemorySegment data;
    private final Map<String, String> metadata;
    private final Map<String, Place> places;

    private record Place(List<Long> shape, long from) {}

    private TensorSet(
            String label, byte[] file, MemorySegment data, Map<String, String> metadata, Map<String, Place> places) {
        this.label = label;
        this.file = file;
        this.data = data;
        this.metadata = metadata;
        this.places = places;
    }

    /**
     * {@return whether these first bytes of a file can be those of this format: a length and a brace}
     *
     * @param start at least 9 bytes, else it cannot
     */
    public static boolean looksLike(byte[] start) {
        if (start.length <= Long.BYTES || start[Long.BYTES] != '{') {
            return false;
        }
        long length = MemorySegment.ofArray(start).get(LONG, 0);
        return length >= 2 && length <= LARGEST_HEADER;
    }

    /**
     * Reads the header and checks that every tensor lies inside of the file.
     *
     * @param bytes the whole file, kept and not to be changed
     * @param label what to call the file in a message
     * @return the tensors
     * @throws DataFormatException if the bytes are not a whole file of this format with float32 tensors
     */
    public static TensorSet parse(byte[] bytes, String label) throws DataFormatException {
        if (!looksLike(bytes)) {
            throw new DataFormatException("%s is not a safetensors file".formatted(label));
        }
        MemorySegment all = MemorySegment.ofArray(bytes);
        long length = all.get(LONG, 0);
        if (length > bytes.length - Long.BYTES) {
            throw new DataFormatException("%s is cut short: it ends after %d of %d bytes of its header"
                    .formatted(label, bytes.length - Long.BYTES, length));
        }
        Map<String, Object> header = header(bytes, (int) length, label);
        MemorySegment data = all.asSlice(Long.BYTES + length);
        if (data.byteSize() % Float.BYTES != 0) {
            throw new DataFormatException("%s is damaged: behind its header are %d bytes, which are no whole numbers"
                    .formatted(label, data.byteSize()));
        }
        Map<String, String> metadata = new LinkedHashMap<>();
        Map<String, Place> places = new LinkedHashMap<>();
        for (Map.Entry<String, Object> entry : header.entrySet()) {
            if (!(entry.getValue() instanceof Map<?, ?> described)) {
                throw noHeader(label, null);
            }
            if (!entry.getKey().equals(TensorFile.METADATA)) {
                places.put(entry.getKey(), place(entry.getKey(), described, data.byteSize(), label));
                continue;
            }
            for (Map.Entry<?, ?> line : described.entrySet()) {
                if (!(line.getValue() instanceof String text)) {
                    throw noHeader(label, null);
                }
                metadata.put((String) line.getKey(), text);
            }
        }
        return new TensorSet(
                label, bytes, data, Collections.unmodifiableMap(metadata), Collections.unmodifiableMap(places));
    }

    private static Map<String, Object> header(byte[] bytes, int length, String label) throws DataFormatException {
        try {
            CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, Long.BYTES, length));
            return HeaderJson.parse(text.toString());
        } catch (CharacterCodingException e) {
            throw new DataFormatException("the header of %s is not JSON: it is not text".formatted(label), e);
        } catch (HeaderJson.SyntaxException e) {
            throw new DataFormatException(
                    "the header of %s is not JSON: it has %s".formatted(label, e.getMessage()), e);
        }
    }

    private static DataFormatException noHeader(String label, Throwable cause) {
        return new DataFormatException("the header of %s is not that of a safetensors file".formatted(label), cause);
    }

    private static Place place(String name, Map<?, ?> described, long bytes, String label) throws DataFormatException {
        if (!(described.get("dtype") instanceof String type
                && described.get("shape") instanceof List<?> sizes
                && sizes.stream().allMatch(Long.class::isInstance)
                && described.get("data_offsets") instanceof List<?> offsets
                && offsets.size() == 2
                && offsets.get(0) instanceof Long from
                && offsets.get(1) instanceof Long to)) {
            throw noHeader(label, null);
        }
        if (!type.equals("F32")) {
            throw new DataFormatException("the tensor %s of %s is %s, not F32".formatted(name, label, type));
        }
        List<Long> shape = sizes.stream().map(Long.class::cast).toList();
        long elements = elements(shape);
        if (elements < 0) {
            throw new DataFormatException("the tensor %s of %s has the shape %s".formatted(name, label, shape));
        }
        if (to < from || to - from != elements * Float.BYTES) {
            throw new DataFormatException("the tensor %s of %s has %d numbers in the bytes %d to %d"
                    .formatted(name, label, elements, from, to));
        }
        if (to > bytes) {
            throw new DataFormatException(
                    "%s is cut short: the tensor %s ends at byte %d of %d".formatted(label, name, to, bytes));
        }
        return new Place(shape, from);
    }

    /** −1 where they are more than an array holds. */
    private static long elements(List<Long> shape) {
        long product = 1;
        for (long size : shape) {
            if (size > Integer.MAX_VALUE) {
                return -1;
            }
            product *= size;
            if (product > Integer.MAX_VALUE) {
                return -1;
            }
        }
        return product;
    }

    /** {@return what to call the file in a message} */
    public String label() {
        return label;
    }

    /** {@return a copy of the whole file} */
    public byte[] file() {
        return file.clone();
    }

    /** {@return what the file says about itself, in its order} */
    public Map<String, String> metadata() {
        return metadata;
    }

    /**
     * {@return the shape of a tensor, empty for a single number; null if there is no such tensor}
     *
     * @param name of the tensor
     */
    public List<Long> shape(String name) {
        Place place = places.get(name);
        return place == null ? null : place.shape;
    }

    /**
     * Copies a tensor, the last index running fastest.
     *
     * @param name of a tensor that is there
     * @return its numbers, whatever they are
     * @throws DataFormatException if there is no such tensor
     */
    public float[] floats(String name) throws DataFormatException {
        Place place = places.get(name);
        if (place == null) {
            throw new DataFormatException("%s has no tensor %s".formatted(label, name));
        }
        float[] values = new float[(int) elements(place.shape)];
        MemorySegment.copy(data, FLOAT, place.from, values, 0, values.length);
        return values;
    }
}
