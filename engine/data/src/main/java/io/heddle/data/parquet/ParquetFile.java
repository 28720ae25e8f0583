package io.heddle.data.parquet;

import io.heddle.data.parquet.Footer.RowGroup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** An open Parquet file whose footer has been read and checked. */
public final class ParquetFile implements AutoCloseable {
    private static final int TAIL = 8;
    private static final int MAGIC = 0x31524150;
    private static final int MAGIC_ENCRYPTED = 0x45524150;

    /** Number of rows per block. */
    private static final int BATCH = 1 << 10;

    /** Number of columns whose pages are in memory together: the doubles of a cache line. */
    private static final int TOGETHER = 16;

    private final FileBytes file;
    private final Footer footer;
    private final List<ParquetColumn> columns;

    private ParquetFile(FileBytes file, Footer footer, List<ParquetColumn> columns) {
        this.file = file;
        this.footer = footer;
        this.columns = columns;
    }

    /** @throws ParquetFault if it is not a Parquet file, or is damaged */
    public static ParquetFile open(Path path) throws IOException {
        FileBytes file = new FileBytes(path);
        try {
            return open(file);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static ParquetFile open(FileBytes file) throws IOException {
        if (file.size() < FileBytes.MAGIC + TAIL) {
            throw new ParquetFault("it is cut short");
        }
        byte[] tail = new byte[TAIL];
        file.read(file.size() - TAIL, tail, TAIL);
        int magic = ByteCursor.int32(tail, Integer.BYTES);
        if (magic != MAGIC) {
            throw new ParquetFault(magic == MAGIC_ENCRYPTED ? "it is encrypted" : "it is cut short, or damaged");
        }
        int length = ByteCursor.int32(tail, 0);
        if (length < 0 || length > file.size() - TAIL - FileBytes.MAGIC) {
            throw new ParquetFault("its footer is outside the file");
        }
        file.endsDataAt(file.size() - TAIL - length);
        byte[] bytes = new byte[length];
        file.read(file.dataEnd(), bytes, length);
        Footer footer = Footer.read(new ByteCursor(bytes, 0, length));
        List<ParquetColumn> columns = ParquetColumn.of(footer.schema());
        for (RowGroup group : footer.groups()) {
            if (group.chunks().size() != columns.size()) {
                throw new ParquetFault(
                        "a row group has %d columns, but the file has %d",
                        group.chunks().size(), columns.size());
            }
        }
        return new ParquetFile(file, footer, columns);
    }

    /** Returns all columns, including unsupported ones. */
    public List<ParquetColumn> columns() {
        return columns;
    }

    /** Returns the number of rows. */
    public long rows() {
        return footer.rows();
    }

    /** Returns the key-value metadata of the writer. */
    public Map<String, String> properties() {
        return footer.properties();
    }

    /** Returns the length of the lists of a column: that of the first list that is not missing; 0 if there is none. */
    public int listLength(ParquetColumn column) throws IOException {
        for (RowGroup group : footer.groups()) {
            try {
                int length = new ChunkReader(file, group.chunks().get(column.place()), column).firstLength();
                if (length > 0) {
                    return length;
                }
            } catch (ParquetFault e) {
                throw e.in("column '" + column.name() + "'");
            }
        }
        return 0;
    }

    /** Receives the values of some rows of a column. */
    @FunctionalInterface
    public interface Taker {
        /**
         * @param row number of the first row
         * @param count number of rows
         * @param column index among the requested columns
         * @param values values of the rows in order; NaN for missing ones
         */
        void take(long row, int count, int column, double[] values) throws IOException;
    }

    /**
     * Reads columns in blocks of rows and columns, one row group after the other.
     *
     * @param wanted columns of this file
     * @param lengths of their lists; 1 for flat columns
     */
    public void read(List<ParquetColumn> wanted, int[] lengths, Taker taker) throws IOException {
        long row = 0;
        for (RowGroup group : footer.groups()) {
            for (int from = 0; from < wanted.size(); from += TOGETHER) {
                int to = Math.min(wanted.size(), from + TOGETHER);
                read(group, row, wanted, lengths, from, to, taker);
            }
            row += group.rows();
        }
    }

    private void read(
            RowGroup group, long row, List<ParquetColumn> wanted, int[] lengths, int from, int to, Taker taker)
            throws IOException {
        List<ChunkReader> chunks = new ArrayList<>();
        for (int j = from; j < to; j++) {
            ParquetColumn column = wanted.get(j);
            try {
                chunks.add(new ChunkReader(file, group.chunks().get(column.place()), column));
            } catch (ParquetFault e) {
                throw e.in("column '" + column.name() + "'");
            }
        }
        double[] values = new double[0];
        for (long done = 0; done < group.rows(); ) {
            int longest = 1;
            for (int j = from; j < to; j++) {
                longest = Math.max(longest, lengths[j]);
            }
            int count = (int) Math.min(Math.max(1, BATCH / longest), group.rows() - done);
            for (int j = from; j < to; j++) {
                if (values.length < count * lengths[j]) {
                    values = new double[count * lengths[j]];
                }
                ParquetColumn column = wanted.get(j);
                try {
                    if (column.isList()) {
                        chunks.get(j - from).readLists(values, count, lengths[j], row + done);
                    } else {
                        chunks.get(j - from).read(values, count);
                    }
                } catch (ParquetFault e) {
                    throw e.in("column '" + column.name() + "'");
                }
                taker.take(row + done, count, j, values);
            }
            done += count;
        }
        for (int j = from; j < to; j++) {
            if (!chunks.get(j - from).isAtEnd()) {
                throw new ParquetFault(
                        "column '%s' has more values than there are rows%s",
                        wanted.get(j).name(),
                        wanted.get(j).isList() ? "; lists must have equal lengths to be columns" : "");
            }
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
