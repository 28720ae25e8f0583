package io.heddle.model;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;

/**
 * The checksum in the header of an encoder's file, computed as that of a model file: the SHA-256 of the whole file with
 * the digits of the checksum replaced by zeros. Files of older versions of Heddle have none.
 */
final class EncoderChecksum {
    /** Not that of a model file, because commands print the SHA-256 of an encoder's whole file under that name. */
    static final String KEY = "checksum";

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

    /** Fills in the checksum of a file that has the place for it. */
    static void fill(byte[] file, int header) {
        int at = at(file, header);
        byte[] digits =
                HexFormat.of().formatHex(TensorFile.sha256().digest(file)).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(digits, 0, file, at, digits.length);
    }

    /** Returns whether a file has the checksum that its header states. */
    static boolean matches(byte[] file, int header, String checksum) {
        int at = at(file, header);
        if (at < Long.BYTES || !checksum.matches("[0-9a-f]{64}") || at + checksum.length() > Long.BYTES + header) {
            return false;
        }
        MessageDigest digest = TensorFile.sha256();
        digest.update(file, 0, at);
        digest.update(TensorFile.NO_CHECKSUM.getBytes(StandardCharsets.US_ASCII));
        int rest = at + TensorFile.NO_CHECKSUM.length();
        digest.update(file, rest, file.length - rest);
        return MessageDigest.isEqual(digest.digest(), HexFormat.of().parseHex(checksum));
    }

    /** Returns the place of the first digit in the file. */
    private static int at(byte[] file, int header) {
        String text = new String(file, Long.BYTES, header, StandardCharsets.ISO_8859_1);
        String before = "\"" + KEY + "\":\"";
        int found = text.indexOf(before);
        return found < 0 ? -1 : Long.BYTES + found + before.length();
    }
}
