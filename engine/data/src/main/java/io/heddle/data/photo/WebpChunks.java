package io.heddle.data.photo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The chunks of a WebP file. */
final class WebpChunks {
    /** Bytes of the name {@code RIFF} or of a chunk's name, and of the length of what follows. */
    private static final int HEADER = 8;

    /** Bytes of the file's header: {@code RIFF}, the length and {@code WEBP}. */
    private static final int FIRST = 12;

    private static final int NAME = 4;
    private static final int HAS_PROFILE = 0x20;
    /** A name that readers ignore. */
    private static final String IGNORED = "none";

    private WebpChunks() {}

    /** Returns whether a file is shorter than it declares. */
    static boolean isCut(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] header = in.readNBytes(HEADER);
            return header.length < HEADER || HEADER + length(header, 0) > Files.size(file);
        }
    }

    /**
     * Returns the bytes of a file with its colour profile hidden. ImageIO's reader applies it and refuses damaged ones,
     * but profiles are not applied to photos.
     */
    static byte[] withoutProfile(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        for (long at = FIRST; at + HEADER < bytes.length; ) {
            int chunk = (int) at;
            String name = new String(bytes, chunk, NAME, StandardCharsets.ISO_8859_1);
            if (name.equals("VP8X")) {
                bytes[chunk + HEADER] &= ~HAS_PROFILE;
            } else if (name.equals("ICCP")) {
                System.arraycopy(IGNORED.getBytes(StandardCharsets.ISO_8859_1), 0, bytes, chunk, NAME);
            }
            long length = length(bytes, chunk);
            at += HEADER + length + length % 2;
        }
        return bytes;
    }

    /** Returns the declared length of the file or of a chunk. */
    private static long length(byte[] bytes, int at) {
        return Integer.toUnsignedLong(
                ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(at + NAME));
    }
}
