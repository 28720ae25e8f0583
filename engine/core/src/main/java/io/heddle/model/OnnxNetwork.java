package io.heddle.model;

import io.heddle.files.DataFormatException;
import io.heddle.internal.network.Layer;
import io.heddle.internal.network.LayerGraph;
import io.heddle.matrix.InvalidInputException;
import io.heddle.model.OnnxSource.Constant;
import io.heddle.model.OnnxSource.Input;
import io.heddle.model.OnnxSource.Node;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Converts an ONNX graph whose input is images to the layers of a network. It follows the input through the operators.
 * {@link NetworkBuilder} collects the result. An unknown operator, or a known one with unsupported attributes, is
 * refused by name.
 */
final class OnnxNetwork {
    private static final int DIMENSIONS = 4;
    private static final int MAXIMUM_CLASSES = 1 << 12;

    private final OnnxSource source;
    private final OnnxOperands operands;
    private final NetworkBuilder network;
    private final OnnxChannelScaling scaling;
    private final OnnxShapes shapes;
    private final OnnxActivations activations;
    private final OnnxCombinations combinations;
    private final OnnxWindows windows;
    private final OnnxChannels channels;
    private boolean hasClasses;

    private OnnxNetwork(OnnxSource source, Input images, List<ImageScaling> scaling) {
        this.source = source;
        network = new NetworkBuilder((int) images.shape()[1], (int) images.shape()[2]);
        operands = new OnnxOperands(source, network);
        this.scaling = new OnnxChannelScaling(operands, network, scaling);
        shapes = new OnnxShapes(operands, network);
        activations = new OnnxActivations(operands, network, this.scaling);
        combinations = new OnnxCombinations(source, operands, network, this.scaling);
        windows = new OnnxWindows(source, operands, network);
        channels = new OnnxChannels(operands, network);
        operands.put(images.name(), new OnnxValue.Image());
    }

    /** Returns whether the graph's input is images. */
    static boolean takesImages(OnnxSource source) {
        return inputs(source).stream().anyMatch(input -> input.shape().length == DIMENSIONS);
    }

    private static List<Input> inputs(OnnxSource source) {
        return source.inputs.stream()
                .filter(input -> !source.constants.containsKey(input.name()))
                .toList();
    }

    /**
     * A network as an encoder and, unless the whole network is the encoder, the linear classifier at its end.
     *
     * @param head null if the whole network is the encoder
     */
    record Parts(TensorSet encoder, NetworkBuilder.Head head) {}

    /**
     * Reads a network.
     *
     * @param scale scaling of pixels from 0 to 1 before the graph; empty if there is none
     * @param whole whether the whole network is an encoder
     */
    static Parts read(OnnxSource source, List<ImageScaling> scale, boolean whole) throws DataFormatException {
        Input images = images(source);
        try {
            OnnxNetwork graph = new OnnxNetwork(source, images, scale);
            for (Node node : source.nodes) {
                graph.run(node);
            }
            return graph.end(whole);
        } catch (InvalidInputException e) {
            throw source.fault("cannot be read: %s", e.getMessage());
        }
    }

    private static Input images(OnnxSource source) throws DataFormatException {
        List<Input> inputs = inputs(source);
        if (inputs.size() != 1) {
            throw source.fault("has %d inputs; Heddle reads networks of one input, images", inputs.size());
        }
        long type = inputs.getFirst().type();
        if (OnnxSource.isWhole(type)) {
            throw source.fault(
                    "takes images of whole numbers; Heddle gives pixels from 0 to 1: export it with float images");
        }
        boolean widened = type == OnnxSource.FLOAT16 && isWidened(source, inputs.getFirst());
        if (type != 0 && !OnnxSource.isFloating(type) && !widened) {
            throw source.fault("takes images of the ONNX type %d, which Heddle does not read", type);
        }
        long[] shape = inputs.getFirst().shape();
        if (shape[1] < 1 || shape[2] < 1 || shape[3] < 1) {
            throw source.fault(
                    "leaves the channels, height or width of its images open; export it for images of one size");
        }
        if (shape[2] != shape[3]) {
            throw source.fault("takes images of %d x %d pixels; Heddle's are square", shape[3], shape[2]);
        }
        if (shape[1] > Short.MAX_VALUE || shape[2] > Short.MAX_VALUE) {
            throw source.fault("takes images of %d channels and %d x %d pixels", shape[1], shape[2], shape[2]);
        }
        return inputs.getFirst();
    }

    /** Returns whether all operators that read the images convert them to float first. */
    private static boolean isWidened(OnnxSource source, Input images) {
        return source.nodes.stream()
                .filter(node -> node.inputs().contains(images.name()))
                .allMatch(node -> node.operator().equals("Cast") && OnnxSource.isFloating(node.integer("to", 0)));
    }

