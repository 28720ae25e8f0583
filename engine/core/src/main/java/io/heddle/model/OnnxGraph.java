package io.heddle.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Builds a graph of ONNX operators node by node. Field numbers are those of {@code onnx.proto3}; operators are those of
 * opset {@value #OPSET}.
 */
final class OnnxGraph {
    /** Opset of the default domain, supported since ONNX 1.8 (2020). */
    static final int OPSET = 13;

    private static final int IR_VERSION = 7;
    /** Element types. */
    static final int FLOAT = 1;

    static final int DOUBLE = 11;
    private static final int INT64 = 7;
    private static final int TEXT = 8;
    private static final int ATTRIBUTE_FLOAT = 1;
    private static final int ATTRIBUTE_INT = 2;
    private static final int ATTRIBUTE_INTS = 7;
    private static final int ATTRIBUTE_TEXTS = 8;
    /** Domain and version of the operators for categories. */
    private static final String CATEGORIES = "ai.onnx.ml";

    private static final int CATEGORIES_VERSION = 1;

    private final Protobuf nodes = new Protobuf();
    private final Protobuf weights = new Protobuf();
    private final Protobuf inputs = new Protobuf();
    private final Protobuf outputs = new Protobuf();
    private int count;
    private boolean categories;

    /** An attribute of an operator. */
    sealed interface Setting {}

    /** An integer. */
    record Whole(String name, int value) implements Setting {}

    /** A number. */
    record Real(String name, float value) implements Setting {}

    /** A list of integers. */
    record Wholes(String name, int... values) implements Setting {}

    /** Adds an operator with one output and attributes. */
    String node(String operator, String output, List<? extends Setting> settings, String... operands) {
        Protobuf node = new Protobuf();
        for (String operand : operands) {
            node.text(1, operand);
        }
        node.text(2, output).text(3, "%s_%d".formatted(operator, count++)).text(4, operator);
        for (Setting setting : settings) {
            Protobuf attribute = new Protobuf();
            switch (setting) {
                case Whole whole ->
                    attribute.text(1, whole.name()).integer(3, whole.value()).integer(20, ATTRIBUTE_INT);
                case Real real ->
                    attribute.text(1, real.name()).real(2, real.value()).integer(20, ATTRIBUTE_FLOAT);
                case Wholes list -> {
                    attribute.text(1, list.name());
                    for (int value : list.values()) {
                        attribute.integer(8, value);
                    }
                    attribute.integer(20, ATTRIBUTE_INTS);
                }
            }
            node.message(5, attribute);
        }
        nodes.message(1, node);
        return output;
    }

    /** Adds an operator with one output and integer attributes; only {@code axes} is a list. */
    String node(String operator, String output, Map<String, Integer> attributes, String... operands) {
        List<Setting> settings = new ArrayList<>();
        attributes.forEach(
                (name, value) -> settings.add(name.equals("axes") ? new Wholes(name, value) : new Whole(name, value)));
        return node(operator, output, settings, operands);
    }

    /** Adds a one-hot encoding of N × 1 strings as N × 1 × categories floats. For an unknown category all are 0. */
    String oneHot(String output, List<String> known, String operand) {
        Protobuf texts = new Protobuf().text(1, "cats_strings");
        known.forEach(text -> texts.text(9, text));
        Protobuf zeros = new Protobuf().text(1, "zeros").integer(3, 1).integer(20, ATTRIBUTE_INT);
        Protobuf node = new Protobuf()
                .text(1, operand)
                .text(2, output)
                .text(3, "OneHotEncoder_%d".formatted(count++))
                .text(4, "OneHotEncoder")
                .message(5, texts.integer(20, ATTRIBUTE_TEXTS))
                .message(5, zeros)
                .text(7, CATEGORIES);
        nodes.message(1, node);
        categories = true;
        return output;
    }

    /** Adds a constant matrix of doubles or floats. */
    String matrix(String name, double[][] values, boolean wide) {
        int bytes = wide ? Double.BYTES : Float.BYTES;
        ByteBuffer raw = buffer(Math.multiplyExact(Math.multiplyExact(values.length, values[0].length), bytes));
        for (double[] row : values) {
            put(row, wide, raw);
        }
        return constant(name, new Protobuf().integer(1, values.length).integer(1, values[0].length), wide, raw);
    }

    /** Adds a constant vector of doubles or floats. */
    String vector(String name, double[] values, boolean wide) {
        ByteBuffer raw = buffer(Math.multiplyExact(values.length, wide ? Double.BYTES : Float.BYTES));
        put(values, wide, raw);
        return constant(name, new Protobuf().integer(1, values.length), wide, raw);
    }

    /** Adds a constant tensor of any shape. */
    String tensor(String name, List<Long> shape, float[] values) {
        ByteBuffer raw = buffer(Math.multiplyExact(values.length, Float.BYTES));
        raw.asFloatBuffer().put(values);
        Protobuf dimensions = new Protobuf();
        shape.forEach(size -> dimensions.integer(1, size));
        return constant(name, dimensions, false, raw);
    }

    /** Adds a constant vector of integers. */
    String integers(String name, long[] values) {
        ByteBuffer raw = buffer(Math.multiplyExact(values.length, Long.BYTES));
        raw.asLongBuffer().put(values);
        weights.message(
                5,
                new Protobuf()
                        .integer(1, values.length)
                        .integer(2, INT64)
                        .text(8, name)
                        .blob(9, raw.array()));
        return name;
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void put(double[] values, boolean wide, ByteBuffer to) {
        for (double v : values) {
            if (wide) {
                to.putDouble(v);
            } else {
                to.putFloat((float) v);
            }
        }
    }

    private String constant(String name, Protobuf shape, boolean wide, ByteBuffer raw) {
        weights.message(5, shape.integer(2, wide ? DOUBLE : FLOAT).text(8, name).blob(9, raw.array()));
        return name;
    }

    /** Adds an input of N × columns numbers of a type. */
    String input(String name, int type, int columns) {
        inputs.message(11, value(name, type, columns));
        return name;
    }

    /** Adds an input of N × channels × side × side floats. */
    String images(String name, int channels, int side) {
        inputs.message(11, value(name, FLOAT, channels, side, side));
        return name;
    }

    /** Adds an input of N × 1 strings. */
    String textInput(String name) {
        return input(name, TEXT, 1);
    }

    /** Adds an output of N × columns floats. */
    void floats(String name, int columns) {
        outputs.message(12, value(name, FLOAT, columns));
    }

    /** Adds an output of N integers. */
    void labels(String name) {
        outputs.message(12, value(name, INT64));
    }

    private static Protobuf value(String name, int type, int... sizes) {
        Protobuf shape = new Protobuf().message(1, new Protobuf().text(2, "N"));
        for (int size : sizes) {
            shape.message(1, new Protobuf().integer(1, size));
        }
        Protobuf tensor = new Protobuf().integer(1, type).message(2, shape);
        return new Protobuf().text(1, name).message(2, new Protobuf().message(1, tensor));
    }

    /** Returns the content of the file. */
    byte[] toBytes(String producerVersion, Map<String, String> metadata) {
        Protobuf graph = new Protobuf();
        graph.append(nodes).text(2, "heddle").append(weights).append(inputs).append(outputs);
        Protobuf model = new Protobuf()
                .integer(1, IR_VERSION)
                .text(2, "heddle")
                .text(3, producerVersion)
                .message(7, graph)
                .message(8, new Protobuf().text(1, "").integer(2, OPSET));
        if (categories) {
            model.message(8, new Protobuf().text(1, CATEGORIES).integer(2, CATEGORIES_VERSION));
        }
        metadata.forEach(
                (key, value) -> model.message(14, new Protobuf().text(1, key).text(2, value)));
        return model.toBytes();
    }
}
