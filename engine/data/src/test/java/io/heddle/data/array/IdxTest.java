package io.heddle.data.array;

import static io.heddle.data.array.IdxBytes.gzip;
import static io.heddle.data.array.IdxBytes.idx;
import static io.heddle.data.array.IdxBytes.images;
import static io.heddle.data.array.IdxBytes.join;
import static io.heddle.data.array.IdxBytes.labels;
import static io.heddle.data.array.IdxBytes.pattern;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.heddle.files.DataFormatException;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdxTest {
    @TempDir
    Path folder;

    private Path file(byte[] content) throws IOException {
        return IdxBytes.write(folder, "data.idx", content);
    }

    private static void assertRefused(Path file, String reason) {
        assertRefused(() -> Idx.readImages(file, 1).close(), file, reason);
    }

    private static void assertLabelsRefused(Path file, String reason) {
        assertRefused(() -> Idx.readLabels(file, 10), file, reason);
    }

    /** One sentence that names the file. */
    private static void assertRefused(ThrowingCallable reading, Path file, String reason) {
        assertThatExceptionOfType(DataFormatException.class)
                .isThrownBy(reading)
                .withMessageContaining(file.toString())
                .withMessageContaining(reason)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }

    @ParameterizedTest
    @CsvSource({"1,1,1", "3,28,28", "7,5,3", "2,16,1", "40000,5,3", "3,512,512"})
    void readsImagesPlainAndPacked(int count, int height, int width) throws IOException {
        byte[] pixels = pattern(count * height * width);
        byte[] content = images(count, height, width, pixels);
        for (byte[] bytes : new byte[][] {content, gzip(content)}) {
            Idx.Images read = Idx.readImagesWithSize(file(bytes), 0.5f);
            try (FloatMatrix matrix = read.pixels()) {
                assertThat(read.height()).isEqualTo(height);
                assertThat(read.width()).isEqualTo(width);
                assertThat(matrix.rows()).isEqualTo(count);
                assertThat(matrix.columns()).isEqualTo(height * width);
                float[] row = new float[matrix.columns()];
                for (int i = 0; i < count; i++) {
                    matrix.getRow(i, row);
                    for (int j = 0; j < row.length; j++) {
                        if (row[j] != 0.5f * (pixels[i * row.length + j] & 0xff)) {
                            throw new AssertionError("pixel %d of image %d is %f".formatted(j, i, row[j]));
                        }
                    }
                }
                assertPaddingIsZero(matrix);
            }
        }
    }

    private static void assertPaddingIsZero(FloatMatrix matrix) {
        for (long i = 0; i < matrix.rows(); i++) {
            for (long j = matrix.columns(); j < matrix.stride(); j++) {
                float padding = matrix.segment().get(ValueLayout.JAVA_FLOAT, matrix.offset(i) + j * Float.BYTES);
                if (padding != 0) {
                    throw new AssertionError("the padding of row %d is %f".formatted(i, padding));
                }
            }
        }
    }

    @Test
    void readsLabelsPlainAndPacked() throws IOException {
        int[] labels = IntStream.range(0, 600_000).map(i -> i % 256).toArray();
        assertThat(Idx.readLabels(file(labels(labels)))).isEqualTo(labels);
        assertThat(Idx.readLabels(file(gzip(labels(labels))))).isEqualTo(labels);
    }

    @Test
    void readsAGzipFileOfSeveralMembers() throws IOException {
        byte[] content = labels(1, 2, 3, 4, 5);
        byte[] first = gzip(Arrays.copyOfRange(content, 0, 6));
        byte[] second = gzip(Arrays.copyOfRange(content, 6, content.length));
        assertThat(Idx.readLabels(file(join(first, second)))).containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    void readsAGzipHeaderWithEveryField() throws IOException {
        byte[] packed = gzip(labels(1, 2, 3));
        byte[] header = Arrays.copyOf(packed, 10);
        header[3] = 0x1f;
        byte[] fields = {3, 0, 'a', 'b', 'c', 'n', 'a', 'm', 'e', 0, 'n', 'o', 't', 'e', 0, 9, 9};
        byte[] rest = Arrays.copyOfRange(packed, 10, packed.length);
        assertThat(Idx.readLabels(file(join(join(header, fields), rest)))).containsExactly(1, 2, 3);
    }

    @Test
    void refusesEveryPlainPrefixAndEveryPackedPrefix() throws IOException {
        byte[] content = images(2, 3, 5, pattern(30));
        byte[] packed = gzip(content);
        for (int length = 0; length < content.length; length++) {
            assertRefused(file(Arrays.copyOf(content, length)), "");
        }
        for (int length = 0; length < packed.length; length++) {
            assertRefused(file(Arrays.copyOf(packed, length)), "");
        }
    }

    @Test
    void detectsEveryDamagedByte() throws IOException {
        byte[] pixels = pattern(300);
        byte[] packed = gzip(images(3, 10, 10, pixels));
        for (int i = 0; i < packed.length; i++) {
            byte[] damaged = packed.clone();
            damaged[i] ^= 0x10;
            Path file = file(damaged);
            try (FloatMatrix matrix = Idx.readImages(file, 1)) {
                // Time stamp, level and system: the only bytes of the header with arbitrary values.
                assertThat(i).isBetween(4, 9);
                assertThat(matrix.get(2, 99)).isEqualTo(pixels[299] & 0xff);
            } catch (DataFormatException e) {
                assertThat(e).hasMessageContaining(file.toString());
            }
        }
    }

    @Test
    void refusesAFileThatIsCutShort() throws IOException {
        byte[] content = images(2, 3, 5, pattern(30));
        byte[] packed = gzip(content);
        assertRefused(file(Arrays.copyOf(content, 45)), "declares 2 x 3 x 5 elements and so 46 bytes, but is 45 bytes");
        assertRefused(file(Arrays.copyOf(content, 9)), "ends after 9 of the 16 bytes of an IDX header");
        assertRefused(file(Arrays.copyOf(packed, packed.length - 1)), "is cut short");
        assertRefused(file(Arrays.copyOf(packed, packed.length / 2)), "is cut short");
        assertRefused(file(gzip(Arrays.copyOf(content, 45))), "declares 2 x 3 x 5 elements but ends after 29 of 30");
    }

    @Test
    void refusesAFileThatIsTooLong() throws IOException {
        byte[] content = images(2, 3, 5, pattern(30));
        byte[] more = {0};
        assertRefused(file(join(content, more)), "and so 46 bytes, but is 47 bytes");
        assertRefused(file(gzip(join(content, more))), "but more bytes follow");
        assertRefused(file(join(gzip(content), more)), "other bytes follow its gzip stream");
        assertRefused(file(join(gzip(content), gzip(more))), "but more bytes follow");
        assertLabelsRefused(file(join(labels(1, 2), more)), "and so 10 bytes, but is 11 bytes");
        assertLabelsRefused(file(gzip(join(labels(1, 2), more))), "but more bytes follow");
    }

    @Test
    void refusesAnotherFormat() throws IOException {
        assertRefused(file("P5 28 28 255 ...".getBytes()), "starts with 0x50352032");
        assertRefused(file(labels(1, 2, 3, 4, 5, 6, 7, 8, 9)), "starts with 0x00000801");
        assertLabelsRefused(file(images(1, 1, 1, new byte[1])), "in 1 dimension starts with 0x00000801");
        // Signed bytes, and big-endian floats.
        assertRefused(file(idx(0x903, new int[] {1, 1, 1}, new byte[1])), "starts with 0x00000903");
        assertRefused(file(idx(0xd03, new int[] {1, 1, 1}, new byte[4])), "starts with 0x00000d03");
        assertRefused(file(new byte[0]), "ends after 0 of the 16 bytes");
    }

    @Test
    void refusesPathsThatAreNotFiles() {
        assertRefused(folder.resolve("nowhere.gz"), "does not exist");
        assertRefused(folder, "is not a file");
    }

    @Test
    void checksSizesBeforeAllocation() throws IOException {
        int huge = -1;
        byte[] few = new byte[30];
        assertRefused(file(images(huge, huge, huge, few)), "more than any file holds");
        assertRefused(file(images(huge, 28, 28, few)), "declares 4294967295 x 28 x 28 elements and so");
        assertRefused(file(gzip(images(huge, 28, 28, few))), "compressed bytes can hold");
        assertRefused(file(gzip(images(huge, huge, huge, few))), "more than any file holds");
        assertRefused(file(images(0, 28, 28, new byte[0])), "it is empty");
        assertRefused(file(images(5, 0, 28, new byte[0])), "it is empty");
        assertLabelsRefused(file(labels()), "it is empty");
        assertRefused(file(images(1, 1024, 1024, new byte[1 << 20])), "at most 262144 pixels");
    }

    @Test
    void checksAnImplausibleCompressionRatioFirst() throws IOException {
        // 2 MB of zeros compress to 2 kB, the limit of deflate. The correct size is read; a size of one byte less is
        // refused.
        byte[] zeros = new byte[2 << 20];
        byte[] content = images(8, 512, 512, zeros);
        byte[] packed = gzip(content);
        assertThat(content.length / packed.length).isGreaterThan(900);
        try (FloatMatrix matrix = Idx.readImages(file(packed), 1)) {
            assertThat(matrix.rows()).isEqualTo(8);
        }
        byte[] lie = gzip(Arrays.copyOf(content, content.length - 1));
        assertRefused(file(lie), "ends after 2097151 of 2097152");
    }

    @Tag("slow")
    @Test
    void allocatesNoMemoryForAFalseSizeThatDeflateAllows() throws IOException {
        // By its size, a file of 32 MB could contain 33 GB of compressed data, which would take 132 GB as floats.
        byte[] noise = new byte[32 << 20];
        new Random(1).nextBytes(noise);
        Path file = file(gzip(images(40_000_000, 28, 28, noise)));
        assertRefused(file, "declares 40000000 x 28 x 28 elements but ends after 33554432 of 31360000000");
    }

    @Test
    void refusesALabelOutOfRange() throws IOException {
        assertLabelsRefused(file(labels(0, 9, 10, 3)), "has the label 10 at index 2; labels go from 0 to 9");
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> Idx.readLabels(file(labels(0)), 257))
                .withMessageContaining("not 257");
    }

    @Test
    void alwaysClosesTheFile() throws IOException {
        Path file = file(gzip(images(2, 3, 5, pattern(31))));
        assertRefused(file, "more bytes follow");
        Idx.readImages(file(images(2, 3, 5, pattern(30))), 1).close();
        Path descriptors = Path.of("/proc/self/fd");
        if (Files.isDirectory(descriptors)) {
            try (var open = Files.list(descriptors)) {
                assertThat(open.map(IdxTest::target))
                        .doesNotContain(file.toRealPath().toString());
            }
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            // The descriptor of the listing itself is closed by now.
            return "";
        }
    }
}
