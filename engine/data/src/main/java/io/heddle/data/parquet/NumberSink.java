package io.heddle.data.parquet;

import io.heddle.data.parquet.ParquetColumn.Meaning;
import io.heddle.data.parquet.SchemaNode.LogicalType;
import io.heddle.data.rows.Seconds;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;

/** Converts values to doubles according to their logical type, or the older converted type. */
final class NumberSink implements ValueSink {
    private static final int CONVERTED_UTF8 = 0;
    private static final int CONVERTED_ENUM = 4;
    private static final int CONVERTED_DECIMAL = 5;
    private static final int CONVERTED_DATE = 6;
    private static final int CONVERTED_TIME_MILLIS = 7;
    private static final int CONVERTED_TIME_MICROS = 8;
    private static final int CONVERTED_TIMESTAMP_MILLIS = 9;
    private static final int CONVERTED_TIMESTAMP_MICROS = 10;
    private static final int CONVERTED_UINT_8 = 11;
    private static final int CONVERTED_UINT_64 = 14;
    private static final int CONVERTED_JSON = 19;

    private static final int JULIAN_DAY_OF_EPOCH = 2_440_588;
    private static final int SECONDS_A_DAY = 86_400;
    private static final long[] UNITS = {1, 1_000, 1_000_000, 1_000_000_000};
    private static final long EXACT = 1L << 53;
    private static final double[] TENS = new double[23];

    static {
        for (int i = 0; i < TENS.length; i++) {
            TENS[i] = Double.parseDouble("1e" + i);
        }
    }

    private final SchemaNode leaf;
    private final boolean decimal;
    private final boolean unsigned;
    private final int scale;
    private final long unit;

    NumberSink(SchemaNode leaf) {
        this.leaf = leaf;
        this.decimal = isDecimal(leaf);
        this.unsigned = isUnsigned(leaf);
        this.scale = scale(leaf);
        this.unit = unit(leaf);
    }

    static boolean isDecimal(SchemaNode leaf) {
        return leaf.logical.id == LogicalType.DECIMAL
                || leaf.logical.id == 0 && leaf.convertedType == CONVERTED_DECIMAL;
    }

    static boolean isUnsigned(SchemaNode leaf) {
        return leaf.logical.id == LogicalType.INTEGER
                ? !leaf.logical.signed
                : leaf.convertedType >= CONVERTED_UINT_8 && leaf.convertedType <= CONVERTED_UINT_64;
    }

    static int scale(SchemaNode leaf) {
        if (!isDecimal(leaf)) {
            return 0;
        }
        return leaf.logical.id == LogicalType.DECIMAL ? leaf.logical.scale : leaf.scale;
    }

    /** Time units per second; 0 if the type is not a time. */
    static long unit(SchemaNode leaf) {
        if (leaf.logical.id == LogicalType.TIME || leaf.logical.id == LogicalType.TIMESTAMP) {
            return leaf.logical.unit >= 1 && leaf.logical.unit <= 3 ? UNITS[leaf.logical.unit] : 0;
        }
        return switch (leaf.convertedType) {
            case CONVERTED_TIME_MILLIS, CONVERTED_TIMESTAMP_MILLIS -> UNITS[1];
            case CONVERTED_TIME_MICROS, CONVERTED_TIMESTAMP_MICROS -> UNITS[2];
            default -> 0;
        };
    }

