package io.heddle.model;

import io.heddle.files.DataFormatException;
import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.internal.memory.FileSegment;
import io.heddle.matrix.FloatMatrix;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A safetensors file in memory. Checks the sizes before anything is allocated, then the version, then the checksum, and
 * then each requested value.
 *
 * <p>The checksum is the SHA-256 of the whole file with the 64 digits of the checksum replaced by zeros, so it includes
 * the metadata.
 */
final class TensorFile implements AutoCloseable {
    static final String METADATA = "__metadata__";
    static final String CHECKSUM = "sha256";
    static final String NO_CHECKSUM = "0".repeat(64);

    /** Maximum size of a header, as in the reference implementation. */
    private static final long LARGEST_HEADER = 100_000_000;
    /** Whole numbers up to this one are exact in double. */
    private static final double MAXIMUM_EXACT = 1L << 53;

    private static final int CHUNK = 1 << 16;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path file;
    private final Arena arena;
    private final MemorySegment data;
    private final Map<String, String> metadata;
    private final Map<String, Entry> entries;

    private record Entry(String type, List<Long> shape, long from, long to) {}

    private TensorFile(
            Path file, Arena arena, MemorySegment data, Map<String, String> metadata, Map<String, Entry> entries) {
        this.file = file;
        this.arena = arena;
        this.data = data;
        this.metadata = metadata;
        this.entries = entries;
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /** Returns the offset of the digits of the checksum in a header, −1 if it has none. */
    static int checksumAt(byte[] header) {
        String text = new String(header, StandardCharsets.ISO_8859_1);
        String before = "\"" + CHECKSUM + "\":\"";
        int at = text.indexOf(before);
        return at < 0 ? -1 : at + before.length();
    }

    /** Opens a file with the given format and at most the given version. */
    static TensorFile open(Path file, String format, int version) throws IOException {
        // Opening a pipe would block until another process writes to it.
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw fault(
                    file,
                    Files.isDirectory(file)
                            ? "is a folder, not a model file"
                            : "is a pipe or a device; copy it into a file first");
        }
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return open(file, FileSegment.of(channel, file, 0, channel.size(), arena), arena, format, version);
        } catch (IOException | RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    private static TensorFile open(Path file, MemorySegment all, Arena arena, String format, int version)
            throws IOException {
        if (all.byteSize() < Long.BYTES + 2) {
            throw fault(file, "is not a model file: it has only %d bytes", all.byteSize());
        }
        long length = all.get(LONG, 0);
        if (length < 2 || length > LARGEST_HEADER || all.get(ValueLayout.JAVA_BYTE, Long.BYTES) != '{') {
            throw fault(file, "is not a model file: it does not start like one");
        }
        if (length > all.byteSize() - Long.BYTES) {
            throw fault(
                    file,
                    "is cut short: its header should have %d bytes, but the file has only %d",
                    length,
                    all.byteSize());
        }
        byte[] header = new byte[(int) length];
        MemorySegment.copy(all, ValueLayout.JAVA_BYTE, Long.BYTES, header, 0, header.length);
        Map<String, Object> json = parse(file, header);
        Map<String, String> metadata = metadata(file, json.remove(METADATA));
        requireVersion(file, metadata, format, version);
        MemorySegment data = all.asSlice(Long.BYTES + length);
        Map<String, Entry> entries = entries(file, json, data.byteSize());
        requireChecksum(file, all, header, metadata.get(CHECKSUM));
        return new TensorFile(file, arena, data, metadata, entries);
    }

    private static Map<String, Object> parse(Path file, byte[] header) throws DataFormatException {
        try {
            CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(header));
            return HeaderJson.parse(text.toString());
        } catch (CharacterCodingException e) {
            throw fault(file, "is damaged: its header is not text");
        } catch (HeaderJson.SyntaxException e) {
            throw fault(file, "is damaged: its header has %s", e.getMessage());
        }
    }

