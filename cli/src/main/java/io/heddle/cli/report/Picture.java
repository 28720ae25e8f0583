package io.heddle.cli.report;

import io.heddle.cli.catalogue.Pictures;
import io.heddle.cli.study.Thumbnails;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/**
 * A PNG or JPEG that is embedded in the page.
 *
 * @param dataUri the picture as a {@code data:} address
 */
public record Picture(String dataUri, int width, int height) {
    // Colours of negative and positive weights, readable on light and dark backgrounds.
    private static final int NEGATIVE = 0xc8643c;
    private static final int POSITIVE = 0x3f7fc0;

    /** Maximum side for PNG, which is then as small as JPEG and lossless. */
    private static final int TINY = 32;

    private static final float QUALITY = 0.78f;

    /** Arranges thumbnails in rows of {@code perRow}; the last row is filled with black. */
    public static Picture sprite(Thumbnails thumbnails, int perRow) {
        int rows = Math.max(1, (thumbnails.count() + perRow - 1) / perRow);
        int w = thumbnails.width();
        int h = thumbnails.height();
        BufferedImage image = new BufferedImage(perRow * w, rows * h, BufferedImage.TYPE_BYTE_GRAY);
        byte[] target = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
        for (int i = 0; i < thumbnails.count(); i++) {
            int corner = (i / perRow * h * perRow + i % perRow) * w;
            for (int y = 0; y < h; y++) {
                System.arraycopy(thumbnails.pixels(), (i * h + y) * w, target, corner + y * perRow * w, w);
            }
        }
        return encode(image);
    }

    /**
     * Draws signed weights: opacity grows with the absolute value, and zero is transparent.
     *
     * @param offset of the first weight
     * @param scale the weight that is drawn fully opaque, &gt; 0
     */
    public static Picture diverging(float[] weights, int offset, int width, int height, float scale) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
        for (int i = 0; i < width * height; i++) {
            float w = weights[offset + i];
            // The square root makes small weights visible.
            int alpha = Math.round(255 * (float) Math.sqrt(Math.min(Math.abs(w) / scale, 1)));
            image.setRGB(i % width, i / width, alpha << 24 | (w < 0 ? NEGATIVE : POSITIVE));
        }
        return encode(image);
    }

    /** Arranges small pictures in rows of {@code perRow}, as PNG if they are small and gray, otherwise as JPEG. */
    static Picture sheet(Pictures pictures, int perRow) {
        int count = pictures.rows().length;
        int w = pictures.width();
        int h = pictures.height();
        int channels = pictures.channels();
        int rows = Math.max(1, (count + perRow - 1) / perRow);
        int type = channels == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR;
        BufferedImage image = new BufferedImage(perRow * w, rows * h, type);
        WritableRaster raster = image.getRaster();
        int[] cell = new int[w * h * channels];
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < cell.length; j++) {
                cell[j] = Byte.toUnsignedInt(pictures.pixels()[i * cell.length + j]);
            }
            raster.setPixels(i % perRow * w, i / perRow * h, w, h, cell);
        }
        return channels == 1 && Math.max(w, h) <= TINY ? encode(image) : compress(image);
    }

    private static Picture compress(BufferedImage image) {
        ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
        ImageIO.setUseCache(false);
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(jpeg)) {
            ImageWriteParam settings = writer.getDefaultWriteParam();
            settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            settings.setCompressionQuality(QUALITY);
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), settings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return new Picture(uri("image/jpeg", jpeg), image.getWidth(), image.getHeight());
    }

    private static String uri(String type, ByteArrayOutputStream content) {
        return "data:%s;base64,%s".formatted(type, Base64.getEncoder().encodeToString(content.toByteArray()));
    }

    private static Picture encode(BufferedImage image) {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        // The default cache is a file in the temporary folder, which may not be writable.
        ImageIO.setUseCache(false);
        try {
            if (!ImageIO.write(image, "png", png)) {
                throw new IllegalStateException("this Java has no PNG writer");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Picture(uri("image/png", png), image.getWidth(), image.getHeight());
    }
}
