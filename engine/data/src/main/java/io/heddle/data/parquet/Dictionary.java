package io.heddle.data.parquet;

import java.util.Arrays;

/** The distinct values of a chunk. Pages refer to them by index. */
final class Dictionary {
    private final double[] values;

    /** Offsets of the texts that have not appeared yet; null if all values are doubles. */
    private final int[] places;

    private final byte[] bytes;
    private final ParquetColumn column;

    private Dictionary(double[] values, int[] places, byte[] bytes, ParquetColumn column) {
        this.values = values;
        this.places = places;
        this.bytes = bytes;
        this.column = column;
    }

    /**
     * @param page bytes of the page, owned by the dictionary
     * @param count number of values
     */
    static Dictionary read(ByteCursor page, int count, ParquetColumn column) throws ParquetFault {
        // Each value has at least one byte, except booleans, which are never in dictionaries.
        if (count < 0 || count > page.remaining()) {
            throw new ParquetFault("a dictionary of %d values has %d bytes", count, page.remaining());
        }
        double[] values = new double[count];
        if (column.type() != ValueDecoder.BYTE_ARRAY) {
            ValueDecoder.of(0, page, count, column, null).read(values, 0, count);
            return new Dictionary(values, null, null, column);
        }
        // Texts are numbered when they first appear in a row, so that unused ones get no number.
        int[] places = new int[count + 1];
        for (int i = 0; i < count; i++) {
            int length = page.int32();
            places[i] = page.take(length) - Integer.BYTES;
        }
        places[count] = page.at();
        Arrays.fill(values, -1);
        return new Dictionary(values, places, page.bytes(), column);
    }

    /** Looks up values by index. */
    void values(int[] at, int count, double[] out, int from) throws ParquetFault {
        for (int i = 0; i < count; i++) {
            int place = at[i];
            if (place < 0 || place >= values.length) {
                throw new ParquetFault("a page refers to value %d of a dictionary of %d", place, values.length);
            }
            double value = values[place];
            if (places != null && value == -1) {
                int start = places[place] + Integer.BYTES;
                value = column.sink().ofBytes(bytes, start, places[place + 1] - start);
                values[place] = value;
            }
            out[from + i] = value;
        }
    }
}
