package io.heddle.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests which layers the operators of networks like MobileNetV3 become, and what of them is refused. */
class OnnxActivationsTest extends OnnxRefusals {
    private void layers(String expected) throws IOException {
        assertThat(OnnxFile.readEncoder(file("y", -1, 1, 8, 8), Optional.empty())
                        .metadata())
                .containsEntry("layers", expected);
    }

    private void number(String name, int shorts) {
        graph.message(
                5, new Protobuf().integer(2, FLOAT).text(8, name).blob(9, new byte[] {0, 0, (byte) shorts, 0x40}));
    }

    @Test
    void curvesAreLayers() throws IOException {
        constant("w", 4, 1, 3, 3);
        node("Conv", "x w", "c");
        node("HardSwish", "c", "d");
        node("Sigmoid", "d", "e");
        node("LeakyRelu", "e", "f");
        node("Swish", "f", "y");
        layers("conv 0 4@3/1; hard-swish 1; sigmoid 2; leaky 3 0.01; silu 4");
    }

    @ParameterizedTest
    @CsvSource({"c s", "s c"})
    void theProductOfAValueAndItsSigmoidIsOneLayer(String operands) throws IOException {
        constant("w", 4, 1, 3, 3);
        constant("v", 4, 4, 1, 1);
        node("Conv", "x w", "c");
        node("Sigmoid", "c", "s");
        node("Mul", operands, "m");
        node("Conv", "m v", "y");
        layers("conv 0 4@3/1; silu 1; conv 2 4@1/1");
    }

    /**
     * With the same operands as {@link #theProductOfAValueAndItsSigmoidIsOneLayer}, but another reader of the sigmoid.
     */
    @Test
    void aSigmoidThatIsReadAgainRemains() throws IOException {
        constant("w", 4, 1, 3, 3);
        node("Conv", "x w", "c");
        node("Sigmoid", "c", "s");
        node("Mul", "c s", "m");
        node("Add", "m s", "y");
        layers("conv 0 4@3/1; sigmoid 1; mul 1 2; add 3 2");
    }

    @Test
    void theSigmoidOfAnotherValueRemains() throws IOException {
        constant("w", 4, 1, 3, 3);
        constant("v", 4, 1, 3, 3);
        node("Conv", "x w", "c");
        node("Conv", "x v", "d");
        node("Sigmoid", "c", "s");
        node("Mul", "d s", "y");
        layers("conv 0 4@3/1; conv 0 4@3/1; sigmoid 1; mul 2 3");
    }

    /** As PyTorch exports Hardswish up to opset 13. */
    @ParameterizedTest
    @CsvSource({
        "1.0, '', conv 0 4@3/1; hard-swish 1",
        "1.0, s, conv 0 4@3/1; depthwise 1 1/1; clip 2 0.0_1.0; mul 3 1; add 4 3",
        "1.5, '', conv 0 4@3/1; depthwise 1 1/1; clip 2 0.0_1.0; mul 3 1"
    })
    void theProductOfAValueAndItsHardSigmoid(float factor, String again, String expected) throws IOException {
        constant("w", 4, 1, 3, 3);
        node("Conv", "x w", "c");
        Protobuf alpha = new Protobuf().text(1, "alpha").real(2, factor / 6).integer(20, 1);
        graph.message(
                1,
                new Protobuf().text(1, "c").text(2, "s").text(4, "HardSigmoid").message(5, alpha));
        node("Mul", "s c", again.isEmpty() ? "y" : "m");
        if (!again.isEmpty()) {
            node("Add", "m s", "y");
        }
        layers(expected.replace('_', ','));
    }

