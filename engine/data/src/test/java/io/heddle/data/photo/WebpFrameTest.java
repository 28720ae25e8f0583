package io.heddle.data.photo;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.files.DataFormatException;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests chunks of WebP files that ImageIO's reader treats differently from other programs. */
class WebpFrameTest {
    private static final int FILE_HEADER = 12;

    @TempDir
    Path folder;

    private static byte[] chunk(String name, byte[] content) {
        return ByteBuffer.allocate(8 + content.length + content.length % 2)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(name.getBytes(StandardCharsets.US_ASCII))
                .putInt(content.length)
                .put(content)
                .array();
    }

    private Path webp(byte[]... chunks) throws IOException {
        int length = Arrays.stream(chunks).mapToInt(c -> c.length).sum();
        ByteBuffer file = ByteBuffer.allocate(FILE_HEADER + length).order(ByteOrder.LITTLE_ENDIAN);
        file.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(4 + length);
        file.put("WEBP".getBytes(StandardCharsets.US_ASCII));
        for (byte[] chunk : chunks) {
            file.put(chunk);
        }
        return Files.write(folder.resolve("a.webp"), file.array());
    }

    private static byte[] extended(int flags, int width, int height) {
        byte[] content = new byte[10];
        content[0] = (byte) flags;
        content[4] = (byte) (width - 1);
        content[5] = (byte) (width - 1 >> 8);
        content[7] = (byte) (height - 1);
        content[8] = (byte) (height - 1 >> 8);
        return chunk("VP8X", content);
    }

    private static byte[] decoded(Path file) throws DataFormatException {
        Photo photo = Photo.open(file);
        byte[] image = new byte[3 * photo.stored().width() * photo.stored().height()];
        photo.decode(3, (y, row) -> System.arraycopy(row, 0, image, y * row.length, row.length));
        return image;
    }

    /** As in libwebp, bytes behind the declared length are not read. */
    @Test
    void appendedBytesAreIgnored() throws IOException {
        for (String name : new String[] {"lossless.webp", "lossy.webp"}) {
            Path plain = PillowPhotosTest.folder().resolve(name);
            byte[] bytes = Files.readAllBytes(plain);
            byte[] more = Arrays.copyOf(bytes, bytes.length + 20);
            Arrays.fill(more, bytes.length, more.length, (byte) 'x');
            assertThat(decoded(Files.write(folder.resolve(name), more))).isEqualTo(decoded(plain));
        }
    }

    /** A damaged profile, and one whose red is blue: ImageIO's reader refuses the first and applies the second. */
    @Test
    void profilesAreNotApplied() throws IOException {
        Path plain = PillowPhotosTest.folder().resolve("lossless.webp");
        byte[] expected = decoded(plain);
        byte[] bytes = Files.readAllBytes(plain);
        byte[] pixels = Arrays.copyOfRange(bytes, FILE_HEADER, bytes.length);
        Photo photo = Photo.open(plain);
        byte[] canvas = extended(0x20, photo.stored().width(), photo.stored().height());
        ICC_Profile swapped = ICC_Profile.getInstance(
                ICC_Profile.getInstance(ColorSpace.CS_sRGB).getData());
        byte[] red = swapped.getData(ICC_Profile.icSigRedColorantTag);
        swapped.setData(ICC_Profile.icSigRedColorantTag, swapped.getData(ICC_Profile.icSigBlueColorantTag));
        swapped.setData(ICC_Profile.icSigBlueColorantTag, red);
        for (byte[] profile : new byte[][] {new byte[33], swapped.getData()}) {
            assertThat(decoded(webp(canvas, chunk("ICCP", profile), pixels))).isEqualTo(expected);
        }
    }

    @Test
    void damageIsReportedWithTheFile() throws IOException {
        byte[] bytes = Files.readAllBytes(PillowPhotosTest.folder().resolve("noise-lossless.webp"));
        Path file = folder.resolve("b.webp");
        int refused = 0;
        for (int i = FILE_HEADER; i < bytes.length; i += 7) {
            byte[] changed = bytes.clone();
            changed[i] ^= 0x55;
            Files.write(file, changed);
            try {
                decoded(file);
            } catch (DataFormatException e) {
                refused++;
                assertThat(e).hasMessageStartingWith(file.toString());
            }
        }
        assertThat(refused).isPositive();
    }
}
