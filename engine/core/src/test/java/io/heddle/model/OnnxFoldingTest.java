package io.heddle.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.matrix.InvalidInputException;
import io.heddle.model.OnnxSource.Attribute;
import io.heddle.model.OnnxSource.Constant;
import io.heddle.model.OnnxSource.Node;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests operators of constants, and padding that a graph computes from the size of its images. */
class OnnxFoldingTest extends OnnxRefusals {
    private void wholes(String name, int... numbers) {
        Protobuf tensor =
                new Protobuf().integer(1, numbers.length).integer(2, 7).text(8, name);
        for (int number : numbers) {
            tensor.integer(7, number);
        }
        graph.message(5, tensor);
    }

    private void layers(String expected, int side) throws IOException {
        assertThat(OnnxFile.readEncoder(file("y", -1, 1, side, side), Optional.empty())
                        .metadata())
                .containsEntry("layers", expected);
    }

    /** As PyTorch exports a convolution with the padding of TensorFlow: max(0, (⌈s/2⌉ − 1) · 2 + 3 − s) pixels. */
    @ParameterizedTest
    @CsvSource({"8, 0 0 1 1", "9, 1 1 1 1"})
    void paddingIsComputedFromTheSizeOfTheImage(int side, String padding) throws IOException {
        wholes("three", 3);
        wholes("two", 2);
        wholes("one", 1);
        wholes("zeros", 0, 0);
        wholes("zero", 0);
        constant("w", 4, 1, 3, 3);
        node("Shape", "x", "shape");
        node("Slice", "shape two three", "s");
        node("Cast", "s", "real", "to=1");
        node("Cast", "two", "stride", "to=1");
        node("Div", "real stride", "half");
        node("Ceil", "half", "up");
        node("Cast", "up", "whole", "to=7");
        node("Sub", "whole one", "steps");
        node("Mul", "steps two", "reach");
        node("Add", "reach three", "window");
        node("Sub", "window s", "open");
        node("Max", "open zero", "all");
        node("Div", "all two", "before");
        node("Sub", "all before", "after");
        node("Concat", "zeros before before zeros after after", "pads", "axis=");
        node("Pad", "x pads", "p");
        node("Conv", "p w", "y", "strides=[2,2]");
        layers("conv 0 4@3/2 " + padding.replace(' ', ','), side);
    }

    @Test
    void theNumberOfImagesIsNotKnown() throws IOException {
        wholes("zero", 0);
        wholes("two", 2);
        constant("w", 4, 1, 3, 3);
        node("Conv", "x w", "c");
        node("Shape", "c", "shape");
        node("Gather", "shape zero", "n");
        node("Div", "n two", "y");
        isRefused(
                "computes with the number of images by the operator Div, which Heddle does not read; simplify the file "
                        + "by onnxsim, or export it with constant sizes",
                file("y", -1, 1, 8, 8));
    }

    @Test
    void otherOperatorsOfConstants() throws IOException {
        constant("w", 4, 1, 3, 3);
        node("Erf", "w", "v");
        node("Conv", "x v", "y");
        isRefused(
                "computes constants by the operator Erf in a way that Heddle does not read; simplify the file by "
                        + "onnxsim first",
                file("y", -1, 1, 8, 8));
    }

    /** Numbers in brackets, of the shape behind them; with a point they are of the type float. */
    private static Constant parse(String text) {
        String[] parts = text.split("\\]");
        String inside = parts[0].substring(1);
        double[] numbers = inside.isEmpty()
                ? new double[0]
                : Arrays.stream(inside.split(","))
                        .mapToDouble(Double::parseDouble)
                        .toArray();
        long[] shape = parts.length == 1
                ? new long[] {numbers.length}
                : parts[1].equals("s")
                        ? new long[0]
                        : Arrays.stream(parts[1].split("x"))
                                .mapToLong(Long::parseLong)
                                .toArray();
        boolean real = text.contains(".");
        long[] wholes = real
                ? new long[0]
                : Arrays.stream(numbers).mapToLong(v -> (long) v).toArray();
        return new Constant(real ? OnnxSource.FLOAT : OnnxSource.INT64, shape, numbers, wholes, List.of());
    }

