package io.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.cli.terminal.Faults;
import io.heddle.data.array.NpyWriter;
import io.heddle.decomposition.Pca;
import io.heddle.decomposition.PcaModel;
import io.heddle.matrix.FloatMatrix;
import io.heddle.model.ModelFile;
import io.heddle.model.Provenance;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
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

    @Test
    void photosOfAnotherShapeAreRefused() throws IOException {
        Path model = classifier(gray);
        Path clusters = folder.resolve("clusters.heddle");
        Path components = folder.resolve("components.heddle");
        run("kmeans", "fit", gray, "--clusters", 2, "--model", clusters);
        run("pca", "fit", gray, "--components", 1, "--model", components);
        Path wide = photos("wide", 2 * SIDE, SIDE / 2, BufferedImage.TYPE_BYTE_GRAY);
        for (Object[] words : new Object[][] {
            {"predict", model},
            {"logistic", "predict", model},
            {"kmeans", "predict", clusters},
            {"pca", "transform", components}
        }) {
            // Without an extension, because the commands write different formats.
            Path out = folder.resolve("out");
            Invocation heddle = Invocation.of(Stream.concat(Stream.of(words), Stream.of(wide, "--out", out))
                    .toArray());
            assertThat(heddle.code()).isEqualTo(2);
            assertThat(heddle.errorLines())
                    .singleElement()
                    .asString()
                    .endsWith("the images of wide are 8 x 2, gray, but %s was trained on images of 4 x 4, gray; "
                                    .formatted(words[words.length - 1])
                            + "--resize 4x4 converts the photos");
            assertThat(out).doesNotExist();
        }
        run("predict", model, wide, "--resize", "4x4", "--out", folder.resolve("out.csv"));
    }

    @Test
    void testPhotosOfAnotherShapeAreRefused() throws IOException {
        Path wide = photos("wide", 2 * SIDE, SIDE / 2, BufferedImage.TYPE_BYTE_GRAY);
        Path model = folder.resolve("model.heddle");
        Invocation heddle = Invocation.of("logistic", "train", gray, "--test", wide, "--model", model);
        assertThat(heddle.code()).isEqualTo(2);
        assertThat(heddle.err())
                .contains("images of wide are 8 x 2, gray, but the model was trained on images of 4 x 4");
        assertThat(model).doesNotExist();

        Path colour = photos("colour", SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        run("logistic", "train", colour, "--test", gray, "--model", model);
    }

    @Test
    void arraysOfImagesOfAnotherShapeAreRefused() throws IOException {
        Path model = classifier(gray);
        Path square = folder.resolve("square.npy");
        Path wide = folder.resolve("wide.npy");
        Path flat = folder.resolve("flat.npy");
        run("data", "convert", gray, square);
        run("data", "convert", photos("wide", 2 * SIDE, SIDE / 2, BufferedImage.TYPE_BYTE_GRAY), wide);
        try (FloatMatrix rows = FloatMatrix.allocate(1, SIDE * SIDE);
                OutputStream stream = Files.newOutputStream(flat)) {
            NpyWriter.write(rows, stream);
        }

        run("predict", model, square, "--out", folder.resolve("square.csv"));
        run("predict", model, flat, "--out", folder.resolve("flat.csv"));
        Invocation heddle = Invocation.of("predict", model, wide, "--out", folder.resolve("wide.csv"));
        assertThat(heddle.code()).isEqualTo(2);
        assertThat(heddle.errorLines())
                .singleElement()
                .asString()
                .contains("the images of wide.npy are 8 x 2, gray, but ")
                .endsWith("was trained on images of 4 x 4, gray");
    }

    @Test
    void grayPhotosAreReadInColourForAColourModel() throws IOException {
        Path model = classifier(photos("colour", SIDE, SIDE, BufferedImage.TYPE_INT_RGB));
        Path out = folder.resolve("out.csv");
        run("predict", model, gray, "--out", out);
        assertThat(Files.readAllLines(out)).hasSize(2 * EACH + 1).contains("0,bright/0/p/0.png,0,bright");

        Invocation heddle = Invocation.of("predict", model, gray, "--gray", "--out", out);
        assertThat(heddle.code()).isEqualTo(2);
        assertThat(heddle.err()).contains("was trained on images of 4 x 4, in colour; leave out --gray");
    }

    @Test
    void aGrayModelNamesTheOptionForColourPhotos() throws IOException {
        Path model = classifier(gray);
        Path colour = photos("colour", SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        Path out = folder.resolve("out.csv");

        Invocation heddle = Invocation.of("predict", model, colour, "--out", out);
        assertThat(heddle.code()).isEqualTo(2);
        assertThat(heddle.err()).contains("was trained on images of 4 x 4, gray; --gray converts the photos");
        run("predict", model, colour, "--gray", "--out", out);
    }

    @Test
    void modelsWithoutTheShapeAreRead() throws IOException {
        Path model = folder.resolve("old.heddle");
        try (FloatMatrix rows = FloatMatrix.allocate(4, 3 * SIDE * SIDE);
                PcaModel pca = Pca.fit(varied(rows), Pca.Options.defaults().withComponents(1))) {
            ModelFile.write(model, pca, Provenance.now());
        }
        Path out = folder.resolve("out.csv");
        run("predict", model, photos("wide", 2 * SIDE, SIDE / 2, BufferedImage.TYPE_INT_RGB), "--out", out);

        Invocation heddle = Invocation.of("predict", model, gray, "--out", out);
        assertThat(heddle.code()).isEqualTo(2);
        assertThat(heddle.err())
                .contains(
                        "gray has 16 columns, but the model ",
                        " takes 48: the photos are gray, and the model probably takes colour photos");
    }

    @Test
    void photosBesideSubFoldersAreReadWithoutLabels() throws IOException {
        Path model = classifier(gray);
        photo(gray.resolve("more.png"), SIDE, SIDE, BufferedImage.TYPE_BYTE_GRAY, 210);
        String note = "more.png is next to sub-folders with other photos, so the photos are read without labels";
        Path out = folder.resolve("out.csv");

        assertThat(run("predict", model, gray, "--out", out).err()).contains(note);
        assertThat(Files.readAllLines(out)).hasSize(2 * EACH + 2).contains(2 * EACH + ",more.png,0,bright");
        assertThat(run("data", "info", gray).err()).contains(note);
        assertThat(run("similar", gray, "--all", "--top", 1, "--out", folder.resolve("similar"))
                        .err())
                .contains(note);
        Invocation train = Invocation.of("logistic", "train", gray, "--model", model);
        assertThat(train.code()).isEqualTo(Faults.INPUT_ERROR);
        assertThat(train.err()).contains("more.png is next to the sub-folders that label the other photos");
    }

    private static FloatMatrix varied(FloatMatrix rows) {
        for (int i = 0; i < rows.rows(); i++) {
            for (int j = 0; j < rows.columns(); j++) {
                rows.set(i, j, (i + 1) * (j % 5));
            }
        }
        return rows;
    }
}
