package io.heddle.cnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.files.DataFormatException;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests encoders of users: small valid and invalid TorchScript files that make_reference.py wrote. */
class UserEncoderTest {
    @TempDir
    Path directory;

    private Encoder.Options options;

    @BeforeEach
    void smallBatches() {
        options = Encoder.Options.defaults().withBatchSize(4);
    }

    private Path copy(String name) throws IOException {
        Path file = directory.resolve(name);
        try (InputStream in = UserEncoderTest.class.getResourceAsStream(name)) {
            Files.copy(in, file);
        }
        return file;
    }

    private String model(String name, String json) throws IOException {
        Path file = copy(name);
        Files.writeString(EncoderFile.descriptionOf(file), json);
        return file.toString();
    }

    @Test
    void readsEveryChannelInPlaceAndInOrder() throws IOException {
        String file = model("probe.pt", "{\"inputSize\": 12}");
        try (Encoder encoder = Encoder.open(file, options);
                FloatMatrix images = TestImages.matrix(11, 12, 12);
                FloatMatrix features = encoder.encode(images, 12, 12, p -> {})) {
            assertThat(encoder.name()).isEqualTo(file);
            assertThat(encoder.precision()).isEqualTo(Precision.FLOAT32);
            assertThat(encoder.dimensions()).isEqualTo(5);
            assertThat(features.rows()).isEqualTo(11);
            for (int i = 0; i < 11; i++) {
                float[] pixels = new float[144];
                images.getRow(i, pixels);
                double sum = 0;
                float largest = 0;
                for (float v : pixels) {
                    sum += v;
                    largest = Math.max(largest, v);
                }
                assertThat(features.get(i, 0)).isCloseTo((float) (sum / 144), within(1e-6f));
                assertThat(features.get(i, 1)).isEqualTo(largest);
                assertThat(features.get(i, 2)).isEqualTo(pixels[0]);
                assertThat(features.get(i, 3)).isEqualTo(pixels[11 * 12]);
                assertThat(features.get(i, 4)).isEqualTo(pixels[11]);
            }
        }
    }

    @Test
    void keepsThePaddingOfTheRowsZero() throws IOException {
        try (Encoder encoder = Encoder.open(model("probe.pt", "{\"inputSize\": 6}"), options);
                FloatMatrix images = TestImages.matrix(5, 6, 6);
                FloatMatrix features = encoder.encode(images, 6, 6, p -> {})) {
            float[] row = features.segment().toArray(java.lang.foreign.ValueLayout.JAVA_FLOAT);
            for (int i = 0; i < row.length; i++) {
                if (i % features.stride() >= 5) {
                    assertThat(row[i]).isZero();
                }
            }
        }
    }

    @Test
    void acceptsImagesThatAreNotSquareAndTheSizeAsAnOption() throws IOException {
        String file = copy("probe.pt").toString();
        try (Encoder encoder = Encoder.open(file, options.withInputSize(30));
                FloatMatrix images = TestImages.matrix(3, 20, 10);
                FloatMatrix features = encoder.encode(images, 20, 10, p -> {})) {
            assertThat(encoder.inputSize()).isEqualTo(30);
            assertThat(features.get(2, 3)).isEqualTo(images.get(2, 9 * 20));
            assertThat(features.get(2, 4)).isEqualTo(images.get(2, 19));
        }
    }

    @Test
    void givesNoRowsForNoImages() throws IOException {
        try (Encoder encoder = Encoder.open(model("probe.pt", "{\"inputSize\": 6}"), options);
                FloatMatrix images = FloatMatrix.allocate(0, 36);
                FloatMatrix features = encoder.encode(images, 6, 6, p -> {})) {
            assertThat(features.rows()).isZero();
            assertThat(features.columns()).isEqualTo(5);
        }
    }

