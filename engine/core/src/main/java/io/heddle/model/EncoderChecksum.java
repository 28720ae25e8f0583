package io.heddle.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The checksum in the header of an encoder's file: the SHA-256 of the metadata and of the tensors with their names and
 * shapes, each sorted by name. It does not depend on how a program writes the header and orders the tensors. Files of
 * older versions of Heddle have none or one of the whole file.
 */
final class EncoderChecksum {
    /** Not that of a model file, because commands print the SHA-256 of an encoder's whole file under that name. */
    static final String KEY = "contentChecksum";

    /** Key of the checksum of the whole file with its digits replaced by zeros, as that of a model file. */
    private static final String WHOLE_FILE = "checksum";

    private static final String FORMAT = "heddle-encoder-";

    private EncoderChecksum() {}

    /** Returns whether a file with this metadata is an encoder. */
    static boolean appliesTo(Map<String, String> metadata) {
        return metadata.getOrDefault("format", "").startsWith(FORMAT);
    }

    /** Reserves the place of the checksum. */
    static void reserve(Map<String, String> metadata) {
        metadata.put(KEY, TensorFile.NO_CHECKSUM);
    }

    /**
     * Fills in the checksum of a file that has the place for it.
     *
     * @param header values of the header, valid
     * @param length of the header in the file
     */
    static void fill(byte[] file, Map<String, Object> header, int length) {
        byte[] digits =
                HexFormat.of().formatHex(ofContent(file, header, length)).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(digits, 0, file, at(file, length, KEY), digits.length);
    }

    /**
     * Returns whether a file has the checksums that its header states.
     *
     * @param header values of the header, valid
     * @param length of the header in the file
     */
    static boolean matches(byte[] file, Map<String, Object> header, int length, Map<String, String> metadata) {
        String content = metadata.get(KEY);
        String whole = metadata.get(WHOLE_FILE);
        return (content == null || equal(ofContent(file, header, length), content))
                && (whole == null || wholeMatches(file, length, whole));
    }

    private static boolean equal(byte[] digest, String checksum) {
        return checksum.matches("[0-9a-f]{64}")
                && MessageDigest.isEqual(digest, HexFormat.of().parseHex(checksum));
    }

    private static byte[] ofContent(byte[] file, Map<String, Object> header, int length) {
        MessageDigest digest = TensorFile.sha256();
        TreeMap<String, Object> tensors = new TreeMap<>(header);
        TreeMap<Object, Object> metadata = new TreeMap<>((Map<?, ?>) tensors.remove(TensorFile.METADATA));
        metadata.remove(KEY);
        add(digest, Integer.toString(metadata.size()));
        metadata.forEach((key, value) -> {
            add(digest, (String) key);
            add(digest, (String) value);
        });
        tensors.forEach((name, described) -> {
            Map<?, ?> tensor = (Map<?, ?>) described;
            add(digest, name);
            add(
                    digest,
                    ((List<?>) tensor.get("shape"))
                            .stream().map(Object::toString).collect(Collectors.joining(",")));
            List<?> offsets = (List<?>) tensor.get("data_offsets");
            int from = Math.toIntExact((Long) offsets.get(0));
            add(digest, file, Long.BYTES + length + from, Math.toIntExact((Long) offsets.get(1)) - from);
        });
        return digest.digest();
    }

    private static void add(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        add(digest, bytes, 0, bytes.length);
    }

    /** Adds bytes after their number, so that the borders between texts count. */
    private static void add(MessageDigest digest, byte[] bytes, int from, int count) {
        digest.update(ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(count)
                .array());
        digest.update(bytes, from, count);
    }

    private static boolean wholeMatches(byte[] file, int length, String checksum) {
        int at = at(file, length, WHOLE_FILE);
        int rest = at + TensorFile.NO_CHECKSUM.length();
        if (at < Long.BYTES || rest > Long.BYTES + length) {
            return false;
        }
        MessageDigest digest = TensorFile.sha256();
        digest.update(file, 0, at);
        digest.update(TensorFile.NO_CHECKSUM.getBytes(StandardCharsets.US_ASCII));
        digest.update(file, rest, file.length - rest);
        return equal(digest.digest(), checksum);
    }

    /** Returns the place of the first digit in the file, or −1. */
    private static int at(byte[] file, int header, String key) {
        String text = new String(file, Long.BYTES, header, StandardCharsets.ISO_8859_1);
        String before = "\"" + key + "\":\"";
        int found = text.indexOf(before);
        return found < 0 ? -1 : Long.BYTES + found + before.length();
    }
}
