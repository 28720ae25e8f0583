package io.heddle.cli.report;

import io.heddle.cli.study.Thumbnails;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import javax.imageio.ImageIO;

/**
 * A PNG that travels inside the page.
 *
 * @param dataUri the picture as a {@code data:} address
 */
public record Picture(String dataUri, int width, int height) {
    // Negative weights lean to this colour, positive ones to the other; both read on light and on dark ground.
    private static final int NEGATIVE = 0xc8643c;
    private static final int POSITIVE = 0x3f7fc0;

    /** Lays thumbnails out in rows of {@code perRow}; the last row is filled with black. */
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
     * Draws signed weights: the stronger, the more opaque; zero is clear, so the ground shows through.
     *
     * @param offset of the first weight
     * @param scale the weight that is drawn fully opaque, &gt; 0
     */
    public static Picture diverging(float[] weights, int offset, int width, int height, float scale) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
        for (int i = 0; i < width * height; i++) {
            float w = weights[offset + i];
            // The square root lifts the many small weights above the threshold of sight.
            int alpha = Math.round(255 * (float) Math.sqrt(Math.min(Math.abs(w) / scale, 1)));
            image.setRGB(i % width, i / width, alpha << 24 | (w < 0 ? NEGATIVE : POSITIVE));
        }
        return encode(image);
    }

    private static Picture encode(BufferedImage image) {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        // The default cache is a file in the temporary folder, which need not be writable.
        ImageIO.setUseCache(false);
        try {
            if (!ImageIO.write(image, "png", png)) {
                throw new IllegalStateException("this Java has no PNG writer");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String uri = "data:image/png;base64," + Base64.getEncoder().encodeToString(png.toByteArray());
        return new Picture(uri, image.getWidth(), image.getHeight());
    }
}
