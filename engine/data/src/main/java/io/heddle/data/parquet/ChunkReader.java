package io.heddle.data.parquet;

import io.heddle.data.parquet.Footer.Chunk;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.CRC32;

/** Reads the values of a column chunk page by page. */
final class ChunkReader {
    /** Number of list entries per block. */
    private static final int ENTRIES = 1024;

    private final FileBytes file;
    private final ParquetColumn column;
    private final Codec codec;
    private final long end;
    private long at;
    private long left;
    private byte[] packed = new byte[0];
    private byte[] page = new byte[0];
    private Dictionary dictionary;

    private int pageLeft;
    private HybridDecoder repetitions;
    private HybridDecoder definitions;
    private ValueDecoder values;

    private int[] levels = new int[0];
    private int[] starts = new int[0];
    private double[] dense = new double[0];
    private int entries;
    private int entry;
    private int denseAt;
    private int inRow;
    private boolean open;

    ChunkReader(FileBytes file, Chunk chunk, ParquetColumn column) throws ParquetFault {
        this.file = file;
        this.column = column;
        this.codec = Codec.of(chunk.codec);
        this.at = chunk.offset();
        this.left = chunk.values;
        if (chunk.elsewhere || chunk.encrypted) {
            throw new ParquetFault(chunk.encrypted ? "it is encrypted" : "its values are in another file");
        }
        if (chunk.type != column.type() || !chunk.path.equals(column.path())) {
            throw new ParquetFault("it contains the values of column '%s'", String.join(".", chunk.path));
        }
        if (at < FileBytes.MAGIC
                || chunk.compressedSize < 0
                || chunk.compressedSize > file.dataEnd() - at
                || left < 0) {
            throw new ParquetFault("its values are outside the file");
        }
        // Some writers declare a size without the header of the first page.
        this.end = Math.min(file.dataEnd(), at + chunk.compressedSize + 100);
    }

    /** Reads the values of the next rows. Missing values are NaN. */
    void read(double[] out, int count) throws IOException {
        for (int done = 0; done < count; ) {
            if (pageLeft == 0) {
                nextPage();
            }
            int n = Math.min(pageLeft, count - done);
            if (definitions == null) {
                values.read(out, done, n);
            } else {
                int present = levels(n);
                if (present == n) {
                    values.read(out, done, n);
                } else {
                    values.read(dense, 0, present);
                    int k = 0;
                    for (int i = 0; i < n; i++) {
                        out[done + i] = levels[i] == column.definition() ? dense[k++] : Double.NaN;
                    }
                }
            }
            pageLeft -= n;
            done += n;
        }
    }

    /** Reads the levels of some values and returns the number of values that are not missing. */
    private int levels(int n) throws ParquetFault {
        if (levels.length < n) {
            levels = new int[n];
            dense = new double[n];
        }
        if (definitions == null) {
            Arrays.fill(levels, 0, n, column.definition());
            return n;
        }
        definitions.read(levels, 0, n);
        int present = 0;
        for (int i = 0; i < n; i++) {
            present += levels[i] == column.definition() ? 1 : 0;
        }
        return present;
    }

    /**
     * Reads the lists of the next rows.
     *
     * @param length length of all lists that are not missing
     * @param out receives {@code count * length} values
     * @param row number of the first row, for the error message
     */
    void readLists(double[] out, int count, int length, long row) throws IOException {
        for (int done = 0; done < count; ) {
            if (open && left == 0 && pageLeft == 0 && entry == entries) {
                throw ofOtherLength(row + done, inRow, length);
            }
            boolean element = nextEntry();
            boolean first = starts[entry - 1] == 0;
            if (first && open) {
                throw ofOtherLength(row + done, inRow, length);
            }
            if (first) {
                inRow = 0;
                open = true;
            } else if (!open) {
                throw ofOtherLength(row + done - 1, length + 1, length);
            }
            int level = levels[entry - 1];
            if (!element) {
                if (!first || level == column.elementDefinition() - 1 && length > 0) {
                    throw ofOtherLength(row + done, 0, length);
                }
                Arrays.fill(out, done * length, (done + 1) * length, Double.NaN);
                open = false;
                done++;
                continue;
            }
            out[done * length + inRow++] = level == column.definition() ? dense[denseAt++] : Double.NaN;
            if (inRow == length) {
                open = false;
                done++;
            }
        }
    }

    /** Returns the length of the first list that is not missing; 0 if there is none. */
    int firstLength() throws IOException {
        int length = 0;
        while (left > 0 || pageLeft > 0 || entry < entries) {
            boolean element = nextEntry();
            if (starts[entry - 1] == 0 && length > 0) {
                return length;
            }
            length += element ? 1 : 0;
        }
        return length;
    }

    /** Moves to the next entry of a list. Returns false for a missing list. */
    private boolean nextEntry() throws IOException {
        if (entry == entries) {
            if (pageLeft == 0) {
                nextPage();
            }
            entries = Math.min(pageLeft, ENTRIES);
            if (starts.length < entries) {
                starts = new int[ENTRIES];
            }
            repetitions.read(starts, 0, entries);
            int present = levels(entries);
            values.read(dense, 0, present);
            pageLeft -= entries;
            entry = 0;
            denseAt = 0;
        }
        return levels[entry++] >= column.elementDefinition();
    }

