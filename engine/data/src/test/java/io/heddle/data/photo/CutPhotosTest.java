package io.heddle.data.photo;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.files.DataFormatException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests photos without their last bytes, for which some readers give wrong pixels. */
class CutPhotosTest {
    @TempDir
    Path folder;

    private static void decode(Path file) throws DataFormatException {
        Photo.open(file).decode(3, RowSink.NONE);
    }

    private void requireWhole(String name, byte[] bytes) throws IOException {
        Path file = Files.write(folder.resolve(name), bytes);
        assertThatCode(() -> decode(file)).doesNotThrowAnyException();
        for (int length : new int[] {1, 2, 3, 8, 30}) {
            Files.write(file, Arrays.copyOf(bytes, bytes.length - length));
            assertThatThrownBy(() -> decode(file))
                    .as("%s without %d bytes", name, length)
                    .isInstanceOf(DataFormatException.class)
                    .hasMessageContaining("is damaged");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lossless.webp", "noise-lossless.webp", "lossy.webp", "alpha.webp"})
    void aWebpIsAsLongAsItDeclares(String name) throws IOException, URISyntaxException {
        Path file = Path.of(CutPhotosTest.class.getResource("photos/" + name).toURI());
        requireWhole(name, Files.readAllBytes(file));
    }

    /** Pixels in one compressed strip, then the numbers of bits at the end of the file, as Pillow writes them. */
    @Test
    void aTiffHasTheValuesOfItsEntries() throws IOException {
        ByteArrayOutputStream strip = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(strip)) {
            for (int i = 0; i < 16 * 16 * 3; i++) {
                deflater.write(i % 7 * i);
            }
        }
        int bits = 122 + strip.size();
        int[][] entries = {
            {256, 4, 1, 16},
            {257, 4, 1, 16},
            {258, 3, 3, bits},
            {259, 3, 1, 8},
            {262, 3, 1, 2},
            {273, 4, 1, 122},
            {277, 3, 1, 3},
            {278, 4, 1, 16},
            {279, 4, 1, strip.size()}
        };
        ByteBuffer tiff = ByteBuffer.allocate(bits + 6).order(ByteOrder.LITTLE_ENDIAN);
        tiff.put((byte) 'I').put((byte) 'I').putShort((short) 42).putInt(8).putShort((short) entries.length);
        for (int[] entry : entries) {
            tiff.putShort((short) entry[0])
                    .putShort((short) entry[1])
                    .putInt(entry[2])
                    .putInt(entry[3]);
        }
        tiff.putInt(0).put(strip.toByteArray());
        requireWhole(
                "bits.tiff",
                tiff.putShort((short) 8).putShort((short) 8).putShort((short) 8).array());
    }
}
