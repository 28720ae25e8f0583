package io.heddle.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that graphs that resemble a linear classifier, but compute something else, are refused. */
class OnnxLinearRefusalTest extends OnnxRefusals {
    private static final String UNUSUAL =
            "uses the operator %s in a way that a linear classifier does not; Heddle reads only linear classifiers";

    @BeforeEach
    void scores() {
        constant("w", 4, 2);
    }

    private void finish(String sentence) throws IOException {
        graph.message(12, value("label", -1));
        isRefused(sentence, file("y", -1, 4));
    }

    @Test
    void aCastOfTheInputToWholeNumbers() throws IOException {
        node("Cast", "x", "n", "to=7");
        node("MatMul", "n w", "s");
        node("Softmax", "s", "y", "axis=1");
        node("ArgMax", "y", "label", "axis=1");
        finish(UNUSUAL.formatted("Cast"));
    }

    @Test
    void aCastOfTheProbabilitiesToWholeNumbers() throws IOException {
        node("MatMul", "x w", "s");
        node("Softmax", "s", "p", "axis=1");
        node("ArgMax", "p", "label", "axis=1");
        node("Cast", "p", "y", "to=7");
        finish(UNUSUAL.formatted("Cast"));
    }

    @ParameterizedTest
    @CsvSource({"axis=0, 0", "axis=1, 1"})
    void labelsOfAnotherOrder(String axis, int last) throws IOException {
        node("MatMul", "x w", "s");
        node("Softmax", "s", "y", "axis=1");
        node("ArgMax", "y", "label", axis, "select_last_index=" + last);
        finish(UNUSUAL.formatted("ArgMax"));
    }

    @Test
    void labelsOfTheInput() throws IOException {
        node("MatMul", "x w", "s");
        node("Softmax", "s", "y", "axis=1");
        node("ArgMax", "x", "label", "axis=1");
        finish("takes its labels from other numbers than the probabilities");
    }

    @ParameterizedTest
    @CsvSource({"'axes=[0]', 1", "'axes=[1]', 0"})
    void sumsOfOtherValuesThanARow(String axes, int keepdims) throws IOException {
        node("MatMul", "x w", "s");
        node("Softmax", "s", "p", "axis=1");
        node("ArgMax", "p", "label", "axis=1");
        node("ReduceSum", "p", "t", axes, "keepdims=" + keepdims);
        node("Div", "p t", "y");
        finish(UNUSUAL.formatted("ReduceSum"));
    }

    /** The labels of one classifier beside the probabilities of another. */
    @Test
    void labelsOfAnotherClassifier() throws IOException {
        ByteBuffer zeros = ByteBuffer.allocate(8 * Float.BYTES);
        graph.message(
                1,
                new Protobuf()
                        .text(1, "x")
                        .text(2, "label")
                        .text(4, "LinearClassifier")
                        .message(
                                5,
                                new Protobuf()
                                        .text(1, "coefficients")
                                        .blob(7, zeros.array())
                                        .integer(20, 6)));
        node("MatMul", "x w", "s");
        node("Softmax", "s", "y", "axis=1");
        finish("takes its labels from other numbers than the probabilities");
    }

