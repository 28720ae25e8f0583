package io.heddle.encoder;

import io.heddle.files.DataFormatException;
import io.heddle.matrix.InvalidInputException;
import io.heddle.model.TensorSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A network of Heddle's own as its file has it.
 *
 * @param inputSize side of the images
 * @param weights of each layer: output channel, input channel, row, column
 * @param biases of each layer
 * @param metadata what the file says about itself
 */
record EncoderWeights(
        int inputSize,
        List<ConvolutionLayer> layers,
        List<float[]> weights,
        List<float[]> biases,
        Map<String, String> metadata) {
    /** What {@code format} in the header of the file says. */
    static final String FORMAT = "heddle-encoder-1";

    private static final int LARGEST_INPUT = 4096;

    /** @throws DataFormatException if the tensors are not those of such a network, or a weight is not finite */
    static EncoderWeights read(TensorSet file, String label) throws DataFormatException {
        List<ConvolutionLayer> layers = layers(file, label);
        int inputSize = inputSize(file, label);
        requireRoom(layers, inputSize, label);
        // All shapes before any number is copied.
        for (int i = 0; i < layers.size(); i++) {
            ConvolutionLayer layer = layers.get(i);
            long kernel = layer.kernel();
            long inputs = inputs(layers, i);
            requireShape(file, name(i, "weight"), List.of((long) layer.channels(), inputs, kernel, kernel), label);
            requireShape(file, name(i, "bias"), List.of((long) layer.channels()), label);
        }
        List<float[]> weights = new ArrayList<>();
        List<float[]> biases = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            weights.add(finite(file, name(i, "weight"), label));
            biases.add(finite(file, name(i, "bias"), label));
        }
        return new EncoderWeights(inputSize, layers, weights, biases, file.metadata());
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

    private static int inputs(List<ConvolutionLayer> layers, int layer) {
        return layer == 0 ? 1 : layers.get(layer - 1).channels();
    }

    /** Channels that go into a layer. */
    int inputs(int layer) {
        return inputs(layers, layer);
    }

    private static String name(int layer, String part) {
        return "layers." + layer + "." + part;
    }

    private static List<ConvolutionLayer> layers(TensorSet file, String label) throws DataFormatException {
        if (!FORMAT.equals(file.metadata().get("format"))) {
            throw new DataFormatException("%s is a safetensors file, but its header does not say \"format\": \"%s\""
                    .formatted(label, FORMAT));
        }
        try {
            return ConvolutionLayer.parse(String.valueOf(file.metadata().get("layers")));
        } catch (InvalidInputException e) {
            throw new DataFormatException("the encoder %s cannot be built: %s".formatted(label, e.getMessage()), e);
        }
    }

    private static int inputSize(TensorSet file, String label) throws DataFormatException {
        String text = String.valueOf(file.metadata().get("inputSize"));
        if (!text.matches("[1-9]\\d{0,3}") || Integer.parseInt(text) > LARGEST_INPUT) {
            throw new DataFormatException("\"inputSize\" in the header of %s is %s, not a whole number from 1 to %d"
                    .formatted(label, text, LARGEST_INPUT));
        }
        return Integer.parseInt(text);
    }

    /** The largest plane must be an array's worth of numbers at most. */
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
