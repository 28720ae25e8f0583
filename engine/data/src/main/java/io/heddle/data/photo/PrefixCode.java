package io.heddle.data.photo;

import java.io.EOFException;
import java.io.IOException;

/** A canonical prefix code of lossless WebP, with codes of up to 15 bits. */
final class PrefixCode {
    private static final int MAXIMUM_BITS = 15;
    /** Bits of the table that finds short codes at once. */
    private static final int TABLE_BITS = 8;

    private static final int LENGTH_CODES = 19;
    private static final int[] ORDER = {17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    private static final int REPEAT = 16;
    private static final int FEW_ZEROS = 17;

    /** The only symbol, which needs no bits; −1 if there are several. */
    private final int only;
    /** Number of codes of each length. */
    private final int[] counts = new int[MAXIMUM_BITS + 1];
    /** The symbols in the order of their codes. */
    private final short[] symbols;
    /** For the next bits, 16 times the symbol plus the number of bits of its code; 0 if the code is longer. */
    private final int[] table;

    /** @param lengths bits of the code of each symbol, 0 if it has none */
    PrefixCode(int[] lengths) throws IOException {
        int used = 0;
        int last = -1;
        for (int i = 0; i < lengths.length; i++) {
            counts[lengths[i]]++;
            if (lengths[i] > 0) {
                used++;
                last = i;
            }
        }
        counts[0] = 0;
        this.only = used == 1 ? last : -1;
        if (used <= 1) {
            symbols = new short[0];
            table = new int[0];
            if (used == 0) {
                throw damaged();
            }
            return;
        }
        int[] firsts = new int[MAXIMUM_BITS + 1];
        int[] codes = new int[MAXIMUM_BITS + 1];
        int open = 1;
        for (int bits = 1; bits <= MAXIMUM_BITS; bits++) {
            open = 2 * open - counts[bits];
            firsts[bits] = firsts[bits - 1] + counts[bits - 1];
            codes[bits] = codes[bits - 1] + counts[bits - 1] << 1;
            if (open < 0) {
                throw damaged();
            }
        }
        if (open != 0) {
            throw damaged();
        }
        symbols = new short[used];
        table = new int[1 << TABLE_BITS];
        for (int i = 0; i < lengths.length; i++) {
            int bits = lengths[i];
            if (bits > 0) {
                symbols[firsts[bits]++] = (short) i;
                int reversed = Integer.reverse(codes[bits]++) >>> Integer.SIZE - bits;
                for (int at = reversed; bits <= TABLE_BITS && at < table.length; at += 1 << bits) {
                    table[at] = i << 4 | bits;
                }
            }
        }
    }

    private static IOException damaged() {
        return new IOException("it has an invalid prefix code");
    }

    /** Returns the next symbol. */
    int read(LowBits in) throws EOFException {
        if (only >= 0) {
            return only;
        }
        int next = in.peek(MAXIMUM_BITS);
        int found = table[next & (1 << TABLE_BITS) - 1];
        if (found != 0) {
            in.skip(found & 15);
            return found >> 4;
        }
        int code = 0;
        int first = 0;
        int index = 0;
        for (int bits = 1; ; bits++) {
            code = code << 1 | next >> bits - 1 & 1;
            if (code - first < counts[bits]) {
                in.skip(bits);
                return symbols[index + code - first];
            }
            index += counts[bits];
            first = first + counts[bits] << 1;
        }
    }

    /** Reads the lengths of the codes of an alphabet. */
    static int[] lengths(LowBits in, int alphabet) throws IOException {
        int[] lengths = new int[alphabet];
        if (in.flag()) {
            boolean two = in.flag();
            int first = in.read(in.flag() ? 8 : 1);
            int second = two ? in.read(8) : first;
            if (Math.max(first, second) >= alphabet) {
                throw damaged();
            }
            lengths[first] = 1;
            lengths[second] = 1;
            return lengths;
        }
        int[] own = new int[LENGTH_CODES];
        int count = 4 + in.read(4);
        for (int i = 0; i < count; i++) {
            own[ORDER[i]] = in.read(3);
        }
        PrefixCode code = new PrefixCode(own);
        int left = alphabet;
        if (in.flag()) {
            left = 2 + in.read(2 + 2 * in.read(3));
            if (left > alphabet) {
                throw damaged();
            }
        }
        int previous = 8;
        for (int at = 0; at < alphabet && left > 0; left--) {
            int symbol = code.read(in);
            if (symbol < REPEAT) {
                lengths[at++] = symbol;
                previous = symbol == 0 ? previous : symbol;
                continue;
            }
            int repeats = symbol == REPEAT ? 3 + in.read(2) : symbol == FEW_ZEROS ? 3 + in.read(3) : 11 + in.read(7);
            if (at + repeats > alphabet) {
                throw damaged();
            }
            for (int i = 0; i < repeats; i++) {
                lengths[at++] = symbol == REPEAT ? previous : 0;
            }
        }
        return lengths;
    }
}
