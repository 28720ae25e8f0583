package io.heddle.data.photo;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.matrix.FloatMatrix;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that photos of every kind have the values that Pillow reads (src/test/python/make_photos.py). */
class PillowPhotosTest {
    /** A photo and its values in Pillow, as red, green and blue, and as gray. */
    record Case(String name, int width, int height, byte[] colours, byte[] grays) {
        @Override
        public String toString() {
            return name;
        }

        boolean lossyWebp() {
            return name.startsWith("lossy");
        }

        /** Maximum difference of a value. Programs round differently when they mix transparency. */
        int tolerance() {
            // The decoder of WebP is not libwebp and interpolates colours differently.
            return lossyWebp() ? 40 : name.contains("alpha") || name.contains("transparent") ? 1 : 0;
        }
    }

    static Path folder() {
        try {
            return Path.of(PillowPhotosTest.class.getResource("photos").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static List<Case> cases() throws IOException {
        return Files.readAllLines(folder().resolve("pillow.txt")).stream()
                .map(line -> line.split("\\|"))
                .map(part -> new Case(
                        part[0],
                        Integer.parseInt(part[1]),
                        Integer.parseInt(part[2]),
                        HexFormat.of().parseHex(part[3]),
                        HexFormat.of().parseHex(part[4])))
                .toList();
    }

    private static int[] differences(Photo photo, int channels, byte[] expected) throws IOException {
        try (FloatMatrix row = FloatMatrix.allocate(1, expected.length)) {
            new PhotoPixels(channels, Optional.empty(), 1).read(photo, row, 0);
            int[] differences = new int[expected.length];
            for (int j = 0; j < expected.length; j++) {
                differences[j] = (int) Math.abs(row.get(0, j) - Byte.toUnsignedInt(expected[j]));
            }
            return differences;
        }
    }

    private static int worst(Photo photo, int channels, byte[] expected) throws IOException {
        return IntStream.of(differences(photo, channels, expected)).max().orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void valuesAgreeWithPillow(Case expected) throws IOException {
        Photo photo = Photo.open(folder().resolve(expected.name()));

        assertThat(photo.shape().width()).isEqualTo(expected.width());
        assertThat(photo.shape().height()).isEqualTo(expected.height());
        assertThat(worst(photo, 3, expected.colours())).isLessThanOrEqualTo(expected.tolerance());
        assertThat(worst(photo, 1, expected.grays())).isLessThanOrEqualTo(expected.tolerance());
        if (expected.lossyWebp()) {
            int[] all = differences(photo, 3, expected.colours());
            assertThat(IntStream.of(all).average().orElseThrow()).isLessThan(4);
        }
    }

    /** Limited memory does not change the pixels. */
    @ParameterizedTest
    @ValueSource(
            strings = {"noise-420.jpg", "cmyk-noise.jpg", "rgb-16.png", "palette.png", "palette.bmp", "turned.jpg"})
    void piecesGiveTheSameImage(String name) throws IOException {
        Photo photo = Photo.open(folder().resolve(name));
        List<byte[]> whole = new ArrayList<>();
        List<byte[]> pieces = new ArrayList<>();
        long file = 2 * Files.size(photo.file());
        photo.decode(3, (y, row) -> whole.add(row.clone()));
        photo.decode(
                3,
                (y, row) -> {
                    assertThat(y).isEqualTo(pieces.size());
                    pieces.add(row.clone());
                },
                new DecodingMemory(file + 1024));

        assertThat(pieces).hasSize(photo.stored().height()).containsExactlyElementsOf(whole);
    }
}
