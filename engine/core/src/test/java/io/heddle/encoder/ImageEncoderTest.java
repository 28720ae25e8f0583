package io.heddle.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.files.DataFormatException;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageEncoderTest {
    private static final String FASHION_LAYERS = "32@5/2 64@3 128@3/2 128@3 256@1";

    @TempDir
    Path directory;

    /** Odd sides and channel counts, all strides, kernels as wide as the image and wider, one pixel. */
    @Tag("slow")
    @ParameterizedTest
    @CsvSource({
        FASHION_LAYERS + ", 28",
        "1@1, 1",
        "3@3, 1",
        "5@3 7@3, 5",
        "16@3 16@3, 8",
        "17@3 33@3 1@3 9@3, 13",
        "32@5/2 48@3 80@3/2 13@1, 27",
        "10@7/3 20@5/4 9@3, 31",
        "8@3/4 8@3/2, 9",
        "12@1 40@1/2 24@3, 15",
        "6@11 6@9, 7",
        "96@3 100@3, 6",
        "160@3 160@3, 9",
        "16@3 300@3/3 8@5, 29"
    })
    void agreesWithPlainLoops(String layers, int side) throws IOException {
        byte[] file = EncoderFiles.random(layers, side, 7);
        ReferenceNetwork reference = new ReferenceNetwork(file);
        for (FeaturePooling pooling : FeaturePooling.values()) {
            try (ImageEncoder encoder = ImageEncoder.parse(file, "random", pooling)) {
                for (int i = 0; i < 2; i++) {
                    float[] image = EncoderFiles.image(side, i);
                    float[] features = new float[encoder.dimensions()];
                    encoder.encode(image, features);
                    requireClose(features, reference.encode(image, pooling), 1e-5);
                }
            }
        }
    }

    @Property(tries = 40)
    void agreesWithPlainLoopsForAnyLayers(
            @ForAll @IntRange(min = 1, max = 20) int side,
            @ForAll @IntRange(min = 1, max = 40) int first,
            @ForAll @IntRange(min = 1, max = 40) int second,
            @ForAll @IntRange(min = 1, max = 40) int third,
            @ForAll @IntRange(min = 0, max = 3) int kernels,
            @ForAll @IntRange(min = 1, max = 4) int stride)
            throws IOException {
        String layers = "%d@%d/%d %d@3 %d@%d"
                .formatted(first, 2 * kernels + 1, stride, second, third, 2 * (3 - kernels) + 1)
                .replace("/1 ", " ");
        byte[] file = EncoderFiles.random(layers, side, side);
        try (ImageEncoder encoder = ImageEncoder.parse(file, "random", FeaturePooling.GRID)) {
            float[] image = EncoderFiles.image(side, first);
            float[] features = new float[encoder.dimensions()];
            encoder.encode(image, features);
            requireClose(features, new ReferenceNetwork(file).encode(image, FeaturePooling.GRID), 1e-5);
        }
    }

    /** Residuals over direct and Winograd layers, uneven padding, poolings, a value that four layers read. */
    @Tag("slow")
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1 | 13 | conv 0 17@3/1 1,1,1,1 relu; conv 1 20@3/1 1,1,1,1; conv 1 20@1/1; add 2 3 relu; max 4 3/2 1,1,1,1; mean 5 7/1",
                "3 | 9 | conv 0 5@2/1 0,1,1,0; max 1 2/2; add 2 relu; padded-mean 3 3/1 1,1,1,1; conv 4 6@3/2 1,1,1,1",
                "2 | 16 | conv 0 24@5/2 1,2,2,1 relu; conv 1 24@3/1 1,1,1,1 relu; conv 2 24@3/1 1,1,1,1; add 1 3 relu; conv 4 40@3/2 0,0,1,1; conv 4 40@1/2; add 5 6; conv 7 9@4/1 relu; conv 8 4@1/1",
                "1 | 8 | conv 0 5@3/1 1,1,1,1; concat 1 1; conv 0 10@1/1; sigmoid 3; add 2 4; leaky 5 9.5; conv 6 4@3/1 1,1,1,1; pad 7 1,1,1,1 0.0; sigmoid 8; conv 9 3@3/1",
                "2 | 8 | conv 0 16@1/1; silu 1; mean 2 8/1; sigmoid 3; mul 2 4; add 5 1; conv 6 160@3/1 1,1,1,1; hard-swish 7; conv 8 160@3/1 1,1,1,1; clip 9 0.5,1.0; conv 10 4@3/1 1,1,1,1",
                "3 | 9 | conv 0 5@1x7/1 0,3,0,3; conv 1 18@7x1/1 3,0,3,0 relu; conv 2 4@3x1/2 1,0,1,1",
                "2 | 8 | conv 0 20@5x2/3 1,0,2,0; depthwise 1 1x3/1 0,1,0,1 relu; depthwise 2 3x2/1 2,1,0,0; max 3 1x3/1 0,1,0,1; mean 4 2x1/1 1,0,0,0; padded-mean 5 3x1/1 1,0,1,0",
                "2 | 8 | conv 0 20@3/1 1,1,1,1; shuffle 1 2; slice 2 3 7; slice 2 0 20; shuffle 4 5; concat 3 5; silu 6; conv 7 18@3/1 1,1,1,1; slice 8 1 16; sigmoid 9; conv 10 3@3/1",
                "2 | 8 | conv 0 16@1/1; silu 1; mul 2 2; conv 3 8@3/1 1,1,1,1; clip 4 -1.0,1.0; mul 5 4; max 5 2/1; add 6 4 relu",
                "1 | 8 | conv 0 5@3/1 1,1,1,1; conv 0 18@3/1 1,1,1,1 relu; concat 1 2 1; silu 3; conv 4 7@3/1 1,1,1,1; sigmoid 5; mul 5 6; concat 7 4; conv 8 3@1/1",
                "3 | 9 | conv 0 20@3/1 1,1,1,1; hard-swish 1; leaky 2 0.1; pad 3 1,0,2,3 0.0; conv 4 20@3/1 1,1,1,1; pad 5 2,2,2,2 -Infinity; max 6 3/2; pad 7 0,1,1,0 0.75; depthwise 8 3/1 1,1,1,1 relu; silu 9; mean 10 2/2",
                "3 | 9 | conv 0 20@3/1 1,1,1,1; clip 1 0.0,6.0; depthwise 2 3/2 1,1,1,1 relu; depthwise 3 5/1 2,2,2,2; clip 4 -0.25,0.5; conv 5 40@3/1 1,1,1,1; depthwise 6 2/1 0,1,1,0; add 6 7; clip 8 -Infinity,0.3",
                "1 | 28 | conv 0 12@28/1 relu; conv 1 7@1/1",
                "1 | 6 | conv 0 96@1/1; conv 1 160@3/1 1,1,1,1; conv 2 160@3/1 1,1,1,1; conv 1 160@1/1 1,1,1,1; max 4 3/1; add 3 5 relu",
                "3 | 7 | conv 0 20@3/1 1,1,1,1; mean 1 3/2 1,0,0,1; mean 1 3/2 0,1,1,0; add 2 3; conv 4 8@1/1 1,1,1,1 relu",
                "1 | 8 | conv 0 160@3/1 1,1,1,1 relu; conv 1 160@3/1 1,1,1,1; conv 2 160@3/1 1,1,1,1 relu"
            })
    void agreesWithPlainLoopsForGraphs(int channels, int side, String layers) throws IOException {
        byte[] file = EncoderFiles.randomGraph(layers, channels, side, 11);
        ReferenceNetwork reference = new ReferenceNetwork(file);
        try (ImageEncoder encoder = ImageEncoder.parse(file, "random", FeaturePooling.MEAN);
                FloatMatrix images = FloatMatrix.allocate(37, channels * side * side)) {
            assertThat(encoder.channels()).isEqualTo(channels);
            float[] image = new float[channels * side * side];
            for (int i = 0; i < images.rows(); i++) {
                for (int c = 0; c < channels; c++) {
                    System.arraycopy(EncoderFiles.image(side, 3 * i + c), 0, image, c * side * side, side * side);
                }
                images.setRow(i, image);
            }
            try (FloatMatrix all = encoder.encode(images)) {
                float[] features = new float[encoder.dimensions()];
                float[] row = new float[encoder.dimensions()];
                for (int i = 0; i < images.rows(); i++) {
                    images.getRow(i, image);
                    encoder.encode(image, features);
                    all.getRow(i, row);
                    assertThat(row).isEqualTo(features);
                    requireClose(features, reference.encode(image, FeaturePooling.MEAN), 1e-5);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "conv 0 4@1x3/1 | layer 0 gives planes of 6 x 8 pixels, not squares",
                "conv 0 4@1x9/1 | layer 0 has a kernel of 1x9 pixels for an image of 8",
                "conv 0 4@3x1/1 1,2,1,2 | layer 0 has a padding of 1, 2, 1 and 2 pixels for a kernel of 3x1",
                "conv 0 4@0x3/1 | layer 0 has a kernel of 0x3 pixels and a stride of 1",
                "conv 0 4@3x/1 | \"conv 0 4@3x/1\" is not a layer, such as conv 0 16@3/2 1,1,1,1 relu",
                "conv 0 4@1/1; slice 1 2 3 | layer 1 takes 3 planes from plane 2 on of 4",
                "conv 0 4@1/1; slice 1 0 0 | layer 1 takes 0 planes from plane 0 on of 4",
                "conv 0 4@1/1; shuffle 1 3 | layer 1 has 3 groups of 4 planes",
                "conv 0 4@1/1; shuffle 1 0 | layer 1 has 0 groups of 4 planes",
                "shuffle 0 1 | layer 0 reads the image and is not a convolution",
                "slice 0 0 | \"slice 0 0\" is not a layer, such as conv 0 16@3/2 1,1,1,1 relu",
                "conv 0 4@3/1; conv 3 4@1/1 | layer 1 reads value 3, which comes behind it",
                "max 0 2/2 | layer 0 reads the image and is not a convolution",
                "conv 0 4@9/1 | layer 0 has a kernel of 9 pixels for an image of 8",
                "conv 0 4@3/1 3,3,3,3 | layer 0 has a padding of 3, 3, 3 and 3 pixels for a kernel of 3",
                "conv 0 4@3/1 1,1,1,0 | layer 0 gives planes of 7 x 8 pixels, not squares",
                "conv 0 4@1/1; clip 1 2.0,1.0 | layer 1 limits numbers to 2.0 … 1.0",
                "conv 0 4@1/1; conv 0 4@3/1; concat 1 2 | layer 2 joins planes of side 8 and of side 6",
                "conv 0 4@1/1; concat 1 2 | layer 1 reads value 2, which comes behind it",
                "conv 0 4@1/1; leaky 1 Infinity | layer 1 multiplies negative numbers by Infinity",
                "conv 0 4@1/1; pad 1 1,0,1,0 0.5 | layer 1 adds 1, 0, 1 and 0 pixels of 0.5",
                "sigmoid 0 | layer 0 reads the image and is not a convolution",
                "conv 0 4@1/1; clip 1 0,1 | \"clip 1 0,1\" is not a layer, such as conv 0 16@3/2 1,1,1,1 relu",
                "conv 0 4@1/1; depthwise 1 9/1 | layer 1 has a kernel of 9 pixels for an image of 8",
                "conv 0 4@3/0 | layer 0 has a kernel of 3 pixels and a stride of 0",
                "conv 0 4@1/1; conv 0 5@1/1; add 1 2 | layer 2 adds 4 planes of side 8 and 5 of side 8",
                "conv 0 4@1/1; max 1 1/1 1,1,1,1 | layer 1 has a padding of 1, 1, 1 and 1 pixels for a kernel of 1",
                "conv 0 | \"conv 0\" is not a layer, such as conv 0 16@3/2 1,1,1,1 relu",
                "conv 0 99999@1/1 | layer 0 has 99999 channels, not 1 to 65536"
            })
    void refusesLayersThatDoNotFit(String layers, String message) {
        String header = ("{\"__metadata__\":{\"format\":\"heddle-encoder-2\",\"layers\":\"%s\",\"inputChannels\":\"1\","
                        + "\"inputSize\":\"8\"}}")
                .formatted(layers);
        byte[] file = EncoderFiles.file(header, List.of());
        assertThatThrownBy(() -> ImageEncoder.parse(file, "odd", FeaturePooling.MEAN))
                .isInstanceOf(DataFormatException.class)
                .hasMessage("the encoder odd cannot be built: " + message);
    }

    /** The memory for an image is checked before it is allocated. */
    @Test
    void refusesOutputsBeyondMemory() {
        String layers = "conv 0 60000@1/1";
        String header = ("{\"__metadata__\":{\"format\":\"heddle-encoder-2\",\"layers\":\"%s\",\"inputChannels\":\"1\","
                        + "\"inputSize\":\"2000\"}}")
                .formatted(layers);
        byte[] file = EncoderFiles.file(header, List.of());
        assertThatThrownBy(() -> ImageEncoder.parse(file, "large", FeaturePooling.MEAN))
                .isInstanceOf(DataFormatException.class)
                .hasMessageContaining("to 240000000000 numbers for an image, more than 268435456");
    }

    @Test
    void refusesAGridOfAGraph() {
        byte[] file = EncoderFiles.randomGraph("conv 0 4@3/1", 1, 8, 1);
        assertThatThrownBy(() -> ImageEncoder.parse(file, "graph", FeaturePooling.GRID))
                .isInstanceOf(DataFormatException.class)
                .hasMessage(
                        "the encoder graph is an imported network, whose features are not pooled over a grid of windows");
    }

    private static void requireClose(float[] features, double[] expected, double relative) {
        double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
        assertThat(features).hasSameSizeAs(expected);
        for (int j = 0; j < expected.length; j++) {
            assertThat((double) features[j]).as("feature %d", j).isCloseTo(expected[j], within(relative * largest));
        }
    }

    @Test
    void threadsAndBatchesDoNotChangeABit() throws IOException {
        byte[] file = EncoderFiles.random(FASHION_LAYERS, 28, 3);
        try (ImageEncoder encoder = ImageEncoder.parse(file, "random", FeaturePooling.GRID);
                FloatMatrix images = images(53, 28);
                WorkerPool one = WorkerPool.of(1);
                WorkerPool three = WorkerPool.of(3);
                FloatMatrix expected = encoder.encode(images, one);
                FloatMatrix again = encoder.encode(images, three)) {
            float[] row = new float[encoder.dimensions()];
            float[] other = new float[encoder.dimensions()];
            float[] image = new float[28 * 28];
            for (int i = 0; i < images.rows(); i++) {
                expected.getRow(i, row);
                again.getRow(i, other);
                assertThat(other).isEqualTo(row);
                images.getRow(i, image);
                encoder.encode(image, other);
                assertThat(other).isEqualTo(row);
            }
        }
    }

    private static FloatMatrix images(int count, int side) {
        FloatMatrix images = FloatMatrix.allocate(count, side * side);
        for (int i = 0; i < count; i++) {
            images.setRow(i, EncoderFiles.image(side, i));
        }
        return images;
    }

    @Test
    void acceptsBytesAsGrayValues() throws IOException {
        try (ImageEncoder encoder =
                ImageEncoder.parse(EncoderFiles.random("20@3", 4, 3), "random", FeaturePooling.MEAN)) {
            byte[] bytes = new byte[16];
            float[] image = new float[16];
            for (int i = 0; i < 16; i++) {
                bytes[i] = (byte) (i * 17);
                image[i] = i * 17 / 255f;
            }
            float[] features = new float[20];
            float[] expected = new float[20];
            encoder.encode(bytes, features);
            encoder.encode(image, expected);
            assertThat(features).isEqualTo(expected);
        }
    }

    @Test
    void describesItself() throws IOException {
        byte[] bytes = EncoderFiles.random(FASHION_LAYERS, 28, 3);
        Path file = directory.resolve("one.safetensors");
        Files.write(file, bytes);
        try (ImageEncoder encoder = ImageEncoder.open(file, FeaturePooling.GRID)) {
            assertThat(encoder.inputSize()).isEqualTo(28);
            assertThat(encoder.dimensions()).isEqualTo(256 + 4 * (128 + 128 + 256));
            assertThat(encoder.meanDimensions()).isEqualTo(256);
            assertThat(ConvolutionLayer.describe(encoder.layers())).isEqualTo(FASHION_LAYERS);
            assertThat(encoder.provenance()).containsEntry("inputSize", "28");
            assertThat(encoder.sha256()).matches("[0-9a-f]{64}");
        }
    }

    @Test
    void refusesInvalidImages() throws IOException {
        byte[] file = EncoderFiles.random("4@3", 5, 3);
        try (ImageEncoder encoder = ImageEncoder.parse(file, "small", FeaturePooling.MEAN);
                FloatMatrix wide = images(2, 6);
                FloatMatrix images = images(3, 5)) {
            assertThatThrownBy(() -> encoder.encode(wide))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("the encoder small takes images of 5 x 5 pixels, which are 25 columns, not 36");
            images.set(2, 7, Float.NaN);
            assertThatThrownBy(() -> encoder.encode(images))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("pixel 7 of image 2 is NaN, not between 0 and 1");
            float[] image = new float[25];
            image[3] = 1.5f;
            assertThatThrownBy(() -> encoder.encode(image, new float[4]))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("pixel 3 of image 0 is 1.5, not between 0 and 1");
            assertThatThrownBy(() -> encoder.encode(new float[24], new float[4]))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("the encoder small takes images of 5 x 5 pixels, not 24 values");
            assertThatThrownBy(() -> encoder.encode(new byte[25], new float[5]))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("the encoder small gives 4 features, which do not fit into 5");
        }
    }

    @Test
    void namesTheOverflow() throws IOException {
        byte[] file = one("2@1", 2, "[2,1,1,1]", new float[] {3e38f, 3e38f, 3e38f, 0});
        try (ImageEncoder encoder = ImageEncoder.parse(file, "loud", FeaturePooling.MEAN)) {
            assertThatThrownBy(() -> encoder.encode(new float[] {1, 1, 1, 1}, new float[2]))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("the encoder loud gives Infinity as feature 0 of image 0");
        }
    }

    @Test
    void cannotBeUsedAfterClose() throws IOException {
        ImageEncoder encoder = ImageEncoder.parse(EncoderFiles.random("4@3", 5, 3), "small", FeaturePooling.MEAN);
        encoder.encode(new float[25], new float[4]);
        encoder.close();
        encoder.close();
        assertThatThrownBy(() -> encoder.encode(new float[25], new float[4]))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("this encoder is closed");
    }

    /** A network of one layer. */
    private static byte[] one(String layers, int side, String shape, float[] values) {
        int outputs = ConvolutionLayer.parse(layers).getFirst().channels();
        int split = values.length - outputs;
        return EncoderFiles.file(
                ("{\"__metadata__\":{\"format\":\"heddle-encoder-1\",\"layers\":\"%s\",\"inputSize\":\"%d\"},"
                                + "\"layers.0.weight\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":[0,%d]},"
                                + "\"layers.0.bias\":{\"dtype\":\"F32\",\"shape\":[%d],\"data_offsets\":[%d,%d]}}")
                        .formatted(layers, side, shape, split * 4, outputs, split * 4, values.length * 4),
                List.of(values));
    }

    @Test
    void refusesInvalidEncoders() {
        byte[] good = EncoderFiles.random("2@1", 2, 3);
        requireRefused("PK and so on".getBytes(StandardCharsets.US_ASCII), "bad is not a safetensors file");
        requireRefused(Arrays.copyOf(good, 40), "bad is cut short: it ends after 32 of");
        requireRefused(Arrays.copyOf(good, good.length - 4), "bad is cut short: the tensor layers.0.bias ends at");
        requireRefused(
                one("2@1", 2, "[2,1,1,1]", new float[] {1, Float.NaN, 0, 0}),
                "the encoder bad holds NaN as number 1 of layers.0.weight");
        requireRefused(
                one("2@1", 2, "[1,2,1,1]", new float[] {1, 1, 0, 0}),
                "the encoder bad has layers.0.weight of the shape [1, 2, 1, 1], not [2, 1, 1, 1]");
        requireRefused(
                one("2@1 3@1", 2, "[2,1,1,1]", new float[] {1, 1, 0, 0}),
                "the encoder bad has layers.1.weight of the shape none, not [3, 2, 1, 1]");
        requireRefused(
                one("2@1", 0, "[2,1,1,1]", new float[] {1, 1, 0, 0}),
                "\"inputSize\" in the header of bad is 0, not a whole number from 1 to 4096");
        requireRefused(
                one("9999@1", 4096, "[2147483647,2147483647,9,9]", new float[9999]),
                "the tensor layers.0.weight of bad has the shape [2147483647, 2147483647, 9, 9]");
    }

    /** Refused because of the header, before memory is allocated. */
    @Test
    void refusesPlanesLargerThanAnArray() {
        requireRefused(
                one("9999@1", 4096, "[9999,1,1,1]", new float[2 * 9999]),
                "the layer 9999@1 of the encoder bad would give 167755382784 numbers for an image of side 4096");
    }

    private static void requireRefused(byte[] file, String message) {
        assertThatThrownBy(() -> ImageEncoder.parse(file, "bad", FeaturePooling.MEAN))
                .isInstanceOf(DataFormatException.class)
                .hasMessageStartingWith(message);
    }
}
