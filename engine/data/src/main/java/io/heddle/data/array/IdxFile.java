package io.heddle.data.array;

import io.heddle.data.ContentHash;
import io.heddle.files.DataFormatException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.zip.ZipException;

/**
 * An open IDX file of unsigned bytes, plain or compressed with gzip, whose header matches the size of the file.
 *
 * <p>The format: two zero bytes, the element type, the number of dimensions, each dimension as a big-endian unsigned
 * 32-bit integer, then the elements.
 */
public final class IdxFile implements AutoCloseable {
    private static final int UNSIGNED_BYTE = 0x08;
    private static final int HEADER_WORD = Integer.BYTES;

    /** Maximum expansion of a deflate stream: RFC 1951 uses at least 2 bits for a match of at most 258 bytes. */
    private static final long MAXIMUM_EXPANSION = 1032;

    /**
     * Images are rarely compressed below a tenth. A file that declares more is decompressed once to count its bytes
     * before memory is allocated.
     */
    private static final long PLAUSIBLE_EXPANSION = 20;

    private final Path path;
    private final ReadableByteChannel channel;
    private final long[] dimensions;
    private final boolean compressed;
    private final ContentHash hash;

    private IdxFile(Path path, ReadableByteChannel channel, long[] dimensions, boolean compressed, ContentHash hash) {
        this.path = path;
        this.channel = channel;
        this.dimensions = dimensions;
        this.compressed = compressed;
        this.hash = hash;
    }

