package io.heddle.data.photo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * The chain of image directories (IFDs) of a TIFF file. Only the first two are read: ImageIO's reader follows the whole
 * chain to count the images, which never ends if a directory refers to itself or to an earlier one.
 */
final class TiffDirectories {
    private static final int HEADER = 8;
    private static final int ENTRY = 12;
    private static final int UNSIGNED_SHORT = 0xffff;

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
