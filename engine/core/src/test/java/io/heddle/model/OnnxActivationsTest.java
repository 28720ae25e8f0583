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
    void swishIsAProduct() throws IOException {
        constant("w", 4, 1, 3, 3);
        node("Conv", "x w", "c");
        node("HardSwish", "c", "y");
        layers("conv 0 4@3/1; depthwise 1 1/1; clip 2 0.0,1.0; mul 1 3");
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
}
