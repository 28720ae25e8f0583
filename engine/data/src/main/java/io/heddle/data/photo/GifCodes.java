package io.heddle.data.photo;

import io.heddle.files.DataFormatException;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The LZW codes of a GIF image. ImageIO's reader gives wrong pixels for invalid codes and for too few or too many
 * pixels. Damage that leaves valid codes for the same number of pixels cannot be detected, as GIF has no checksum.
 */
final class GifCodes {
    private static final int MAXIMUM_BITS = 12;
    private static final int MAXIMUM_CODES = 1 << MAXIMUM_BITS;
    private static final int MAXIMUM_LITERAL_BITS = 8;
    /** ImageIO's reader reads wrong codes from a smaller block unless it is the last one. */
    private static final int MINIMUM_BLOCK = 4;

    private final int clear;
    private final int startBits;
    /** Number of pixels of each code. */
    private final int[] lengths = new int[MAXIMUM_CODES];

    private int bits;
    private int next;
    private int previous;

    private GifCodes(int literalBits) {
        this.clear = 1 << literalBits;
        this.startBits = literalBits + 1;
        for (int i = 0; i < clear; i++) {
            lengths[i] = 1;
        }
        reset();
    }

    private void reset() {
        bits = startBits;
        next = clear + 2;
        previous = -1;
    }

    /**
     * Reads the codes of an image up to the block after it.
     *
     * @param pixels number of pixels of the image
     * @throws DataFormatException if the codes are invalid, for another number of pixels, or in blocks that ImageIO's
     *     reader reads wrongly
     */
    static void require(DataInputStream in, long pixels, Path file) throws IOException {
        int literalBits = in.readUnsignedByte();
        if (literalBits < 1 || literalBits > MAXIMUM_LITERAL_BITS) {
            throw damaged(file, "an invalid number of bits per pixel");
        }
        boolean cut = false;
        boolean small = false;
        ByteArrayOutputStream codes = new ByteArrayOutputStream();
        try {
            for (int length = in.readUnsignedByte(); length > 0; length = in.readUnsignedByte()) {
                if (small) {
                    throw new DataFormatException(
                            "%s has its LZW codes in blocks of fewer than %d bytes, which Heddle does not read: save it again"
                                    .formatted(file, MINIMUM_BLOCK));
                }
                small = length < MINIMUM_BLOCK;
                byte[] block = in.readNBytes(length);
                codes.writeBytes(block);
                cut |= block.length < length;
            }
        } catch (EOFException e) {
            cut = true;
        }
        long found = new GifCodes(literalBits).pixels(codes.toByteArray(), file);
        if (found < pixels && cut) {
            throw new DataFormatException(file + " is damaged: it ends too early");
        }
        if (found != pixels) {
            throw damaged(file, "%d pixels instead of %d".formatted(found, pixels));
        }
    }

    private static DataFormatException damaged(Path file, String reason) {
        return new DataFormatException("%s is damaged: its LZW codes have %s".formatted(file, reason));
    }

    /** Returns the number of pixels of all codes. */
    private long pixels(byte[] codes, Path file) throws DataFormatException {
        long pixels = 0;
        int held = 0;
        int count = 0;
        for (byte part : codes) {
            held |= (part & 0xff) << count;
            count += Byte.SIZE;
            while (count >= bits) {
                int code = held & (1 << bits) - 1;
                held >>>= bits;
                count -= bits;
                if (code == clear + 1) {
                    return pixels;
                }
                if (code == clear) {
                    reset();
                } else {
                    pixels += length(code, file);
                }
            }
        }
        return pixels;
    }

    /** Returns the number of pixels of a code, and adds the string that the code completes. */
    private int length(int code, Path file) throws DataFormatException {
        boolean known = code < next || code == next && previous >= 0 && next < MAXIMUM_CODES;
        if (!known || previous < 0 && code > clear) {
            throw damaged(file, "an invalid code");
        }
        if (previous >= 0 && next < MAXIMUM_CODES) {
            lengths[next++] = lengths[previous] + 1;
            if (next == 1 << bits && bits < MAXIMUM_BITS) {
                bits++;
            }
        }
        previous = code;
        return lengths[code];
    }
}
