package io.heddle.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.encoder.FeaturePooling;
import io.heddle.encoder.ImageEncoder;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the layers that parts and shuffles of channels become, and what of them is refused. */
class OnnxChannelsTest extends OnnxRefusals {
    private static final String LAST = "9223372036854775807";

    private void layers(String expected) throws IOException {
        assertThat(OnnxFile.readEncoder(file("y", -1, 3, 8, 8), Optional.empty())
                        .metadata())
                .containsEntry("layers", expected);
    }

    private void wholes(String name, String numbers) {
        long[] values =
                Arrays.stream(numbers.split(" ")).mapToLong(Long::parseLong).toArray();
        Protobuf tensor = new Protobuf().integer(1, values.length).integer(2, 7).text(8, name);
        for (long value : values) {
            tensor.integer(7, value);
        }
        graph.message(5, tensor);
    }

    private void index(String name, int value) {
        graph.message(5, new Protobuf().integer(2, 7).text(8, name).integer(7, value));
    }

    private void split(String inputs, String outputs, int axis) {
        Protobuf node = new Protobuf().text(4, "Split");
        for (String input : inputs.split(" ")) {
            node.text(1, input);
        }
        for (String output : outputs.split(" ")) {
            node.text(2, output);
        }
        graph.message(
                1,
                node.message(5, new Protobuf().text(1, "axis").integer(3, axis).integer(20, 2)));
    }

    /** Convolves the image to {@code c}, with 6 channels and 6 x 6 pixels. */
    private void convolution() {
        constant("w", 6, 3, 3, 3);
        node("Conv", "x w", "c");
    }

    private void shuffle(String grouped, String flat, String order) {
        wholes("grouped", grouped);
        wholes("flat", flat);
        convolution();
        node("Reshape", "c grouped", "g");
        node("Transpose", "g", "t", "perm=[%s]".formatted(order));
        node("Reshape", "t flat", "s");
    }

