package io.heddle.model;

import io.heddle.files.DataFormatException;
import io.heddle.internal.kernels.ConvolutionKernels;
import io.heddle.internal.network.Layer;
import io.heddle.internal.network.LayerGraph;
import io.heddle.internal.network.LayerText;
import io.heddle.matrix.InvalidInputException;
import java.util.ArrayList;
import java.util.List;

/** Exports an imported network as operators of ONNX. */
final class OnnxLayers {
    private final OnnxGraph graph;
    private final TensorSet encoder;

    private OnnxLayers(OnnxGraph graph, TensorSet encoder) {
        this.graph = graph;
        this.encoder = encoder;
    }

    static boolean areIn(TensorSet encoder) {
        return "heddle-encoder-2".equals(encoder.metadata().get("format"));
    }

    /**
     * Writes the operators after the graph's input, {@code input} of N × C × S × S.
     *
     * @param features number of inputs of the model
     * @return the name of the N × features values
     * @throws InvalidInputException if the encoder gives another number of features, or is damaged
     * @throws DataFormatException if it lacks a tensor
     */
    static String write(OnnxGraph graph, TensorSet encoder, int features) throws DataFormatException {
        return new OnnxLayers(graph, encoder).write(features);
    }

    private String write(int features) throws DataFormatException {
        List<Layer> layers = LayerText.parse(encoder.metadata().getOrDefault("layers", ""));
        LayerGraph network = new LayerGraph(number("inputChannels"), number("inputSize"), layers);
        InvalidInputException.require(
                network.output().numbers() == features,
                "the encoder %s gives %d features, but the model takes %d",
                encoder.label(),
                network.output().numbers(),
                features);
        List<String> values = new ArrayList<>();
        values.add(scaled(graph.images("input", number("inputChannels"), number("inputSize"))));
        for (Layer layer : layers) {
            values.add(
                    switch (layer) {
                        case Layer.Convolution convolution -> convolution(convolution, values);
                        case Layer.Pooling pooling -> pooling(pooling, values);
                        case Layer.Depthwise depthwise -> depthwise(depthwise, values);
                        case Layer.Clamp clamp -> clamp(clamp, values);
                        case Layer.Sum sum -> sum(sum, values);
                        case Layer.Activation activation -> activation(activation, values);
                        case Layer.Concatenation concatenation ->
                            graph.node(
                                    "Concat",
                                    "layers." + (values.size() - 1),
                                    List.of(new OnnxGraph.Whole("axis", 1)),
                                    concatenation.inputs().stream()
                                            .map(values::get)
                                            .toArray(String[]::new));
                        case Layer.Border border -> border(border, values);
                        case Layer.Slice slice -> slice(slice, values);
                        case Layer.Shuffle shuffle -> shuffle(shuffle, network.planes(shuffle.input()), values);
                        case Layer.Product product ->
                            graph.node(
                                    "Mul",
                                    "layers." + (values.size() - 1),
                                    List.of(),
                                    values.get(product.first()),
                                    values.get(product.second()));
                    });
        }
        return graph.node("Flatten", "features", List.of(), values.getLast());
    }

    private int number(String key) {
        String text = encoder.metadata().getOrDefault(key, "");
        InvalidInputException.require(
                text.matches("[1-9]\\d{0,3}"), "%s holds an encoder that is damaged", encoder.label());
        return Integer.parseInt(text);
    }

    private String scaled(String images) throws DataFormatException {
        if (encoder.shape("input.shift") == null) {
            return images;
        }
        List<Long> shape = List.of((long) number("inputChannels"), 1L, 1L);
        String shift = graph.tensor("input.shift", shape, encoder.floats("input.shift"));
        String factor = graph.tensor("input.factor", shape, encoder.floats("input.factor"));
        String shifted = graph.node("Sub", "shifted_input", List.of(), images, shift);
        return graph.node("Mul", "scaled_input", List.of(), shifted, factor);
    }

    private static List<OnnxGraph.Setting> window(Layer.Windowed layer) {
        Layer.Padding padding = layer.padding();
        return new ArrayList<>(List.of(
                new OnnxGraph.Wholes(
                        "kernel_shape", layer.kernel().height(), layer.kernel().width()),
                new OnnxGraph.Wholes("strides", layer.stride(), layer.stride()),
                new OnnxGraph.Wholes("pads", padding.top(), padding.left(), padding.bottom(), padding.right())));
    }

    private String convolution(Layer.Convolution layer, List<String> values) throws DataFormatException {
        return convolution(layer, layer.rectified(), window(layer), values);
    }

    private String depthwise(Layer.Depthwise layer, List<String> values) throws DataFormatException {
        List<OnnxGraph.Setting> settings = window(layer);
        List<Long> shape = encoder.shape("layers." + (values.size() - 1) + ".weight");
        settings.add(new OnnxGraph.Whole("group", Math.toIntExact(shape.getFirst())));
        return convolution(layer, layer.rectified(), settings, values);
    }