    /** Without the number, keepdims would be read as its default, 1. */
    @Test
    void aZeroThatTheFileLeavesOut() throws IOException {
        node("MatMul", "x w", "s");
        node("Softmax", "s", "p", "axis=1");
        node("ArgMax", "p", "label", "axis=1");
        node("ReduceSum", "p", "t", "axes=[1]", "keepdims=");
        node("Div", "p t", "y");
        finish(UNUSUAL.formatted("ReduceSum"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "6 | is of opset 6; Heddle reads opset 7 to 28",
                "29 | is of opset 29; Heddle reads opset 7 to 28",
                "0 | is damaged: it does not state the opset of its operators"
            })
    void opsetsThatHeddleDoesNotKnow(int opset, String sentence) throws IOException {
        this.opset = opset;
        node("MatMul", "x w", "s");
        node("Softmax", "s", "y", "axis=1");
        node("ArgMax", "s", "label", "axis=1");
        finish(sentence);
    }

    @ParameterizedTest
    @ValueSource(ints = {7, 28})
    void opsetsThatHeddleKnowsAreRead(int opset) throws IOException {
        this.opset = opset;
        node("MatMul", "x w", "s");
        node("Softmax", "s", "y", "axis=1");
        try (SavedModel model = OnnxFile.read(file("y", -1, 4))) {
            assertThat(model.pipeline().outputs()).isEqualTo(2);
        }
    }

    /** As LinearSVC, Perceptron, and SGDClassifier of a hinge loss or, with three classes, of the log loss. */
    @ParameterizedTest
    @ValueSource(strings = {"ZipMap", "Concat", "ArrayFeatureExtractor", "Exp", "Clip"})
    void scoresInsteadOfProbabilities(String operator) throws IOException {
        node("MatMul", "x w", "s");
        node(operator, "s", "y", "axis=1");
        finish(("uses scores of classes in the operator %s; Heddle reads classifiers whose probabilities "
                        + "are the Softmax of the scores, or for two classes their Sigmoid")
                .formatted(operator));
    }

    @Test
    void anOutputOfScores() throws IOException {
        node("MatMul", "x w", "y");
        node("ArgMax", "y", "label", "axis=1");
        finish("has the output \"y\", which is scores or components; Heddle reads classifiers with probabilities");
    }

    private void one(float... value) {
        ByteBuffer bytes = ByteBuffer.allocate(value.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float v : value) {
            bytes.putFloat(v);
        }
        graph.message(
                5,
                new Protobuf()
                        .integer(1, value.length)
                        .integer(2, FLOAT)
                        .text(8, "one")
                        .blob(9, bytes.array()));
    }

    /** As SGDClassifier of the log loss and two classes. */
    @Test
    void theProbabilityOfTheSecondClass() throws IOException {
        one(1);
        constant("v", 4, 1);
        node("MatMul", "x v", "z");
        node("Add", "z one", "s");
        node("Sigmoid", "s", "p");
        node("Sub", "one p", "q");
        node("Concat", "q p", "y", "axis=1");
        node("ArgMax", "y", "label", "axis=1");
        graph.message(12, value("label", -1));
        try (SavedModel model = OnnxFile.read(file("y", -1, 4))) {
            float[] found = new float[2];
            model.pipeline().probabilities(new float[4], found);
            assertThat(found[1]).isEqualTo((float) (1 / (1 + Math.exp(-1))), within(1e-7f));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"p q | axis=1 | 1 | Concat", "q p | axis=0 | 1 | Concat", "q p | axis=1 | 2 | Sub"})
    void otherOrdersOfTwoClasses(String joined, String axis, float one, String operator) throws IOException {
        one(one);
        constant("v", 4, 1);
        node("MatMul", "x v", "s");
        node("Sigmoid", "s", "p");
        node("Sub", "one p", "q");
        node("Concat", joined, "y", axis);
        node("ArgMax", "y", "label", "axis=1");
        finish(UNUSUAL.formatted(operator));
    }

    /** As PCA(whiten=True), whose graph has variances. */
    @Test
    void theRootOfAConstant() throws IOException {
        one(4, 0.25f);
        node("Sqrt", "one", "root");
        node("MatMul", "x w", "c");
        node("Add", "c one", "s");
        node("Div", "s root", "d");
        node("Softmax", "d", "y", "axis=1");
        try (SavedModel model = OnnxFile.read(file("y", -1, 4))) {
            float[] found = new float[2];
            model.pipeline().probabilities(new float[4], found);
            assertThat(found[0]).isEqualTo((float) (1 / (1 + Math.exp(0.5 - 2))), within(1e-7f));
        }
    }

    @Test
    void rowsOfAnotherType() throws IOException {
        inputType = 10;
        node("MatMul", "x w", "s");
        node("Softmax", "s", "y", "axis=1");
        node("ArgMax", "s", "label", "axis=1");
        finish("has an input of the ONNX type 10, which Heddle does not read");
    }
}
