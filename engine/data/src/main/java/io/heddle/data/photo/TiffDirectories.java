package io.heddle.data.photo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The chain of image directories (IFDs) of a TIFF file. Only the first two are read: ImageIO's reader follows the whole
 * chain to count the images, which never ends if a directory refers to itself or to an earlier one.
 */
final class TiffDirectories {
    private static final int HEADER = 8;
    private static final int ENTRY = 12;
    private static final int UNSIGNED_SHORT = 0xffff;

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
     * Returns the first directory, or null if the file ends within it or before the values of an entry that is used.
     */
    static TiffLayout layout(Path file) throws IOException {
        try (FileChannel in = FileChannel.open(file)) {
            ByteBuffer header = bytes(in, 0, HEADER, ByteOrder.BIG_ENDIAN);
            if (header == null) {
                return null;
            }
            ByteOrder order = header.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
            long directory = Integer.toUnsignedLong(header.order(order).getInt(HEADER - Integer.BYTES));
            ByteBuffer count = bytes(in, directory, Short.BYTES, order);
            int entries = count == null ? 0 : count.getShort(0) & UNSIGNED_SHORT;
            Map<Integer, TiffEntry> found = new HashMap<>();
            for (int i = 0; i < entries; i++) {
                long at = directory + Short.BYTES + (long) ENTRY * i;
                ByteBuffer entry = bytes(in, at, ENTRY, order);
                if (entry == null) {
                    return null;
                }
                int tag = entry.getShort(0) & UNSIGNED_SHORT;
                TiffEntry read = TiffLayout.USED.contains(tag) ? entry(in, at, entry, order) : TiffEntry.NONE;
                if (read == null) {
                    return null;
                }
                found.put(tag, read);
            }
            return new TiffLayout(file, found, order, in.size());
        }
    }

    /** Returns the numbers of an entry, none if they have another type; null if they are not in the file. */
    private static TiffEntry entry(FileChannel in, long start, ByteBuffer entry, ByteOrder order) throws IOException {
        int bytes =
                switch (entry.getShort(Short.BYTES)) {
                    case SHORT -> Short.BYTES;
                    case LONG -> Integer.BYTES;
                    default -> 0;
                };
        long count = Integer.toUnsignedLong(entry.getInt(2 * Short.BYTES));
        int at = 2 * Short.BYTES + Integer.BYTES;
        if (bytes == 0) {
            return TiffEntry.NONE;
        }
        if (count * bytes > in.size()) {
            return null;
        }
        boolean here = count * bytes <= Integer.BYTES;
        long place = here ? start + at : Integer.toUnsignedLong(entry.getInt(at));
        ByteBuffer values = bytes(in, place, Math.toIntExact(count * bytes), order);
        if (values == null) {
            return null;
        }
        long[] numbers = new long[(int) count];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = bytes == Short.BYTES
                    ? values.getShort(i * bytes) & UNSIGNED_SHORT
                    : Integer.toUnsignedLong(values.getInt(i * bytes));
        }
        return new TiffEntry(place, bytes, numbers);
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