    private String clamp(Layer.Clamp layer, List<String> values) {
        String name = "layers." + (values.size() - 1);
        return graph.node(
                "Clip",
                name,
                List.of(),
                values.get(layer.input()),
                graph.tensor(name + ".minimum", List.of(), new float[] {layer.minimum()}),
                graph.tensor(name + ".maximum", List.of(), new float[] {layer.maximum()}));
    }

    private String activation(Layer.Activation layer, List<String> values) {
        String name = "layers." + (values.size() - 1);
        String input = values.get(layer.input());
        return switch (layer.curve()) {
            case SIGMOID -> graph.node("Sigmoid", name, List.of(), input);
            case LEAKY -> graph.node("LeakyRelu", name, List.of(new OnnxGraph.Real("alpha", layer.slope())), input);
            case SILU ->
                graph.node("Mul", name, List.of(), input, graph.node("Sigmoid", name + ".share", List.of(), input));
            // HardSwish is an operator since opset 14.
            case HARD_SWISH -> {
                List<OnnxGraph.Real> settings = List.of(
                        new OnnxGraph.Real("alpha", ConvolutionKernels.SIXTH), new OnnxGraph.Real("beta", 0.5f));
                yield graph.node(
                        "Mul", name, List.of(), input, graph.node("HardSigmoid", name + ".share", settings, input));
            }
        };
    }

    private String slice(Layer.Slice layer, List<String> values) {
        String name = "layers." + (values.size() - 1);
        return graph.node(
                "Slice",
                name,
                List.of(),
                values.get(layer.input()),
                graph.integers(name + ".start", new long[] {layer.first()}),
                graph.integers(name + ".end", new long[] {layer.first() + (long) layer.channels()}),
                graph.integers(name + ".axis", new long[] {1}));
    }

    private String shuffle(Layer.Shuffle layer, LayerGraph.Planes planes, List<String> values) {
        String name = "layers." + (values.size() - 1);
        long side = planes.side();
        long[] grouped = {0, layer.groups(), planes.channels() / layer.groups(), side, side};
        long[] flat = {0, planes.channels(), side, side};
        String groups = graph.node(
                "Reshape",
                name + ".groups",
                List.of(),
                values.get(layer.input()),
                graph.integers(name + ".grouped", grouped));
        String swapped = graph.node(
                "Transpose", name + ".swapped", List.of(new OnnxGraph.Wholes("perm", 0, 2, 1, 3, 4)), groups);
        return graph.node("Reshape", name, List.of(), swapped, graph.integers(name + ".flat", flat));
    }

    private String border(Layer.Border layer, List<String> values) {
        String name = "layers." + (values.size() - 1);
        Layer.Padding padding = layer.padding();
        long[] pads = {0, 0, padding.top(), padding.left(), 0, 0, padding.bottom(), padding.right()};
        return graph.node(
                "Pad",
                name,
                List.of(),
                values.get(layer.input()),
                graph.integers(name + ".pads", pads),
                graph.tensor(name + ".value", List.of(), new float[] {layer.value()}));
    }

    private String convolution(
            Layer.Windowed layer, boolean rectified, List<OnnxGraph.Setting> settings, List<String> values)
            throws DataFormatException {
        String name = "layers." + (values.size() - 1);
        String weight = name + ".weight";
        String bias = name + ".bias";
        String sums = graph.node(
                "Conv",
                rectified ? name + ".sums" : name,
                settings,
                values.get(layer.input()),
                graph.tensor(weight, encoder.shape(weight), encoder.floats(weight)),
                graph.tensor(bias, encoder.shape(bias), encoder.floats(bias)));
        return rectified ? graph.node("Relu", name, List.of(), sums) : sums;
    }

    private String pooling(Layer.Pooling layer, List<String> values) {
        String name = "layers." + (values.size() - 1);
        List<OnnxGraph.Setting> settings = window(layer);
        if (layer.kind() == Layer.Kind.PADDED_MEAN) {
            settings.add(new OnnxGraph.Whole("count_include_pad", 1));
        }
        String operator = layer.kind() == Layer.Kind.MAX ? "MaxPool" : "AveragePool";
        return graph.node(operator, name, settings, values.get(layer.input()));
    }

    private String sum(Layer.Sum layer, List<String> values) {
        String name = "layers." + (values.size() - 1);
        String sum = values.get(layer.inputs().getFirst());
        if (layer.inputs().size() > 1) {
            String second = values.get(layer.inputs().getLast());
            sum = graph.node("Add", layer.rectified() ? name + ".sums" : name, List.of(), sum, second);
        }
        return layer.rectified() ? graph.node("Relu", name, List.of(), sum) : sum;
    }
}
