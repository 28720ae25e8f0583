package io.heddle.encoder;

import io.heddle.files.DataFormatException;
import io.heddle.internal.network.Layer;
import io.heddle.internal.network.LayerGraph;
import io.heddle.internal.network.LayerText;
import io.heddle.matrix.InvalidInputException;
import io.heddle.model.TensorSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The content of an encoder's file.
 *
 * @param layers of a network of {@code heddle encoder train}, whose planes are pooled; empty for a graph of layers
 * @param weights of each layer: output channel, input channel, row, column; empty for a layer that is not a convolution
 * @param biases of each layer
 * @param metadata metadata in the header of the file
 */
record EncoderWeights(
        List<ConvolutionLayer> layers,
        LayerGraph graph,
        ImageScale scale,
        List<float[]> weights,
        List<float[]> biases,
        Map<String, String> metadata) {
    /** Value of {@code format} in the header: a sequence of convolutions whose last planes are averaged. */
    static final String FORMAT = "heddle-encoder-1";

    /** Value of {@code format} in the header: a graph of layers whose last output is the features. */
    static final String GRAPH_FORMAT = "heddle-encoder-2";

    private static final int LARGEST_INPUT = 4096;

    /** @throws DataFormatException if the tensors do not fit such a network or a weight is not finite */
    static EncoderWeights read(TensorSet file, String label) throws DataFormatException {
        String format = file.metadata().get("format");
        try {
            if (GRAPH_FORMAT.equals(format)) {
                int channels = number(file, "inputChannels", label);
                List<Layer> parsed =
                        LayerText.parse(String.valueOf(file.metadata().get("layers")));
                LayerGraph graph = new LayerGraph(channels, number(file, "inputSize", label), parsed);
                return read(file, List.of(), graph, label);
            }
            if (!FORMAT.equals(format)) {
                throw new DataFormatException(
                        "%s is a safetensors file, but its header does not say \"format\": \"%s\" or \"%s\""
                                .formatted(label, FORMAT, GRAPH_FORMAT));
            }
            List<ConvolutionLayer> layers =
                    ConvolutionLayer.parse(String.valueOf(file.metadata().get("layers")));
            int inputSize = number(file, "inputSize", label);
            requireRoom(layers, inputSize, label);
            return read(file, layers, new LayerGraph(1, inputSize, chain(layers)), label);
        } catch (InvalidInputException e) {
            throw new DataFormatException("the encoder %s cannot be built: %s".formatted(label, e.getMessage()), e);
        }
    }

    private static List<Layer> chain(List<ConvolutionLayer> layers) {
        List<Layer> chain = new ArrayList<>();
        for (ConvolutionLayer layer : layers) {
            Layer.Padding padding = Layer.Padding.same(layer.padding());
            chain.add(new Layer.Convolution(
                    chain.size(),
                    layer.channels(),
                    Layer.Kernel.square(layer.kernel()),
                    layer.stride(),
                    padding,
                    true));
        }
        return chain;
    }

    private static EncoderWeights read(TensorSet file, List<ConvolutionLayer> layers, LayerGraph graph, String label)
            throws DataFormatException {
        // All shapes are checked before values are copied.
        long channels = graph.planes(0).channels();
        boolean scaled = file.shape("input.shift") != null || file.shape("input.factor") != null;
        if (scaled) {
            requireShape(file, "input.shift", List.of(channels), label);
            requireShape(file, "input.factor", List.of(channels), label);
        }
        for (int i = 0; i < graph.layers().size(); i++) {
            List<Long> shape = graph.weightShape(i);
            if (!shape.isEmpty()) {
                requireShape(file, name(i, "weight"), shape, label);
                requireShape(file, name(i, "bias"), shape.subList(0, 1), label);
            }
        }
        List<float[]> weights = new ArrayList<>();
        List<float[]> biases = new ArrayList<>();
        for (int i = 0; i < graph.layers().size(); i++) {
            boolean convolution = !graph.weightShape(i).isEmpty();
            weights.add(convolution ? finite(file, name(i, "weight"), label) : new float[0]);
            biases.add(convolution ? finite(file, name(i, "bias"), label) : new float[0]);
        }
        ImageScale scale = scaled
                ? new ImageScale(finite(file, "input.shift", label), finite(file, "input.factor", label))
                : ImageScale.identity((int) channels);
        return new EncoderWeights(layers, graph, scale, weights, biases, file.metadata());
    }

    /** Side of the images. */
    int inputSize() {
        return graph.planes(0).side();
    }

    /** Planes of the images. */
    int channels() {
        return graph.planes(0).channels();
    }

    /** Whether the features are means of planes, over the image or over a grid of windows. */
    boolean isPooled() {
        return !layers.isEmpty();
    }

    private static float[] finite(TensorSet file, String name, String label) throws DataFormatException {
        float[] values = file.floats(name);
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new DataFormatException(
                        "the encoder %s holds %s as number %d of %s".formatted(label, values[i], i, name));
            }
        }
        return values;
    }

    private static String name(int layer, String part) {
        return "layers." + layer + "." + part;
    }

    private static int number(TensorSet file, String key, String label) throws DataFormatException {
        String text = String.valueOf(file.metadata().get(key));
        if (!text.matches("[1-9]\\d{0,3}") || Integer.parseInt(text) > LARGEST_INPUT) {
            throw new DataFormatException("\"%s\" in the header of %s is %s, not a whole number from 1 to %d"
                    .formatted(key, label, text, LARGEST_INPUT));
        }
        return Integer.parseInt(text);
    }

    /** The largest plane must not have more values than an array. */
    private static void requireRoom(List<ConvolutionLayer> layers, int inputSize, String label)
            throws DataFormatException {
        int side = inputSize;
        for (ConvolutionLayer layer : layers) {
            side = layer.output(side);
            long numbers = (long) side * side * layer.channels();
            if (numbers > Integer.MAX_VALUE / Float.BYTES) {
                throw new DataFormatException(
                        "the layer %s of the encoder %s would give %d numbers for an image of side %d, more than %d"
                                .formatted(layer, label, numbers, inputSize, Integer.MAX_VALUE / Float.BYTES));
            }
        }
    }

    private static void requireShape(TensorSet file, String name, List<Long> shape, String label)
            throws DataFormatException {
        List<Long> found = file.shape(name);
        if (!shape.equals(found)) {
            throw new DataFormatException("the encoder %s has %s of the shape %s, not %s"
                    .formatted(label, name, found == null ? "none" : found, shape));
        }
    }
}
