package io.heddle.data.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Damages files. The same seed gives the same files. */
final class Mutator {
    private static final int MAXIMUM_CHANGES = 6;
    /** Headers and footers, where most lengths are. */
    private static final int EDGE = 256;

    private static final long MAXIMUM_BYTES = 1 << 20;

    private static final long[] LENGTHS = {
        0,
        1,
        -1,
        2,
        16,
        127,
        128,
        255,
        256,
        32_767,
        32_768,
        65_535,
        65_536,
        1 << 24,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        1L << 32,
        1L << 40,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };
    private static final String[] WORDS = {
        "99999999999",
        "-1",
        "0",
        "1e999",
        "NaN",
        "null",
        "\"",
        "[",
        "{",
        "}",
        "]",
        ",",
        "\\u0000",
        "\0",
        "\n",
        "é",
        "\\"
    };

    private final SplittableRandom random;
    private final List<byte[]> seeds;

    Mutator(List<byte[]> seeds, long seed) {
        this.seeds = seeds;
        random = new SplittableRandom(seed);
    }

    byte[] next() {
        byte[] file = any().clone();
        int changes = 1 + random.nextInt(MAXIMUM_CHANGES);
        for (int i = 0; i < changes && file.length > 0 && file.length < MAXIMUM_BYTES; i++) {
            file = change(file);
        }
        return file;
    }

    private byte[] any() {
        return seeds.get(random.nextInt(seeds.size()));
    }

    private byte[] change(byte[] file) {
        int at = place(file.length);
        return switch (random.nextInt(11)) {
            case 0, 1 -> {
                file[at] ^= (byte) (1 << random.nextInt(8));
                yield file;
            }
            case 2 -> {
                file[at] = (byte) random.nextInt();
                yield file;
            }
            case 3, 4 -> length(file, at);
            case 5 -> Arrays.copyOf(file, at);
            case 6 -> joined(file, 0, at, file, Math.min(file.length, at + 1 + random.nextInt(16)), file.length);
            case 7 -> joined(file, 0, at, file, Math.max(0, at - 1 - random.nextInt(32)), file.length);
            case 8 -> {
                byte[] other = any();
                yield joined(file, 0, at, other, place(other.length), other.length);
            }
            case 9 -> number(file, at);
            default -> {
                byte[] word = WORDS[random.nextInt(WORDS.length)].getBytes(java.nio.charset.StandardCharsets.UTF_8);
                yield joined(joined(file, 0, at, word, 0, word.length), file, at);
            }
        };
    }

    private int place(int length) {
        int near = Math.min(length, EDGE);
        return switch (random.nextInt(3)) {
            case 0 -> random.nextInt(near);
            case 1 -> length - 1 - random.nextInt(near);
            default -> random.nextInt(length);
        };
    }

    /** Changes 2, 4 or 8 bytes, which can be a length. */
    private byte[] length(byte[] file, int at) {
        int bytes = 2 << random.nextInt(3);
        if (at + bytes > file.length) {
            return file;
        }
        long value = random.nextInt(4) == 0 ? random.nextLong() : LENGTHS[random.nextInt(LENGTHS.length)];
        ByteBuffer buffer =
                ByteBuffer.wrap(file).order(random.nextBoolean() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        switch (bytes) {
            case 2 -> buffer.putShort(at, (short) value);
            case 4 -> buffer.putInt(at, (int) value);
            default -> buffer.putLong(at, value);
        }
        return file;
    }

    /** The next number in decimal digits gets another digit, or is another number. */
    private byte[] number(byte[] file, int from) {
        for (int at = from; at < Math.min(file.length, from + EDGE); at++) {
            if (file[at] >= '0' && file[at] <= '9') {
                file[at] = (byte) ('0' + random.nextInt(10));
                if (random.nextBoolean()) {
                    byte[] more = "9".repeat(1 + random.nextInt(12)).getBytes(java.nio.charset.StandardCharsets.UTF_8);
                    return joined(joined(file, 0, at, more, 0, more.length), file, at);
                }
                return file;
            }
        }
        return file;
    }

    private static byte[] joined(byte[] start, byte[] end, int from) {
        return joined(start, 0, start.length, end, from, end.length);
    }

    private static byte[] joined(byte[] a, int aFrom, int aTo, byte[] b, int bFrom, int bTo) {
        byte[] all = Arrays.copyOf(Arrays.copyOfRange(a, aFrom, aTo), aTo - aFrom + bTo - bFrom);
        System.arraycopy(b, bFrom, all, aTo - aFrom, bTo - bFrom);
        return all;
    }
}
