package io.heddle.data.parquet;

/**
 * Decompresses Snappy (github.com/google/snappy, format_description.txt): literals and copies of earlier output. Pure
 * Java, because native code could write outside its buffer for malicious input.
 */
final class Snappy {
    private Snappy() {}

    /** Returns the declared decompressed size. */
    static long unpackedLength(byte[] packed, int from, int length) throws ParquetFault {
        return new ByteCursor(packed, from, from + length).varint();
    }

    /**
     * @param size maximum number of bytes to write
     * @return bytes written
     */
    static int unpack(byte[] packed, int from, int length, byte[] out, int size) throws ParquetFault {
        int end = from + length;
        int at = from;
        while (at < end && packed[at] < 0) {
            at++;
        }
        at++;
        int written = 0;
        while (at < end) {
            int tag = packed[at++] & 0xff;
            int count;
            if ((tag & 3) == 0) {
                count = tag >>> 2;
                if (count >= 60) {
                    int bytes = count - 59;
                    if (bytes > end - at) {
                        throw new ParquetFault("a page compressed with Snappy is cut short");
                    }
                    count = 0;
                    for (int i = 0; i < bytes; i++) {
                        count |= (packed[at++] & 0xff) << 8 * i;
                    }
                }
                count++;
                if (count <= 0 || count > end - at || count > size - written) {
                    throw new ParquetFault("a page compressed with Snappy has more bytes than it declares");
                }
                System.arraycopy(packed, at, out, written, count);
                at += count;
                written += count;
                continue;
            }
            int back;
            int wide = (tag & 3) == 1 ? 1 : (tag & 3) == 2 ? 2 : 4;
            if (wide > end - at) {
                throw new ParquetFault("a page compressed with Snappy is cut short");
            }
            if (wide == 1) {
                count = 4 + (tag >>> 2 & 7);
                back = (tag & 0xe0) << 3 | packed[at] & 0xff;
            } else {
                count = 1 + (tag >>> 2);
                back = packed[at] & 0xff | (packed[at + 1] & 0xff) << 8;
                back |= wide == 4 ? (packed[at + 2] & 0xff) << 16 | (packed[at + 3] & 0xff) << 24 : 0;
            }
            at += wide;
            if (back <= 0 || back > written || count > size - written) {
                throw new ParquetFault("a page compressed with Snappy copies bytes before its start");
            }
            Lz4.copy(out, written, back, count);
            written += count;
        }
        return written;
    }
}
