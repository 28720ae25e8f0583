package io.heddle.data.parquet;

/** Reads whole numbers that are stored as differences, packed in blocks. */
final class DeltaDecoder {
    private static final int LARGEST_BLOCK = 1 << 20;

    private final ByteCursor in;
    private final int perMiniBlock;
    private final int miniBlocks;
    private final int count;
    private final byte[] widths;
    private long value;
    private long minimum;
    private int given;
    private int miniBlock;
    private int left;
    private int place;
    private int bit;

    DeltaDecoder(ByteCursor in) throws ParquetFault {
        this.in = in;
        int block = in.count();
        miniBlocks = in.count();
        count = in.count();
        value = in.zigzag();
        if (block < 8
                || block > LARGEST_BLOCK
                || miniBlocks < 1
                || block % miniBlocks != 0
                || block / miniBlocks % 8 != 0) {
            throw new ParquetFault("differences are in blocks of %d values in %d parts", block, miniBlocks);
        }
        perMiniBlock = block / miniBlocks;
        widths = new byte[miniBlocks];
        miniBlock = miniBlocks;
    }

    /** Returns the number of numbers. */
    int count() {
        return count;
    }

    long next() throws ParquetFault {
        if (given >= count) {
            throw new ParquetFault("a page has only %d numbers", count);
        }
        if (given++ == 0) {
            return value;
        }
        if (left == 0) {
            nextMiniBlock();
        }
        left--;
        value += minimum + packed();
        return value;
    }

    private void nextMiniBlock() throws ParquetFault {
        if (miniBlock == miniBlocks) {
            minimum = in.zigzag();
            System.arraycopy(in.bytes(), in.take(miniBlocks), widths, 0, miniBlocks);
            miniBlock = 0;
        }
        int width = widths[miniBlock];
        if (width < 0 || width > Long.SIZE) {
            throw new ParquetFault("differences have %d bits", width);
        }
        place = in.take((long) perMiniBlock / 8 * width);
        bit = 0;
        left = perMiniBlock;
        miniBlock++;
    }

    private long packed() {
        int width = widths[miniBlock - 1];
        long bits = 0;
        for (int got = 0; got < width; ) {
            int take = Math.min(8 - bit, width - got);
            bits |= (in.bytes()[place] >>> bit & (1 << take) - 1L) << got;
            got += take;
            bit += take;
            place += bit >>> 3;
            bit &= 7;
        }
        return bits;
    }

    /** Moves to the end of the last block. */
    void finish() throws ParquetFault {
        while (given < count) {
            next();
        }
    }
}
