package io.heddle.data.photo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.data.DataOptions;
import io.heddle.data.DataSource;
import io.heddle.data.ImageShape;
import io.heddle.data.ImageSize;
import io.heddle.files.DataFormatException;
import io.heddle.matrix.FloatMatrix;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
                .hasMessageContaining("b.jpg has 8 x 6 pixels")
                .hasMessageContaining("a.png has 4 x 4; --resize");
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
                .hasMessage("the folder %s has no photos in JPEG, PNG, WebP, GIF, BMP and TIFF", folder);
        Path table = Files.writeString(folder.resolve("part-0.csv"), "a,b\n1,2\n");
        assertThatThrownBy(() -> open(folder, PLAIN)).hasMessageContaining("; CSV files are read one at a time");
        Files.delete(table);
        image("bag/a.png", BufferedImage.TYPE_BYTE_GRAY, 2, 2, i -> 1);
        Path stray = image("stray.png", BufferedImage.TYPE_BYTE_GRAY, 2, 2, i -> 1);
        assertThatThrownBy(() -> open(folder, PLAIN)).hasMessageContaining(stray.toString());
    }

    @Test
    void ignoresFilesOfSystemsAndPrograms() throws IOException {
        for (String name : List.of("bag/a.png", "shoe/b.png")) {
            image(name, BufferedImage.TYPE_BYTE_GRAY, 2, 2, i -> 1);
        }
        for (String name : List.of(
                ".ipynb_checkpoints/a-checkpoint.png",
                "bag/.ipynb_checkpoints/a-checkpoint.png",
                "bag/@eaDir/a.png/thumb.png",
                "@eaDir/a.png",
                "__MACOSX/bag/._a.png",
                ".thumbnails/a.png",
                "bag/._a.png",
                "$RECYCLE.BIN/a.png",
                "lost+found/a.png")) {
            image(name, BufferedImage.TYPE_BYTE_GRAY, 9, 9, i -> 1);
        }
        Files.writeString(folder.resolve("bag/Thumbs.db"), "previews");
        Files.writeString(folder.resolve(".DS_Store"), "view");
        List<String> log = new ArrayList<>();
        try (DataSource data = DataSource.open(folder.toString(), PLAIN, log::add)) {
            assertThat(data.rows()).isEqualTo(2);
            assertThat(data.labels().orElseThrow().classNames()).containsExactly("bag", "shoe");
        }
        assertThat(log).isEmpty();
    }

    @Test
    void reportsWhatItLeavesOut() throws IOException {
        image("bag/a.png", BufferedImage.TYPE_BYTE_GRAY, 2, 2, i -> 1);
        for (String name : List.of("b.HEIC", "c.heic", "d.avif", "notes.txt", "README")) {
            Files.writeString(folder.resolve("bag").resolve(name), "no photo");
        }
        List<String> log = new ArrayList<>();
        DataSource.open(folder.toString(), PLAIN, log::add).close();

        assertThat(log)
                .containsExactly(
                        folder
                                + ": left out 5 files that Heddle does not read as photos (2 .heic, 1 without ending, 1 .avif, 1 .txt)");
    }

    @Test
    void countsBrokenLinks() throws IOException {
        Path photo = image("bag/a.png", BufferedImage.TYPE_BYTE_GRAY, 2, 2, i -> 1);
        Files.createSymbolicLink(folder.resolve("bag/b.png"), photo);
        Files.createSymbolicLink(folder.resolve("bag/c.png"), folder.resolve("none.png"));
        Files.createSymbolicLink(folder.resolve("bag/d.png"), folder.resolve("bag/d.png"));
        Files.createSymbolicLink(folder.resolve("bag/.e.png"), folder.resolve("none.png"));
        Files.createSymbolicLink(folder.resolve("bag/parent"), folder);
        List<String> log = new ArrayList<>();
        try (DataSource data = DataSource.open(folder.toString(), PLAIN, log::add)) {
            assertThat(data.rows()).isEqualTo(2);
        }
        assertThat(log)
                .containsExactly(folder + ": left out 2 files that Heddle does not read as photos (2 broken links)");
    }

    @Test
    void partsAreNotClasses() throws IOException {
        for (String name : List.of("Train/bag/1.png", "Train/shoe/2.png", "valid/bag/3.png", "test/shoe/4.png")) {
            image(name, BufferedImage.TYPE_BYTE_GRAY, 2, 2, i -> name.charAt(name.length() - 5));
        }
        assertThatThrownBy(() -> open(folder, PLAIN))
                .isInstanceOf(DataFormatException.class)
                .hasMessage(
                        "%s has the parts train, val, test, which are not classes: name one, as in %s:train, or %s:all for all parts",
                        folder, folder, folder);
        for (String[] part : new String[][] {
            {":train", "2", "bag shoe"}, {":val", "1", "bag"}, {":test", "1", "shoe"}, {":all", "4", "bag shoe"}
        }) {
            try (DataSource data = open(Path.of(folder + part[0]), PLAIN)) {
                assertThat(data.rows()).isEqualTo(Integer.parseInt(part[1]));
                assertThat(data.labels().orElseThrow().classNames()).containsExactly(part[2].split(" "));
                assertThat(data.name()).endsWith(part[0]);
            }
        }
        Path only = folder.resolve("Train");
        assertThatThrownBy(() -> open(Path.of(only + ":test"), PLAIN))
                .hasMessage(only + " has no part 'test': its sub-folders are bag, shoe");
        try (DataSource data = open(only, PLAIN)) {
            assertThat(data.labels().orElseThrow().classNames()).containsExactly("bag", "shoe");
        }
    }

    @Test
    void namesFilesRelativeToTheFolder() throws IOException {
        for (String name : List.of("train/x/p/0.png", "train/y/p/0.png", "test/x/p/0.png")) {
            image(name, BufferedImage.TYPE_BYTE_GRAY, 2, 2, i -> 1);
        }
        try (DataSource train = open(Path.of(folder + ":train"), PLAIN);
                DataSource all = open(Path.of(folder + ":all"), PLAIN)) {
            assertThat(train.relativeFile(1)).contains("y/p/0.png");
            assertThat(all.relativeFile(2)).contains("train/y/p/0.png");
        }
    }

    @Test
    void partsNextToAnotherFolderAreNotClasses() throws IOException {
        for (String name : List.of("train/bag/1.png", "train/shoe/2.png", "test/bag/3.png", "extra/bag/4.png")) {
            image(name, BufferedImage.TYPE_BYTE_GRAY, 2, 2, i -> 1);
        }
        assertThatThrownBy(() -> open(folder, PLAIN))
                .isInstanceOf(DataFormatException.class)
                .hasMessageContaining("has the parts train, test, which are not classes: name one");
        List<String> log = new ArrayList<>();
        try (DataSource train = open(Path.of(folder + ":train"), PLAIN);
                DataSource all = DataSource.open(folder + ":all", PLAIN, log::add)) {
            assertThat(train.rows()).isEqualTo(2);
            assertThat(all.rows()).isEqualTo(3);
            assertThat(all.labels().orElseThrow().classNames()).containsExactly("bag", "shoe");
        }
        assertThat(log).containsExactly(folder + ": left out 1 photo outside the folders of the parts");
    }

    @Test
    void aClassCanBeCalledTrain() throws IOException {
        for (String name : List.of("train/1.png", "plane/2.png", "test/3.png")) {
            image(name, BufferedImage.TYPE_BYTE_GRAY, 2, 2, i -> 1);
        }
        try (DataSource data = open(folder, PLAIN)) {
            assertThat(data.labels().orElseThrow().classNames()).containsExactly("plane", "test", "train");
        }
    }

    @Test
    void namesAllDamagedPhotosAndSkipsThemIfRequested() throws IOException {
        for (int i = 0; i < 30; i++) {
            image("p%02d.jpg".formatted(i), BufferedImage.TYPE_INT_RGB, 40, 30, p -> p * 7919);
        }
        for (int i = 5; i < 30; i++) {
            Path file = folder.resolve("p%02d.jpg".formatted(i));
            byte[] whole = Files.readAllBytes(file);
            // Half of the damage is in the pixels, which only decoding detects.
            Files.write(file, Arrays.copyOf(whole, i % 2 == 0 ? 9 : whole.length - 100));
        }
        assertThatThrownBy(() -> open(folder, PLAIN))
                .isInstanceOf(DataFormatException.class)
                .hasMessageStartingWith("25 of 30 photos cannot be read (--skip-damaged leaves them out): ")
                .hasMessageContaining("p05.jpg is damaged")
                .hasMessageContaining("p24.jpg")
                .hasMessageEndingWith("and 5 more");
        List<String> log = new ArrayList<>();
        try (DataSource data = DataSource.open(folder.toString(), PLAIN.withSkipDamaged(true), log::add);
                FloatMatrix x = data.read()) {
            data.verify();
            assertThat(x.rows()).isEqualTo(5);
            assertThat(data.file(4).orElseThrow()).isEqualTo(folder.resolve("p04.jpg"));
        }
        assertThat(log)
                .singleElement()
                .asString()
                .startsWith("left out 25 of 30 photos, which cannot be read: " + folder.resolve("p05.jpg"));
    }

    @Test
    void damagedPhotosCountInTheNumbersOfRows() throws IOException {
        for (String name : List.of("a/0.png", "a/1.png", "b/2.png")) {
            image(name, BufferedImage.TYPE_BYTE_GRAY, 2, 2, i -> 1);
        }
        Files.writeString(folder.resolve("a/0.png"), "damaged");
        try (DataSource data = open(folder, PLAIN.withSkipDamaged(true))) {
            assertThat(data.rows()).isEqualTo(2);
            assertThat(data.fileRow(0)).isEqualTo(1);
            assertThat(data.fileRow(1)).isEqualTo(2);
        }
    }

    @Test
    void verificationFindsPhotosThatCannotBeRead() throws IOException {
        for (int i = 0; i < 3; i++) {
            Path file = image("p%d.jpg".formatted(i), BufferedImage.TYPE_INT_RGB, 40, 30, p -> p * 7919);
            byte[] whole = Files.readAllBytes(file);
            Files.write(file, i == 0 ? whole : Arrays.copyOf(whole, whole.length - 100));
        }
        try (DataSource data = open(folder, PLAIN)) {
            assertThatThrownBy(data::verify)
                    .hasMessageStartingWith("2 of 3 photos cannot be read")
                    .hasMessageContaining("p1.jpg")
                    .hasMessageContaining("p2.jpg");
            assertThatThrownBy(() -> data.read(0, 2)).hasMessageContaining("p2.jpg");
            data.read(0, 1).close();
        }
    }

    @Test
    void aPhotoOfAnotherFormatThanItsNameIsReadOrNamed() throws IOException {
        Path png = image("a.png", BufferedImage.TYPE_BYTE_GRAY, 2, 2, i -> 7);
        Files.move(png, folder.resolve("a.jpg"));
        try (DataSource data = open(folder, PLAIN.withScale(1));
                FloatMatrix x = data.read()) {
            assertThat(x.get(0, 0)).isEqualTo(7);
        }
        Files.write(folder.resolve("b.jpg"), "\0\0\0\u0018ftypheic\0\0".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> open(folder, PLAIN)).hasMessageContaining("b.jpg is HEIC, which Heddle does not read");
    }

    @Test
    void countsAnimationsOfWhichTheFirstImageIsRead() throws IOException {
        for (String name : List.of("animated.gif", "animated.webp", "pages.tif", "still.gif")) {
            Files.copy(PillowPhotosTest.folder().resolve(name), folder.resolve(name));
        }
        List<String> log = new ArrayList<>();
        DataSource.open(folder.toString(), PLAIN, log::add).close();

        assertThat(log).containsExactly(folder + ": 3 files hold several images; only the first is read");
    }

    @Test
    void readsNamesOfClassesBesideTheirFolders() throws IOException {
        image("T-shirt-top/a.png", BufferedImage.TYPE_BYTE_GRAY, 2, 2, i -> 1);
        image("bag/b.png", BufferedImage.TYPE_BYTE_GRAY, 2, 2, i -> 1);
        Files.writeString(folder.resolve("classes.json"), "{\"T-shirt-top\":\"T-shirt/top\"}");
        try (DataSource data = open(folder, PLAIN)) {
            assertThat(data.labels().orElseThrow().classNames()).containsExactly("T-shirt/top", "bag");
        }
        Files.writeString(folder.resolve("classes.json"), "[1]");
        assertThatThrownBy(() -> open(folder, PLAIN)).hasMessageContaining("classes.json");
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
        assertThatThrownBy(() -> open(folder, PLAIN))
                .hasMessageContaining("is not a JPEG, PNG, WebP, GIF, BMP or TIFF file");
        Files.write(broken, new byte[0]);
        assertThatThrownBy(() -> open(folder, PLAIN)).hasMessageContaining(broken + " is empty");
    }
}
