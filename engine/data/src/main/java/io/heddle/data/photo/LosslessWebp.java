package io.heddle.data.photo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Decodes lossless WebP images (RFC 9649), including the transparency of lossy ones. ImageIO's reader gives the last
 * colour of a palette where an index is outside the palette; by the standard, these pixels are transparent. libwebp
 * writes such indexes.
 */
final class LosslessWebp {
    private static final int SIGNATURE = 0x2f;
    private static final int SIDE_BITS = 14;

    private static final int LITERALS = 256;
    private static final int LENGTHS = 24;
    private static final int DISTANCES = 40;
    private static final int MAXIMUM_CACHE_BITS = 11;
    private static final int HASH = 0x1e35a7bd;
    private static final int NEAR = 120;
    private static final int OPAQUE = 0xff00_0000;

    /** Horizontal and vertical distances of near pixels, nearest first. */
    private static final int[][] NEAR_PIXELS = nearPixels();

    private final LowBits in;

    private LosslessWebp(LowBits in) {
        this.in = in;
    }

    private static int[][] nearPixels() {
        List<int[]> pixels = new ArrayList<>();
        for (int y = 0; y < 8; y++) {
            for (int x = 8; x > (y == 0 ? 0 : -8); x--) {
                pixels.add(new int[] {x, y});
            }
        }
        // The standard's order of equally near pixels: the upper one, then the left one.
        pixels.sort(Comparator.comparing((int[] p) -> p[0] * p[0] + p[1] * p[1])
                .thenComparing(p -> -p[1])
                .thenComparing(p -> -p[0]));
        return pixels.toArray(int[][]::new);
    }

    /**
     * Decodes an image with its header.
     *
     * @return the pixels as 0xAARRGGBB
     * @throws IOException if it is damaged or has another size
     */
    static int[] image(byte[] bytes, int from, int end, int width, int height) throws IOException {
        LosslessWebp image = new LosslessWebp(new LowBits(bytes, from, end));
        boolean header = image.in.read(Byte.SIZE) == SIGNATURE
                && image.in.read(SIDE_BITS) == width - 1
                && image.in.read(SIDE_BITS) == height - 1;
        boolean transparent = image.in.flag();
        if (!header || image.in.read(3) != 0) {
            throw new IOException("its header has another size or version");
        }
        int[] pixels = image.transformed(width, height);
        for (int i = 0; !transparent && i < pixels.length; i++) {
            pixels[i] |= OPAQUE;
        }
        return pixels;
    }

    /** Decodes the transparency of a lossy image: the green of each pixel. */
    static int[] transparency(byte[] bytes, int from, int end, int width, int height) throws IOException {
        return new LosslessWebp(new LowBits(bytes, from, end)).transformed(width, height);
    }

    private int[] transformed(int width, int height) throws IOException {
        List<LosslessTransform> transforms = new ArrayList<>();
        int stored = width;
        while (in.flag()) {
            int kind = in.read(2);
            if (transforms.stream().anyMatch(t -> t.kind() == kind)) {
                throw new IOException("it has a transform twice");
            }
            LosslessTransform transform =
                    switch (kind) {
                        case LosslessTransform.PREDICT, LosslessTransform.CROSS -> {
                            int bits = 2 + in.read(3);
                            int[] blocks = pixels(blocks(stored, bits), blocks(height, bits), false);
                            yield new LosslessTransform(kind, stored, bits, blocks);
                        }
                        case LosslessTransform.PALETTE -> {
                            int[] palette = pixels(1 + in.read(Byte.SIZE), 1, false);
                            for (int i = 1; i < palette.length; i++) {
                                palette[i] = LosslessTransform.sum(palette[i], palette[i - 1]);
                            }
                            int packing =
                                    palette.length <= 2 ? 3 : palette.length <= 4 ? 2 : palette.length <= 16 ? 1 : 0;
                            yield new LosslessTransform(kind, stored, packing, palette);
                        }
                        default -> new LosslessTransform(kind, stored, 0, new int[0]);
                    };
            transforms.add(transform);
            stored = kind == LosslessTransform.PALETTE ? blocks(stored, transform.bits()) : stored;
        }
        int[] pixels = pixels(stored, height, true);
        for (LosslessTransform transform : transforms.reversed()) {
            pixels = transform.undone(pixels, height);
        }
        return pixels;
    }

