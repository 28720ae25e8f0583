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

/** Long lists inside a page: compressed (zlib), then Base64. The page's script unpacks them. */
final class Packed {
    /** The largest number; it marks a missing value. */
    static final int NONE = 0xffff;

    private static final int NO_BYTE = 0xff;

    private static final ObjectMapper JSON = new ObjectMapper();

    private Packed() {}

    /** Packs numbers of 16 bits without a sign. */
    static String shorts(int[] numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int number : numbers) {
            bytes.putShort((short) number);
        }
        return pack(bytes.array());
    }

    /** Packs numbers of 8 bits without a sign. */
    static String bytes(int[] numbers) {
        byte[] bytes = new byte[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            bytes[i] = (byte) numbers[i];
        }
        return pack(bytes);
    }

    /** Packs kinds, from 0 to {@link #NONE}: 8 bits each where that is enough, and 255 for none, else 16 bits. */
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
        // The best compression takes six times as long for kinds, and saves 1 %.
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
