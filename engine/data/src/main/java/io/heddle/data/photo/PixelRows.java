package io.heddle.data.photo;

import io.heddle.files.DataFormatException;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Converts rows of a decoded image to gray or RGB bytes. Colour profiles are not applied. Transparent pixels are drawn
 * on white; 16 bits are rounded to 8.
 */
abstract class PixelRows {
    private static final int WHITE = 255;
    private static final int MAXIMUM_BITS = 16;

    /**
     * @param channels 1 for gray, 3 for colour
     * @param out bytes of the row with interleaved channels
     */
    abstract void get(int y, int channels, byte[] out);

    /**
     * @param extra whether the value that the reader takes for transparency has another meaning
     * @throws DataFormatException if the kind of its colours is not supported
     */
    static PixelRows of(BufferedImage image, boolean extra, Path file) throws DataFormatException {
        ColorModel colours = image.getColorModel();
        Raster raster = image.getRaster();
        if (colours instanceof IndexColorModel palette) {
            return new Palette(raster, palette);
        }
        int bands = raster.getNumBands();
        boolean whole = raster.getDataBuffer().getDataType() != DataBuffer.TYPE_FLOAT
                && raster.getDataBuffer().getDataType() != DataBuffer.TYPE_DOUBLE
                && Arrays.stream(raster.getSampleModel().getSampleSize()).allMatch(bits -> bits <= MAXIMUM_BITS);
        int type = colours == null ? -1 : colours.getColorSpace().getType();
        boolean alpha = colours != null && colours.hasAlpha();
        if (whole && type == ColorSpace.TYPE_GRAY && bands == (alpha ? 2 : 1)) {
            return new Samples(raster, 1, alpha && !extra, colours.isAlphaPremultiplied());
        }
        if (whole && type == ColorSpace.TYPE_RGB && bands == (alpha ? 4 : 3)) {
            int[] offsets = plainBytes(raster);
            return offsets != null && bands == 3
                    ? new PlainColour(raster, offsets)
                    : new Samples(raster, 3, alpha && !extra, colours.isAlphaPremultiplied());
        }
        if (whole && type == ColorSpace.TYPE_CMYK && bands == 4) {
            return new Inks(raster, false, false);
        }
        throw new DataFormatException(
                "%s has pixels of an unsupported kind (%d values of %d bits each): save it as gray or RGB with 8 or 16 bits"
                        .formatted(file, bands, raster.getSampleModel().getSampleSize(0)));
    }

    /** CMYK of a JPEG, inverted as written by Adobe, or YCCK. */
    static PixelRows ofJpegInks(Raster raster, boolean chroma) {
        return new Inks(raster, true, chroma);
    }

    /** @param pixels as 0xAARRGGBB */
    static PixelRows ofPixels(int[] pixels, int width) {
        return new Mixed(pixels, width);
    }

    /** Returns the offsets of the bands if they are interleaved bytes from the start of the buffer, otherwise null. */
    private static int[] plainBytes(Raster raster) {
        return raster.getSampleModel() instanceof PixelInterleavedSampleModel model
                        && raster.getDataBuffer() instanceof DataBufferByte
                        && raster.getSampleModelTranslateX() == 0
                        && raster.getSampleModelTranslateY() == 0
                        && raster.getDataBuffer().getOffset() == 0
                ? model.getBandOffsets()
                : null;
    }

    static byte luma(int r, int g, int b) {
        // ITU-R BT.601 in whole numbers, rounded as in Pillow.
        return (byte) (r * 19_595 + g * 38_470 + b * 7_471 + 0x8000 >> 16);
    }

    final void put(int r, int g, int b, int channels, byte[] out, int at) {
        if (channels == 1) {
            out[at] = luma(r, g, b);
        } else {
            out[at] = (byte) r;
            out[at + 1] = (byte) g;
            out[at + 2] = (byte) b;
        }
    }

    /** Returns a pixel of 0xAARRGGBB on white. */
    private static int onWhite(int argb) {
        int alpha = argb >>> 24;
        return alpha == WHITE
                ? argb
                : onWhite(argb >> 16 & WHITE, alpha) << 16
                        | onWhite(argb >> 8 & WHITE, alpha) << 8
                        | onWhite(argb & WHITE, alpha);
    }

    private static int onWhite(int value, int alpha) {
        return Math.round((alpha * value + (WHITE - alpha) * WHITE) / (float) WHITE);
    }

    /** Three bytes per pixel, as in most photos. */
    private static final class PlainColour extends PixelRows {
        private final byte[] bytes;
        private final int width;
        private final int stride;
        private final int step;
        private final int[] offsets;

        PlainColour(Raster raster, int[] offsets) {
            PixelInterleavedSampleModel model = (PixelInterleavedSampleModel) raster.getSampleModel();
            this.bytes = ((DataBufferByte) raster.getDataBuffer()).getData();
            this.width = raster.getWidth();
            this.stride = model.getScanlineStride();
            this.step = model.getPixelStride();
            this.offsets = offsets;
        }

        @Override
        void get(int y, int channels, byte[] out) {
            int at = y * stride;
            for (int x = 0; x < width; x++, at += step) {
                put(
                        bytes[at + offsets[0]] & WHITE,
                        bytes[at + offsets[1]] & WHITE,
                        bytes[at + offsets[2]] & WHITE,
                        channels,
                        out,
                        x * channels);
            }
        }
    }