    private void run(Node node) throws DataFormatException {
        if (node.outputs().isEmpty()) {
            throw source.fault("is damaged: an operator %s has no result", node.operator());
        }
        if (!OnnxSource.isDefault(node.domain())) {
            throw operands.refused(node, "of the domain " + node.domain());
        }
        if (node.operator().equals("Split")) {
            channels.split(node);
            return;
        }
        for (String more : node.outputs().subList(1, node.outputs().size())) {
            if (operands.isRead(more)) {
                throw operands.refused(node, "with a second output that is used");
            }
        }
        operands.put(node.outputs().getFirst(), result(node));
    }

    private Object result(Node node) throws DataFormatException {
        Optional<List<Constant>> constants = operands.constants(node);
        if (constants.isPresent()) {
            return OnnxFolding.result(node, constants.get())
                    .orElseThrow(() -> source.fault(
                            "computes constants by the operator %s in a way that Heddle does not read; "
                                    + "simplify the file by onnxsim first",
                            node.operator()));
        }
        return switch (node.operator()) {
            case "Constant" -> constant(node);
            case "Identity" -> operands.operand(node, 0);
            case "Dropout" -> dropout(node);
            case "Cast" -> cast(node);
            case "Conv" -> windows.convolution(node);
            case "BatchNormalization" -> scaling.normalization(node);
            case "Relu", "Clip", "Max", "Min", "HardSigmoid", "HardSwish", "Sigmoid", "Swish", "LeakyRelu", "PRelu" ->
                activations.result(node);
            case "MaxPool", "AveragePool" -> windows.pooling(node);
            case "GlobalAveragePool" -> windows.global(node, Layer.Kind.MEAN);
            case "GlobalMaxPool" -> windows.global(node, Layer.Kind.MAX);
            case "ReduceMean" -> windows.reduced(node, Layer.Kind.MEAN);
            case "ReduceMax" -> windows.reduced(node, Layer.Kind.MAX);
            case "Flatten" -> shapes.flatten(node);
            case "Reshape" -> shapes.reshape(node);
            case "Gemm", "MatMul" -> product(node);
            case "Add", "Sub", "Mul", "Div" -> combinations.arithmetic(node);
            case "Neg" -> scaling.uniformly(node, 0, -1, 0);
            case "Pad" -> combinations.padded(node);
            case "Softmax", "LogSoftmax" -> new OnnxValue.Probabilities(scores(node, operands.operand(node, 0)));
            case "ArgMax" -> labels(node);
            case "Concat" ->
                isShape(node) || operands.operand(node, 0) instanceof Constant
                        ? shapes.shape(node)
                        : combinations.joined(node);
            case "Gather" -> isShape(node) ? shapes.shape(node) : channels.gathered(node);
            case "Slice" -> isShape(node) ? shapes.shape(node) : channels.sliced(node);
            case "Shape", "Unsqueeze", "Squeeze" -> shapes.shape(node);
            case "Transpose" -> shapes.transpose(node);
            default ->
                throw source.fault(
                        "uses the operator %s; of networks Heddle reads Conv, BatchNormalization, Relu, Clip, "
                                + "Sigmoid, HardSwish, HardSigmoid, LeakyRelu, PRelu, MaxPool, AveragePool, "
                                + "GlobalAveragePool, Concat, Split, Flatten, Gemm, Add, Mul, Pad and Softmax",
                        node.operator());
        };
    }

    private boolean isShape(Node node) throws DataFormatException {
        return operands.operand(node, 0) instanceof OnnxValue.Shape;
    }

    private Object constant(Node node) throws DataFormatException {
        return node.value().orElseThrow(() -> operands.refused(node, "without numbers"));
    }

    /** Has no effect outside of training, which the third operand switches on. */
    private Object dropout(Node node) throws DataFormatException {
        if (operands.has(node, 2)
                && !(operands.operand(node, 2) instanceof Constant c
                        && Arrays.stream(c.numbers()).allMatch(v -> v == 0))) {
            throw operands.refused(node, "in training mode");
        }
        return operands.operand(node, 0);
    }

    private Object cast(Node node) throws DataFormatException {
        Object value = operands.operand(node, 0);
        long to = node.integer("to", 0);
        boolean keeps =
                switch (value) {
                    case OnnxValue.Labels labels -> true;
                    case OnnxValue.Shape shape -> true;
                    default -> OnnxSource.isFloating(to);
                };
        if (!keeps) {
            throw operands.refused(node, "to the type " + to);
        }
        return value;
    }

