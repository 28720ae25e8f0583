package io.heddle.model;

import io.heddle.files.DataFormatException;
import io.heddle.internal.network.Layer;
import io.heddle.model.OnnxSource.Constant;
import io.heddle.model.OnnxSource.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The values of a graph by name, and the number of operators that read them. */
final class OnnxOperands {
    /** Operators whose result may be their operand under another name; a Pad without pixels is one. */
    private static final Set<String> RENAMING =
            Set.of("Identity", "Dropout", "Cast", "Flatten", "Reshape", "Squeeze", "Unsqueeze", "Pad");

    private final OnnxSource source;
    private final NetworkBuilder network;
    private final Map<String, Object> values;
    /** Returns the number of operators that read a value under any of its names. */
    private final Map<String, Integer> readers = new HashMap<>();

    /** Values with their padding as layers. */
    private final Map<OnnxValue.Planes, Integer> padded = new HashMap<>();

    /** The first name of a value that has another one. */
    private final Map<String, String> firstNames = new HashMap<>();

    OnnxOperands(OnnxSource source, NetworkBuilder network) {
        this.source = source;
        this.network = network;
        values = new HashMap<>(source.constants);
        source.nodes.forEach(this::count);
        source.outputs.forEach(this::count);
    }

    /** Version of the operators. */
    long opset() {
        return source.opset;
    }

    Object get(String name) {
        return values.get(name);
    }

    void put(String name, Object value) {
        values.put(name, value);
    }

    /** Makes a result another name of the first operand: an operator that reads either reads both. */
    void rename(Node node, String result) {
        String first = firstName(node.inputs().getFirst());
        firstNames.replaceAll((name, of) -> of.equals(result) ? first : of);
        firstNames.put(result, first);
        // The operator itself has no layer that reads the operand.
        readers.merge(first, readers.getOrDefault(result, 0) - 1, Integer::sum);
    }

    /** Returns whether an operator reads a value or the graph returns it. */
    boolean isRead(String name) {
        return readers.containsKey(firstName(name));
    }

    private void count(Node node) {
        int from = 0;
        if (RENAMING.contains(node.operator()) && !node.inputs().isEmpty()) {
            node.outputs().stream()
                    .limit(1)
                    .forEach(
                            name -> firstNames.put(name, firstName(node.inputs().getFirst())));
            from = 1;
        }
        // A shape is known without the value.
        if (!node.operator().equals("Shape")) {
            node.inputs().stream().skip(from).forEach(this::count);
        }
    }

    private void count(String name) {
        readers.merge(firstName(name), 1, Integer::sum);
    }

    private String firstName(String name) {
        return firstNames.getOrDefault(name, name);
    }

    DataFormatException refused(Node node, String why) {
        return source.fault("has the operator %s %s, which Heddle does not read", node.operator(), why);
    }

    /** Values that depend on the number of images are not known, even if the images have one size. */
    DataFormatException ofNumberOfImages(Node node) {
        return source.fault(
                "computes with the number of images by the operator %s, which Heddle does not read; "
                        + "simplify the file by onnxsim, or export it with constant sizes",
                node.operator());
    }

    /** The operands if all are constants, with null for one that is left out; otherwise empty. */
    Optional<List<Constant>> constants(Node node) {
        List<Constant> all = new ArrayList<>();
        for (String name : node.inputs()) {
            if (!name.isEmpty() && !(values.get(name) instanceof Constant)) {
                return Optional.empty();
            }
            all.add((Constant) values.get(name));
        }
        return all.isEmpty() ? Optional.empty() : Optional.of(all);
    }

    Object operand(Node node, int i) throws DataFormatException {
        Object value = i < node.inputs().size() ? values.get(node.inputs().get(i)) : null;
        if (value == null) {
            throw source.fault("is damaged: operand %d of an operator %s is missing", i + 1, node.operator());
        }
        return value;
    }

    boolean has(Node node, int i) {
        return i < node.inputs().size() && !node.inputs().get(i).isEmpty();
    }

    boolean isReadOnce(Node node, int i) {
        return readers.getOrDefault(firstName(node.inputs().get(i)), 0) == 1;
    }

    double[] numbers(Node node, int i, long... shape) throws DataFormatException {
        if (operand(node, i) instanceof Constant c && c.texts().isEmpty() && Arrays.equals(c.shape(), shape)) {
            return c.numbers();
        }
        throw refused(
                node,
                "with operand %d that is not a constant of the shape %s".formatted(i + 1, Arrays.toString(shape)));
    }

    /** A value of the network with its padding; the image counts as value 0. */
    OnnxValue.Planes planes(Node node, Object value) throws DataFormatException {
        return switch (value) {
            case OnnxValue.Image image -> new OnnxValue.Planes(0);
            case OnnxValue.Planes planes -> planes;
            case OnnxValue.Shape shape -> throw ofNumberOfImages(node);
            default -> throw refused(node, "of a value without planes of pixels");
        };
    }

    /** Returns the number of rows, or of planes with their padding. */
    int number(Node node, Object value) throws DataFormatException {
        return value instanceof OnnxValue.Rows rows ? rows.value() : unpadded(node, value);
    }

    /** The number of planes, to which a layer adds their padding. */
    int unpadded(Node node, Object value) throws DataFormatException {
        OnnxValue.Planes planes = planes(node, value);
        return planes.padding().equals(Layer.Padding.NONE)
                ? planes.value()
                : padded.computeIfAbsent(planes, p -> network.pad(p.value(), p.padding(), 0));
    }

    boolean isOneNumber(Node node, int i) throws DataFormatException {
        return operand(node, i) instanceof Constant c && c.numbers().length == 1;
    }

    /** A constant of one number, or of one per channel. */
    double[] channelwise(Node node, int i, int channels, int dimensions) throws DataFormatException {
        if (operand(node, i) instanceof Constant c && c.texts().isEmpty()) {
            double[] numbers = c.numbers();
            long[] shape = c.shape();
            int place = shape.length - dimensions;
            boolean isOne = numbers.length == 1 && shape.length <= Math.max(dimensions + 1, 1);
            if (isOne || place >= 0 && shape[place] == channels && numbers.length == channels) {
                double[] all = new double[channels];
                for (int k = 0; k < channels; k++) {
                    all[k] = numbers[numbers.length == 1 ? 0 : k];
                }
                return all;
            }
        }
        throw refused(node, "with a constant that is neither one number nor one per channel");
    }

    /**
     * Returns whether the first size of a new shape can be the number of images, of which −1 behind it is not a part.
     */
    boolean keepsImages(List<Long> sizes) {
        long first = sizes.isEmpty() ? 0 : sizes.getFirst();
        return first <= 1
                || !sizes.contains(-1L)
                || source.inputs.stream().anyMatch(input -> input.shape().length > 0 && input.shape()[0] == first);
    }

    /** As {@link #sizes}, for places and numbers of pixels, which must not depend on the number of images. */
    List<Long> constantSizes(Node node, int i) throws DataFormatException {
        Object value = operand(node, i);
        if (value instanceof OnnxValue.Shape) {
            throw refused(node, "with numbers that depend on the number of images");
        }
        return sizes(node, value);
    }

    List<Long> sizes(Node node, Object value) throws DataFormatException {
        if (value instanceof OnnxValue.Shape shape) {
            return shape.sizes();
        }
        if (value instanceof Constant c && c.shape().length <= 1 && c.texts().isEmpty()) {
            return Arrays.stream(c.wholes()).boxed().toList();
        }
        throw refused(node, "of a value that is not a shape");
    }
}