    /** Colours with transparency in one number for each pixel. */
    private static final class Mixed extends PixelRows {
        private final int[] pixels;
        private final int width;

        Mixed(int[] pixels, int width) {
            this.pixels = pixels;
            this.width = width;
        }

        @Override
        void get(int y, int channels, byte[] out) {
            for (int x = 0; x < width; x++) {
                int rgb = onWhite(pixels[y * width + x]);
                put(rgb >> 16 & WHITE, rgb >> 8 & WHITE, rgb & WHITE, channels, out, x * channels);
            }
        }
    }

    /** Palette colours. */
    private static final class Palette extends PixelRows {
        private final Raster raster;
        private final int[] colours;
        private final int[] numbers;

        Palette(Raster raster, IndexColorModel palette) {
            this.raster = raster;
            this.numbers = new int[raster.getWidth()];
            this.colours = new int[palette.getMapSize()];
            palette.getRGBs(colours);
            for (int i = 0; i < colours.length; i++) {
                colours[i] = onWhite(colours[i]);
            }
        }

        @Override
        void get(int y, int channels, byte[] out) {
            raster.getSamples(0, y, numbers.length, 1, 0, numbers);
            for (int x = 0; x < numbers.length; x++) {
                // An index outside the palette is black, as in other programs.
                int rgb = numbers[x] < colours.length ? colours[numbers[x]] : 0;
                put(rgb >> 16 & WHITE, rgb >> 8 & WHITE, rgb & WHITE, channels, out, x * channels);
            }
        }
    }

    /** Gray or colours of up to 16 bits, with or without transparency. */
    private static final class Samples extends PixelRows {
        private final Raster raster;
        private final int colours;
        private final boolean alpha;
        private final boolean premultiplied;
        private final int bands;
        private final int[] largest;
        private final int[] row;
        private final int[] pixel = new int[3];

        Samples(Raster raster, int colours, boolean alpha, boolean premultiplied) {
            this.raster = raster;
            this.colours = colours;
            this.alpha = alpha;
            this.premultiplied = premultiplied;
            this.bands = raster.getNumBands();
            this.largest = Arrays.stream(raster.getSampleModel().getSampleSize())
                    .map(bits -> (1 << bits) - 1)
                    .toArray();
            this.row = new int[raster.getWidth() * bands];
        }

        @Override
        void get(int y, int channels, byte[] out) {
            raster.getPixels(0, y, row.length / bands, 1, row);
            for (int x = 0; x < row.length / bands; x++) {
                int at = x * bands;
                float opaque = alpha ? row[at + colours] / (float) largest[colours] : 1;
                for (int c = 0; c < colours; c++) {
                    pixel[c] = eightBits(row[at + c], largest[c], opaque);
                }
                if (colours == 1) {
                    Arrays.fill(out, x * channels, (x + 1) * channels, (byte) pixel[0]);
                } else {
                    put(pixel[0], pixel[1], pixel[2], channels, out, x * channels);
                }
            }
        }

        private int eightBits(int value, int maximum, float opaque) {
            if (!alpha) {
                return maximum == WHITE ? value : (value * WHITE + maximum / 2) / maximum;
            }
            float own = (float) WHITE * value / maximum;
            return Math.min(WHITE, Math.round((premultiplied ? own : opaque * own) + (1 - opaque) * WHITE));
        }
    }

    /** CMYK, converted to RGB as in Pillow. */
    private static final class Inks extends PixelRows {
        private final Raster raster;
        private final boolean inverted;
        private final boolean chroma;
        private final int[] row;

        Inks(Raster raster, boolean inverted, boolean chroma) {
            this.raster = raster;
            this.inverted = inverted;
            this.chroma = chroma;
            this.row = new int[raster.getWidth() * 4];
        }

        @Override
        void get(int y, int channels, byte[] out) {
            raster.getPixels(0, y, row.length / 4, 1, row);
            for (int x = 0; x < row.length / 4; x++) {
                int c = row[4 * x];
                int m = row[4 * x + 1];
                int k = row[4 * x + 2];
                int white = inverted ? row[4 * x + 3] : WHITE - row[4 * x + 3];
                if (chroma) {
                    int luma = c;
                    int blue = m - 128;
                    int red = k - 128;
                    // The integer arithmetic of libjpeg, which writes CMYK; it is inverted here.
                    c = clamp(luma + (91_881 * red + 32_768 >> 16));
                    m = clamp(luma + (-22_554 * blue - 46_802 * red + 32_768 >> 16));
                    k = clamp(luma + (116_130 * blue + 32_768 >> 16));
                } else if (inverted) {
                    c = WHITE - c;
                    m = WHITE - m;
                    k = WHITE - k;
                }
                put(
                        clamp(white - product(c, white)),
                        clamp(white - product(m, white)),
                        clamp(white - product(k, white)),
                        channels,
                        out,
                        x * channels);
            }
        }

        private static int clamp(int value) {
            return Math.clamp(value, 0, WHITE);
        }

        /** Returns the product of two numbers up to 255, divided by 255 and rounded. */
        private static int product(int a, int b) {
            int p = a * b + 128;
            return (p >> 8) + p >> 8;
        }
    }
}
