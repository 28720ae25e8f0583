package io.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests photos of 800 x 600 pixels whose kinds differ in their colour only. */
@Tag("slow")
class ColourPhotosTest {
    private static final int WIDTH = 800;
    private static final int HEIGHT = 600;
    private static final int EACH = 6;
    private static final int SHAPE = 3;
    // Colours of the same luma, which are equal in gray.
    private static final int[] RED = {200, 60, 60};
    private static final int[] GREEN = {40, 141, 62};

    @TempDir
    static Path folder;

    private static Path photos;

    @BeforeAll
    static void write() throws IOException {
        photos = folder.resolve("photos");
        for (int i = 0; i < EACH; i++) {
            // The same shapes in both colours.
            write(photos.resolve("red").resolve(i + ".jpg"), RED, i);
            write(photos.resolve("green").resolve(i + ".jpg"), GREEN, i);
        }
    }

    /** A drawn piece of clothing, enlarged and coloured, on a background with a gradient. */
    private static void write(Path file, int[] colour, int seed) throws IOException {
        byte[] drawing = DrawnImages.draw(SHAPE, new SplittableRandom(seed));
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                int at = y * DrawnImages.SIDE / HEIGHT * DrawnImages.SIDE + x * DrawnImages.SIDE / WIDTH;
                double ink = Byte.toUnsignedInt(drawing[at]) / 255.0;
                int wall = 190 + 50 * x / WIDTH;
                int rgb = 0;
                for (int c : colour) {
                    rgb = rgb << 8 | (int) Math.round(ink * c + (1 - ink) * wall);
                }
                image.setRGB(x, y, rgb);
            }
        }
        Files.createDirectories(file.getParent());
        assertThat(ImageIO.write(image, "jpg", file.toFile())).isTrue();
    }

    private static JsonNode similar(String name, Object... more) throws IOException {
        Object[] words = {"similar", photos, "--all", "--top", 2, "--json", "--out", folder.resolve(name)};
        Object[] all = new Object[words.length + more.length];
        System.arraycopy(words, 0, all, 0, words.length);
        System.arraycopy(more, 0, all, words.length, more.length);
        Invocation heddle = Invocation.of(all);
        assertThat(heddle.code()).as(heddle.err()).isZero();
        return new ObjectMapper().readTree(heddle.out());
    }

    @Test
    void coloursSeparateWhatGrayDoesNot() throws IOException {
        JsonNode inColour = similar("colour");
        JsonNode inGray = similar("gray", "--gray");

        assertThat(inColour.get("features").textValue()).startsWith("imagenet");
        assertThat(inColour.get("sameLabel").doubleValue()).isGreaterThan(0.8);
        // In gray the nearest is the same shape in the other colour.
        assertThat(inGray.get("sameLabel").doubleValue()).isLessThan(0.6);
    }

    @Test
    void thePageShowsThemInColour() throws IOException {
        similar("page");
        String page = Files.readString(folder.resolve("page").resolve("index.html"));
        Matcher picture =
                Pattern.compile("data:image/jpeg;base64,([A-Za-z0-9+/=]+)").matcher(page);
        assertThat(picture.find()).isTrue();
        BufferedImage sheet =
                ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(picture.group(1))));

        int red = 0;
        int green = 0;
        for (int y = 0; y < sheet.getHeight(); y++) {
            for (int x = 0; x < sheet.getWidth(); x++) {
                int r = sheet.getRGB(x, y) >> 16 & 0xff;
                int g = sheet.getRGB(x, y) >> 8 & 0xff;
                red += r > g + 60 ? 1 : 0;
                green += g > r + 60 ? 1 : 0;
            }
        }
        assertThat(red).isGreaterThan(300);
        assertThat(green).isGreaterThan(300);
    }
}
