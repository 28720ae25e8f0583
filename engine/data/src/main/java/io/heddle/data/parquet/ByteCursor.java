package io.heddle.data.parquet;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** A position in a range of bytes. Reading beyond the range throws. */
final class ByteCursor {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] bytes;
    private final int end;
    private int at;

    ByteCursor(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.at = from;
        this.end = to;
    }

    byte[] bytes() {
        return bytes;
    }

    int at() {
        return at;
    }

    int remaining() {
        return end - at;
    }

    /** Advances and returns the position of the next {@code length} bytes. */
    int take(long length) throws ParquetFault {
        if (length < 0 || length > end - at) {
            throw new ParquetFault("%d bytes are required, but %d are left", length, end - at);
        }
        int from = at;
        at += (int) length;
        return from;
    }

    int uint8() throws ParquetFault {
        return bytes[take(1)] & 0xff;
    }

    int int32() throws ParquetFault {
        return int32(bytes, take(Integer.BYTES));
    }

    long int64() throws ParquetFault {
        return int64(bytes, take(Long.BYTES));
    }

    static int int32(byte[] bytes, int at) {
        return (int) INT.get(bytes, at);
    }

    static long int64(byte[] bytes, int at) {
        return (long) LONG.get(bytes, at);
    }

    /** Reads an unsigned number with seven bits per byte. */
    long varint() throws ParquetFault {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            int b = uint8();
            value |= (long) (b & 0x7f) << shift;
            if (b < 0x80) {
                return value;
            }
        }
        throw new ParquetFault("a number has more than 64 bits");
    }

    /** Reads a zigzag-encoded signed number with seven bits per byte. */
    long zigzag() throws ParquetFault {
        long value = varint();
        return value >>> 1 ^ -(value & 1);
    }

    /** Reads a number of values, at least 0. */
    int count() throws ParquetFault {
        long value = varint();
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw new ParquetFault("the number of values is %s", Long.toUnsignedString(value));
        }
        return (int) value;
    }
}
