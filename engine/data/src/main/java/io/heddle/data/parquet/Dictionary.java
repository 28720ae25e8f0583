package io.heddle.data.parquet;

import java.util.Arrays;

/** The distinct values of a chunk, to which its pages refer by their places. */
final class Dictionary {
    private final double[] values;

    /** Where the texts lie that have not been met yet; null if all values are doubles already. */
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
     * @param page its bytes, which belong to the dictionary from now on
     * @param count number of values
     */
    static Dictionary read(ByteCursor page, int count, ParquetColumn column) throws ParquetFault {
        // Each value has a byte at least, but for truth values, which are never in dictionaries.
        if (count < 0 || count > page.remaining()) {
            throw new ParquetFault("a dictionary of %d values has %d bytes", count, page.remaining());
        }
        double[] values = new double[count];
        if (column.type() != ValueDecoder.BYTE_ARRAY) {
            ValueDecoder.of(0, page, count, column, null).read(values, 0, count);
            return new Dictionary(values, null, null, column);
        }
        // Texts get their numbers when a row has them, so that those without rows get none.
        int[] places = new int[count + 1];
        for (int i = 0; i < count; i++) {
            int length = page.int32();
            places[i] = page.take(length) - Integer.BYTES;
        }
        places[count] = page.at();
        Arrays.fill(values, -1);
        return new Dictionary(values, places, page.bytes(), column);
    }

    /** The values at some places. */
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