    /** The product with the convolution, whose layer has the number that the sigmoid had before it was replaced. */
    @Test
    void theHardSigmoidIsReplacedOnce() throws IOException {
        constant("w", 4, 1, 3, 3);
        constant("v", 4, 4, 1, 1);
        node("Conv", "x w", "c");
        Protobuf alpha = new Protobuf().text(1, "alpha").real(2, 1 / 6f).integer(20, 1);
        graph.message(
                1,
                new Protobuf().text(1, "c").text(2, "s").text(4, "HardSigmoid").message(5, alpha));
        node("Mul", "c s", "m");
        node("Conv", "m v", "d");
        node("Mul", "c d", "y");
        layers("conv 0 4@3/1; hard-swish 1; conv 2 4@1/1; mul 1 3");
    }

    /** After the product, the sigmoid is no layer. */
    @Test
    void theShapeOfAHardSigmoidIsKnown() throws IOException {
        wholes("two", 2);
        wholes("three", 3);
        constant("w", 4, 1, 3, 3);
        node("Conv", "x w", "c");
        Protobuf alpha = new Protobuf().text(1, "alpha").real(2, 1 / 6f).integer(20, 1);
        graph.message(
                1,
                new Protobuf().text(1, "c").text(2, "s").text(4, "HardSigmoid").message(5, alpha));
        node("Mul", "c s", "m");
        node("Shape", "s", "shape");
        node("Slice", "shape two three", "side");
        node("Mul", "side side", "pixels");
        node("GlobalAveragePool", "m", "y");
        layers("conv 0 4@3/1; hard-swish 1; mean 2 6/1");
    }

    /** A Pad without pixels, as graphs compute for some sizes, does not hide the other use of the convolution. */
    @ParameterizedTest
    @CsvSource({
        "Relu, conv 0 4@3/1; add 1 relu; add 1 2",
        "Neg, conv 0 4@3/1; depthwise 1 1/1; add 1 2",
        "Sigmoid, conv 0 4@3/1; sigmoid 1; add 1 2"
    })
    void paddingOfNoPixels(String operator, String expected) throws IOException {
        constant("w", 4, 1, 3, 3);
        node("Conv", "x w", "c");
        node("Pad", "c", "p", "pads=[0,0,0,0,0,0,0,0]");
        node(operator, "p", "r");
        node("Add", "c r", "y");
        layers(expected);
    }

    @Test
    void negativeValuesAreFolded() throws IOException {
        constant("w", 4, 1, 3, 3);
        node("Conv", "x w", "c");
        node("Neg", "c", "n");
        node("Relu", "n", "y");
        layers("conv 0 4@3/1 relu");
    }

