package io.heddle.data.array;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.util.zip.CRC32;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Decompresses a gzip file (RFC 1952). Unlike {@link java.util.zip.GZIPInputStream}, it refuses bytes after the last
 * member.
 */
final class GzipChannel implements ReadableByteChannel {
    private static final int INPUT_BYTES = 1 << 16;
    private static final int MAGIC = 0x8b1f;
    private static final int DEFLATE = 8;
    private static final int HEADER_CRC = 1 << 1;
    private static final int EXTRA = 1 << 2;
    private static final int NAME = 1 << 3;
    private static final int COMMENT = 1 << 4;
    private static final int KNOWN_FLAGS = (1 << 5) - 1;
    /** Modification time, compression level and operating system, which are ignored. */
    private static final int IGNORED_BYTES = 6;

    private final FileChannel file;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private final ByteBuffer input = ByteBuffer.allocateDirect(INPUT_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .limit(0);
    private boolean firstMember = true;
    private boolean inMember;

    /** @param file the compressed file, which {@link #close()} closes */
    GzipChannel(FileChannel file) {
        this.file = file;
    }

    /** Returns whether a file with these first two bytes, as a little-endian number, is gzip. */
    static boolean isMagic(int firstTwoBytes) {
        return firstTwoBytes == MAGIC;
    }

    /**
     * @throws EOFException if the file ends within a member
     * @throws ZipException if it is damaged
     */
    @Override
    public int read(ByteBuffer target) throws IOException {
        int start = target.position();
        while (target.hasRemaining() && target.position() == start) {
            if (!inMember && !beginMember()) {
                return -1;
            }
            inflate(target);
            if (inflater.finished()) {
                endMember();
            }
        }
        return target.position() - start;
    }

    private void inflate(ByteBuffer target) throws IOException {
        if (inflater.needsInput()) {
            require(1);
            inflater.setInput(input);
        }
        int start = target.position();
        try {
            inflater.inflate(target);
        } catch (java.util.zip.DataFormatException e) {
            ZipException damage = new ZipException(e.getMessage() == null ? "not a deflate stream" : e.getMessage());
            damage.initCause(e);
            throw damage;
        }
        if (inflater.needsDictionary()) {
            throw new ZipException("it requires a preset dictionary, which gzip does not support");
        }
        crc.update(target.slice(start, target.position() - start));
    }

    /** Returns whether there is another member, and reads its header. */
    private boolean beginMember() throws IOException {
        if (!atLeast(1)) {
            return false;
        }
        boolean startsLikeGzip = atLeast(2) && isMagic(Short.toUnsignedInt(input.getShort()));
        if (!startsLikeGzip) {
            throw new ZipException(firstMember ? "it does not start like gzip" : "other bytes follow its gzip stream");
        }
        firstMember = false;
        require(2);
        int method = input.get();
        int flags = input.get();
        if (method != DEFLATE || (flags & ~KNOWN_FLAGS) != 0) {
            throw new ZipException(
                    "its gzip header has the unsupported method %d and flags %#x".formatted(method, flags & 0xff));
        }
        skip(IGNORED_BYTES);
        if ((flags & EXTRA) != 0) {
            require(2);
            skip(input.getShort() & 0xffff);
        }
        if ((flags & NAME) != 0) {
            skipString();
        }
        if ((flags & COMMENT) != 0) {
            skipString();
        }
        if ((flags & HEADER_CRC) != 0) {
            skip(2);
        }
        inflater.reset();
        crc.reset();
        inMember = true;
        return true;
    }

    private void endMember() throws IOException {
        require(2 * Integer.BYTES);
        boolean intact = input.getInt() == (int) crc.getValue();
        boolean complete = input.getInt() == (int) inflater.getBytesWritten();
        if (!intact || !complete) {
            throw new ZipException("its content does not match its checksum");
        }
        inMember = false;
    }

    private void skip(int bytes) throws IOException {
        for (int left = bytes; left > 0; ) {
            require(1);
            int step = Math.min(left, input.remaining());
            input.position(input.position() + step);
            left -= step;
        }
    }

    private void skipString() throws IOException {
        do {
            require(1);
        } while (input.get() != 0);
    }

    /** Ensures that this number of bytes of input is available. */
    private void require(int bytes) throws IOException {
        if (!atLeast(bytes)) {
            throw new EOFException();
        }
    }

    private boolean atLeast(int bytes) throws IOException {
        while (input.remaining() < bytes) {
            if (!fill()) {
                return false;
            }
        }
        return true;
    }

    /** Reads more input, unless the file has ended. */
    private boolean fill() throws IOException {
        input.compact();
        int read;
        try {
            read = file.read(input);
        } finally {
            input.flip();
        }
        return read > 0;
    }

    @Override
    public boolean isOpen() {
        return file.isOpen();
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        file.close();
    }
}
