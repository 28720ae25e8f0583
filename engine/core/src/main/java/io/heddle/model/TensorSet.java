package io.heddle.model;

import io.heddle.files.DataFormatException;
import io.heddle.matrix.InvalidInputException;
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
import java.util.Set;

/**
 * Named float32 tensors and metadata, read from or written to a safetensors file: the length of the header, the header
 * in JSON, the numbers. Such a file contains no code, so files from untrusted sources can be opened.
 *
 * <p>All sizes are checked against the size of the file before memory is allocated. Immutable.
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

    /**
     * A tensor to write.
     *
     * @param shape size of each dimension
     * @param values numbers in row-major order, as many as the shape has; not copied, not to be changed
     */
    public record Values(List<Long> shape, float[] values) {
        /**
         * Checks the number of values.
         *
         * @throws InvalidInputException if it is not the product of the dimensions
         */
        public Values {
            shape = List.copyOf(shape);
            InvalidInputException.require(
                    elements(shape) == values.length, "a tensor of the shape %s has %d values", shape, values.length);
        }
    }

    private TensorSet(
            String label, byte[] file, MemorySegment data, Map<String, String> metadata, Map<String, Place> places) {
        this.label = label;
        this.file = file;
        this.data = data;
        this.metadata = metadata;
        this.places = places;
    }

    /**
     * {@return whether a file with these first bytes can have this format: a length and a brace}
     *
     * @param start the first bytes of the file, at least 9
     */
    public static boolean looksLike(byte[] start) {
        if (start.length <= Long.BYTES || start[Long.BYTES] != '{') {
            return false;
        }
        long length = MemorySegment.ofArray(start).get(LONG, 0);
        return length >= 2 && length <= LARGEST_HEADER;
    }

    /**
     * Reads the header and checks that every tensor is inside the file and that the tensors do not overlap. The
     * checksum of a Heddle encoder is checked too, if the file has one.
     *
     * @param bytes the whole file; not copied, not to be changed
     * @param label name of the file in messages
     * @return the tensors
     * @throws DataFormatException if the bytes are not a complete safetensors file with float32 tensors
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
        Map<String, String> metadata = new LinkedHashMap<>();
        Map<String, Place> places = new LinkedHashMap<>();
        long used = 0;
        for (Map.Entry<String, Object> entry : header.entrySet()) {
            if (!(entry.getValue() instanceof Map<?, ?> described)) {
                throw noHeader(label, null);
            }
            if (!entry.getKey().equals(TensorFile.METADATA)) {
                Place place = place(entry.getKey(), described, data.byteSize(), label);
                places.put(entry.getKey(), place);
                used += elements(place.shape) * Float.BYTES;
                // Tensors that share bytes would take more memory than the file has.
                if (used > data.byteSize()) {
                    throw new DataFormatException("%s is damaged: its tensors up to %s have %d bytes, but there are %d"
                            .formatted(label, entry.getKey(), used, data.byteSize()));
                }
                continue;
            }
            for (Map.Entry<?, ?> line : described.entrySet()) {
                if (!(line.getValue() instanceof String text)) {
                    throw noHeader(label, null);
                }
                metadata.put((String) line.getKey(), text);
            }
        }
        if (data.byteSize() % Float.BYTES != 0) {
            throw new DataFormatException(
                    "%s is damaged: %d bytes follow its header, not a multiple of 4".formatted(label, data.byteSize()));
        }
        if (EncoderChecksum.appliesTo(metadata) && !EncoderChecksum.matches(bytes, header, (int) length, metadata)) {
            throw new DataFormatException(
                    "%s does not match its checksum: it was changed or damaged after it had been written"
                            .formatted(label));
        }
        return new TensorSet(
                label, bytes, data, Collections.unmodifiableMap(metadata), Collections.unmodifiableMap(places));
    }

    /**
     * Returns the content of a safetensors file, in O(size of the file). The header is padded to a multiple of 8 bytes.
     * A Heddle encoder gets a checksum.
     *
     * @param metadata lines of text, in the order of writing
     * @param tensors the tensors by name, in the order of writing
     * @return the bytes of the file, which {@link #parse} reads
     */
    public static byte[] write(Map<String, String> metadata, Map<String, Values> tensors) {
        Map<String, Object> header = new LinkedHashMap<>();
        Map<String, String> text = new LinkedHashMap<>(metadata);
        boolean checked = EncoderChecksum.appliesTo(metadata);
        if (checked) {
            EncoderChecksum.reserve(text);
        }
        header.put(TensorFile.METADATA, text);
        long end = 0;
        for (Map.Entry<String, Values> entry : tensors.entrySet()) {
            Values tensor = entry.getValue();
            long from = end;
            end += (long) tensor.values.length * Float.BYTES;
            Map<String, Object> place = new LinkedHashMap<>();
            place.put("dtype", "F32");
            place.put("shape", tensor.shape);
            place.put("data_offsets", List.of(from, end));
            header.put(entry.getKey(), place);
        }
        StringBuilder json = new StringBuilder();
        HeaderJson.write(header, json);
        byte[] head = json.toString().getBytes(StandardCharsets.UTF_8);
        int padded = Math.ceilDiv(head.length, Long.BYTES) * Long.BYTES;
        ByteBuffer file =
                ByteBuffer.allocate(Math.toIntExact(Long.BYTES + padded + end)).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(padded).put(head);
        for (int i = head.length; i < padded; i++) {
            file.put((byte) ' ');
        }
        for (Values tensor : tensors.values()) {
            file.asFloatBuffer().put(tensor.values);
            file.position(file.position() + tensor.values.length * Float.BYTES);
        }
        if (checked) {
            EncoderChecksum.fill(file.array(), header, padded);
        }
        return file.array();
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
        return new DataFormatException("the header of %s is not a safetensors header".formatted(label), cause);
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
            throw new DataFormatException(
                    "the tensor %s of %s has %d numbers in bytes %d to %d".formatted(name, label, elements, from, to));
        }
        if (to > bytes) {
            throw new DataFormatException(
                    "%s is cut short: the tensor %s ends at byte %d of %d".formatted(label, name, to, bytes));
        }
        return new Place(shape, from);
    }

    /** Returns −1 if there are more than an array can hold. */
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

    /** {@return name of the file in messages} */
    public String label() {
        return label;
    }

    /** {@return a copy of the whole file} */
    public byte[] file() {
        return file.clone();
    }

    /** {@return the metadata, in the order of the file} */
    public Map<String, String> metadata() {
        return metadata;
    }

    /** {@return the names of the tensors, in the order of the file} */
    public Set<String> names() {
        return places.keySet();
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
     * Copies a tensor in row-major order.
     *
     * @param name of a tensor that exists
     * @return its numbers, which may be NaN or infinite
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
