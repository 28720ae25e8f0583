package io.heddle.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.cli.study.Thumbnails;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Base64;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PictureTest {
    private static final String PREFIX = "data:image/png;base64,";

    @Test
    void aSpriteArrangesPicturesByRows() throws IOException {
        byte[] pixels = new byte[3 * 2 * 3];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i * 14);
        }
        BufferedImage sprite = decode(Picture.sprite(new Thumbnails(2, 3, 3, pixels), 2));

        assertThat(sprite.getWidth()).isEqualTo(4);
        assertThat(sprite.getHeight()).isEqualTo(6);
        for (int i = 0; i < 3; i++) {
            for (int y = 0; y < 3; y++) {
                for (int x = 0; x < 2; x++) {
                    int drawn = sprite.getRaster().getSample(i % 2 * 2 + x, i / 2 * 3 + y, 0);
                    assertThat(drawn).isEqualTo(pixels[i * 6 + y * 2 + x] & 0xff);
                }
            }
        }
    }

    @Test
    void weightsAreTransparentAtZeroAndOpaqueAtTheScale() throws IOException {
        float[] weights = {9, 9, 0, 1, -1, 5};
        BufferedImage image = decode(Picture.diverging(weights, 2, 2, 2, 1));

        assertThat(image.getRGB(0, 0) >>> 24).isZero();
        assertThat(image.getRGB(1, 0) >>> 24).isEqualTo(255);
        assertThat(image.getRGB(0, 1) >>> 24).isEqualTo(255);
        assertThat(image.getRGB(1, 0)).isEqualTo(image.getRGB(1, 1)).isNotEqualTo(image.getRGB(0, 1));
    }

    private static BufferedImage decode(Picture picture) throws IOException {
        assertThat(picture.dataUri()).startsWith(PREFIX);
        byte[] png = Base64.getDecoder().decode(picture.dataUri().substring(PREFIX.length()));
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
        assertThat(image.getWidth()).isEqualTo(picture.width());
        assertThat(image.getHeight()).isEqualTo(picture.height());
        return image;
    }
}
