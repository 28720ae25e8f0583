package io.heddle.data.parquet;

import java.util.Arrays;

/** Reads the values of a page in one encoding, without the missing ones. */
abstract class ValueDecoder {
    static final int BOOLEAN = 0;
    static final int INT32 = 1;
    static final int INT64 = 2;
    static final int INT96 = 3;
    static final int FLOAT = 4;
    static final int DOUBLE = 5;
    static final int BYTE_ARRAY = 6;
    static final int FIXED = 7;

    private static final int PLAIN = 0;
    private static final int PLAIN_DICTIONARY = 2;
    private static final int RLE = 3;
    private static final int DELTA_BINARY_PACKED = 5;
    private static final int DELTA_LENGTH = 6;
    private static final int DELTA_BYTES = 7;
    private static final int RLE_DICTIONARY = 8;
    private static final int BYTE_STREAM_SPLIT = 9;

    /** Reads {@code count} values. */
    abstract void read(double[] out, int from, int count) throws ParquetFault;

    /**
     * @param in the values of a page
     * @param values number of values
     * @param dictionary of the chunk, or null
     */
    static ValueDecoder of(int encoding, ByteCursor in, int values, ParquetColumn column, Dictionary dictionary)
            throws ParquetFault {
        return switch (encoding) {
            case PLAIN -> column.type() == BOOLEAN ? new Bits(in, column.sink()) : new Plain(in, column);
            case PLAIN_DICTIONARY, RLE_DICTIONARY -> {
                if (dictionary == null) {
                    throw new ParquetFault("a page refers to a missing dictionary");
                }
                yield new Indices(in, dictionary);
            }
            case RLE -> {
                if (column.type() != BOOLEAN) {
                    throw new ParquetFault("values of type %d cannot be in runs", column.type());
                }
                yield new Runs(in, column.sink());
            }
            case DELTA_BINARY_PACKED -> {
                if (column.type() != INT32 && column.type() != INT64) {
                    throw new ParquetFault("values of type %d cannot be differences", column.type());
                }
                yield new Differences(new DeltaDecoder(in), column);
            }
            case DELTA_LENGTH -> new DeltaTexts(in, values, column, false);
            case DELTA_BYTES -> new DeltaTexts(in, values, column, true);
            case BYTE_STREAM_SPLIT -> new Split(in, values, column);
            default -> throw new ParquetFault("its values are in encoding %d, which Heddle does not read", encoding);
        };
    }

    /** Returns the size of a value in bytes; 0 for texts, whose length varies. */
    static int width(ParquetColumn column) throws ParquetFault {
        return switch (column.type()) {
            case INT32, FLOAT -> 4;
            case INT64, DOUBLE -> 8;
            case INT96 -> 12;
            case BYTE_ARRAY -> 0;
            case FIXED -> column.length();
            default ->
                throw new ParquetFault("its values have type %d, which their encoding does not support", column.type());
        };
    }

    /** Reads a value of fixed width as a double. */
    static double value(byte[] bytes, int at, int width, ParquetColumn column) throws ParquetFault {
        ValueSink sink = column.sink();
        return switch (column.type()) {
            case INT32 -> sink.ofLong(ByteCursor.int32(bytes, at));
            case INT64 -> sink.ofLong(ByteCursor.int64(bytes, at));
            case FLOAT -> sink.ofDouble(Float.intBitsToFloat(ByteCursor.int32(bytes, at)));
            case DOUBLE -> sink.ofDouble(Double.longBitsToDouble(ByteCursor.int64(bytes, at)));
            default -> sink.ofBytes(bytes, at, width);
        };
    }

    /** Plain values. */
    private static final class Plain extends ValueDecoder {
        private final ByteCursor in;
        private final ParquetColumn column;
        private final int width;

        Plain(ByteCursor in, ParquetColumn column) throws ParquetFault {
            this.in = in;
            this.column = column;
            this.width = width(column);
        }

        @Override
        void read(double[] out, int from, int count) throws ParquetFault {
            if (column.type() == BYTE_ARRAY) {
                for (int i = from; i < from + count; i++) {
                    int length = in.int32();
                    out[i] = column.sink().ofBytes(in.bytes(), in.take(length), length);
                }
                return;
            }
            int at = in.take((long) count * width);
            byte[] bytes = in.bytes();
            for (int i = from; i < from + count; i++, at += width) {
                out[i] = value(bytes, at, width, column);
            }
        }
    }

    /** Booleans of one bit each. */
    private static final class Bits extends ValueDecoder {
        private final ByteCursor in;
        private final ValueSink sink;
        private int bits;
        private int held;

        Bits(ByteCursor in, ValueSink sink) {
            this.in = in;
            this.sink = sink;
        }

        @Override
        void read(double[] out, int from, int count) throws ParquetFault {
            for (int i = from; i < from + count; i++) {
                if (held == 0) {
                    bits = in.uint8();
                    held = 8;
                }
                out[i] = sink.ofLong(bits & 1);
                bits >>>= 1;
                held--;
            }
        }
    }

    /** Run-length encoded booleans. */
    private static final class Runs extends ValueDecoder {
        private final HybridDecoder bits;
        private final ValueSink sink;
        private int[] batch = new int[0];

        Runs(ByteCursor in, ValueSink sink) throws ParquetFault {
            int length = in.int32();
            int from = in.take(length);
            this.bits = new HybridDecoder(new ByteCursor(in.bytes(), from, from + length), 1);
            this.sink = sink;
        }

