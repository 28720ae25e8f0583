package io.heddle.data.photo;

import java.io.IOException;
import javax.imageio.stream.ImageInputStreamImpl;

/** A file in memory as the input of ImageIO's readers. */
final class BytesInput extends ImageInputStreamImpl {
    /**
     * Maximum number of bytes that a decoder may read beyond the end. The WebP decoder reads zeros there and would
     * otherwise continue for minutes.
     */
    private static final int MAXIMUM_BEYOND_END = 1_000;

    private final byte[] bytes;
    private int beyondEnd;

    BytesInput(byte[] bytes) {
        this.bytes = bytes;
    }

    @Override
    public int read() throws IOException {
        bitOffset = 0;
        if (streamPos >= bytes.length && ++beyondEnd > MAXIMUM_BEYOND_END) {
            throw new IOException("it ends too early");
        }
        return streamPos < bytes.length ? Byte.toUnsignedInt(bytes[(int) streamPos++]) : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        bitOffset = 0;
        if (streamPos >= bytes.length) {
            return length == 0 ? 0 : -1;
        }
        int count = (int) Math.min(length, bytes.length - streamPos);
        System.arraycopy(bytes, (int) streamPos, target, offset, count);
        streamPos += count;
        return count;
    }

    @Override
    public long length() {
        return bytes.length;
    }
}
