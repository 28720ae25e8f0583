package io.heddle.data.array;

import io.heddle.files.DataFormatException;
import io.heddle.internal.memory.FileSegment;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The two parts of an NPY file, whose header matches its length.
 *
 * @param place name of the file in error messages
 * @param header description of the elements
 * @param elements all of them
 */
record NpyContent(String place, NpyHeader header, MemorySegment elements) {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int VERSION_AT = MAGIC.length;
    private static final int LENGTH_AT = VERSION_AT + 2;
    /** NumPy refuses longer headers, too. */
    private static final int LONGEST_HEADER = 10_000;

    static final int LONGEST_START = LENGTH_AT + Integer.BYTES + LONGEST_HEADER;

    private static final ValueLayout.OfShort LITTLE_SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt LITTLE_INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    static boolean isMagic(byte[] start) {
        if (start.length < MAGIC.length) {
            return false;
        }
        for (int i = 0; i < MAGIC.length; i++) {
            if (start[i] != MAGIC[i]) {
                return false;
            }
        }
        return true;
    }

    /** Reads a small file or maps a large one, in an arena. */
    static NpyContent open(Path path, Arena arena) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new DataFormatException(
                    Files.exists(path) ? path + " is not a file" : "the file " + path + " does not exist");
        }
        try (FileChannel channel = FileChannel.open(path)) {
            return of(FileSegment.of(channel, path, 0, channel.size(), arena), path.toString());
        }
    }

    static NpyContent of(MemorySegment content, String place) throws DataFormatException {
        int prefix = prefixLength(content, place);
        long elements = prefix + headerLength(content, prefix, place);
        NpyHeader header = header(content, prefix, elements, place);
        requireSize(header, content.byteSize() - elements, place);
        return new NpyContent(place, header, content.asSlice(elements));
    }

    /**
     * Checks a header against the length of its file, given only the start.
     *
     * @param start start of the file, up to the maximum length of a header
     * @param bytes length of the whole file
     */
    static void check(MemorySegment start, long bytes, String place) throws DataFormatException {
        int prefix = prefixLength(start, place);
        long elements = prefix + headerLength(start, prefix, place);
        requireSize(header(start, prefix, elements, place), bytes - elements, place);
    }

    private static long headerLength(MemorySegment start, int prefix, String place) throws DataFormatException {
        long length = prefix == LENGTH_AT + Short.BYTES
                ? Short.toUnsignedInt(start.get(LITTLE_SHORT, LENGTH_AT))
                : Integer.toUnsignedLong(start.get(LITTLE_INT, LENGTH_AT));
        if (length > LONGEST_HEADER || length > start.byteSize() - prefix) {
            throw new DataFormatException(
                    "%s declares an NPY header of %d bytes; at most %d are allowed, and the file ends after %d"
                            .formatted(place, length, LONGEST_HEADER, start.byteSize()));
        }
        return length;
    }

    private static NpyHeader header(MemorySegment start, int prefix, long elements, String place)
            throws DataFormatException {
        byte[] text = start.asSlice(prefix, elements - prefix).toArray(ValueLayout.JAVA_BYTE);
        return NpyHeader.parse(new String(text, StandardCharsets.UTF_8), place);
    }

    private static int prefixLength(MemorySegment content, String place) throws DataFormatException {
        byte[] start =
                content.asSlice(0, Math.min(content.byteSize(), LENGTH_AT)).toArray(ValueLayout.JAVA_BYTE);
        if (!isMagic(start)) {
            throw new DataFormatException(place + " is not an NPY file: it does not start with \\x93NUMPY");
        }
        int version = start.length > VERSION_AT ? start[VERSION_AT] : 0;
        if (start.length == LENGTH_AT && (version < 1 || version > 3)) {
            throw new DataFormatException("%s has NPY version %d; Heddle reads 1 to 3".formatted(place, version));
        }
        int prefix = LENGTH_AT + (version == 1 ? Short.BYTES : Integer.BYTES);
        if (content.byteSize() < prefix) {
            throw new DataFormatException(
                    "%s ends after %d bytes, within its NPY header".formatted(place, content.byteSize()));
        }
        return prefix;
    }

    private static void requireSize(NpyHeader header, long bytes, String place) throws DataFormatException {
        long declared;
        try {
            declared = Math.multiplyExact(header.elements(), header.elementBytes());
        } catch (ArithmeticException e) {
            throw new DataFormatException(
                    "%s declares %s elements, more than any file holds".formatted(place, header.shapeText()), e);
        }
        if (declared != bytes) {
            throw new DataFormatException("%s declares %s elements of type %s and so %d bytes, but holds %d"
                    .formatted(
                            place,
                            header.shapeText(),
                            header.isText() ? header.type() : header.dtype(place),
                            declared,
                            bytes));
        }
    }
}
