package io.heddle.data.photo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Set;

/**
 * The chain of image directories (IFDs) of a TIFF file. Only the first two are read: ImageIO's reader follows the whole
 * chain to count the images, which never ends if a directory refers to itself or to an earlier one.
 */
final class TiffDirectories {
    private static final int HEADER = 8;
    private static final int ENTRY = 12;
    private static final int UNSIGNED_SHORT = 0xffff;
    /** Version in the header of files of up to 4 GB. */
    private static final int CLASSIC = 42;

    private static final int BITS = 258;
    private static final int COMPRESSION = 259;
    private static final int STRIP_OFFSETS = 273;
    private static final int STRIP_LENGTHS = 279;
    private static final int COLOURS = 320;
    private static final int TILE_OFFSETS = 324;
    private static final int TILE_LENGTHS = 325;
    /** The entries without which pixels are read wrongly. */
    private static final Set<Integer> USED =
            Set.of(BITS, COMPRESSION, STRIP_OFFSETS, STRIP_LENGTHS, COLOURS, TILE_OFFSETS, TILE_LENGTHS);

    private static final int SHORT = 3;
    private static final int LONG = 4;

    private TiffDirectories() {}

    /**
     * Returns whether a TIFF file has a second image. A directory that is empty, not wholly in the file or the first
     * one again is none.
     */
    static boolean several(Path file) throws IOException {
        try (FileChannel in = FileChannel.open(file)) {
            ByteBuffer header = bytes(in, 0, HEADER, ByteOrder.BIG_ENDIAN);
            if (header == null) {
                return false;
            }
            ByteOrder order = header.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
            long first = Integer.toUnsignedLong(header.order(order).getInt(HEADER - Integer.BYTES));
            long second = next(in, first, order);
            return second > 0 && second != first && next(in, second, order) >= 0;
        }
    }

    /**
     * Returns whether a file ends before the compressed pixels of its first image, or before the number of bits, the
     * colours or the places of the pixels. ImageIO's reader then assumes other numbers of bits. Declared lengths of
     * pixels that are not compressed are not used, because some programs write wrong ones.
     */
    static boolean isCut(Path file) throws IOException {
        try (FileChannel in = FileChannel.open(file)) {
            ByteBuffer header = bytes(in, 0, HEADER, ByteOrder.BIG_ENDIAN);
            if (header == null) {
                return true;
            }
            ByteOrder order = header.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
            if (header.order(order).getShort(2) != CLASSIC) {
                return false;
            }
            long directory = Integer.toUnsignedLong(header.getInt(HEADER - Integer.BYTES));
            ByteBuffer count = bytes(in, directory, Short.BYTES, order);
            int entries = count == null ? 0 : count.getShort(0) & UNSIGNED_SHORT;
            long[] compression = {1};
            long[] offsets = {};
            long[] lengths = {};
            for (int i = 0; i < entries; i++) {
                ByteBuffer entry = bytes(in, directory + Short.BYTES + (long) ENTRY * i, ENTRY, order);
                if (entry == null) {
                    return true;
                }
                int tag = entry.getShort(0) & UNSIGNED_SHORT;
                long[] values = USED.contains(tag) ? numbers(in, entry, order) : new long[0];
                if (values == null) {
                    return true;
                }
                switch (tag) {
                    case COMPRESSION -> compression = values;
                    case STRIP_OFFSETS, TILE_OFFSETS -> offsets = values;
                    case STRIP_LENGTHS, TILE_LENGTHS -> lengths = values;
                    default -> {
                        // Other entries do not locate pixels.
                    }
                }
            }
            boolean cut = false;
            for (int i = 0; i < Math.min(offsets.length, lengths.length); i++) {
                cut |= offsets[i] + lengths[i] > in.size();
            }
            return cut && compression.length == 1 && compression[0] != 1;
        }
    }

    /** Returns the numbers of an entry, none if they have another type; null if they are not in the file. */
    private static long[] numbers(FileChannel in, ByteBuffer entry, ByteOrder order) throws IOException {
        int bytes =
                switch (entry.getShort(Short.BYTES)) {
                    case SHORT -> Short.BYTES;
                    case LONG -> Integer.BYTES;
                    default -> 0;
                };
        long count = Integer.toUnsignedLong(entry.getInt(2 * Short.BYTES));
        int at = 2 * Short.BYTES + Integer.BYTES;
        if (bytes == 0) {
            return new long[0];
        }
        if (count * bytes > in.size()) {
            return null;
        }
        ByteBuffer values = count * bytes <= Integer.BYTES
                ? entry.slice(at, Integer.BYTES).order(order)
                : bytes(in, Integer.toUnsignedLong(entry.getInt(at)), Math.toIntExact(count * bytes), order);
        if (values == null) {
            return null;
        }
        long[] numbers = new long[(int) count];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = bytes == Short.BYTES
                    ? values.getShort(i * bytes) & UNSIGNED_SHORT
                    : Integer.toUnsignedLong(values.getInt(i * bytes));
        }
        return numbers;
    }

    /** Returns the offset of the directory after another one; 0 if it is the last one, -1 if it is empty or cut. */
    private static long next(FileChannel in, long directory, ByteOrder order) throws IOException {
        ByteBuffer count = bytes(in, directory, Short.BYTES, order);
        int entries = count == null ? 0 : count.getShort(0) & UNSIGNED_SHORT;
        ByteBuffer next = bytes(in, directory + Short.BYTES + (long) ENTRY * entries, Integer.BYTES, order);
        return entries == 0 || next == null ? -1 : Integer.toUnsignedLong(next.getInt(0));
    }

    /** Returns bytes of the file, or null if it ends before them. */
    private static ByteBuffer bytes(FileChannel in, long position, int length, ByteOrder order) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(order);
        while (bytes.hasRemaining()) {
            if (in.read(bytes, position + bytes.position()) < 0) {
                return null;
            }
        }
        return bytes;
    }
}
