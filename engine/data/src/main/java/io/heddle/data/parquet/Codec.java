package io.heddle.data.parquet;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Decompresses pages. The declared size of a page is checked against the maximum that its bytes can expand to before
 * memory is allocated. No more bytes than that are ever written.
 */
enum Codec {
    PLAIN("none", 1),
    SNAPPY("Snappy", 22),
    GZIP("gzip", 1040),
    LZO("LZO", 0),
    BROTLI("Brotli", 0),
    LZ4_HADOOP("LZ4 of Hadoop", 256),
    ZSTD("zstd", 1 << 15),
    LZ4("LZ4", 256);

    /** Maximum size of a page, which is on the Java heap. */
    private static final int LARGEST = 1 << 28;

    private static final int GZIP_WINDOW = 15;

    private final String title;

    /** Maximum expansion of a compressed byte; 0 if the codec is not supported. */
    private final int ratio;

    Codec(String title, int ratio) {
        this.title = title;
        this.ratio = ratio;
    }

    static Codec of(int number) throws ParquetFault {
        if (number < 0 || number >= values().length) {
            throw new ParquetFault("it is compressed with codec %d, which Heddle does not support", number);
        }
        Codec codec = values()[number];
        if (codec.ratio == 0) {
            throw new ParquetFault("it is compressed with %s; Heddle supports Snappy, gzip, zstd and LZ4", codec.title);
        }
        return codec;
    }

    /** @throws ParquetFault if the bytes cannot expand to this size */
    private void requirePlausible(int packed, int size) throws ParquetFault {
        if (size < 0 || size > LARGEST || size > 64 + (long) ratio * packed) {
            throw new ParquetFault(
                    "a page of %d bytes, compressed with %s, declares a size of %d", packed, title, size);
        }
    }

    /**
     * @param packed bytes of a page
     * @param from first byte
     * @param length number of bytes
     * @param to receives the bytes, from index 0 on; replaced if it is too small
     * @param size declared size in bytes
     * @return {@code to}, or its replacement
     */
    byte[] unpack(byte[] packed, int from, int length, byte[] to, int size) throws ParquetFault {
        requirePlausible(length, size);
        if (this == SNAPPY && Snappy.unpackedLength(packed, from, length) != size) {
            throw new ParquetFault(
                    "a page declares %d bytes and holds %d", size, Snappy.unpackedLength(packed, from, length));
        }
        byte[] out = to.length >= size ? to : new byte[Math.max(size, Math.min(LARGEST, 2 * to.length))];
        int written =
                switch (this) {
                    case PLAIN -> {
                        if (length == size) {
                            System.arraycopy(packed, from, out, 0, size);
                        }
                        yield length;
                    }
                    case SNAPPY -> Snappy.unpack(packed, from, length, out, size);
                    case GZIP -> inflate(packed, from, length, out, size);
                    case ZSTD -> zstd(packed, from, length, out, size);
                    case LZ4 -> Lz4.unpack(packed, from, length, out, 0, size);
                    case LZ4_HADOOP -> Lz4.unpackHadoop(packed, from, length, out, size);
                    case LZO, BROTLI -> throw new ParquetFault("it is compressed with %s", title);
                };
        if (written != size) {
            throw new ParquetFault("a page declares %d bytes and holds %d", size, written);
        }
        return out;
    }

    private static int zstd(byte[] packed, int from, int length, byte[] out, int size) throws ParquetFault {
        try {
            // The library receives the size of the buffer and does not write more.
            long written = Zstd.decompressByteArray(out, 0, size, packed, from, length);
            if (Zstd.isError(written)) {
                throw new ParquetFault("a page cannot be decompressed with zstd: %s", Zstd.getErrorName(written));
            }
            return (int) written;
        } catch (ZstdException e) {
            throw new ParquetFault("a page cannot be decompressed with zstd: %s", e.getMessage());
        }
    }

    /** Skips the header of gzip or zlib, and inflates. */
    private static int inflate(byte[] packed, int from, int length, byte[] out, int size) throws ParquetFault {
        boolean gzip = length > 18 && (packed[from] & 0xff) == 0x1f && (packed[from + 1] & 0xff) == 0x8b;
        int start = gzip ? GzipHeader.length(packed, from, length) : 0;
        Inflater inflater = new Inflater(gzip);
        try {
            inflater.setInput(packed, from + start, length - start);
            int written = inflater.inflate(out, 0, size);
            // When the page is full, the end of the stream is detected only by another call.
            if (written == size && inflater.inflate(new byte[1]) > 0) {
                return size + 1;
            }
            return written;
        } catch (DataFormatException e) {
            throw new ParquetFault("a page cannot be decompressed with gzip: %s", String.valueOf(e.getMessage()));
        } finally {
            inflater.end();
        }
    }

    /** Returns the length of the gzip header. */
    private static final class GzipHeader {
        private static final int FIXED = 10;
        private static final int CHECKSUM = 2;
        private static final int EXTRA = 4;
        private static final int NAME = 8;
        private static final int COMMENT = 16;

        static int length(byte[] packed, int from, int length) throws ParquetFault {
            ByteCursor in = new ByteCursor(packed, from, from + length);
            int flags = packed[in.take(FIXED) + 3];
            if ((flags & EXTRA) != 0) {
                in.take(in.uint8() | in.uint8() << 8);
            }
            for (int text : new int[] {NAME, COMMENT}) {
                if ((flags & text) != 0) {
                    while (in.uint8() != 0) {
                        // Texts end with a zero byte.
                    }
                }
            }
            in.take((flags & CHECKSUM) != 0 ? 2 : 0);
            return in.at() - from;
        }
    }
}