    private static ParquetFault ofOtherLength(long row, int length, int expected) {
        return new ParquetFault(
                "row %d has a list of %s values, but the first has %d; lists must have equal lengths to be columns",
                row, length > expected ? "more than " + expected : Integer.toString(length), expected);
    }

    /** Returns whether all values have been read. */
    boolean isAtEnd() {
        return left == 0 && pageLeft == 0 && entry == entries && !open;
    }

    /** Moves to the next page with values. */
    private void nextPage() throws IOException {
        while (pageLeft == 0) {
            if (left == 0 || at >= end) {
                throw new ParquetFault("it has fewer values than it declares");
            }
            PageHeader header = PageHeader.read(file, at, end);
            // Each iteration consumes at least the bytes of the header.
            at += header.headerLength;
            if (header.packedSize < 0 || header.packedSize > end - at) {
                throw new ParquetFault("a page of %d bytes has only %d bytes left", header.packedSize, end - at);
            }
            packed = packed.length >= header.packedSize ? packed : new byte[header.packedSize];
            file.read(at, packed, header.packedSize);
            at += header.packedSize;
            requireChecksum(header);
            switch (header.type) {
                case PageHeader.DATA -> data(header);
                case PageHeader.DATA_V2 -> dataV2(header);
                case PageHeader.DICTIONARY -> dictionary(header);
                default -> {
                    // An index page, or an unknown type of page.
                }
            }
        }
    }

    private void requireChecksum(PageHeader header) throws ParquetFault {
        if (header.hasChecksum) {
            CRC32 crc = new CRC32();
            crc.update(packed, 0, header.packedSize);
            if ((int) crc.getValue() != header.checksum) {
                throw new ParquetFault("a page is damaged: its checksum does not match");
            }
        }
    }

    private void dictionary(PageHeader header) throws ParquetFault {
        byte[] own = codec.unpack(packed, 0, header.packedSize, new byte[0], header.size);
        dictionary = Dictionary.read(new ByteCursor(own, 0, header.size), header.values, column);
    }

    private void data(PageHeader header) throws ParquetFault {
        page = codec.unpack(packed, 0, header.packedSize, page, header.size);
        ByteCursor in = new ByteCursor(page, 0, header.size);
        begin(header);
        repetitions = column.repetition() == 0 ? null : levels(in, in, column.repetition(), -1);
        definitions = column.definition() == 0 ? null : levels(in, in, column.definition(), -1);
        values = ValueDecoder.of(header.encoding, in, header.values, column, dictionary);
    }

    private void dataV2(PageHeader header) throws ParquetFault {
        int levels = Math.addExact(Math.max(0, header.repetitionBytes), Math.max(0, header.definitionBytes));
        if (header.repetitionBytes < 0
                || header.definitionBytes < 0
                || levels > header.packedSize
                || levels > header.size) {
            throw new ParquetFault("a page of %d bytes has %d bytes of levels", header.packedSize, levels);
        }
        begin(header);
        ByteCursor in = new ByteCursor(packed, 0, header.packedSize);
        int size = header.size - levels;
        if (header.isPacked && codec != Codec.PLAIN) {
            page = codec.unpack(packed, levels, header.packedSize - levels, page, size);
        } else {
            if (size != header.packedSize - levels) {
                throw new ParquetFault("a page declares %d bytes and holds %d", header.size, header.packedSize);
            }
            page = Arrays.copyOfRange(packed, levels, header.packedSize);
        }
        // The levels are read from a separate array, because the buffer of decompressed bytes is reused.
        byte[] own = Arrays.copyOf(packed, levels);
        in = new ByteCursor(own, 0, levels);
        repetitions = column.repetition() == 0 ? null : levels(in, in, column.repetition(), header.repetitionBytes);
        if (column.repetition() == 0) {
            in.take(header.repetitionBytes);
        }
        definitions = column.definition() == 0 ? null : levels(in, in, column.definition(), header.definitionBytes);
        values = ValueDecoder.of(header.encoding, new ByteCursor(page, 0, size), header.values, column, dictionary);
    }

    private void begin(PageHeader header) throws ParquetFault {
        if (header.values < 0 || header.values > left) {
            throw new ParquetFault("a page has %d values, but %d are left", header.values, left);
        }
        left -= header.values;
        pageLeft = header.values;
    }

    /** @param length size of the levels in bytes; −1 if it precedes them */
    private static HybridDecoder levels(ByteCursor in, ByteCursor bytes, int maximum, int length) throws ParquetFault {
        int own = length < 0 ? in.int32() : length;
        int from = bytes.take(own);
        return new HybridDecoder(
                new ByteCursor(bytes.bytes(), from, from + own), Integer.SIZE - Integer.numberOfLeadingZeros(maximum));
    }
}