    private static int blocks(int size, int bits) {
        return Math.ceilDiv(size, 1 << bits);
    }

    /** The five codes of a block of pixels. */
    private record Codes(PrefixCode green, PrefixCode red, PrefixCode blue, PrefixCode alpha, PrefixCode distance) {}

    private Codes codes(int cache, boolean used) throws IOException {
        int[][] lengths = new int[5][];
        for (int i = 0; i < lengths.length; i++) {
            int alphabet = i == 0 ? LITERALS + LENGTHS + cache : i == 4 ? DISTANCES : LITERALS;
            lengths[i] = PrefixCode.lengths(in, alphabet);
        }
        return used
                ? new Codes(
                        new PrefixCode(lengths[0]),
                        new PrefixCode(lengths[1]),
                        new PrefixCode(lengths[2]),
                        new PrefixCode(lengths[3]),
                        new PrefixCode(lengths[4]))
                : null;
    }

    /** @param blocks whether blocks of pixels may have codes of their own */
    private int[] pixels(int width, int height, boolean blocks) throws IOException {
        int cacheBits = in.flag() ? in.read(4) : 0;
        if (cacheBits > MAXIMUM_CACHE_BITS) {
            throw new IOException("its colour cache is too large");
        }
        int[] cache = new int[cacheBits == 0 ? 0 : 1 << cacheBits];
        int blockBits = 0;
        int[] group = {0};
        int perRow = 0;
        if (blocks && in.flag()) {
            blockBits = 2 + in.read(3);
            perRow = blocks(width, blockBits);
            group = pixels(perRow, blocks(height, blockBits), false);
        }
        int groups = 0;
        for (int i = 0; i < group.length; i++) {
            group[i] = group[i] >> 8 & 0xffff;
            groups = Math.max(groups, group[i] + 1);
        }
        boolean[] used = new boolean[groups];
        for (int one : group) {
            used[one] = true;
        }
        Codes[] codes = new Codes[groups];
        for (int i = 0; i < groups; i++) {
            codes[i] = codes(cache.length, used[i]);
        }
        int[] pixels = new int[Math.multiplyExact(width, height)];
        int at = 0;
        int cached = 0;
        while (at < pixels.length) {
            int y = at / width;
            Codes own = codes[perRow == 0 ? 0 : group[(y >> blockBits) * perRow + (at - y * width >> blockBits)]];
            int symbol = own.green.read(in);
            if (symbol < LITERALS) {
                int red = own.red.read(in);
                int blue = own.blue.read(in);
                pixels[at++] = own.alpha.read(in) << 24 | red << 16 | symbol << 8 | blue;
            } else if (symbol < LITERALS + LENGTHS) {
                int length = number(symbol - LITERALS);
                int distance = distance(number(own.distance.read(in)), width);
                if (distance > at || length > pixels.length - at) {
                    throw new IOException("it repeats pixels outside the image");
                }
                for (int i = 0; i < length; i++, at++) {
                    pixels[at] = pixels[at - distance];
                }
            } else {
                pixels[at++] = cache[symbol - LITERALS - LENGTHS];
            }
            while (cache.length > 0 && cached < at) {
                put(cache, cacheBits, pixels[cached++]);
            }
        }
        return pixels;
    }

    private static void put(int[] cache, int bits, int pixel) {
        cache[HASH * pixel >>> Integer.SIZE - bits] = pixel;
    }

    /** Returns a length or distance. */
    private int number(int prefix) throws IOException {
        if (prefix < 4) {
            return prefix + 1;
        }
        int extra = prefix - 2 >> 1;
        return (2 + (prefix & 1) << extra) + in.read(extra) + 1;
    }

    private static int distance(int number, int width) {
        if (number > NEAR) {
            return number - NEAR;
        }
        int[] near = NEAR_PIXELS[number - 1];
        return Math.max(1, near[1] * width + near[0]);
    }
}
