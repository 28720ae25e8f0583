package io.heddle.cli.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** Encodes long lists inside a page: zlib, then Base64. The script of the page decodes them. */
final class Packed {
    /** The largest number; it marks a missing value. */
    static final int NONE = 0xffff;

    private static final int NO_BYTE = 0xff;

    private static final ObjectMapper JSON = new ObjectMapper();

    private Packed() {}

    /** Packs unsigned 16-bit numbers. */
    static String shorts(int[] numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int number : numbers) {
            bytes.putShort((short) number);
        }
        return pack(bytes.array());
    }

    /** Packs unsigned 8-bit numbers. */
    static String bytes(int[] numbers) {
        byte[] bytes = new byte[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            bytes[i] = (byte) numbers[i];
        }
        return pack(bytes);
    }

    /** Packs categories from 0 to {@link #NONE}: in 8 bits with 255 for none if they fit, otherwise in 16 bits. */
    static String kinds(int[] kinds) {
        boolean narrow = Arrays.stream(kinds).allMatch(k -> k < NO_BYTE || k == NONE);
        return narrow
                ? bytes(Arrays.stream(kinds).map(k -> k == NONE ? NO_BYTE : k).toArray())
                : shorts(kinds);
    }

    static String ints(int[] numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(numbers);
        return pack(bytes.array());
    }

    static String texts(List<String> texts) {
        try {
            return pack(JSON.writeValueAsBytes(texts));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pack(byte[] bytes) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        // The best compression of categories takes six times as long and saves 1 %.
        Deflater deflater = new Deflater();
        try (DeflaterOutputStream out = new DeflaterOutputStream(packed, deflater)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            deflater.end();
        }
        return Base64.getEncoder().encodeToString(packed.toByteArray());
    }
}
