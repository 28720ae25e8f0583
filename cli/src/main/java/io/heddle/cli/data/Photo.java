package io.heddle.cli.data;

import io.heddle.data.DataFormatException;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.event.IIOReadWarningListener;
import javax.imageio.stream.ImageInputStream;

/** A PNG or JPEG file. Damage of any kind is told by the file's name. */
final class Photo {
    /** Beyond this a file is more likely to be made to harm than to be a photo: 16384 x 16384. */
    private static final long MOST_PIXELS = 1L << 28;

    private static final int WHITE = 255;

    private Photo() {}

    /** What a file's header says, turned as EXIF wants it, without decoding the pixels. */
    static ImageShape shape(Path file) throws DataFormatException {
        return read(file, reader -> {
            ImageTypeSpecifier type = reader.getRawImageType(0);
            boolean gray = type != null && isGray(type.getColorModel());
            ImageShape stored = new ImageShape(reader.getWidth(0), reader.getHeight(0), gray ? 1 : 3);
            return orientation(file, reader).turned(stored);
        });
    }

    private static boolean isGray(ColorModel model) {
        if (model instanceof IndexColorModel palette) {
            for (int i = 0; i < palette.getMapSize(); i++) {
                if (palette.getRed(i) != palette.getGreen(i) || palette.getRed(i) != palette.getBlue(i)) {
                    return false;
                }
            }
            return true;
        }
        return model.getNumColorComponents() == 1;
    }

    /**
     * Decodes a file to bytes, 0 to 255, from the top row of pixels down, the channels of a pixel together, turned as
     * EXIF wants it. What is transparent lies on white.
     *
     * @param channels 1 for gray, 3 for colour
     */
    static float[] pixels(Path file, int channels) throws DataFormatException {
        return read(file, reader -> {
            Orientation orientation = orientation(file, reader);
            BufferedImage image = reader.read(0);
            return orientation.turn(
                    bytes(image, channels), new ImageShape(image.getWidth(), image.getHeight(), channels));
        });
    }

    private static Orientation orientation(Path file, ImageReader reader) throws IOException {
        return reader.getFormatName().equalsIgnoreCase("jpeg") ? Orientation.of(file) : Orientation.UPRIGHT;
    }

    @FunctionalInterface
    private interface Reading<T> {
        T from(ImageReader reader) throws IOException;
    }

    private static <T> T read(Path file, Reading<T> reading) throws DataFormatException {
        String[] warned = new String[1];
        try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
            Iterator<ImageReader> readers = in == null ? null : ImageIO.getImageReaders(in);
            if (readers == null || !readers.hasNext()) {
                throw new DataFormatException(file + " is no PNG or JPEG file, whatever its name");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in, true, true);
                // A JPEG that ends too early is otherwise completed in gray.
                reader.addIIOReadWarningListener((IIOReadWarningListener) (source, warning) -> warned[0] = warning);
                long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
                if (pixels > MOST_PIXELS) {
                    throw new DataFormatException("%s declares %d x %d pixels; a photo may have %d"
                            .formatted(file, reader.getWidth(0), reader.getHeight(0), MOST_PIXELS));
                }
                T result = reading.from(reader);
                if (warned[0] != null && warned[0].contains("end of")) {
                    throw new DataFormatException("%s is damaged: %s".formatted(file, warned[0]));
                }
                return result;
            } finally {
                reader.dispose();
            }
        } catch (DataFormatException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // The decoders meet damage with exceptions of many kinds.
            String said = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            throw new DataFormatException("%s is damaged or cannot be read: %s".formatted(file, said), e);
        }
    }

    private static float[] bytes(BufferedImage image, int channels) {
        int width = image.getWidth();
        int height = image.getHeight();
        float[] out = new float[width * height * channels];
        Raster raster = image.getRaster();
        boolean plainGray = channels == 1
                && raster.getNumBands() == 1
                && raster.getDataBuffer().getDataType() == DataBuffer.TYPE_BYTE
                && !(image.getColorModel() instanceof IndexColorModel);
        if (plainGray) {
            // Not getRGB, which takes gray for linear light and brightens it.
            raster.getSamples(0, 0, width, height, 0, out);
            return out;
        }
        if (raster.getNumBands() <= 2 && !(image.getColorModel() instanceof IndexColorModel)) {
            return grayBands(image, channels);
        }
        int[] row = new int[width];
        for (int y = 0; y < height; y++) {
            image.getRGB(0, y, width, 1, row, 0, width);
            for (int x = 0; x < width; x++) {
                put(row[x], out, (y * width + x) * channels, channels);
            }
        }
        return out;
    }

    /** Gray of 1 to 16 bits, with or without transparency. */
    private static float[] grayBands(BufferedImage image, int channels) {
        Raster raster = image.getRaster();
        int pixels = image.getWidth() * image.getHeight();
        float[] gray = raster.getSamples(0, 0, image.getWidth(), image.getHeight(), 0, new float[pixels]);
        float largest = (1 << raster.getSampleModel().getSampleSize(0)) - 1;
        float[] alpha = raster.getNumBands() < 2
                ? null
                : raster.getSamples(0, 0, image.getWidth(), image.getHeight(), 1, new float[pixels]);
        float[] out = new float[pixels * channels];
        for (int i = 0; i < pixels; i++) {
            float value = WHITE * gray[i] / largest;
            if (alpha != null) {
                float opaque = alpha[i] / ((1 << raster.getSampleModel().getSampleSize(1)) - 1);
                value = opaque * value + (1 - opaque) * WHITE;
            }
            for (int c = 0; c < channels; c++) {
                out[i * channels + c] = Math.round(value);
            }
        }
        return out;
    }

    private static void put(int argb, float[] out, int at, int channels) {
        float opaque = (argb >>> 24) / 255f;
        float r = opaque * (argb >> 16 & 0xff) + (1 - opaque) * WHITE;
        float g = opaque * (argb >> 8 & 0xff) + (1 - opaque) * WHITE;
        float b = opaque * (argb & 0xff) + (1 - opaque) * WHITE;
        if (channels == 1) {
            // Luma of ITU-R BT.601, as every program that makes photos gray.
            out[at] = Math.round(0.299f * r + 0.587f * g + 0.114f * b);
        } else {
            out[at] = Math.round(r);
            out[at + 1] = Math.round(g);
            out[at + 2] = Math.round(b);
        }
    }
}
