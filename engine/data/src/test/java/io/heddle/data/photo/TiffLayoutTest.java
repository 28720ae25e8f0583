package io.heddle.data.photo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.data.DataOptions;
import io.heddle.files.DataFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.Deflater;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests entries of TIFF files that ImageIO's reader ignores or reads differently from other programs. */
class TiffLayoutTest {
    private static final int SIDE = 8;
    private static final int PLACE = 8;
    private static final int BITS = 258;
    private static final int COMPRESSION = 259;
    private static final int KIND = 262;
    private static final int SAMPLES = 277;
    private static final int LENGTH = 279;
    private static final int PREDICTOR = 317;
    private static final int EXTRA_SAMPLES = 338;
    private static final int SAMPLE_FORMAT = 339;

    @TempDir
    Path folder;

    /** The entry that has 32 bits instead of 16. */
    private int longs;

    private final TreeMap<Integer, Integer> entries = new TreeMap<>();

    @BeforeEach
    void rgb() {
        entries.putAll(
                Map.of(256, SIDE, 257, SIDE, BITS, 8, COMPRESSION, 1, KIND, 2, 273, PLACE, SAMPLES, 3, 278, SIDE));
    }

    private static byte[] pixels(int bytes) {
        byte[] pixels = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            pixels[i] = (byte) (i * 37);
        }
        return pixels;
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Writes the pixels, then the directory. Numbers of bits are written once, as some programs do. */
    private Path tiff(byte[] pixels) throws IOException {
        entries.putIfAbsent(LENGTH, pixels.length);
        ByteBuffer out = little(PLACE + pixels.length + directory());
        out.put((byte) 'I').put((byte) 'I').putShort((short) 42).putInt(PLACE + pixels.length);
        write(out.put(pixels));
        return Files.write(folder.resolve("a.tif"), out.array());
    }

    private int directory() {
        return 2 + 12 * entries.size() + 4;
    }

    private void write(ByteBuffer out) {
        out.putShort((short) entries.size());
        entries.forEach((tag, value) -> out.putShort(tag.shortValue())
                .putShort((short) (tag == 273 || tag == LENGTH || tag == longs ? 4 : 3))
                .putInt(1)
                .putInt(value));
    }

    private static byte[] decoded(Path file) throws DataFormatException {
        byte[] image = new byte[SIDE * SIDE * 3];
        Photo.open(file).decode(3, (y, row) -> System.arraycopy(row, 0, image, y * row.length, row.length));
        return image;
    }

