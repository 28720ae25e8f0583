package io.heddle.data.photo;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.data.DataOptions;
import io.heddle.data.DataSource;
import io.heddle.data.ImageShape;
import io.heddle.matrix.FloatMatrix;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests JPEGs with an EXIF orientation. */
class OrientationTest {
    private static final int WIDTH = 48;
    private static final int HEIGHT = 32;
    private static final int[] QUARTERS = {0xff0000, 0x00ff00, 0x0000ff, 0xffffff};
    private static final int MARKER = 2;

    @TempDir
    Path folder;

    /** Red and green in the first half, blue and white below. */
    private static byte[] jpeg() throws IOException {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                image.setRGB(x, y, QUARTERS[y / (HEIGHT / 2) * 2 + x / (WIDTH / 2)]);
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(ImageIO.write(image, "jpg", out)).isTrue();
        return out.toByteArray();
    }

    /** An EXIF segment with one entry, inserted after the first marker. */
    private static byte[] withOrientation(byte[] jpeg, int code) {
        byte[] name = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);
        ByteBuffer tiff = ByteBuffer.allocate(26);
        tiff.put("MM".getBytes(StandardCharsets.US_ASCII)).putShort((short) 42).putInt(8);
        tiff.putShort((short) 1)
                .putShort((short) 0x0112)
                .putShort((short) 3)
                .putInt(1)
                .putShort((short) code)
                .putShort((short) 0)
                .putInt(0);
        int length = Short.BYTES + name.length + tiff.capacity();
        return ByteBuffer.allocate(jpeg.length + MARKER + length)
                .put(jpeg, 0, MARKER)
                .putShort((short) 0xffe1)
                .putShort((short) length)
                .put(name)
                .put(tiff.array())
                .put(jpeg, MARKER, jpeg.length - MARKER)
                .array();
    }

    private static char colour(float[] row, int width, int x, int y) {
        int at = 3 * (y * width + x);
        boolean red = row[at] > 128;
        boolean green = row[at + 1] > 128;
        return red ? green ? 'W' : 'R' : green ? 'G' : 'B';
    }

    @ParameterizedTest
    @CsvSource({"1,RGBW", "2,GRWB", "3,WBGR", "4,BWRG", "5,RBGW", "6,BRWG", "7,WGBR", "8,GWRB", "0,RGBW", "9,RGBW"})
    void photosAreTurnedByTheirOrientation(int code, String quarters) throws IOException {
        Files.write(folder.resolve("a.jpg"), withOrientation(jpeg(), code));
        int width = code >= 5 && code <= 8 ? HEIGHT : WIDTH;
        int height = WIDTH + HEIGHT - width;
        try (DataSource data = DataSource.open(
                        folder.toString(), DataOptions.defaults().withScale(1), line -> {});
                FloatMatrix x = data.read()) {
            assertThat(data.images()).contains(new ImageShape(width, height, 3));
            float[] row = new float[x.columns()];
            x.getRow(0, row);
            StringBuilder seen = new StringBuilder();
            for (int y : new int[] {height / 4, 3 * height / 4}) {
                seen.append(colour(row, width, width / 4, y)).append(colour(row, width, 3 * width / 4, y));
            }
            assertThat(seen.toString()).isEqualTo(quarters);
        }
    }

    @Test
    void aTruncatedOrientationIsIgnored() throws IOException {
        byte[] whole = withOrientation(jpeg(), 6);
        // The entry's type becomes one that EXIF does not have.
        whole[MARKER + 4 + 6 + 8 + 2 + 3] = 99;
        Files.write(folder.resolve("a.jpg"), whole);
        try (DataSource data = DataSource.open(folder.toString(), DataOptions.defaults(), line -> {})) {
            assertThat(data.images()).contains(new ImageShape(WIDTH, HEIGHT, 3));
        }
    }
}