    @Test
    void planesAndRowsAreJoined() throws IOException {
        constant("w", 4, 1, 3, 3);
        node("Conv", "x w", "c", "pads=[1,1,1,1]");
        node("Concat", "c x c", "d", "axis=1");
        node("GlobalAveragePool", "d", "p");
        node("Flatten", "p", "f");
        node("Concat", "f f", "y", "axis=1");
        layers("conv 0 4@3/1 1,1,1,1; conv 0 1@1/1; concat 1 2 1; mean 3 8/1; concat 4 4");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "c c | 2 | along another axis than the channels",
                "c c | | along another axis than the channels",
                "c w | 1 | of a value without planes of pixels",
                "c f | 1 | of rows and planes"
            })
    void otherJoins(String operands, String axis, String why) throws IOException {
        constant("w", 4, 1, 3, 3);
        node("Conv", "x w", "c");
        node("Flatten", "c", "f");
        node("Concat", operands, "y", "axis=" + (axis == null ? "" : axis));
        isRefused("has the operator Concat %s, which Heddle does not read".formatted(why), file("y", -1, 1, 8, 8));
    }

    @Test
    void zerosBeforeOtherLayersAreALayer() throws IOException {
        constant("w", 4, 1, 3, 3);
        node("Conv", "x w", "c");
        node("Pad", "c", "p", "pads=[0,0,1,1,0,0,1,1]");
        node("MaxPool", "p", "m", "kernel_shape=[2,2]");
        node("Relu", "p", "r");
        node("AveragePool", "r", "a", "kernel_shape=[2,2]");
        node("Add", "m a", "y");
        layers("conv 0 4@3/1; pad 1 1,1,1,1 0.0; max 2 2/1; add 2 relu; mean 4 2/1; add 3 5");
    }

    @Test
    void moreZerosThanTheKernelAreALayer() throws IOException {
        constant("w", 4, 1, 3, 3);
        node("Pad", "x", "p", "pads=[0,0,3,3,0,0,3,3]");
        node("Conv", "p w", "y", "pads=[1,1,1,1]");
        layers("conv 0 1@1/1; pad 1 3,3,3,3 0.0; conv 2 4@3/1 1,1,1,1");
    }

    /** The window at the end of seven pixels has one pixel of the image. */
    @ParameterizedTest
    @CsvSource({
        "MaxPool, '', max 2 2/2 0_0_1_1",
        "AveragePool, '', mean 2 2/2 0_0_1_1",
        "MaxPool, 'pads=[1,1,0,0]', max 2 2/2 1_1_0_0"
    })
    void windowsBeyondTheEdge(String operator, String pads, String expected) throws IOException {
        constant("w", 4, 1, 2, 2);
        node("Conv", "x w", "c");
        node("Relu", "c", "r");
        node("Sigmoid", "r", "s");
        String[] attributes = {"kernel_shape=[2,2]", "strides=[2,2]", "ceil_mode=1", pads};
        node(operator, "s", "y", Arrays.copyOf(attributes, pads.isEmpty() ? 3 : 4));
        layers("conv 0 4@2/1 relu; sigmoid 1; " + expected.replace('_', ','));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "AveragePool | kernel_shape=[2,2] strides=[2,2] ceil_mode=1 count_include_pad=1",
                "MaxPool | kernel_shape=[1,1] strides=[4,4] ceil_mode=1",
            })
    void windowsWithoutPixels(String operator, String attributes) throws IOException {
        constant("w", 4, 1, 2, 2);
        node("Conv", "x w", "c");
        node(operator, "c", "y", attributes.split(" "));
        isRefused(
                "has the operator %s with ceil_mode and padding that it counts or windows behind the image, which Heddle does not read"
                        .formatted(operator),
                file("y", -1, 1, 8, 8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pads=[0,0,1,1,0,0,1,1] mode=reflect | in the mode reflect",
                "pads=[0,1,1,1,0,0,1,1] | of other dimensions than rows and columns",
                "pads=[0,0,1,1] | with 4 numbers for 4 dimensions",
                "pads=[0,0,-1,0,0,0,0,-1] | with a padding of -1 pixels"
            })
    void otherPadding(String attributes, String why) throws IOException {
        constant("w", 4, 1, 3, 3);
        node("Pad", "x", "p", attributes.split(" "));
        node("Conv", "p w", "y");
        isRefused("has the operator Pad %s, which Heddle does not read".formatted(why), file("y", -1, 1, 8, 8));
    }

    @Test
    void theSigmoidOfAConvolutionIsFoldedIntoIt() throws IOException {
        constant("w", 4, 1, 3, 3);
        constant("v", 4, 4, 1, 1);
        node("Conv", "x w", "c");
        node("GlobalAveragePool", "c", "p");
        node("Conv", "p v", "d");
        node("HardSigmoid", "d", "s");
        node("Mul", "s c", "y");
        layers("conv 0 4@3/1; mean 1 6/1; conv 2 4@1/1; clip 3 0.0,1.0; mul 1 4");
    }

    @Test
    void theImageIsCopiedForOtherLayers() throws IOException {
        constant("w", 1, 1, 3, 3);
        node("Conv", "x w", "c", "pads=[1,1,1,1]");
        node("Add", "x c", "a");
        node("Mul", "x a", "y");
        layers("conv 0 1@3/1 1,1,1,1; conv 0 1@1/1; add 2 1; mul 2 3");
    }

    @Test
    void theImageIsRead() throws IOException {
        number("two", 0);
        node("MaxPool", "x", "a", "kernel_shape=[2,2]", "strides=[2,2]");
        node("Min", "two a", "b");
        node("Max", "b two", "y");
        layers("conv 0 1@1/1; max 1 2/2; clip 2 -Infinity,2.0; clip 3 2.0,Infinity");
    }

    @Test
    void dilationsAndBatchNormAfterReLU() throws IOException {
        constant("w", 4, 1, 3, 3);
        constant("v", 4, 1, 3, 3);
        for (String name : List.of("scale", "bias", "mean", "variance")) {
            constant(name, 4);
        }
        node("Conv", "x w", "c", "dilations=[2,2]", "pads=[2,2,2,2]");
        node("Relu", "c", "r");
        node("BatchNormalization", "r scale bias mean variance", "b");
        node("Conv", "b v", "y", "group=4", "dilations=[3,3]");
        layers("conv 0 4@5/1 2,2,2,2 relu; depthwise 1 1/1; depthwise 2 7/1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Max | c two c | of 3 values",
                "Min | c c | of values other than one of the network and one number",
                "Max | c w | of values other than one of the network and one number",
                "Sub | c x | of two values of the network",
            })
    void otherOperands(String operator, String operands, String why) throws IOException {
        number("two", 0);
        constant("w", 1, 1, 3, 3);
        node("Conv", "x w", "c", "pads=[1,1,1,1]");
        node(operator, operands, "y");
        isRefused(
                "has the operator %s %s, which Heddle does not read".formatted(operator, why), file("y", -1, 1, 8, 8));
    }

    @Test
    void sigmoidsOfRowsOfPlanes() throws IOException {
        constant("w", 4, 1, 3, 3);
        node("Conv", "x w", "c");
        node("MaxPool", "c", "m", "kernel_shape=[2,2]", "strides=[2,2]");
        node("Flatten", "m", "f");
        node("HardSigmoid", "f", "y");
        layers("conv 0 4@3/1; max 1 2/2; depthwise 2 1/1; clip 3 0.0,1.0");
    }

    @ParameterizedTest
    @CsvSource({"SAME_UPPER", "SAME_LOWER"})
    void dilationsWithAutomaticPadding(String way) throws IOException {
        constant("w", 4, 1, 3, 3);
        node("Conv", "x w", "y", "dilations=[2,2]", "auto_pad=" + way);
        isRefused(
                "has the operator Conv with dilations and the auto_pad %s, which Heddle does not read".formatted(way),
                file("y", -1, 1, 8, 8));
    }

    @Test
    void productsOfOtherShapes() throws IOException {
        constant("w", 4, 1, 3, 3);
        constant("v", 4, 1, 5, 5);
        node("Conv", "x w", "c");
        node("Conv", "x v", "d");
        node("Mul", "c d", "y");
        isRefused("cannot be read: layer 2 multiplies 4 planes of side 6 by 4 of side 4", file("y", -1, 1, 8, 8));
    }

    private void wholes(String name, int... numbers) {
        Protobuf tensor =
                new Protobuf().integer(1, numbers.length).integer(2, 7).text(8, name);
        for (int number : numbers) {
            tensor.integer(7, number);
        }
        graph.message(5, tensor);
    }

    /** The scores of channels, as squeeze-and-excitation of linear layers computes them from the means. */
    private void excitation() {
        constant("w", 4, 1, 3, 3);
        constant("v", 4, 4);
        node("Conv", "x w", "c");
        node("ReduceMean", "c", "p", "axes=[2,3]", "keepdims=");
        node("MatMul", "p v", "d");
    }

    @Test
    void rowsBecomePlanesOfOnePixel() throws IOException {
        wholes("sizes", 0, 4, 1, 1);
        excitation();
        node("HardSigmoid", "d", "s");
        node("Reshape", "s sizes", "t");
        node("Mul", "c t", "y");
        layers("conv 0 4@3/1; mean 1 6/1; conv 2 4@1/1; clip 3 0.0,1.0; mul 1 4");
    }

    @Test
    void rowsGetTwoMoreDimensions() throws IOException {
        wholes("axes", 3, 2);
        excitation();
        node("Unsqueeze", "d axes", "t");
        node("HardSigmoid", "t", "s");
        node("Mul", "c s", "y");
        layers("conv 0 4@3/1; mean 1 6/1; conv 2 4@1/1; clip 3 0.0,1.0; mul 1 4");
    }

    /** Scaling is not folded into the weights if the value has another use under its first name. */
    @ParameterizedTest
    @CsvSource({"Unsqueeze, axes", "Reshape, sizes"})
    void planesOfOnePixelAreTheRows(String operator, String operand) throws IOException {
        wholes("axes", 2, 3);
        wholes("sizes", 0, 4, 1, 1);
        excitation();
        node(operator, "d " + operand, "t");
        node("HardSigmoid", "t", "s");
        node("Flatten", "s", "f");
        node("Mul", "d f", "y");
        layers("conv 0 4@3/1; mean 1 6/1; conv 2 4@1/1; depthwise 3 1/1; clip 4 0.0,1.0; mul 3 5");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Reshape | 0 2 2 1 | to [0, 2, 2, 1], which is not one row per image",
                "Reshape | 0 1 4 1 | to [0, 1, 4, 1], which is not one row per image",
                "Unsqueeze | 1 2 | that does not make planes of one pixel",
                "Unsqueeze | 2 | that does not make planes of one pixel",
            })
    void otherShapesOfRows(String operator, String numbers, String why) throws IOException {
        wholes(
                "n",
                Arrays.stream(numbers.split(" ")).mapToInt(Integer::parseInt).toArray());
        excitation();
        node(operator, "d n", "y");
        isRefused(
                "has the operator %s %s, which Heddle does not read".formatted(operator, why), file("y", -1, 1, 8, 8));
    }

    @Test
    void maximumOfPlanes() throws IOException {
        constant("w", 4, 1, 3, 3);
        wholes("axes", 3, 2);
        node("Conv", "x w", "c");
        node("ReduceMax", "c axes", "m");
        node("ReduceMax", "c", "n", "axes=[2,3]");
        node("Add", "m n", "y");
        layers("conv 0 4@3/1; max 1 6/1; max 1 6/1; add 2 3");
    }

    @Test
    void oneNumberScalesRowsOfPlanes() throws IOException {
        constant("w", 4, 1, 3, 3);
        number("two", 0);
        node("Conv", "x w", "c");
        node("MaxPool", "c", "m", "kernel_shape=[2,2]", "strides=[2,2]");
        node("Flatten", "m", "f");
        node("Mul", "two f", "y");
        layers("conv 0 4@3/1; max 1 2/2; depthwise 2 1/1");
    }

    @Test
    void slopesOfEachChannel() throws IOException {
        constant("w", 4, 1, 3, 3);
        constant("slopes", 4, 1, 1);
        node("Conv", "x w", "c");
        node("PRelu", "c slopes", "y");
        layers("conv 0 4@3/1; clip 1 -Infinity,0.0; depthwise 2 1/1; add 1 relu; add 4 3");
    }

    @Test
    void slopesOfRowsAndOneSlope() throws IOException {
        number("two", 0);
        constant("slopes", 4);
        excitation();
        node("PRelu", "d slopes", "e");
        node("PRelu", "e two", "y");
        layers("conv 0 4@3/1; mean 1 6/1; conv 2 4@1/1; clip 3 -Infinity,0.0; depthwise 4 1/1; add 3 relu; add 6 5; "
                + "leaky 7 2.0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "c w | with a constant that is neither one number nor one per channel",
                "c c | with a constant that is neither one number nor one per channel",
                "f s | of rows of planes, with another number for each pixel"
            })
    void otherSlopes(String operands, String why) throws IOException {
        constant("w", 4, 1, 3, 3);
        constant("s", 4);
        node("Conv", "x w", "c");
        node("Flatten", "c", "f");
        node("PRelu", operands, "y");
        isRefused("has the operator PRelu %s, which Heddle does not read".formatted(why), file("y", -1, 1, 8, 8));
    }
}
