package io.heddle.data.photo;

import java.io.EOFException;

/** Reads numbers of bits from bytes, the lowest bit first. */
final class LowBits {
    private final byte[] bytes;
    private final int end;
    private int next;
    private long held;
    private int count;

    LowBits(byte[] bytes, int from, int end) {
        this.bytes = bytes;
        this.next = from;
        this.end = end;
    }

    /** Returns the next bits without removing them. Bits behind the end are zeros. */
    int peek(int bits) {
        while (count < bits && next < end) {
            held |= (bytes[next++] & 0xffL) << count;
            count += Byte.SIZE;
        }
        return (int) (held & (1L << bits) - 1);
    }

    /** Removes bits that were peeked. */
    void skip(int bits) throws EOFException {
        if (count < bits) {
            throw new EOFException();
        }
        held >>>= bits;
        count -= bits;
    }

    int read(int bits) throws EOFException {
        int value = peek(bits);
        skip(bits);
        return value;
    }

    boolean flag() throws EOFException {
        return read(1) != 0;
    }
}
