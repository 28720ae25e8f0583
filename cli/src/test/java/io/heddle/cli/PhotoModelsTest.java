package io.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests models of the pixels of photos, and predictions for other folders of photos. */
class PhotoModelsTest {
    private static final int SIDE = 4;
    private static final int EACH = 4;

    @TempDir
    Path folder;

    private Path gray;

    @BeforeEach
    void write() throws IOException {
        gray = photos("gray", SIDE, SIDE, BufferedImage.TYPE_BYTE_GRAY);
    }

    /** Writes bright and dark photos in nested folders in which file names repeat. */
    private Path photos(String name, int width, int height, int type) throws IOException {
        Path photos = folder.resolve(name);
        for (int i = 0; i < EACH; i++) {
            photo(photos.resolve("bright/%d/p/0.png".formatted(i)), width, height, type, 200 + i);
            photo(photos.resolve("dark/%d/p/0.png".formatted(i)), width, height, type, 20 + i);
        }
        return photos;
    }

    private static void photo(Path file, int width, int height, int type, int level) throws IOException {
        BufferedImage image = new BufferedImage(width, height, type);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                for (int c = 0; c < image.getRaster().getNumBands(); c++) {
                    image.getRaster().setSample(x, y, c, level + c);
                }
            }
        }
        Files.createDirectories(file.getParent());
        assertThat(ImageIO.write(image, "png", file.toFile())).isTrue();
    }

    private static Invocation run(Object... words) {
        Invocation heddle = Invocation.of(words);
        assertThat(heddle.code()).as(heddle.err()).isZero();
        return heddle;
    }

    private Path classifier(Path photos) {
        Path model = folder.resolve("classifier.heddle");
        run("logistic", "train", photos, "--model", model);
        return model;
    }

    @Test
    void predictionsNameTheirPhotosAndCountDamagedOnes() throws IOException {
        Path model = classifier(gray);
        Path clusters = folder.resolve("clusters.heddle");
        run("kmeans", "fit", gray, "--clusters", 2, "--model", clusters);
        Files.writeString(gray.resolve("bright/1/p/0.png"), "damaged");
        Path out = folder.resolve("out.csv");

        run("predict", model, gray, "--skip-damaged", "--out", out);
        List<String> lines = Files.readAllLines(out);
        assertThat(lines).hasSize(2 * EACH);
        assertThat(lines)
                .startsWith(
                        "row,file,label,class",
                        "0,bright/0/p/0.png,0,bright",
                        "2,bright/2/p/0.png,0,bright",
                        "3,bright/3/p/0.png,0,bright",
                        "4,dark/0/p/0.png,1,dark");

        run("kmeans", "predict", clusters, gray, "--skip-damaged", "--out", out);
        assertThat(Files.readAllLines(out))
                .startsWith("row,file,cluster")
                .element(2)
                .asString()
                .startsWith("2,bright/2/p/0.png,");

        run("logistic", "predict", model, gray, "--skip-damaged", "--out", out);
        assertThat(Files.readAllLines(out).getFirst()).isEqualTo("file,label,probability_0,probability_1");
        assertThat(Files.readAllLines(out).get(4)).startsWith("dark/0/p/0.png,dark,");
    }
}