    /** A product of rows with a matrix is a convolution whose kernel is as large as the image. */
    private Object product(Node node) throws DataFormatException {
        if (!(operands.operand(node, 0) instanceof OnnxValue.Rows rows)) {
            throw operands.refused(node, "of a value that is not one row per image");
        }
        boolean gemm = node.operator().equals("Gemm");
        if (node.integer("transA", 0) != 0 || node.real("alpha", 1) != 1 || node.real("beta", 1) != 1) {
            throw operands.refused(node, "with a factor or a transposed first operand");
        }
        LayerGraph.Planes planes = network.planes(rows.value());
        int inputs = Math.toIntExact(planes.numbers());
        boolean transposed = gemm && node.integer("transB", 0) != 0;
        if (!(operands.operand(node, 1) instanceof Constant matrix) || matrix.shape().length != 2) {
            throw operands.refused(node, "with weights that are not a constant matrix");
        }
        int outputs = Math.toIntExact(matrix.shape()[transposed ? 0 : 1]);
        double[] given =
                transposed ? operands.numbers(node, 1, outputs, inputs) : operands.numbers(node, 1, inputs, outputs);
        double[] weights = given;
        if (!transposed) {
            weights = new double[given.length];
            for (int o = 0; o < outputs; o++) {
                for (int i = 0; i < inputs; i++) {
                    weights[o * inputs + i] = given[i * outputs + o];
                }
            }
        }
        double[] bias = new double[outputs];
        if (gemm && operands.has(node, 2)) {
            bias = operands.channelwise(node, 2, outputs, 1);
        }
        Layer layer = new Layer.Convolution(
                rows.value(), outputs, Layer.Kernel.square(planes.side()), 1, Layer.Padding.NONE, false);
        return new OnnxValue.Rows(network.add(layer, weights, bias));
    }

    /** The rows of scores that an operator reads. */
    private int scores(Node node, Object value) throws DataFormatException {
        long axis = node.integer("axis", node.operator().equals("ArgMax") ? 0 : -1);
        if (!(value instanceof OnnxValue.Rows rows) || axis != 1 && axis != -1) {
            throw operands.refused(node, "of a value that is not one row per image");
        }
        return rows.value();
    }

    private Object labels(Node node) throws DataFormatException {
        Object value = operands.operand(node, 0);
        if (node.integer("select_last_index", 0) != 0) {
            throw operands.refused(node, "that gives the last of equal scores");
        }
        return new OnnxValue.Labels(
                scores(node, value instanceof OnnxValue.Probabilities p ? new OnnxValue.Rows(p.value()) : value));
    }

    private Parts end(boolean whole) throws DataFormatException {
        if (network.count() == 0 || source.outputs.isEmpty()) {
            throw source.fault("has no layers or no output");
        }
        for (String output : source.outputs) {
            int number = whole ? features(operands.get(output)) : scores(operands.get(output));
            if (number != network.count()) {
                throw source.fault(
                        whole
                                ? "has the output \"%s\", which is not what the last layer gives"
                                : "has the output \"%s\", which is not the scores of classes that a last Gemm gives; "
                                        + "--as encoder imports it as features",
                        output);
            }
        }
        if (whole && source.outputs.size() != 1) {
            throw source.fault("has %d outputs; an encoder has one", source.outputs.size());
        }
        NetworkBuilder.Head head = whole ? null : head();
        String label = "the network of " + source.label();
        return new Parts(network.file(label, scaling.subtracted(source), scaling.factor(), about()), head);
    }

    /** The value of an output of an encoder, −1 if there is none. */
    private static int features(Object value) {
        if (value instanceof OnnxValue.Planes planes) {
            return planes.padding().equals(Layer.Padding.NONE) ? planes.value() : -1;
        }
        if (value instanceof OnnxValue.Column column) {
            return column.value();
        }
        return value instanceof OnnxValue.Rows rows ? rows.value() : -1;
    }

    /** The rows of scores of an output of a classifier, −1 if there are none. */
    private int scores(Object value) {
        hasClasses |= value instanceof OnnxValue.Probabilities || value instanceof OnnxValue.Labels;
        if (value instanceof OnnxValue.Probabilities probabilities) {
            return probabilities.value();
        }
        if (value instanceof OnnxValue.Labels labels) {
            return labels.value();
        }
        return value instanceof OnnxValue.Rows rows ? rows.value() : -1;
    }

    private NetworkBuilder.Head head() throws DataFormatException {
        int last = network.count();
        if (!network.isHead(last)) {
            long classes = network.planes(last).numbers();
            if (!hasClasses || classes > MAXIMUM_CLASSES) {
                throw source.fault(
                        "does not end in scores of classes that a Gemm gives; --as encoder imports it as features");
            }
            return NetworkBuilder.Head.identity(last, (int) classes);
        }
        NetworkBuilder.Head head = network.removeHead();
        if (head.input() != network.count()) {
            throw source.fault("has a layer that its classifier does not use");
        }
        if (head.input() == 0) {
            throw source.fault(
                    "is a linear classifier of pixels; export it with a matrix as its input, N x pixels, to import it");
        }
        return head;
    }

    private Map<String, String> about() {
        return source.producer.isEmpty()
                ? Map.of()
                : Map.of("producer", (source.producer + " " + source.producerVersion).strip());
    }
}