    /** As in ShuffleNetV2. */
    @ParameterizedTest
    @CsvSource({
        "0 2 3 6 6, 0 6 6 6, '0,2,1,3,4'",
        "-1 2 3 6 6, -1 6 6 6, '0,2,1,3,4'",
        "0 2 -1 6 6, 0 -1 6 6, '0,2,1,3,4'",
        "1 2 3 36, 1 6 6 6, '0,2,1,3'"
    })
    void theUnitOfAShuffle(String grouped, String flat, String order) throws IOException {
        shuffle(grouped, flat, order);
        split("s", "a b", 1);
        constant("v", 3, 3, 1, 1);
        node("Conv", "b v", "d");
        node("Concat", "a d", "y", "axis=1");
        layers("conv 0 6@3/1; shuffle 1 2; slice 2 0 3; slice 2 3 3; conv 4 3@1/1; concat 3 5");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 2 3 6 6 | 0 6 6 6 | 0,1,2,3,4 | Transpose other than between two Reshape that make a channel shuffle",
                "0 2 3 6 6 | 0 6 6 6 | 0,2,1,4,3 | Transpose other than between two Reshape that make a channel shuffle",
                "0 2 3 6 6 | 0 3 12 6 | 0,2,1,3,4 | Reshape to [0, 3, 12, 6], which is not one row per image",
                "0 2 2 9 6 | 0 6 6 6 | 0,2,1,3,4 | Reshape to [0, 2, 2, 9, 6], which is not one row per image",
                "0 2 0 6 6 | 0 6 6 6 | 0,2,1,3,4 | Reshape to [0, 2, 0, 6, 6], which is not one row per image",
                "0 6 6 6 | 0 6 6 6 | 0,2,1,3 | Transpose other than between two Reshape that make a channel shuffle"
            })
    void otherOrders(String grouped, String flat, String order, String why) throws IOException {
        shuffle(grouped, flat, order);
        isRefused("has the operator %s, which Heddle does not read".formatted(why), file("s", -1, 3, 8, 8));
    }

    @Test
    void groupsWithoutTheirTransposition() throws IOException {
        shuffle("0 2 3 6 6", "0 6 6 6", "0,2,1,3,4");
        node("Relu", "t", "y");
        isRefused(
                "has the operator Relu of a value without planes of pixels, which Heddle does not read",
                file("y", -1, 3, 8, 8));
    }

    @ParameterizedTest
    @CsvSource({"'', a b, 0 3 3 3", "2 4, a b, 0 2 2 4", "1 2 3, unread a b, 1 2 3 3"})
    void partsOfSomeSizes(String sizes, String outputs, String expected) throws IOException {
        convolution();
        if (!sizes.isEmpty()) {
            wholes("sizes", sizes);
        }
        split(sizes.isEmpty() ? "c" : "c sizes", outputs, 1);
        node("GlobalAveragePool", "a", "m");
        node("GlobalAveragePool", "b", "n");
        node("Concat", "m n", "y", "axis=1");
        layers("conv 0 6@3/1; slice 1 %s %s; slice 1 %s %s; mean 2 6/1; mean 3 6/1; concat 4 5"
                .formatted((Object[]) expected.split(" ")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2 | 3 3 | along another axis than the channels",
                "1 | 3 4 | of 6 channels into [3, 4] and 2 values",
                "1 | 6 0 | of 6 channels into [6, 0] and 2 values",
                "1 | 2 2 2 | of 6 channels into [2, 2, 2] and 2 values"
            })
    void otherParts(int axis, String sizes, String why) throws IOException {
        convolution();
        wholes("sizes", sizes);
        split("c sizes", "a y", axis);
        isRefused("has the operator Split %s, which Heddle does not read".formatted(why), file("y", -1, 3, 8, 8));
    }

    /** Since opset 18 the last part may be smaller. */
    @ParameterizedTest
    @ValueSource(ints = {13, 18})
    void partsThatAreNotEqual(int opset) throws IOException {
        this.opset = opset;
        constant("w", 5, 3, 3, 3);
        node("Conv", "x w", "c");
        split("c", "a b y", 1);
        if (opset >= 18) {
            layers("conv 0 5@3/1; slice 1 4 1");
        } else {
            isRefused(
                    "has the operator Split of 5 channels into [2, 2, 2] and 3 values, which Heddle does not read",
                    file("y", -1, 3, 8, 8));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1 | 2 | 5 | 1 | conv 0 6@3/1; slice 1 2 3",
                "-3 | -2 | L | 1 | conv 0 6@3/1; slice 1 4 2",
                "1 | 0 | L | 1 | conv 0 6@3/1",
                "1 | 1 | L | 3 | conv 0 6@3/1; slice 1 1 1; slice 1 4 1; concat 2 3",
                "1 2 3 | 4 0 0 | 6 6 L | 1 1 1 | conv 0 6@3/1; slice 1 4 2"
            })
    void slices(String axes, String starts, String ends, String steps, String expected) throws IOException {
        convolution();
        slice(axes, starts, ends, steps);
        layers(expected);
    }

    private void slice(String axes, String starts, String ends, String steps) {
        wholes("starts", starts);
        wholes("ends", ends.replace("L", LAST));
        wholes("axes", axes);
        wholes("steps", steps);
        node("Slice", "c starts ends axes steps", "y");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2 | 1 | L | 1 | of other dimensions than the channels",
                "2 | 0 | 5 | 1 | of other dimensions than the channels",
                "0 | 1 | L | 1 | of other dimensions than the channels",
                "3 | 0 | L | 2 | of other dimensions than the channels",
                "1 | 3 | 3 | 1 | of no channels",
                "1 | 0 1 | 3 | 1 | with other numbers of starts, ends, axes and steps",
                "1 | 0 | 3 | 1 1 | with other numbers of starts, ends, axes and steps",
                "1 2 | 0 | 3 | 1 | with other numbers of starts, ends, axes and steps",
                "-4 | 0 | 8 | 1 | of other dimensions than the channels"
            })
    void otherSlices(String axes, String starts, String ends, String steps, String why) throws IOException {
        convolution();
        slice(axes, starts, ends, steps);
        isRefused("has the operator Slice %s, which Heddle does not read".formatted(why), file("y", -1, 3, 8, 8));
    }

    /** As torchvision's Inception v3 and GoogLeNet scale the channels of an image one by one. */
    @Test
    void channelsOfTheImage() throws IOException {
        wholes("axis", "1");
        constant("w", 6, 3, 3, 3);
        constant("two", 1);
        for (int c = 0; c < 3; c++) {
            index("i" + c, c - (c == 2 ? 3 : 0));
            node("Gather", "x i" + c, "g" + c, "axis=1");
            node("Unsqueeze", "g%d axis".formatted(c), "u" + c);
            node("Mul", "u%d two".formatted(c), "m" + c);
        }
        node("Concat", "m0 m1 m2", "all", "axis=1");
        node("Conv", "all w", "y");
        layers("conv 0 1@1/1; conv 0 1@1/1; conv 0 1@1/1; concat 1 2 3; conv 4 6@3/1");
    }

    /** Blue, green and red. */
    @Test
    void theImageInAnotherOrder() throws IOException {
        wholes("order", "2 1 0");
        constant("w", 6, 3, 3, 3);
        node("Gather", "x order", "all", "axis=1");
        node("Conv", "all w", "y");
        layers("conv 0 3@1/1; conv 1 6@3/1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2 | 0 | of other values than the channels of planes",
                "1 | 6 | of the channels [6] of 6",
                "1 | -7 | of the channels [-7] of 6"
            })
    void otherIndices(int axis, int index, String why) throws IOException {
        convolution();
        wholes("indices", Integer.toString(index));
        node("Gather", "c indices", "y", "axis=" + axis);
        isRefused("has the operator Gather %s, which Heddle does not read".formatted(why), file("y", -1, 3, 8, 8));
    }

    @Test
    void aChannelWithoutItsDimension() throws IOException {
        convolution();
        index("i", 2);
        wholes("axis", "2");
        node("Gather", "c i", "g", "axis=1");
        node("Unsqueeze", "g axis", "y");
        isRefused(
                "has the operator Unsqueeze of a channel at another place than that of the channels, which Heddle does "
                        + "not read",
                file("y", -1, 3, 8, 8));
    }

    @Test
    void rowsOfChannelsHaveParts() throws IOException {
        convolution();
        node("GlobalAveragePool", "c", "m");
        node("Flatten", "m", "f");
        split("f", "a b", 1);
        node("Mul", "a b", "y");
        layers("conv 0 6@3/1; mean 1 6/1; slice 2 0 3; slice 2 3 3; mul 3 4");
    }

    @Test
    void rowsOfPixelsHaveNoParts() throws IOException {
        convolution();
        node("Flatten", "c", "f");
        split("f", "a y", 1);
        isRefused(
                "has the operator Split of rows of planes of more than one pixel, which Heddle does not read",
                file("y", -1, 3, 8, 8));
    }

    @Test
    void theFirstPartIsNotRectifiedInPlace() throws IOException {
        convolution();
        split("c", "a b", 1);
        node("Relu", "a", "r");
        node("Add", "r b", "s");
        node("Add", "s a", "y");
        layers("conv 0 6@3/1; slice 1 0 3; slice 1 3 3; add 2 relu; add 4 3; add 5 2");
    }

    /** All channels are the operand itself, which an operator that reads them must not change. */
    @ParameterizedTest
    @ValueSource(strings = {"Split", "Slice", "Gather"})
    void theWholeIsNotRectifiedInPlace(String operator) throws IOException {
        convolution();
        wholes("none", "0");
        wholes("all", "6");
        wholes("axis", "1");
        wholes("order", "0 1 2 3 4 5");
        switch (operator) {
            case "Split" -> split("c all", "a", 1);
            case "Slice" -> node("Slice", "c none all axis", "a");
            default -> node("Gather", "c order", "a", "axis=1");
        }
        node("Identity", "a", "b");
        node("Relu", "b", "r");
        node("Concat", "r c", "y", "axis=1");
        layers("conv 0 6@3/1; add 1 relu; concat 2 1");
    }

    /** A crop that keeps all pixels is not a second reader. */
    @Test
    void theWholeIsRectifiedInPlaceIfNothingElseReadsIt() throws IOException {
        convolution();
        wholes("none", "0");
        wholes("all", "6");
        wholes("axis", "3");
        node("Slice", "c none all axis", "a");
        node("Relu", "a", "y");
        layers("conv 0 6@3/1 relu");
    }

    @Test
    void theWholeOfASwish() throws IOException {
        convolution();
        wholes("all", "6");
        node("Sigmoid", "c", "s");
        split("s all", "a", 1);
        node("Mul", "c a", "m");
        node("Concat", "m s", "y", "axis=1");
        layers("conv 0 6@3/1; sigmoid 1; mul 1 2; concat 3 2");
    }

    @Test
    void theImageIsShuffled() throws IOException {
        wholes("grouped", "0 3 1 8 8");
        wholes("flat", "0 3 8 8");
        node("Reshape", "x grouped", "g");
        node("Transpose", "g", "t", "perm=[0,2,1,3,4]");
        node("Reshape", "t flat", "y");
        layers("conv 0 3@1/1; shuffle 1 3");
    }

    /** As many images as are in the file; 2 is not their number. */
    @Test
    void channelsThatBecomeImages() throws IOException {
        convolution();
        wholes("sizes", "2 -1 6 6");
        node("Reshape", "c sizes", "y");
        isRefused(
                "has the operator Reshape to [2, -1, 6, 6], which is not one row per image, which Heddle does not read",
                file("y", 1, 3, 8, 8));
    }

    private void squeezed() {
        convolution();
        wholes("last", "3");
        node("GlobalAveragePool", "c", "m");
        node("Squeeze", "m last", "s");
    }

    @Test
    void planesOfOnePixelAreSqueezedTwice() throws IOException {
        squeezed();
        wholes("behind", "-1");
        node("Squeeze", "s behind", "y");
        layers("conv 0 6@3/1; mean 1 6/1");
    }

    /** N x 6 x 1 numbers, whose last dimension is not that of the channels. */
    @Test
    void planesOfOnePixelAreNotRowsIfSqueezedOnce() throws IOException {
        squeezed();
        node("Concat", "s s", "y", "axis=1");
        isRefused(
                "has the operator Concat of a value without planes of pixels, which Heddle does not read",
                file("y", -1, 3, 8, 8));
    }

    /** A join of more values than the 512 to which the text of layers was limited. */
    @Test
    void manyPartsAreJoined() throws IOException {
        convolution();
        node("GlobalAveragePool", "c", "m");
        node("Concat", "m ".repeat(600).strip(), "y", "axis=1");
        layers("conv 0 6@3/1; mean 1 6/1; concat" + " 2".repeat(600));
        TensorSet encoderFile = OnnxFile.readEncoder(folder.resolve("odd.onnx"), Optional.empty());
        try (ImageEncoder encoder = ImageEncoder.of(encoderFile, FeaturePooling.MEAN)) {
            assertThat(encoder.dimensions()).isEqualTo(3600);
        }
    }
}
