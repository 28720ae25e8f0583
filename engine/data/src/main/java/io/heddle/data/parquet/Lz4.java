package io.heddle.data.parquet;

/** Decompresses LZ4 blocks (github.com/lz4/lz4, lz4_Block_format.md). */
final class Lz4 {
    private static final int SHORTEST_COPY = 4;

    private Lz4() {}

    /**
     * @param start offset of the first byte to write
     * @param size maximum number of bytes to write
     * @return bytes written
     */
    static int unpack(byte[] packed, int from, int length, byte[] out, int start, int size) throws ParquetFault {
        int end = from + length;
        int at = from;
        int written = start;
        int limit = start + size;
        while (at < end) {
            int token = packed[at++] & 0xff;
            int literals = token >>> 4;
            for (int more = literals == 15 ? 255 : 0; more == 255; literals += more) {
                more = at < end ? packed[at++] & 0xff : -1;
                require(more >= 0 && literals <= limit);
            }
            require(literals <= end - at && literals <= limit - written);
            System.arraycopy(packed, at, out, written, literals);
            at += literals;
            written += literals;
            if (at == end) {
                break;
            }
            require(end - at >= 2);
            int back = packed[at] & 0xff | (packed[at + 1] & 0xff) << 8;
            at += 2;
            int count = token & 15;
            for (int more = count == 15 ? 255 : 0; more == 255; count += more) {
                more = at < end ? packed[at++] & 0xff : -1;
                require(more >= 0 && count <= limit);
            }
            count += SHORTEST_COPY;
            require(back > 0 && back <= written - start && count <= limit - written);
            copy(out, written, back, count);
            written += count;
        }
        return written - start;
    }

    private static void require(boolean valid) throws ParquetFault {
        if (!valid) {
            throw new ParquetFault("a page compressed with LZ4 has more bytes than it declares, or is cut short");
        }
    }

    /**
     * Decompresses Hadoop's frames: before each block, its decompressed and its compressed size, both big-endian. Some
     * writers omit the frames.
     */
    static int unpackHadoop(byte[] packed, int from, int length, byte[] out, int size) throws ParquetFault {
        int end = from + length;
        int at = from;
        int written = 0;
        while (at < end) {
            int unpacked = end - at >= 8 ? Integer.reverseBytes(ByteCursor.int32(packed, at)) : -1;
            int bytes = end - at >= 8 ? Integer.reverseBytes(ByteCursor.int32(packed, at + 4)) : -1;
            boolean framed = unpacked >= 0 && unpacked <= size - written && bytes > 0 && bytes <= end - at - 8;
            if (!framed && at == from) {
                return unpack(packed, from, length, out, 0, size);
            }
            require(framed);
            int block = unpack(packed, at + 8, bytes, out, written, size - written);
            require(block == unpacked);
            written += block;
            at += 8 + bytes;
        }
        return written;
    }

    /** Copies bytes from {@code back} bytes before. Source and target may overlap. */
    static void copy(byte[] out, int written, int back, int count) {
        if (back >= count) {
            System.arraycopy(out, written - back, out, written, count);
            return;
        }
        for (int i = written; i < written + count; i++) {
            out[i] = out[i - back];
        }
    }
}
