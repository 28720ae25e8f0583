package io.heddle.data.photo;

/**
 * A transform of the pixels of a lossless WebP image, which the decoder undoes.
 *
 * @param width of the image before it was transformed
 * @param bits binary logarithm of the side of a block, or of the number of palette indexes in a pixel
 * @param data a pixel for each block, or the palette
 */
record LosslessTransform(int kind, int width, int bits, int[] data) {
    static final int PREDICT = 0;
    static final int CROSS = 1;
    static final int GREEN = 2;
    static final int PALETTE = 3;

    private static final int BLACK = 0xff00_0000;
    private static final int ODD = 0x00ff_00ff;
    private static final int EVEN = 0xff00_ff00;
    private static final int HALVES = 0xfefe_fefe;
    private static final int LARGEST = 255;

    /** Returns the image before the transform. */
    int[] undone(int[] pixels, int height) {
        switch (kind) {
            case PREDICT -> predict(pixels, height);
            case CROSS -> cross(pixels, height);
            case GREEN -> {
                for (int i = 0; i < pixels.length; i++) {
                    int green = pixels[i] >> 8 & LARGEST;
                    pixels[i] = pixels[i] & EVEN | (pixels[i] & ODD) + (green << 16 | green) & ODD;
                }
            }
            default -> {
                return colours(pixels, height);
            }
        }
        return pixels;
    }

    /** Returns the sums of the four values of two pixels, modulo 256. */
    static int sum(int a, int b) {
        return (a & EVEN) + (b & EVEN) & EVEN | (a & ODD) + (b & ODD) & ODD;
    }

    private int[] colours(int[] packed, int height) {
        int[] pixels = new int[Math.multiplyExact(width, height)];
        int perRow = Math.ceilDiv(width, 1 << bits);
        int indexBits = Byte.SIZE >> bits;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int pixel = packed[y * perRow + (x >> bits)] >> 8 & LARGEST;
                int index = pixel >> (x & (1 << bits) - 1) * indexBits & (1 << indexBits) - 1;
                // An index outside the palette is transparent.
                pixels[y * width + x] = index < data.length ? data[index] : 0;
            }
        }
        return pixels;
    }

    private void cross(int[] pixels, int height) {
        int perRow = Math.ceilDiv(width, 1 << bits);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int factors = data[(y >> bits) * perRow + (x >> bits)];
                int pixel = pixels[y * width + x];
                byte green = (byte) (pixel >> 8);
                int red = (pixel >> 16) + product((byte) factors, green) & LARGEST;
                int blue = pixel + product((byte) (factors >> 8), green) + product((byte) (factors >> 16), (byte) red)
                        & LARGEST;
                pixels[y * width + x] = pixel & EVEN | red << 16 | blue;
            }
        }
    }

    private static int product(byte factor, byte value) {
        return factor * value >> 5;
    }

    private void predict(int[] pixels, int height) {
        int perRow = Math.ceilDiv(width, 1 << bits);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int at = y * width + x;
                int predicted;
                if (y == 0) {
                    predicted = x == 0 ? BLACK : pixels[at - 1];
                } else if (x == 0) {
                    predicted = pixels[at - width];
                } else {
                    int mode = data[(y >> bits) * perRow + (x >> bits)] >> 8 & 15;
                    // Right of the last pixel above is the first pixel of this row.
                    predicted = predicted(
                            mode, pixels[at - 1], pixels[at - width], pixels[at - width + 1], pixels[at - width - 1]);
                }
                pixels[at] = sum(pixels[at], predicted);
            }
        }
    }

    private static int predicted(int mode, int left, int top, int topRight, int topLeft) {
        return switch (mode) {
            case 1 -> left;
            case 2 -> top;
            case 3 -> topRight;
            case 4 -> topLeft;
            case 5 -> mean(mean(left, topRight), top);
            case 6 -> mean(left, topLeft);
            case 7 -> mean(left, top);
            case 8 -> mean(topLeft, top);
            case 9 -> mean(top, topRight);
            case 10 -> mean(mean(left, topLeft), mean(top, topRight));
            case 11 -> nearer(left, top, topLeft);
            case 12 -> gradient(left, top, topLeft, false);
            case 13 -> gradient(mean(left, top), 0, topLeft, true);
            default -> BLACK;
        };
    }

    private static int mean(int a, int b) {
        return (((a ^ b) & HALVES) >>> 1) + (a & b);
    }

    private static int nearer(int left, int top, int topLeft) {
        int difference = 0;
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            int corner = topLeft >> shift & LARGEST;
            difference += Math.abs((top >> shift & LARGEST) - corner) - Math.abs((left >> shift & LARGEST) - corner);
        }
        return difference < 0 ? left : top;
    }

    /** Returns a + b − c, or with {@code half} a + (a − c) / 2, for each value. */
    private static int gradient(int a, int b, int c, boolean half) {
        int result = 0;
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            int own = a >> shift & LARGEST;
            int corner = c >> shift & LARGEST;
            int value = half ? own + (own - corner) / 2 : own + (b >> shift & LARGEST) - corner;
            result |= Math.clamp(value, 0, LARGEST) << shift;
        }
        return result;
    }
}