    private static Map<String, String> metadata(Path file, Object json) throws DataFormatException {
        Map<String, String> metadata = new LinkedHashMap<>();
        if (json instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                if (!(entry.getValue() instanceof String value)) {
                    throw fault(file, "is damaged: its metadata \"%s\" is not a string", entry.getKey());
                }
                metadata.put((String) entry.getKey(), value);
            }
        }
        return metadata;
    }

    private static void requireVersion(Path file, Map<String, String> metadata, String format, int version)
            throws DataFormatException {
        if (!format.equals(metadata.get("format"))) {
            throw fault(file, "holds tensors, but not a Heddle model");
        }
        String found = metadata.getOrDefault("format_version", "");
        if (!found.matches("[1-9][0-9]{0,8}")) {
            throw fault(file, "is damaged: its format version is \"%s\"", found);
        }
        if (Integer.parseInt(found) > version) {
            throw fault(
                    file,
                    "has version %s of the model format, but this Heddle reads versions up to %d: use a newer Heddle",
                    found,
                    version);
        }
    }

    private static Map<String, Entry> entries(Path file, Map<String, Object> json, long bytes)
            throws DataFormatException {
        Map<String, Entry> entries = new HashMap<>();
        long end = 0;
        for (Map.Entry<String, Object> described : json.entrySet()) {
            Entry entry = entry(file, described.getKey(), described.getValue());
            if (entry.from != end) {
                throw fault(
                        file,
                        "is damaged: tensor \"%s\" begins at byte %d, not %d",
                        described.getKey(),
                        entry.from,
                        end);
            }
            end = entry.to;
            entries.put(described.getKey(), entry);
        }
        if (end != bytes) {
            throw end > bytes
                    ? fault(file, "is cut short: its tensors take %d bytes, but there are only %d", end, bytes)
                    : fault(file, "is damaged: %d bytes follow its tensors", bytes - end);
        }
        return entries;
    }

    private static Entry entry(Path file, String name, Object described) throws DataFormatException {
        if (described instanceof Map<?, ?> map
                && map.size() == 3
                && map.get("dtype") instanceof String type
                && map.get("shape") instanceof List<?> shape
                && map.get("data_offsets") instanceof List<?> offsets
                && offsets.size() == 2
                && offsets.get(0) instanceof Long from
                && offsets.get(1) instanceof Long to
                && from <= to
                && shape.stream().allMatch(Long.class::isInstance)) {
            List<Long> sizes = shape.stream().map(Long.class::cast).toList();
            try {
                long elements = 1;
                for (long size : sizes) {
                    elements = Math.multiplyExact(elements, size);
                }
                for (Tensor.Type known : Tensor.Type.values()) {
                    if (known.name().equals(type) && Math.multiplyExact(elements, (long) known.bytes) == to - from) {
                        return new Entry(type, sizes, from, to);
                    }
                }
            } catch (ArithmeticException e) {
                // Reported below.
            }
        }
        throw fault(file, "is damaged: the description of its tensor \"%s\" is not valid", name);
    }

    private static void requireChecksum(Path file, MemorySegment all, byte[] header, String checksum)
            throws DataFormatException {
        int at = checksumAt(header);
        if (checksum == null || !checksum.matches("[0-9a-f]{64}") || at < 0) {
            throw fault(file, "is damaged: it has no checksum");
        }
        MessageDigest digest = sha256();
        System.arraycopy(NO_CHECKSUM.getBytes(StandardCharsets.US_ASCII), 0, header, at, NO_CHECKSUM.length());
        digest.update(all.asSlice(0, Long.BYTES).toArray(ValueLayout.JAVA_BYTE));
        digest.update(header);
        byte[] chunk = new byte[CHUNK];
        for (long from = Long.BYTES + header.length; from < all.byteSize(); from += CHUNK) {
            int some = (int) Math.min(CHUNK, all.byteSize() - from);
            MemorySegment.copy(all, ValueLayout.JAVA_BYTE, from, chunk, 0, some);
            digest.update(chunk, 0, some);
        }
        if (!MessageDigest.isEqual(digest.digest(), HexFormat.of().parseHex(checksum))) {
            throw fault(file, "does not match its checksum: it was changed or damaged after it had been written");
        }
    }

    /** Returns an exception whose message starts with the name of the file. */
    static DataFormatException fault(Path file, String what, Object... values) {
        return new DataFormatException(file + " " + what.formatted(values));
    }

    DataFormatException fault(String what, Object... values) {
        return fault(file, what, values);
    }

    Map<String, String> metadata() {
        return metadata;
    }

    /** Returns the value of a required key. */
    String text(String key) throws DataFormatException {
        String value = metadata.get(key);
        if (value == null) {
            throw fault("is damaged: its metadata has no \"%s\"", key);
        }
        return value;
    }

    double number(String key) throws DataFormatException {
        try {
            return Double.parseDouble(text(key));
        } catch (NumberFormatException e) {
            throw fault("is damaged: its metadata \"%s\" is not a number", key);
        }
    }

    int integer(String key) throws DataFormatException {
        double value = number(key);
        if (value != (int) value || value < 0) {
            throw fault("is damaged: its metadata \"%s\" is not a whole number of 0 or more", key);
        }
        return (int) value;
    }

    /** Returns the value of a required key that may exceed the range of int. */
    long longInteger(String key) throws DataFormatException {
        double value = number(key);
        if (value != (long) value || value < 0 || value > MAXIMUM_EXACT) {
            throw fault("is damaged: its metadata \"%s\" is not a whole number of 0 or more", key);
        }
        return (long) value;
    }

    private Entry entry(String name, Tensor.Type type, int dimensions) throws DataFormatException {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw fault("is damaged: it has no tensor \"%s\"", name);
        }
        if (!entry.type.equals(type.name()) || entry.shape.size() != dimensions) {
            throw fault("is damaged: its tensor \"%s\" is not %s with %d dimensions", name, type, dimensions);
        }
        for (long size : entry.shape) {
            if (size < 1 || size > Integer.MAX_VALUE - 64) {
                throw fault("has a tensor \"%s\" of size %d, outside 1 to 2^31", name, size);
            }
        }
        return entry;
    }

    boolean has(String name) {
        return entries.containsKey(name);
    }

    /** Returns a copy that owns its memory. */
    FloatMatrix matrix(String name) throws DataFormatException {
        Entry entry = entry(name, Tensor.Type.F32, 2);
        long rows = entry.shape.get(0);
        int columns = entry.shape.get(1).intValue();
        FloatMatrix m = FloatMatrix.allocate(rows, columns);
        Kernels kernels = Simd.kernels();
        try {
            for (long i = 0; i < rows; i++) {
                MemorySegment.copy(
                        data,
                        FLOAT,
                        entry.from + i * columns * Float.BYTES,
                        m.segment(),
                        ValueLayout.JAVA_FLOAT,
                        m.offset(i),
                        columns);
                if (!kernels.allFinite(m.segment(), m.offset(i), columns)) {
                    for (int j = 0; j < columns; j++) {
                        requireFinite(m.get(i, j), name);
                    }
                }
            }
            return m;
        } catch (DataFormatException | RuntimeException e) {
            m.close();
            throw e;
        }
    }

    float[] floats(String name) throws DataFormatException {
        Entry entry = entry(name, Tensor.Type.F32, 1);
        float[] values = new float[entry.shape.getFirst().intValue()];
        MemorySegment.copy(data, FLOAT, entry.from, values, 0, values.length);
        for (float v : values) {
            requireFinite(v, name);
        }
        return values;
    }

    double[] doubles(String name) throws DataFormatException {
        Entry entry = entry(name, Tensor.Type.F64, 1);
        double[] values = new double[entry.shape.getFirst().intValue()];
        MemorySegment.copy(data, DOUBLE, entry.from, values, 0, values.length);
        for (double v : values) {
            requireFinite(v, name);
        }
        return values;
    }

    private void requireFinite(double value, String name) throws DataFormatException {
        if (!Double.isFinite(value)) {
            throw fault("is damaged: its tensor \"%s\" holds %s", name, value);
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
