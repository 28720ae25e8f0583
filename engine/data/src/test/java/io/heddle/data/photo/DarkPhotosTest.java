package io.heddle.data.photo;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.data.DataOptions;
import io.heddle.data.DataSource;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the note about photos of 16 bits that lose nearly all values by rounding to 8. */
class DarkPhotosTest {
    @TempDir
    Path folder;

    private void gray(String name, int type, int largest) throws IOException {
        BufferedImage image = new BufferedImage(4, 4, type);
        for (int i = 0; i < 16; i++) {
            image.getRaster().setSample(i % 4, i / 4, 0, largest * i / 15);
        }
        String format = name.substring(name.lastIndexOf('.') + 1);
        assertThat(ImageIO.write(image, format, folder.resolve(name).toFile())).isTrue();
    }

    private List<String> notes() throws IOException {
        List<String> notes = new ArrayList<>();
        DataSource.open(folder.toString(), DataOptions.defaults(), notes::add).close();
        return notes;
    }

    @ParameterizedTest
    @CsvSource({"png, 511, 2", "tif, 511, 2", "png, 4095, 16", "tif, 16383, 64", "png, 16900, -1", "png, 65535, -1"})
    void smallValuesOf16BitsAreReported(String format, int largest, int rounded) throws IOException {
        gray("a." + format, BufferedImage.TYPE_USHORT_GRAY, largest);
        gray("b." + format, BufferedImage.TYPE_USHORT_GRAY, largest / 2);
        gray("c.png", BufferedImage.TYPE_BYTE_GRAY, 255);
        if (rounded < 0) {
            assertThat(notes()).isEmpty();
        } else {
            assertThat(notes())
                    .containsExactly(folder
                            + ": 2 files have values of 16 bits that use little of the range: rounded to 8 bits, they are at most "
                            + rounded
                            + " of 255; if small differences matter, multiply the values before");
        }
    }

    @Test
    void manyPhotosAreSampled() throws IOException {
        for (int i = 0; i < 70; i++) {
            gray("%02d.png".formatted(i), BufferedImage.TYPE_USHORT_GRAY, 100 + i);
        }
        assertThat(notes()).singleElement().asString().contains("70 files have").contains(", as 32 of them show");
    }

    @Test
    void darkPhotosOf8BitsAreNot() throws IOException {
        gray("a.png", BufferedImage.TYPE_BYTE_GRAY, 3);
        assertThat(notes()).isEmpty();
    }

    /** Unsigned values of 32 bits, and a file that ends early. */
    @Test
    void photosThatCannotBeReadSayNothing() throws IOException {
        int[][] tags = {{256, 4}, {257, 4}, {258, 32}, {259, 1}, {262, 1}, {273, 8}, {277, 1}, {278, 4}, {279, 64}};
        ByteBuffer tiff = ByteBuffer.allocate(78 + 12 * tags.length).order(ByteOrder.LITTLE_ENDIAN);
        tiff.putInt(0x2a4949).putInt(72).position(72).putShort((short) tags.length);
        for (int[] tag : tags) {
            tiff.putShort((short) tag[0]).putShort((short) 3).putInt(1).putInt(tag[1]);
        }
        Files.write(folder.resolve("a.tif"), tiff.array());
        assertThat(notes()).isEmpty();
        gray("b.png", BufferedImage.TYPE_USHORT_GRAY, 511);
        byte[] bytes = Files.readAllBytes(folder.resolve("b.png"));
        Files.write(folder.resolve("c.png"), Arrays.copyOf(bytes, 50));
        assertThat(notes()).singleElement().asString().contains(": 2 files have values of 16 bits");
        Files.delete(folder.resolve("b.png"));
        assertThat(notes()).isEmpty();
    }
}
