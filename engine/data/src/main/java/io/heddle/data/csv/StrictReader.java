package io.heddle.data.csv;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.util.HexFormat;

/**
 * Decodes text and stops at invalid bytes. Java's readers replace invalid bytes by one character, so that different
 * texts become equal.
 */
final class StrictReader extends Reader {
    private static final int BUFFER = 1 << 16;

    private final InputStream in;
    private final CharsetDecoder decoder;
    private final ByteBuffer bytes = ByteBuffer.allocate(BUFFER).limit(0);
    private boolean ended;
    private boolean flushed;

    /** Second half of a surrogate pair that did not fit into the buffer, or 0. */
    private char pending;

    /** Thrown for bytes that are invalid in the encoding. */
    static final class MalformedBytes extends CharacterCodingException {
        private static final long serialVersionUID = 1;
        private final String found;

        MalformedBytes(String found) {
            this.found = found;
        }

        /** Returns the bytes as text for messages. */
        String bytes() {
            return found;
        }

        @Override
        public String getMessage() {
            return found;
        }
    }

    /** @param in owned by this reader */
    StrictReader(InputStream in, Charset charset) {
        this.in = in;
        this.decoder = charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
    }

    @Override
    public int read(char[] to, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (pending != 0) {
            to[offset] = pending;
            pending = 0;
            return 1;
        }
        CharBuffer chars = CharBuffer.wrap(to, offset, length);
        while (true) {
            CoderResult result = flushed ? CoderResult.UNDERFLOW : decoder.decode(bytes, chars, ended);
            if (ended && result.isUnderflow() && !flushed) {
                flushed = true;
                decoder.flush(chars);
            }
            if (chars.position() > offset) {
                return chars.position() - offset;
            }
            if (result.isOverflow()) {
                return pair(to, offset);
            }
            if (result.isError()) {
                throw malformed(result.length());
            }
            if (ended) {
                return -1;
            }
            fill();
        }
    }

    /** Reads a surrogate pair into a buffer of one char. */
    private int pair(char[] to, int offset) {
        CharBuffer both = CharBuffer.allocate(2);
        decoder.decode(bytes, both, ended);
        to[offset] = both.get(0);
        pending = both.get(1);
        return 1;
    }

    private void fill() throws IOException {
        bytes.compact();
        int n = in.read(bytes.array(), bytes.position(), bytes.remaining());
        ended = n < 0;
        bytes.position(bytes.position() + Math.max(0, n));
        bytes.flip();
    }

    private MalformedBytes malformed(int length) {
        byte[] found = new byte[Math.min(length, bytes.remaining())];
        bytes.get(bytes.position(), found);
        return new MalformedBytes("the %s %s"
                .formatted(
                        found.length == 1 ? "byte" : "bytes",
                        HexFormat.ofDelimiter(" ").withPrefix("0x").formatHex(found)));
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