    /** Returns the meaning of a type; null if tables cannot hold it. */
    static Meaning meaning(SchemaNode leaf) {
        int logical = leaf.logical.id;
        int converted = leaf.convertedType;
        return switch (leaf.type) {
            case ValueDecoder.BOOLEAN -> Meaning.BOOLEAN;
            case ValueDecoder.INT32, ValueDecoder.INT64 -> {
                if (logical == LogicalType.DATE || converted == CONVERTED_DATE) {
                    yield Meaning.DATE;
                }
                boolean time = logical == LogicalType.TIMESTAMP
                        || logical == 0
                                && (converted == CONVERTED_TIMESTAMP_MILLIS || converted == CONVERTED_TIMESTAMP_MICROS);
                yield time && unit(leaf) == 0 ? null : time ? Meaning.TIMESTAMP : Meaning.NUMBER;
            }
            case ValueDecoder.INT96 -> Meaning.TIMESTAMP;
            case ValueDecoder.FLOAT, ValueDecoder.DOUBLE -> Meaning.NUMBER;
            case ValueDecoder.BYTE_ARRAY -> {
                boolean text = logical == LogicalType.STRING
                        || logical == LogicalType.ENUM
                        || logical == LogicalType.JSON
                        || logical == 0
                                && (converted < 0
                                        || converted == CONVERTED_UTF8
                                        || converted == CONVERTED_ENUM
                                        || converted == CONVERTED_JSON);
                yield isDecimal(leaf) ? Meaning.NUMBER : text ? Meaning.TEXT : null;
            }
            case ValueDecoder.FIXED -> {
                boolean known =
                        leaf.length > 0 && (isDecimal(leaf) || logical == LogicalType.FLOAT16 && leaf.length == 2);
                yield known ? Meaning.NUMBER : logical == LogicalType.UUID && leaf.length == 16 ? Meaning.TEXT : null;
            }
            default -> null;
        };
    }

    static String dtype(SchemaNode leaf) {
        String sign = isUnsigned(leaf) ? "u" : "";
        boolean whole = !isDecimal(leaf) && unit(leaf) == 0;
        return switch (leaf.type) {
            case ValueDecoder.BOOLEAN -> "bool";
            case ValueDecoder.INT32 -> whole ? sign + "int32" : "float64";
            case ValueDecoder.INT64 -> whole ? sign + "int64" : "float64";
            case ValueDecoder.FLOAT -> "float32";
            case ValueDecoder.FIXED -> leaf.logical.id == LogicalType.FLOAT16 ? "float16" : "float64";
            case ValueDecoder.BYTE_ARRAY -> meaning(leaf) == Meaning.TEXT ? "text" : "float64";
            default -> "float64";
        };
    }

    @Override
    public double ofLong(long value) {
        long own = value;
        if (unsigned) {
            if (leaf.type == ValueDecoder.INT32) {
                own = value & 0xffff_ffffL;
            } else if (value < 0) {
                // Halved to clear the sign bit. The last bit is kept so that the result is rounded correctly.
                return (double) (value >>> 1 | value & 1) * 2;
            }
        }
        if (decimal) {
            boolean exact = Math.abs(own) <= EXACT && scale >= 0 && scale < TENS.length;
            return exact ? own / TENS[scale] : BigDecimal.valueOf(own, scale).doubleValue();
        }
        return unit == 0 ? own : Seconds.of(Math.floorDiv(own, unit), Math.floorMod(own, unit) / (double) unit);
    }

    @Override
    public double ofDouble(double value) {
        return value;
    }

    @Override
    public double ofBytes(byte[] bytes, int from, int length) throws ParquetFault {
        if (leaf.type == ValueDecoder.INT96) {
            long day = ByteCursor.int32(bytes, from + Long.BYTES) - (long) JULIAN_DAY_OF_EPOCH;
            long nanos = ByteCursor.int64(bytes, from);
            return Seconds.of(
                    day * SECONDS_A_DAY + Math.floorDiv(nanos, UNITS[3]),
                    Math.floorMod(nanos, UNITS[3]) / (double) UNITS[3]);
        }
        if (leaf.type == ValueDecoder.FIXED && leaf.logical.id == LogicalType.FLOAT16) {
            return Float.float16ToFloat((short) (bytes[from] & 0xff | bytes[from + 1] << 8));
        }
        return decimal(bytes, from, length).doubleValue();
    }

    /** Reads a big-endian decimal of any size. */
    BigDecimal decimal(byte[] bytes, int from, int length) throws ParquetFault {
        if (length == 0 || length > 64) {
            throw new ParquetFault("a decimal has %d bytes", length);
        }
        return new BigDecimal(new BigInteger(Arrays.copyOfRange(bytes, from, from + length)), scale);
    }
}
