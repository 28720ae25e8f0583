package io.heddle.data.photo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.files.DataFormatException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests damaged LZW codes of GIF files, for which ImageIO's reader gives wrong pixels. */
class GifCodesTest {
    @TempDir
    Path folder;

    /** Writes a GIF of 2 x 2 pixels in four grays from codes with their numbers of bits, such as {@code 4:3 0:3}. */
    private Path gif(String codes) throws IOException {
        BigInteger bits = BigInteger.ZERO;
        int count = 0;
        for (String code : codes.split(" ")) {
            String[] parts = code.split(":");
            bits = bits.or(new BigInteger(parts[0]).shiftLeft(count));
            count += Integer.parseInt(parts[1]);
        }
        byte[] gif = new byte[13 + 12 + 10 + 2];
        byte[] header = {'G', 'I', 'F', '8', '9', 'a', 2, 0, 2, 0, (byte) 0x91};
        System.arraycopy(header, 0, gif, 0, header.length);
        for (int i = 0; i < 12; i++) {
            gif[13 + i] = (byte) (i / 3 * 80);
        }
        byte[] image = {',', 0, 0, 0, 0, 2, 0, 2, 0, 0, 2, (byte) ((count + 7) / 8)};
        System.arraycopy(image, 0, gif, 25, image.length);
        int length = gif.length + (count + 7) / 8;
        byte[] whole = Arrays.copyOf(gif, length + 2);
        for (int i = gif.length; i < length; i++) {
            whole[i] = bits.byteValue();
            bits = bits.shiftRight(8);
        }
        whole[length + 1] = ';';
        return Files.write(folder.resolve("a.gif"), whole);
    }

    private static byte[] decoded(Path file) throws DataFormatException {
        byte[] image = new byte[4];
        Photo.open(file).decode(1, (y, row) -> System.arraycopy(row, 0, image, 2 * y, 2));
        return image;
    }

    @ParameterizedTest
    @CsvSource({
        "4:3 0:3 1:3 2:3 3:4 5:4, 0 80 160 240",
        "4:3 0:3 1:3 2:3 3:4, 0 80 160 240",
        "4:3 0:3 4:3 1:3 2:3 3:3 4:4 5:3, 0 80 160 240",
        "4:3 1:3 6:3 1:3 5:4, 80 80 80 80",
        "4:3 0:3 1:3 6:3 5:4, 0 80 0 80",
    })
    void wholeImagesAreRead(String codes, String pixels) throws IOException {
        byte[] expected = new byte[4];
        for (int i = 0; i < 4; i++) {
            expected[i] = (byte) Integer.parseInt(pixels.split(" ")[i]);
        }
        assertThat(decoded(gif(codes))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "4:3 0:3 1:3 2:3 5:4, 3 pixels instead of 4",
        "4:3 0:3 1:3 2:3 3:4 0:4 5:4, 5 pixels instead of 4",
        "4:3 0:3 1:3 2:3 6:4 5:4, 5 pixels instead of 4",
        "4:3 0:3 1:3 7:3 7:4 5:4, 6 pixels instead of 4",
        "4:3 0:3 1:3 2:3 12:4 3:4 5:4, an invalid code",
        "4:3 6:3 1:3 2:3 3:4 5:4, an invalid code"
    })
    void damagedCodesAreRefused(String codes, String reason) throws IOException {
        Path file = gif(codes);
        assertThatThrownBy(() -> decoded(file))
                .isInstanceOf(DataFormatException.class)
                .hasMessage("%s is damaged: its LZW codes have %s", file, reason);
    }

    /** ImageIO's reader gives other pixels for them. */
    @ParameterizedTest
    @CsvSource({"1, false", "2, false", "3, false", "4, true", "5, true"})
    void smallBlocksOfCodesAreRefused(int length, boolean read) throws IOException {
        Path whole = PillowPhotosTest.folder().resolve("still.gif");
        byte[] bytes = Files.readAllBytes(whole);
        int at = 13 + 3 * (2 << (bytes[10] & 7));
        while (bytes[at] == '!') {
            for (at += 2; bytes[at] != 0; ) {
                at += 1 + Byte.toUnsignedInt(bytes[at]);
            }
            at++;
        }
        ByteArrayOutputStream split = new ByteArrayOutputStream();
        split.write(bytes, 0, at + 11);
        for (at += 11; bytes[at] != 0; at += 1 + Byte.toUnsignedInt(bytes[at])) {
            int left = Byte.toUnsignedInt(bytes[at]);
            for (int from = at + 1; left > 0; from += length, left -= length) {
                split.write(Math.min(length, left));
                split.write(bytes, from, Math.min(length, left));
            }
        }
        split.write(bytes, at, bytes.length - at);
        Path file = Files.write(folder.resolve("split.gif"), split.toByteArray());
        if (read) {
            assertThat(pixels(file)).containsExactlyElementsOf(pixels(whole));
        } else {
            assertThatThrownBy(() -> pixels(file))
                    .isInstanceOf(DataFormatException.class)
                    .hasMessageContaining("in blocks of fewer than 4 bytes");
        }
    }

    private static List<byte[]> pixels(Path file) throws DataFormatException {
        List<byte[]> rows = new ArrayList<>();
        Photo.open(file).decode(3, (y, row) -> rows.add(row.clone()));
        return rows;
    }

    @Test
    void aCutImageEndsTooEarly() throws IOException {
        Path file = gif("4:3 0:3 1:3 2:3 3:4 5:4");
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - 4));
        assertThatThrownBy(() -> decoded(file)).hasMessageContaining("it ends too early");
    }
}