    private static Optional<Constant> fold(String operator, String operands) {
        String[] words = operator.split(" ");
        Map<String, Attribute> attributes = new HashMap<>();
        for (String word : Arrays.asList(words).subList(1, words.length)) {
            String[] entry = word.split("=");
            double[] numbers = Arrays.stream(entry[1].split(","))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            long[] wholes = Arrays.stream(numbers).mapToLong(v -> (long) v).toArray();
            attributes.put(entry[0], new Attribute(numbers, wholes, List.of(), null));
        }
        List<Constant> all = Arrays.stream(operands.split(" "))
                .map(text -> text.equals("-") ? null : parse(text))
                .toList();
        return OnnxFolding.result(new Node(words[0], "", List.of(), List.of("y"), attributes), all);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Div | [7,-7] [2]s | [3,-3]",
                "Div | [7.,-7.] [2.]s | [3.5,-3.5]",
                "Div | [1.] [3.] | [0.3333333432674408]",
                "Mod | [7,-7] [4]s | [3,1]",
                "Mod fmod=1 | [7,-7] [4]s | [3,-3]",
                "Add | [1,2]2x1 [10,20,30] | [11,21,31,12,22,32]2x3",
                "Max | [1,5] [3]s [2,2] | [3,5]",
                "Min | [1.,5.] [3.] | [1.,3.]",
                "Neg | [1,-2] | [-1,2]",
                "Ceil | [1.2,-1.2] | [2.,-1.]",
                "Cast to=7 | [1.9,-1.9] | [1,-1]",
                "Cast to=1 | [3] | [3.]",
                "Cast to=9 | [3.5,0.] | [1,0]",
                "Equal | [1,2] [2]s | [0,1]",
                "Where | [1,0] [5,6] [7]s | [5,7]",
                "Clip | [1,5,9] - [6] | [1,5,6]",
                "Clip min=2 | [1.,5.] | [2.,5.]",
                "Concat axis=0 | [1,2] [3] | [1,2,3]",
                "Concat axis=-1 | [1,2]2x1 [3,4]2x1 | [1,3,2,4]2x2",
                "Gather axis=0 | [4,5,6] [-1]s | [6]s",
                "Gather axis=1 | [1,2,3,4,5,6]2x3 [2,0] | [3,1,6,4]2x2",
                "Slice | [1,2,3,4] [1] [9223372036854775807] | [2,3,4]",
                "Slice | [1,2,3,4] [-1] [-9223372036854775807] [0] [-1] | [4,3,2,1]",
                "Slice | [1,2,3,4] [0] [4] - [2] | [1,3]",
                "Slice | [1,2,3,4]2x2 [1] [2] [1] | [2,4]2x1",
                "Transpose | [1,2,3,4,5,6]2x3 | [1,4,2,5,3,6]3x2",
                "Transpose perm=0,2,1 | [1,2,3,4]1x2x2 | [1,3,2,4]1x2x2",
                "Reshape | [1,2,3,4] [2,-1] | [1,2,3,4]2x2",
                "Reshape | [1,2,3,4]2x2 [0,2,1] | [1,2,3,4]2x2x1",
                "Squeeze | [1,2]1x2x1 [0] | [1,2]2x1",
                "Squeeze | [1,2]1x2x1 | [1,2]",
                "Squeeze axes=0 | [1]1 | [1]s",
                "Unsqueeze | [1,2] [0,-1] | [1,2]1x2x1",
                "ConstantOfShape | [2,1] | [0.,0.]2x1",
                "Expand | [1,2]2x1 [2] | [1,1,2,2]2x2",
                "Shape | [1,2]1x2 | [1,2]",
                "Size | [1,2]1x2 | [2]s",
                "Range | [2]s [9]s [3]s | [2,5,8]",
                "Range | [5]s [0]s [-2]s | [5,3,1]",
                "Range | [5]s [5]s [1]s | []",
                "Range | [0.]s [1.]s [0.25]s | [0.,0.25,0.5,0.75]",
                "ReduceProd | [2,3,4] [0] | [24]",
                "ReduceProd keepdims=0 | [2,3,4] | [24]s",
                "ReduceSum axes=1 | [1,2,3,4,5,6]2x3 | [6,15]2x1",
                "ReduceSum keepdims=0 | [1,2,3,4,5,6]2x3 [-2] | [5,7,9]",
                "ReduceSum noop_with_empty_axes=1 | [1,2] | [1,2]",
                "ReduceMean axes=1 | [1.,2.,3.,6.]2x2 | [1.5,4.5]2x1",
                "ReduceMax | [1.,7.,3.] | [7.]1",
                "ReduceMin axes=0,1 | [4,2,3,9]2x2 | [2]1x1",
                "Pow | [3.,2.] [2.]s | [9.,4.]",
                "Exp | [0.] | [1.]",
                "Tile | [1,2]2x1 [1,2] | [1,1,2,2]2x2",
                "Tile | [1,2] [2] | [1,2,1,2]",
                "Concat axis=1 | [1,2]2x1 [3,4,5,6]2x2 [7,8]2x1 | [1,3,4,7,2,5,6,8]2x4",
            })
    void operatorsOfConstants(String operator, String operands, String expected) {
        Constant found = fold(operator, operands).orElseThrow();
        Constant wanted = parse(expected);
        assertThat(found.numbers()).isEqualTo(wanted.numbers());
        assertThat(found.wholes()).isEqualTo(wanted.wholes());
        assertThat(found.shape()).isEqualTo(wanted.shape());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Div | [7] [0]",
                "Add | [1,2] [1,2,3]",
                "Add | [1] [1.]",
                "Cast to=7 | [1e30,0.]",
                "Gather | [1,2] [2]",
                "Reshape | [1,2,3] [2,-1]",
                "Concat axis=1 | [1] [2]",
                "Slice | [1,2] [0] [2] [0] [0]",
                "Squeeze | [1,2] [0]",
                "Slice | [1,2,3] [-1] [9223372036854775807] [0] [-1]",
                "Neg | [9223372036854775807]",
                "Range | [1]s [2]s [0]s",
                "Range | [1]s [2.]s [1]s",
                "Range | [9007199254740993]s [9007199254740995]s [1]s",
                "ReduceSum | [1,2] [1]",
                "ReduceSum | [9223372036854775807,1]",
                "ReduceProd | [4294967296,-4294967296]",
                "ReduceMax axes=0 | []0",
                "Tile | [1,2] [1,2]",
            })
    void operandsThatDoNotFit(String operator, String operands) {
        assertThatThrownBy(() -> fold(operator, operands))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("its operator %s has operands that do not fit", operator.split(" ")[0]);
    }

    /** ONNX Runtime gives 2147483647. */
    @Test
    void productsOf32BitsThatOverflow() {
        Node node = new Node("ReduceProd", "", List.of("a"), List.of("b"), Map.of());
        assertThatThrownBy(() -> OnnxFolding.result(node, List.of(of(OnnxSource.INT32, 70_000, 70_000))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("its operator ReduceProd has operands that do not fit");
    }

    private static Constant of(long type, long... numbers) {
        return OnnxFolding.ofWholes(type, new long[] {numbers.length}, numbers);
    }

    private static long[] wholes(String operator, Map<String, Attribute> attributes, Constant... operands) {
        Node node = new Node(operator, "", List.of(), List.of("y"), attributes);
        return OnnxFolding.result(node, List.of(operands)).orElseThrow().wholes();
    }

    /** As double, both numbers are equal. */
    @Test
    void largeWholeNumbersAreExact() {
        Constant a = of(OnnxSource.INT64, (1L << 53) + 1);
        Constant b = of(OnnxSource.INT64, 1L << 53);
        Constant yes = of(OnnxSource.BOOL, 1);
        Attribute axis = new Attribute(new double[1], new long[1], List.of(), null);
        assertThat(wholes("Concat", Map.of("axis", axis), b, a)).containsExactly(1L << 53, (1L << 53) + 1);
        assertThat(wholes("Where", Map.of(), yes, a, b)).containsExactly((1L << 53) + 1);
        assertThat(wholes("Greater", Map.of(), a, b)).containsExactly(1);
        Attribute value = new Attribute(new double[0], new long[0], List.of(), a);
        assertThat(wholes("ConstantOfShape", Map.of("value", value), of(OnnxSource.INT64, 1)))
                .containsExactly((1L << 53) + 1);
    }

    @Test
    void wholeNumbersOf32BitsOverflow() {
        Constant a = of(OnnxSource.INT32, Integer.MAX_VALUE);
        assertThat(wholes("Add", Map.of(), a, a)).containsExactly(-2);
    }

    @Test
    void constantsThatAreTooLarge() {
        assertThatThrownBy(() -> fold("ConstantOfShape", "[70000,70000]"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("it computes a constant of the shape [70000, 70000]");
        assertThat(fold("Sqrt", "[4]")).isEmpty();
    }
}
