package io.heddle.data.parquet;

import java.util.Arrays;

/** Reads small whole numbers in the RLE/bit-packing hybrid encoding: levels and indices of a dictionary. */
final class HybridDecoder {
    private final ByteCursor in;
    private final int width;
    private final int mask;
    private int left;
    private boolean run;
    private int value;
    private int bitsAt;
    private long bits;
    private int held;
    private int end;

    /** @param width bits bits of a number, 0 to 32 */
    HybridDecoder(ByteCursor in, int width) throws ParquetFault {
        if (width < 0 || width > Integer.SIZE) {
            throw new ParquetFault("numbers cannot have %d bits", width);
        }
        this.in = in;
        this.width = width;
        this.mask = width == Integer.SIZE ? -1 : (1 << width) - 1;
    }

    void read(int[] out, int from, int count) throws ParquetFault {
        int at = from;
        int end = from + count;
        while (at < end) {
            if (left == 0) {
                next();
            }
            int n = Math.min(left, end - at);
            if (run) {
                Arrays.fill(out, at, at + n, value);
            } else {
                unpack(out, at, n);
            }
            at += n;
            left -= n;
        }
    }

    private void next() throws ParquetFault {
        // Each iteration reads at least one byte, so damaged data cannot cause an endless loop.
        while (left == 0) {
            long header = in.varint();
            run = (header & 1) == 0;
            long count = header >>> 1;
            if (count > Integer.MAX_VALUE / 8) {
                throw new ParquetFault("a run has %s values", Long.toUnsignedString(count));
            }
            left = (int) (run ? count : 8 * count);
            if (run) {
                value = 0;
                for (int i = 0; i < (width + 7) / 8; i++) {
                    value |= in.uint8() << 8 * i;
                }
                if ((value & ~mask) != 0) {
                    throw new ParquetFault("a run repeats a number of more than %d bits", width);
                }
            } else {
                bitsAt = in.take(Math.min(count * width, in.remaining()));
                bits = 0;
                held = 0;
                end = in.at();
            }
        }
    }

    private void unpack(int[] out, int from, int count) throws ParquetFault {
        byte[] bytes = in.bytes();
        for (int i = from; i < from + count; i++) {
            while (held < width) {
                // The last group may end after its last value.
                if (bitsAt >= end) {
                    throw new ParquetFault("a group of packed numbers is cut short");
                }
                bits |= (bytes[bitsAt++] & 0xffL) << held;
                held += 8;
            }
            out[i] = (int) bits & mask;
            bits >>>= width;
            held -= width;
        }
    }
}
