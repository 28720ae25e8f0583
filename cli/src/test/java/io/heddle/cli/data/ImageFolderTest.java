package io.heddle.cli.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.data.DataFormatException;
import io.heddle.matrix.FloatMatrix;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageFolderTest {
    private static final DataOptions PLAIN = DataOptions.defaults();

    @TempDir
    Path folder;

    private static DataSource open(Path path, DataOptions options) throws IOException {
        return DataSource.open(path.toString(), options, line -> {});
    }

    /** Writes an image whose pixel i, counted row by row, is given in the form of RGB, or a single gray sample. */
    private Path image(String name, int type, int width, int height, IntUnaryOperator pixel) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        BufferedImage image = new BufferedImage(width, height, type);
        for (int i = 0; i < width * height; i++) {
            if (type == BufferedImage.TYPE_BYTE_GRAY || type == BufferedImage.TYPE_USHORT_GRAY) {
                image.getRaster().setSample(i % width, i / width, 0, pixel.applyAsInt(i));
            } else {
                image.setRGB(i % width, i / width, pixel.applyAsInt(i));
            }
        }
        String format = name.substring(name.lastIndexOf('.') + 1).replace("jpeg", "jpg");
        assertThat(ImageIO.write(image, format, file.toFile())).isTrue();
        return file;
    }

    @Test
    void readsGrayPhotosByteForByteAndLabelsBySubfolder() throws IOException {
        image("shoe/b.png", BufferedImage.TYPE_BYTE_GRAY, 2, 2, i -> 10 * i);
        image("bag/z.png", BufferedImage.TYPE_BYTE_GRAY, 2, 2, i -> 255 - i);
        image("bag/deep/a.PNG", BufferedImage.TYPE_BYTE_GRAY, 2, 2, i -> 100);
        Files.writeString(folder.resolve("bag/notes.txt"), "not a photo");
        image("bag/.hidden.png", BufferedImage.TYPE_BYTE_GRAY, 9, 9, i -> 1);
        try (DataSource data = open(folder, PLAIN.withScale(1));
                FloatMatrix x = data.read()) {
            assertThat(data.rows()).isEqualTo(3);
            assertThat(data.images()).contains(new ImageShape(2, 2, 1));
            assertThat(data.labels().orElseThrow().classNames()).containsExactly("bag", "shoe");
            assertThat(data.labels().orElseThrow().values()).containsExactly(0, 0, 1);
            assertThat(data.file(2).orElseThrow()).isEqualTo(folder.resolve("shoe/b.png"));
            float[] row = new float[4];
            x.getRow(2, row);
            assertThat(row).containsExactly(0, 10, 20, 30);
            x.getRow(1, row);
            assertThat(row).containsExactly(255, 254, 253, 252);
        }
        try (DataSource data = open(folder, PLAIN);
                FloatMatrix x = data.read(1, 2)) {
            assertThat(x.get(0, 0)).isEqualTo(1);
        }
    }

    @Test
    void readsColourInterleavedAndAsGray() throws IOException {
        image("a.png", BufferedImage.TYPE_INT_RGB, 2, 1, i -> i == 0 ? 0xff0000 : 0x0000ff);
        image("b.png", BufferedImage.TYPE_BYTE_GRAY, 2, 1, i -> 50);
        image("c.png", BufferedImage.TYPE_INT_ARGB, 2, 1, i -> i == 0 ? 0x00123456 : 0xff102030);
        image("d.png", BufferedImage.TYPE_USHORT_GRAY, 2, 1, i -> 257 * 77);
        try (DataSource data = open(folder, PLAIN.withScale(1));
                FloatMatrix x = data.read();
                DataSource gray = open(folder, PLAIN.withScale(1).withGray(true));
                FloatMatrix g = gray.read()) {
            assertThat(data.labels()).isEmpty();
            assertThat(data.images()).contains(new ImageShape(2, 1, 3));
            float[] row = new float[6];
            x.getRow(0, row);
            assertThat(row).containsExactly(255, 0, 0, 0, 0, 255);
            x.getRow(1, row);
            assertThat(row).as("gray as it is").containsOnly(50);
            x.getRow(2, row);
            assertThat(row).as("clear is white").containsExactly(255, 255, 255, 16, 32, 48);
            x.getRow(3, row);
            assertThat(row).containsOnly(77);
            assertThat(g.columns()).isEqualTo(2);
            assertThat(g.get(0, 0)).isEqualTo(76);
            assertThat(g.get(0, 1)).isEqualTo(29);
            assertThat(g.get(1, 1)).isEqualTo(50);
        }
    }

    @Test
    void refusesMixedSizesUnlessTheyAreResized() throws IOException {
        image("a.png", BufferedImage.TYPE_BYTE_GRAY, 4, 4, i -> i % 4 < 2 ? 0 : 200);
        image("b.jpg", BufferedImage.TYPE_BYTE_GRAY, 8, 6, i -> 120);

        assertThatThrownBy(() -> open(folder, PLAIN))
                .isInstanceOf(DataFormatException.class)
                .hasMessageContaining("b.jpg is of 8 x 6 pixels")
                .hasMessageContaining("a.png of 4 x 4; --resize");
        try (DataSource data =
                        open(folder, PLAIN.withResize(new ImageSize(2, 1)).withScale(1));
                FloatMatrix x = data.read()) {
            assertThat(data.images()).contains(new ImageShape(2, 1, 1));
            // Pillow: Image.fromarray(a).resize((2, 1), Image.BILINEAR) gives 29 and 171.
            assertThat(Math.round(x.get(0, 0))).isEqualTo(29);
            assertThat(Math.round(x.get(0, 1))).isEqualTo(171);
            assertThat(x.get(1, 0)).isBetween(118f, 122f);
        }
    }

    @Test
    void namesAnEmptyFolderAndAPhotoAmongSubfolders() throws IOException {
        assertThatThrownBy(() -> open(folder, PLAIN))
                .isInstanceOf(DataFormatException.class)
                .hasMessage("the folder %s holds no PNG or JPEG files", folder);
        image("bag/a.png", BufferedImage.TYPE_BYTE_GRAY, 2, 2, i -> 1);
        Path stray = image("stray.png", BufferedImage.TYPE_BYTE_GRAY, 2, 2, i -> 1);
        assertThatThrownBy(() -> open(folder, PLAIN)).hasMessageContaining(stray.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"c.png", "c.jpg"})
    void namesADamagedPhoto(String name) throws IOException {
        image("a.png", BufferedImage.TYPE_INT_RGB, 40, 30, i -> i * 7919);
        Path broken = image(name, BufferedImage.TYPE_INT_RGB, 40, 30, i -> i * 104729);
        byte[] whole = Files.readAllBytes(broken);
        for (int length = 0; length < whole.length - 40; length += whole.length / 16) {
            Files.write(broken, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> {
                        try (DataSource data = open(folder, PLAIN);
                                FloatMatrix x = data.read()) {
                            assertThat(x.rows()).isPositive();
                        }
                    })
                    .as("%d of %d bytes", length, whole.length)
                    .isInstanceOf(DataFormatException.class)
                    .hasMessageContaining(broken.toString());
        }
        Files.writeString(broken, "<html>404</html>");
        assertThatThrownBy(() -> open(folder, PLAIN)).hasMessageContaining("no PNG or JPEG");
    }
}
