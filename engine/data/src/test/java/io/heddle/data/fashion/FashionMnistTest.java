package io.heddle.data.fashion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.heddle.data.InsufficientMemoryException;
import io.heddle.data.array.IdxBytes;
import io.heddle.files.DataFormatException;
import io.heddle.matrix.FloatMatrix;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FashionMnistTest {
    @TempDir
    Path folder;

    /** Options with empty folders, to which tests add files. */
    private FashionMnist.Options nowhere;

    @BeforeEach
    void useEmptyFolders() {
        nowhere = FashionMnist.Options.defaults()
                .withCache(folder.resolve("cache"))
                .withSystem(folder.resolve("system"))
                .offline();
    }

    @Test
    @Tag("slow")
    void loadsThePublishedDataSet() throws IOException {
        List<String> log = new ArrayList<>();
        Path published = PublishedFiles.assumePresent();
        try (ImageDataset data = FashionMnist.load(nowhere.withSystem(published), log::add)) {
            assertThat(log).containsExactly("Fashion-MNIST from " + published);
            assertThat(data.name()).isEqualTo("Fashion-MNIST");
            assertThat(data.classNames()).hasSize(10).startsWith("T-shirt/top").endsWith("Ankle boot");
            assertThat(data.width()).isEqualTo(28);
            assertThat(data.height()).isEqualTo(28);
            assertThat(data.trainImages()).hasToString("FloatMatrix[60000 x 784]");
            assertThat(data.testImages()).hasToString("FloatMatrix[10000 x 784]");
            assertThat(countsOf(data.trainLabels())).containsOnly(6000);
            assertThat(countsOf(data.testLabels())).containsOnly(1000);
            assertThat(extremes(data.trainImages())).containsExactly(0f, 1f);
            assertThat(extremes(data.testImages())).containsExactly(0f, 1f);
            // From numpy: float32(byte) * float32(1 / 255) and int32 labels, hashed in this order.
            assertThat(data.sha256()).isEqualTo("90e6388759607d073a58ae2691a499653bfcd9af94b25a7768e28de7cf88f42c");
        }
    }

    private static int[] countsOf(int[] labels) {
        int[] counts = new int[10];
        for (int label : labels) {
            counts[label]++;
        }
        return counts;
    }

    private static float[] extremes(FloatMatrix images) {
        float[] row = new float[images.columns()];
        float[] extremes = {Float.MAX_VALUE, -Float.MAX_VALUE};
        for (long i = 0; i < images.rows(); i++) {
            images.getRow(i, row);
            for (float pixel : row) {
                extremes[0] = Math.min(extremes[0], pixel);
                extremes[1] = Math.max(extremes[1], pixel);
            }
        }
        return extremes;
    }

    @Test
    void aFolderOfTheUserCanHaveThePublishedFiles() throws IOException {
        FashionMnist.Options options = nowhere.withDirectory(PublishedFiles.assumePresent());
        try (ImageDataset data = FashionMnist.load(options, line -> {})) {
            assertThat(data.name()).isEqualTo("Fashion-MNIST");
            assertThat(data.classNames()).isEqualTo(FashionMnist.CLASS_NAMES);
        }
    }

    /** Fills a folder with a small data set of the same layout: 20 training and 10 test images of 6 x 4 pixels. */
    private Path small(String suffix) throws IOException {
        Path small = Files.createDirectory(folder.resolve("small"));
        put(small, "train-images-idx3-ubyte" + suffix, IdxBytes.images(20, 4, 6, IdxBytes.pattern(480)));
        put(small, "train-labels-idx1-ubyte" + suffix, IdxBytes.labels(tenClasses(20)));
        put(small, "t10k-images-idx3-ubyte" + suffix, IdxBytes.images(10, 4, 6, IdxBytes.pattern(240)));
        put(small, "t10k-labels-idx1-ubyte" + suffix, IdxBytes.labels(tenClasses(10)));
        return small;
    }

    private static int[] tenClasses(int count) {
        return IntStream.range(0, count).map(i -> i % 10).toArray();
    }

    private static void put(Path folder, String name, byte[] content) throws IOException {
        Files.write(folder.resolve(name), name.endsWith(".gz") ? IdxBytes.gzip(content) : content);
    }

    @Test
    void namesAnotherDataSetOfTheSameLayout() throws IOException {
        for (String suffix : List.of("", ".gz")) {
            folder = Files.createDirectories(folder.resolve("packed" + suffix));
            try (ImageDataset data = FashionMnist.load(nowhere.withDirectory(small(suffix)), line -> {})) {
                assertThat(data.name()).isEqualTo("small (own files)");
                assertThat(data.classNames()).containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
                assertThat(data.width()).isEqualTo(6);
                assertThat(data.height()).isEqualTo(4);
                assertThat(data.trainLabels()).isEqualTo(tenClasses(20));
                assertThat(data.testImages().get(9, 23)).isEqualTo((IdxBytes.pattern(240)[239] & 0xff) * (1f / 255));
            }
        }
    }

    private void assertRefused(Path directory, String... parts) {
        assertThatExceptionOfType(DataFormatException.class)
                .isThrownBy(() -> FashionMnist.load(nowhere.withDirectory(directory), line -> {}))
                .satisfies(e -> assertThat(e.getMessage()).contains(parts).doesNotContain("\n"));
    }

    /** The files of another place have the same size, and a download would be useless. */
    @Test
    void dataLargerThanTheMemoryAreRefusedAtTheFirstPlace() throws IOException {
        Path small = small(".gz");
        Path images = small.resolve("train-images-idx3-ubyte.gz");
        // A sparse file of 64 GB may declare 1 TB of pixels, which are 4 TB of floats. Only its header is read.
        Files.write(images, IdxBytes.gzip(IdxBytes.images(1 << 30, 32, 32, new byte[0])));
        try (FileChannel channel = FileChannel.open(images, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(1), (64L << 30) - 1);
        }
        assertThatExceptionOfType(InsufficientMemoryException.class)
                .isThrownBy(() -> FashionMnist.load(nowhere.withCache(small), line -> {}))
                .withMessageMatching(".*train-images-idx3-ubyte.gz holds 1073741824 x 1024 values, whose 4194304 MB as "
                        + "floats exceed the \\d+ MB of memory that are free");
    }

    @Test
    void aWrongFolderIsAnErrorEvenIfAnotherPlaceHasTheData() throws IOException {
        nowhere = nowhere.withSystem(PublishedFiles.assumePresent());
        assertRefused(folder.resolve("missing"), "the folder", "missing does not exist");
        assertRefused(Files.createFile(folder.resolve("file")), "file is not a folder");
        assertRefused(folder, folder.toString(), "has no file train-images-idx3-ubyte.gz");
    }

    @Test
    void aMissingFileIsNamed() throws IOException {
        Path small = small(".gz");
        Files.delete(small.resolve("t10k-labels-idx1-ubyte.gz"));
        assertRefused(small, small.toString(), "has no file t10k-labels-idx1-ubyte.gz");
    }

    /** The training images take longest: their error is found last. */
    @Test
    void theErrorOfTheFirstFileIsReportedEvenIfAnotherIsFoundSooner() throws IOException {
        Path small = small(".gz");
        put(small, "train-images-idx3-ubyte.gz", IdxBytes.images(50_001, 28, 28, new byte[50_000 * 784]));
        put(small, "t10k-images-idx3-ubyte.gz", new byte[16]);
        assertRefused(small, "train-images-idx3-ubyte.gz");
    }

    @Test
    void aLabelFileOfAnotherLengthIsRefused() throws IOException {
        Path small = small("");
        put(small, "train-labels-idx1-ubyte", IdxBytes.labels(tenClasses(19)));
        assertRefused(
                small, "train-labels-idx1-ubyte holds 19 labels for the 20 images of ", "train-images-idx3-ubyte");
    }

    @Test
    void testImagesOfAnotherSizeAreRefused() throws IOException {
        Path small = small("");
        put(small, "t10k-images-idx3-ubyte", IdxBytes.images(10, 6, 4, IdxBytes.pattern(240)));
        assertRefused(small, "t10k-images-idx3-ubyte holds images of 4 x 6 pixels", "of 6 x 4");
    }

    @Test
    void aLabelBeyondTheTenClassesIsRefused() throws IOException {
        Path small = small("");
        int[] labels = tenClasses(10);
        labels[7] = 10;
        put(small, "t10k-labels-idx1-ubyte", IdxBytes.labels(labels));
        assertRefused(small, "t10k-labels-idx1-ubyte has the label 10 at index 7; labels go from 0 to 9");
    }

    @Test
    void aTruncatedFileIsRefused() throws IOException {
        Path small = small(".gz");
        Path images = small.resolve("train-images-idx3-ubyte.gz");
        byte[] whole = Files.readAllBytes(images);
        Files.write(images, Arrays.copyOf(whole, whole.length / 2));
        assertRefused(small, images.toString(), "is cut short");
    }

    @Test
    void namesEveryPlaceIfNoneHasTheData() {
        assertThatExceptionOfType(DataFormatException.class)
                .isThrownBy(() -> FashionMnist.load(nowhere, line -> {}))
                .withMessageContaining("the cache folder: the folder " + nowhere.cache() + " does not exist")
                .withMessageContaining("Debian's package dataset-fashion-mnist: the folder " + nowhere.system())
                .withMessageContaining("--data");
    }

    @Test
    void ignoresDefaultFoldersWithOtherContent() throws IOException {
        Path published = PublishedFiles.assumePresent();
        FashionMnist.Options options = nowhere.withCache(small(".gz")).withSystem(published);
        List<String> log = new ArrayList<>();
        FashionMnist.load(options, log::add).close();
        assertThat(log).containsExactly("Fashion-MNIST from " + published);
        assertThatExceptionOfType(DataFormatException.class)
                .isThrownBy(() -> FashionMnist.load(nowhere.withCache(options.cache()), line -> {}))
                .withMessageContaining("is not Fashion-MNIST's: its content has the SHA-256");
    }
}
