package io.heddle.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests constants of float16, as programs store them that halve the size of a network. */
class OnnxFloat16Test extends OnnxRefusals {
    private static final int FLOAT16 = 10;
    private static final float[] WEIGHTS = {1, -0.5f, 0.333f, 65504, 6e-8f};

    /** A kernel of 1 x 1 for each of the weights. */
    private void halves(String name, boolean raw, int type) {
        Protobuf tensor = new Protobuf().integer(1, WEIGHTS.length);
        for (int i = 0; i < 3; i++) {
            tensor.integer(1, 1);
        }
        ByteBuffer bytes = ByteBuffer.allocate(WEIGHTS.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float weight : WEIGHTS) {
            short bits = Float.floatToFloat16(weight);
            bytes.putShort(bits);
            if (!raw) {
                tensor.integer(5, Short.toUnsignedInt(bits));
            }
        }
        graph.message(
                5,
                (raw ? tensor.blob(9, bytes.array()) : tensor).integer(2, type).text(8, name));
    }

    private float[] weights() throws IOException {
        return OnnxFile.readEncoder(file("y", -1, 1, 8, 8), Optional.empty()).floats("layers.0.weight");
    }

    private static float rounded(float value) {
        return Float.float16ToFloat(Float.floatToFloat16(value));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void weightsOfFloat16AreExact(boolean raw) throws IOException {
        halves("h", raw, FLOAT16);
        node("Cast", "h", "w", "to=1");
        node("Conv", "x w", "y");
        float[] expected = new float[WEIGHTS.length];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = rounded(WEIGHTS[i]);
        }
        assertThat(weights()).containsExactly(expected);
    }

    /** The sum is rounded to float16 before it becomes float: 1 + 2⁻¹⁰ is the next number behind 1. */
    @Test
    void arithmeticIsRounded() throws IOException {
        constant("w", 1, 1, 1, 1);
        graph.message(5, number("one", 1));
        graph.message(5, number("little", 0.0006f));
        node("Add", "one little", "sum");
        node("Cast", "sum", "wide", "to=1");
        node("Add", "w wide", "v");
        node("Conv", "x v", "y");
        assertThat(weights()).containsExactly(1.0009765625f);
    }

    private static Protobuf number(String name, float value) {
        byte[] bytes = ByteBuffer.allocate(Short.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort(Float.floatToFloat16(value))
                .array();
        return new Protobuf().integer(2, FLOAT16).text(8, name).blob(9, bytes);
    }

    @Test
    void aConstantIsRoundedAndWidened() throws IOException {
        constant("w", 1, 1, 1, 1);
        Protobuf value = new Protobuf().text(1, "value_float").real(2, 0.1f).integer(20, 1);
        graph.message(1, new Protobuf().text(2, "tenth").text(4, "Constant").message(5, value));
        node("Cast", "tenth", "narrow", "to=10");
        node("Cast", "narrow", "wide", "to=1");
        node("Add", "w wide", "v");
        node("Conv", "x v", "y");
        assertThat(weights()).containsExactly(rounded(0.1f));
    }

    /** Heddle computes in float32, so the result would not be that of the file. */
    @Test
    void networksThatComputeInFloat16() throws IOException {
        halves("w", true, FLOAT16);
        node("Cast", "x", "h", "to=10");
        node("Conv", "h w", "y");
        isRefused("has the operator Cast to the type 10, which Heddle does not read", file("y", -1, 1, 8, 8));
    }

    @Test
    void patternsOfMoreThan16Bits() throws IOException {
        graph.message(
                5, new Protobuf().integer(1, 1).integer(2, FLOAT16).text(8, "w").integer(5, 70000));
        node("Conv", "x w", "y");
        isRefused("is damaged: a float16 has the bits 70000", file("y", -1, 1, 8, 8));
    }

    @Test
    void linearClassifiersOfFloat16() throws IOException {
        graph.message(5, number("w", 1));
        node("MatMul", "x w", "y");
        isRefused("has weights of float16, which Heddle reads only of networks", file("y", -1, 3));
    }
}
