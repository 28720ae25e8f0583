package io.heddle.model;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.files.DataFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

/** Writes small ONNX files, operator by operator, and checks that they are refused in one sentence. */
abstract class OnnxRefusals {
    static final int FLOAT = 1;
    private static final int INT = 2;
    private static final int TEXT = 3;
    private static final int INTS = 7;

    @TempDir
    Path folder;

    final Protobuf graph = new Protobuf();
    int opset = 13;
    int inputType = FLOAT;

    private static Protobuf attribute(String text) {
        String name = text.substring(0, text.indexOf('='));
        String value = text.substring(name.length() + 1);
        if (value.isEmpty()) {
            // As programs write 0 by the rules of proto3.
            return new Protobuf().text(1, name).integer(20, INT);
        }
        Protobuf attribute = new Protobuf().text(1, name);
        if (value.startsWith("[")) {
            for (String number : value.substring(1, value.length() - 1).split(",")) {
                attribute.integer(8, Integer.parseInt(number));
            }
            return attribute.integer(20, INTS);
        }
        return value.matches("\\d+")
                ? attribute.integer(3, Integer.parseInt(value)).integer(20, INT)
                : attribute.text(4, value).integer(20, TEXT);
    }

    /** @param inputs names, separated by blanks */
    void node(String operator, String inputs, String output, String... attributes) {
        Protobuf node = new Protobuf();
        for (String input : inputs.split(" ")) {
            node.text(1, input);
        }
        node.text(2, output).text(4, operator);
        for (String attribute : attributes) {
            node.message(5, attribute(attribute));
        }
        graph.message(1, node);
    }

    Protobuf tensor(String name, int... shape) {
        int count = 1;
        Protobuf tensor = new Protobuf();
        for (int size : shape) {
            tensor.integer(1, size);
            count *= size;
        }
        return tensor.integer(2, FLOAT).text(8, name).blob(9, new byte[count * Float.BYTES]);
    }

    void constant(String name, int... shape) {
        graph.message(5, tensor(name, shape));
    }

    static Protobuf value(String name, int... sizes) {
        return typed(name, FLOAT, sizes);
    }

    private static Protobuf typed(String name, int elements, int... sizes) {
        Protobuf shape = new Protobuf();
        for (int size : sizes) {
            shape.message(1, size < 0 ? new Protobuf().text(2, "N") : new Protobuf().integer(1, size));
        }
        Protobuf type = new Protobuf().integer(1, elements).message(2, shape);
        return new Protobuf().text(1, name).message(2, new Protobuf().message(1, type));
    }

    Path file(String output, int... input) throws IOException {
        graph.message(11, typed("x", inputType, input)).message(12, value(output, -1, 2));
        Protobuf model = new Protobuf().integer(1, 7).message(7, graph);
        if (opset > 0) {
            model.message(8, new Protobuf().text(1, "").integer(2, opset));
        }
        return Files.write(folder.resolve("odd.onnx"), model.toBytes());
    }

    void isRefused(String sentence, Path file) {
        assertThatThrownBy(() -> OnnxFile.read(file))
                .isInstanceOf(DataFormatException.class)
                .hasMessage("%s %s", file, sentence);
        assertThatThrownBy(() -> OnnxFile.readEncoder(file, Optional.empty()))
                .isInstanceOf(DataFormatException.class)
                .hasMessageStartingWith("%s ", file);
    }
}