    private void requireRefused(int bytes, String reason) throws IOException {
        Path file = tiff(pixels(bytes));
        assertThatThrownBy(() -> Photo.open(file))
                .isInstanceOf(DataFormatException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(reason);
    }

    /** Values of 16 bits as differences from the pixel on the left, which ImageIO's reader refuses. */
    @ParameterizedTest
    @CsvSource({"1, 1", "2, 3", "2, 4"})
    void differencesOf16BitsAreRead(int kind, int samples) throws IOException {
        ByteBuffer values = little(SIDE * SIDE * samples * 2);
        ByteBuffer differences = little(values.capacity());
        byte[] expected = new byte[SIDE * SIDE * 3];
        for (int i = 0; i < SIDE * SIDE; i++) {
            for (int band = 0; band < samples; band++) {
                int value = band == 3 ? 0xffff : 257 * (i * 37 + band * 90 & 255);
                int left = i % SIDE == 0 ? 0 : values.getShort(2 * ((i - 1) * samples + band));
                values.putShort((short) value);
                differences.putShort((short) (value - left));
                for (int j = band; j < 3; j += samples == 1 ? 1 : 3) {
                    expected[3 * i + j] = (byte) (value / 257);
                }
            }
        }
        Deflater deflater = new Deflater();
        deflater.setInput(differences.array());
        deflater.finish();
        byte[] packed = new byte[2000];
        int length = deflater.deflate(packed);
        deflater.end();
        entries.putAll(Map.of(COMPRESSION, 8, KIND, kind, SAMPLES, samples, BITS, 16, PREDICTOR, 2));
        assertThat(decoded(tiff(Arrays.copyOf(packed, length)))).isEqualTo(expected);
    }

    /** ImageIO's reader gives one colour for JPEG pixels with four values. */
    @ParameterizedTest
    @CsvSource({"5, 4", "2, 4", "1, 2"})
    void jpegPixelsHaveOneOrThreeValues(int kind, int samples) throws IOException {
        entries.putAll(Map.of(COMPRESSION, 7, KIND, kind, SAMPLES, samples));
        requireRefused(600, samples + " values per pixel with JPEG compression, which Heddle does not read");
    }

    @ParameterizedTest
    @CsvSource({"2, values with a sign", "3, floating-point values"})
    void valuesAreUnsigned(int format, String reason) throws IOException {
        entries.putAll(Map.of(KIND, 1, SAMPLES, 1, BITS, 16, SAMPLE_FORMAT, format));
        requireRefused(2 * SIDE * SIDE, reason);
    }

    @ParameterizedTest
    @CsvSource({
        "8, 3, 8, colours of CIE L*a*b*",
        "1, 3, 8, 3 gray values per pixel",
        "0, 4, 8, 4 gray values per pixel",
        "5, 4, 16, CMYK colours of 16 bits each",
        "2, 1, 8, it declares 1 values per pixel"
    })
    void otherKindsOfPixelsAreRefused(int kind, int samples, int bits, String reason) throws IOException {
        entries.putAll(Map.of(KIND, kind, SAMPLES, samples, BITS, bits));
        requireRefused(SIDE * SIDE * samples * bits / 8, reason);
    }

    @Test
    void grayDeclaresWhatZeroIs() throws IOException {
        entries.put(SAMPLES, 1);
        entries.remove(KIND);
        requireRefused(SIDE * SIDE, "whether 0 is black or white");
    }

    /** ImageIO's reader ignores such entries, and reads 1 bit per value without that of the bits. */
    @ParameterizedTest
    @ValueSource(ints = {BITS, COMPRESSION, KIND, SAMPLES})
    void entriesThatTheReaderIgnoresAreRefused(int tag) throws IOException {
        longs = tag;
        requireRefused(3 * SIDE * SIDE, "an entry of an unusual type (tag " + tag + ")");
    }

    @Test
    void layersOfPixelsAreRefused() throws IOException {
        entries.put(32_997, 3);
        requireRefused(3 * 3 * SIDE * SIDE, "3 layers of pixels");
    }

    /** Pillow ignores such values too. */
    @Test
    void aValueOfUnknownMeaningIsNoTransparency() throws IOException {
        byte[] pixels = pixels(4 * SIDE * SIDE);
        entries.putAll(Map.of(SAMPLES, 4, EXTRA_SAMPLES, 0));
        byte[] image = decoded(tiff(pixels));
        for (int i = 0; i < image.length; i++) {
            assertThat(image[i]).isEqualTo(pixels[i / 3 * 4 + i % 3]);
        }
        List<String> said = new ArrayList<>();
        ImageFolder.open(folder, Optional.empty(), DataOptions.defaults(), said::add)
                .close();
        assertThat(said)
                .containsExactly(folder
                        + ": 1 file has a value per pixel that is neither a colour nor transparency; it is left out");
    }

    @Test
    void aFourthValueIsTransparencyOtherwise() throws IOException {
        byte[] pixels = pixels(4 * SIDE * SIDE);
        pixels[3] = 0;
        entries.putAll(Map.of(SAMPLES, 4, EXTRA_SAMPLES, 2));
        assertThat(decoded(tiff(pixels))).startsWith((byte) 255, (byte) 255, (byte) 255);
        entries.remove(EXTRA_SAMPLES);
        assertThat(decoded(tiff(pixels))).startsWith((byte) 255, (byte) 255, (byte) 255);
    }

    /** Some programs declare too many bytes. */
    @ParameterizedTest
    @ValueSource(ints = {3 * SIDE * SIDE + 60, 100_000, -1})
    void declaredLengthsMayReachBeyondTheEnd(int length) throws IOException {
        entries.put(LENGTH, length);
        byte[] pixels = pixels(3 * SIDE * SIDE);
        Path file = tiff(pixels);
        assertThat(decoded(file)).isEqualTo(pixels);

        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - 5));
        assertThatThrownBy(() -> decoded(file)).hasMessageContaining("it ends too early");
    }

    /** The pixels are behind the directory here, so that a cut file lacks pixels only. */
    @Test
    void declaredLengthsDoNotHideMissingPixels() throws IOException {
        entries.put(LENGTH, 100_000);
        entries.put(273, PLACE + directory());
        ByteBuffer out = little(PLACE + directory() + 3 * SIDE * SIDE - 1);
        out.put((byte) 'I').put((byte) 'I').putShort((short) 42).putInt(PLACE);
        write(out);
        Path file = Files.write(folder.resolve("b.tif"), out.array());
        assertThatThrownBy(() -> decoded(file)).hasMessageContaining("it ends too early");
    }
}
