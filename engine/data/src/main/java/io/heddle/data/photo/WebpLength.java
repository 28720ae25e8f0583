package io.heddle.data.photo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** The length that the header of a WebP file declares. */
final class WebpLength {
    /** Bytes of the name {@code RIFF} and of the length of the rest of the file. */
    private static final int HEADER = 8;

    private WebpLength() {}

    /** Returns whether a file is shorter than it declares. */
    static boolean isCut(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] header = in.readNBytes(HEADER);
            return header.length < HEADER
                    || HEADER
                                    + Integer.toUnsignedLong(ByteBuffer.wrap(header)
                                            .order(ByteOrder.LITTLE_ENDIAN)
                                            .getInt(Integer.BYTES))
                            > Files.size(file);
        }
    }
}