    @Test
    void acceptsAMatchingChecksumAndPrecision() throws IOException {
        String sha256 = "\"sha256\": \"" + sha256("probe.pt") + "\"";
        String file = model("probe.pt", "{\"inputSize\": 6, \"precision\": \"bfloat16\", " + sha256 + "}");
        try (Encoder encoder = Encoder.open(file, options.withPrecision(Precision.BFLOAT16))) {
            assertThat(encoder.precision()).isEqualTo(Precision.BFLOAT16);
        }
        assertThatThrownBy(() -> Encoder.open(file, options.withPrecision(Precision.FLOAT32)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("probe.pt has the precision BFLOAT16");
    }

    private static String sha256(String name) throws IOException {
        try (InputStream in = UserEncoderTest.class.getResourceAsStream(name)) {
            return java.util.HexFormat.of()
                    .formatHex(
                            java.security.MessageDigest.getInstance("SHA-256").digest(in.readAllBytes()));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void refusesAnotherChecksum() throws IOException {
        String file = model("probe.pt", "{\"inputSize\": 6, \"sha256\": \"" + "0".repeat(64) + "\"}");
        refuses(file, "probe.pt has the SHA-256 " + sha256("probe.pt") + ", not 0000");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "unpooled.pt; returns float32 [4,2,2] for 4 images, not float32 [4,D]",
                "doubles.pt; returns float64 [4,3] for 4 images, not float32 [4,D]",
                "pair.pt; returns 2 results for 4 images, not one",
                "state-dict.pt; state-dict.pt cannot be loaded as TorchScript: PytorchStreamReader failed",
                "only-eight.pt; does not take a batch of float32 [4,3,12,12]: shape '[4, 192]' is invalid",
                "features.json; features.json cannot be loaded as TorchScript: PytorchStreamReader failed",
            })
    void refusesFilesThatBreakTheContract(String name, String sentence) throws IOException {
        Path file = copy(name);
        assertThatThrownBy(() -> Encoder.open(file.toString(), options.withInputSize(12)))
                .isInstanceOf(DataFormatException.class)
                .hasMessageContaining(sentence)
                .message()
                .satisfies(message -> assertThat(message.lines()).hasSize(1));
    }

    @Test
    void runsAModelOfOneSizeAtThatSizeOnly() throws IOException {
        try (Encoder encoder =
                Encoder.open(model("only-eight.pt", "{\"inputSize\": 8, \"dimensions\": 64}"), options)) {
            assertThat(encoder.dimensions()).isEqualTo(64);
        }
    }

    @Test
    void refusesADescriptionOfOtherFeatures() throws IOException {
        refuses(model("probe.pt", "{\"inputSize\": 6, \"dimensions\": 7}"), "has 5 features, not 7 as its description");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '\'',
            value = {
                "{\"inputSize\": 0}; \"inputSize\" in",
                "{\"inputSize\": 12.5}; is 12.5, not a whole number from 1 to 4096",
                "{\"inputSize\": \"96\"}; is \"96\", not a whole number",
                "{\"inputSize\": 1e9}; is 1e9, not a whole number",
                "{\"precision\": \"int8\"}; is \"int8\", not \"float32\" or \"bfloat16\"",
                "{\"sha256\": \"abc\"}; is \"abc\", not 64 hexadecimal digits",
                "[96]; is not a JSON object",
                "{inputSize: 96}; is not a JSON object",
                "''; is empty",
            })
    void refusesInvalidDescriptions(String json, String sentence) throws IOException {
        refuses(model("probe.pt", json), sentence);
    }

    @Test
    void refusesTooLongDescriptions() throws IOException {
        refuses(model("probe.pt", " ".repeat(70_000)), "probe.json has 70000 bytes, more than the limit of 65536");
    }

    private void refuses(String file, String sentence) {
        assertThatThrownBy(() -> Encoder.open(file, options))
                .isInstanceOf(DataFormatException.class)
                .hasMessageContaining(sentence);
    }

    @Test
    void refusesNamesOfMissingFiles() {
        for (String name : new String[] {"imagenette", "", "no/such.pt", "nul\0"}) {
            refuses(name, "neither a file nor an embedded one (fashion, imagenet)");
        }
        refuses(directory.toString(), "is not a readable file");
    }

    @Test
    void refusesAnUnknownOrContradictoryInputSize() throws IOException {
        String file = copy("probe.pt").toString();
        assertThatThrownBy(() -> Encoder.open(file, options))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("the image size of the encoder")
                .hasMessageContaining("probe.json");
        assertThatThrownBy(() -> Encoder.open("imagenet", options.withInputSize(64)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("the encoder imagenet takes images of side 96, not 64");
        assertThatThrownBy(() -> Encoder.open(file, options.withInputSize(4096).withBatchSize(20)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("a batch of 20 images of side 4096 exceeds 2 GiB: at most 10 fit");
    }

    @Test
    void refusesOptionsOutOfRange() {
        assertThatThrownBy(() -> options.withThreads(-1)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> options.withThreads(1025)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> options.withBatchSize(-1)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> options.withBatchSize(1025)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> options.withInputSize(0)).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void refusesFeaturesThatAreNotNumbers() throws IOException {
        try (Encoder encoder = Encoder.open(model("not-a-number.pt", "{\"inputSize\": 3}"), options);
                FloatMatrix images = FloatMatrix.allocate(7, 9)) {
            images.set(5, 4, 0.95f);
            assertThatThrownBy(() -> encoder.encode(images, 3, 3, p -> {}))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("returns NaN as feature 1 of image 5");
        }
    }

    @Test
    void namesTheImagesThatTheNetworkFailsOn() throws IOException {
        try (Encoder encoder = Encoder.open(model("fails-on-white.pt", "{\"inputSize\": 3}"), options);
                FloatMatrix images = FloatMatrix.allocate(7, 9)) {
            images.set(6, 4, 1);
            assertThatThrownBy(() -> encoder.encode(images, 3, 3, p -> {}))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageMatching("the encoder .*fails-on-white.pt fails on the images 4 to 6: .*too bright.*");
        }
    }

    @Test
    void refusesInvalidImages() throws IOException {
        try (Encoder encoder = Encoder.open(model("probe.pt", "{\"inputSize\": 6}"), options);
                FloatMatrix images = TestImages.matrix(3, 6, 6)) {
            assertThatThrownBy(() -> encoder.encode(images, 7, 6, p -> {}))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("images of 7 x 6 pixels do not match a matrix of 36 columns");
            assertThatThrownBy(() -> encoder.encode(images, -6, -6, p -> {})).isInstanceOf(InvalidInputException.class);
            for (float bad : new float[] {Float.NaN, -0.1f, 255f}) {
                images.set(2, 35, bad);
                assertThatThrownBy(() -> encoder.encode(images, 6, 6, p -> {}))
                        .isInstanceOf(InvalidInputException.class)
                        .hasMessage("pixel 35 of image 2 is " + bad + ", not between 0 and 1");
            }
        }
    }

    @Test
    void refusesUseAfterClose() throws IOException {
        Encoder encoder = Encoder.open(model("probe.pt", "{\"inputSize\": 6}"), options.withThreads(2));
        encoder.close();
        encoder.close();
        try (FloatMatrix images = TestImages.matrix(1, 6, 6)) {
            assertThatThrownBy(() -> encoder.encode(images, 6, 6, p -> {}))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("is closed");
        }
    }

    @Test
    void rethrowsExceptionsOfTheProgressCallback() throws IOException {
        try (Encoder encoder = Encoder.open(model("probe.pt", "{\"inputSize\": 6}"), options);
                FloatMatrix images = TestImages.matrix(30, 6, 6)) {
            assertThatThrownBy(() -> encoder.encode(images, 6, 6, p -> {
                        throw new IllegalStateException("stop at " + p.total());
                    }))
                    .hasMessage("stop at 30");
        }
    }
}