        @Override
        void read(double[] out, int from, int count) throws ParquetFault {
            batch = batch.length < count ? new int[count] : batch;
            bits.read(batch, 0, count);
            for (int i = 0; i < count; i++) {
                out[from + i] = sink.ofLong(batch[i]);
            }
        }
    }

    /** Indices of the dictionary. */
    private static final class Indices extends ValueDecoder {
        private final HybridDecoder places;
        private final Dictionary dictionary;
        private int[] batch = new int[0];

        Indices(ByteCursor in, Dictionary dictionary) throws ParquetFault {
            // A page without values may have no bytes.
            int width = in.remaining() == 0 ? 0 : in.uint8();
            this.places = new HybridDecoder(in, width);
            this.dictionary = dictionary;
        }

        @Override
        void read(double[] out, int from, int count) throws ParquetFault {
            batch = batch.length < count ? new int[count] : batch;
            places.read(batch, 0, count);
            dictionary.values(batch, count, out, from);
        }
    }

    /** Delta-encoded whole numbers. */
    private static final class Differences extends ValueDecoder {
        private final DeltaDecoder numbers;
        private final ParquetColumn column;

        Differences(DeltaDecoder numbers, ParquetColumn column) {
            this.numbers = numbers;
            this.column = column;
        }

        @Override
        void read(double[] out, int from, int count) throws ParquetFault {
            boolean narrow = column.type() == INT32;
            for (int i = from; i < from + count; i++) {
                long value = numbers.next();
                out[i] = column.sink().ofLong(narrow ? (int) value : value);
            }
        }
    }

    /** Texts with delta-encoded lengths and shared prefixes. */
    private static final class DeltaTexts extends ValueDecoder {
        private final ParquetColumn column;
        private final ByteCursor in;
        private final int[] shared;
        private final int[] lengths;
        private byte[] text = new byte[64];
        private int textLength;
        private int at;

        DeltaTexts(ByteCursor in, int values, ParquetColumn column, boolean prefixes) throws ParquetFault {
            if (column.type() != BYTE_ARRAY && !(prefixes && column.type() == FIXED)) {
                throw new ParquetFault("values of type %d are not texts", column.type());
            }
            this.column = column;
            this.in = in;
            this.shared = prefixes ? numbers(in, values) : new int[0];
            this.lengths = numbers(in, values);
        }

        /** Reads one number per value, at most the number of values of the page. */
        private static int[] numbers(ByteCursor in, int values) throws ParquetFault {
            DeltaDecoder decoder = new DeltaDecoder(in);
            if (decoder.count() > values) {
                throw new ParquetFault("a page of %d values has %d lengths", values, decoder.count());
            }
            int[] numbers = new int[decoder.count()];
            for (int i = 0; i < numbers.length; i++) {
                long number = decoder.next();
                if (number < 0 || number > Integer.MAX_VALUE) {
                    throw new ParquetFault("a text has the length %d", number);
                }
                numbers[i] = (int) number;
            }
            decoder.finish();
            return numbers;
        }

        @Override
        void read(double[] out, int from, int count) throws ParquetFault {
            for (int i = from; i < from + count; i++, at++) {
                if (at >= lengths.length || shared.length > 0 && at >= shared.length) {
                    throw new ParquetFault("a page has only %d texts", lengths.length);
                }
                int length = lengths[at];
                int place = in.take(length);
                if (shared.length == 0) {
                    out[i] = column.sink().ofBytes(in.bytes(), place, length);
                    continue;
                }
                int prefix = shared[at];
                if (prefix > textLength) {
                    throw new ParquetFault("a text shares %d bytes with one of %d", prefix, textLength);
                }
                if (prefix + length > text.length) {
                    text = Arrays.copyOf(text, Math.max(2 * text.length, prefix + length));
                }
                System.arraycopy(in.bytes(), place, text, prefix, length);
                textLength = prefix + length;
                out[i] = column.sink().ofBytes(text, 0, textLength);
            }
        }
    }

    /** Byte-stream split: the first bytes of all values, then the second bytes, and so on. */
    private static final class Split extends ValueDecoder {
        private final ByteCursor in;
        private final ParquetColumn column;
        private final int width;
        private final int stride;
        private final int first;
        private final byte[] value;
        private int at;

        Split(ByteCursor in, int values, ParquetColumn column) throws ParquetFault {
            this.in = in;
            this.column = column;
            this.width = width(column);
            if (width == 0) {
                throw new ParquetFault("texts cannot be split into their bytes");
            }
            // Missing values have no bytes, so there may be fewer values than the page declares.
            this.stride = in.remaining() / width;
            if (stride > values) {
                throw new ParquetFault("a page of %d values has %d bytes", values, in.remaining());
            }
            this.first = in.take((long) stride * width);
            this.value = new byte[width];
        }

        @Override
        void read(double[] out, int from, int count) throws ParquetFault {
            if (count > stride - at) {
                throw new ParquetFault("a page has only %d values", stride);
            }
            byte[] bytes = in.bytes();
            for (int i = from; i < from + count; i++, at++) {
                for (int k = 0; k < width; k++) {
                    value[k] = bytes[first + k * stride + at];
                }
                out[i] = value(value, 0, width, column);
            }
        }
    }
}