    /**
     * Opens a file and checks its header against its size.
     *
     * @param path the file
     * @param dimensionCount how many dimensions the file must have
     * @param hash receives all bytes that are read, including the header
     * @return the open file
     * @throws DataFormatException if the file is missing, not of this format, or its header does not match its size
     */
    public static IdxFile open(Path path, int dimensionCount, ContentHash hash) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new DataFormatException(
                    Files.exists(path) ? path + " is not a file" : "the file " + path + " does not exist");
        }
        long size = Files.size(path);
        IdxFile file = openUnchecked(path, dimensionCount, hash);
        try {
            file.checkSize(size);
            return file;
        } catch (IOException | RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    private static IdxFile openUnchecked(Path path, int dimensionCount, ContentHash hash) throws IOException {
        FileChannel raw;
        try {
            raw = FileChannel.open(path);
        } catch (IOException e) {
            throw unreadable(path, e);
        }
        ReadableByteChannel channel = raw;
        try {
            boolean compressed = isGzip(path, raw);
            if (compressed) {
                channel = new GzipChannel(raw);
            }
            return new IdxFile(path, channel, readDimensions(path, channel, dimensionCount, hash), compressed, hash);
        } catch (IOException | RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }

    private static boolean isGzip(Path path, FileChannel raw) throws IOException {
        ByteBuffer start = ByteBuffer.allocate(Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        try {
            return raw.read(start, 0) == Short.BYTES && GzipChannel.isMagic(Short.toUnsignedInt(start.getShort(0)));
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    private static long[] readDimensions(Path path, ReadableByteChannel channel, int dimensionCount, ContentHash hash)
            throws IOException {
        ByteBuffer header = ByteBuffer.allocate(HEADER_WORD * (1 + dimensionCount));
        fill(path, channel, header, hash);
        if (header.position() >= HEADER_WORD) {
            int magic = header.getInt(0);
            int expected = UNSIGNED_BYTE << 8 | dimensionCount;
            if (magic != expected) {
                throw new DataFormatException(
                        "%s starts with 0x%08x; an IDX file of unsigned bytes in %d dimension%s starts with 0x%08x"
                                .formatted(path, magic, dimensionCount, dimensionCount == 1 ? "" : "s", expected));
            }
        }
        if (header.hasRemaining()) {
            throw new DataFormatException("%s ends after %d of the %d bytes of an IDX header"
                    .formatted(path, header.position(), header.capacity()));
        }
        long[] dimensions = new long[dimensionCount];
        Arrays.setAll(dimensions, i -> Integer.toUnsignedLong(header.getInt(HEADER_WORD * (1 + i))));
        return dimensions;
    }

    private void checkSize(long fileSize) throws IOException {
        long declared = HEADER_WORD * (1L + dimensions.length);
        try {
            declared = Math.addExact(declared, elements());
        } catch (ArithmeticException e) {
            throw new DataFormatException("%s declares %s elements, more than any file holds".formatted(path, shape()));
        }
        if (elements() == 0) {
            throw new DataFormatException("%s declares %s elements: it is empty".formatted(path, shape()));
        }
        if (!compressed && declared != fileSize) {
            throw new DataFormatException("%s declares %s elements and so %d bytes, but is %d bytes long"
                    .formatted(path, shape(), declared, fileSize));
        }
        if (compressed && declared / MAXIMUM_EXPANSION > fileSize) {
            throw new DataFormatException(
                    "%s declares %s elements and so %d bytes, more than its %d compressed bytes can hold"
                            .formatted(path, shape(), declared, fileSize));
        }
        if (compressed && declared / PLAUSIBLE_EXPANSION > fileSize) {
            try (IdxFile trial = openUnchecked(path, dimensions.length, new ContentHash())) {
                trial.skipAll();
            }
        }
    }

    /**
     * Reads all elements without storing them.
     *
     * @throws DataFormatException if the file is damaged or its header does not match its content
     */
    public void skipAll() throws IOException {
        ByteBuffer scratch = ByteBuffer.allocate(1 << 16);
        for (long left = elements(); left > 0; left -= scratch.position()) {
            scratch.clear().limit((int) Math.min(scratch.capacity(), left));
            read(scratch, elements() - left);
        }
        requireEnd();
    }

    /** Returns whether the file is not compressed. */
    boolean isPlain() {
        return !compressed;
    }

    /** Returns the offset of the elements in an uncompressed file, in bytes. */
    long start() {
        return HEADER_WORD * (1L + dimensions.length);
    }

    /** Returns the length of a dimension. */
    long dimension(int i) {
        return dimensions[i];
    }

    /** Returns the number of elements, the product of the dimensions. */
    long elements() {
        long product = 1;
        for (long d : dimensions) {
            product = Math.multiplyExact(product, d);
        }
        return product;
    }

    /** Returns the dimensions as text: 60000 x 28 x 28. */
    String shape() {
        return Arrays.stream(dimensions).mapToObj(Long::toString).collect(Collectors.joining(" x "));
    }

    /**
     * Fills a buffer with the next elements.
     *
     * @param done number of elements read before, for the error message
     * @throws DataFormatException if the file ends first or cannot be decompressed
     */
    void read(ByteBuffer buffer, long done) throws IOException {
        int start = buffer.position();
        fill(path, channel, buffer, hash);
        if (buffer.hasRemaining()) {
            throw new DataFormatException("%s declares %s elements but ends after %d of %d"
                    .formatted(path, shape(), done + buffer.position() - start, elements()));
        }
    }

    /**
     * Checks that no bytes follow the elements and, for a compressed file, its CRC.
     *
     * @throws DataFormatException if bytes follow, or the file cannot be decompressed
     */
    void requireEnd() throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        fill(path, channel, one, hash);
        if (!one.hasRemaining()) {
            throw new DataFormatException("%s declares %s elements, but more bytes follow".formatted(path, shape()));
        }
    }

    private static void fill(Path path, ReadableByteChannel channel, ByteBuffer buffer, ContentHash hash)
            throws IOException {
        int start = buffer.position();
        try {
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {}
            hash.add(buffer.slice(start, buffer.position() - start));
        } catch (EOFException | ZipException e) {
            throw broken(path, e);
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    private static DataFormatException broken(Path path, IOException cause) {
        return cause instanceof EOFException
                ? new DataFormatException(path + " is cut short: its gzip stream ends before its end mark", cause)
                : new DataFormatException(path + " is damaged: " + cause.getMessage(), cause);
    }

    private static DataFormatException unreadable(Path path, IOException cause) {
        return new DataFormatException("%s cannot be read: %s".formatted(path, cause), cause);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
