package io.heddle.model;

import io.heddle.files.DataFormatException;
import io.heddle.internal.network.Layer;
import io.heddle.internal.network.LayerGraph;
import io.heddle.internal.network.LayerText;
import io.heddle.matrix.InvalidInputException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Builds a network layer by layer, and its file. Values are numbered as in {@link LayerGraph}: 0 is the image, and i +
 * 1 is the output of layer i.
 */
final class NetworkBuilder {
    /** Factor and shift of the hard sigmoid in {@link Layer.Curve#HARD_SWISH}. */
    static final double SWISH_FACTOR = 1 / 6.0;

    static final double CENTRE = 0.5;

    private final int channels;
    private final int side;
    private final List<Layer> layers = new ArrayList<>();
    /** The weights of each layer; null if it is not a convolution. */
    private final List<double[]> weights = new ArrayList<>();

    private final List<double[]> biases = new ArrayList<>();
    /** The value that each hard sigmoid of two layers is of. */
    private final Map<Integer, Integer> hardSigmoidOf = new HashMap<>();

    private LayerGraph graph;
    /** Number of the value that holds the image, for layers other than convolutions; 0 if there is none. */
    private int image;

    NetworkBuilder(int channels, int side) {
        this.channels = channels;
        this.side = side;
    }

    LayerGraph.Planes planes(int value) {
        return value == 0 ? new LayerGraph.Planes(channels, side) : graph.planes(value);
    }

    int count() {
        return layers.size();
    }

    /**
     * Adds a layer and returns the number of its output.
     *
     * @throws InvalidInputException if it does not fit its inputs
     */
    int add(Layer layer) {
        return add(layer, null, null);
    }

    /**
     * As {@link #add(Layer)}, for a convolution.
     *
     * @param weight output channel, input channel, row, column; not to be changed by the caller
     */
    int add(Layer layer, double[] weight, double[] bias) {
        List<Layer> all = new ArrayList<>(layers);
        all.add(layer);
        graph = new LayerGraph(channels, side, all);
        layers.add(layer);
        weights.add(weight);
        biases.add(bias);
        return layers.size();
    }

    /** Adds a layer that multiplies each channel of a value and adds a constant to it. */
    int scale(int value, double[] factor, double[] shift) {
        return add(new Layer.Depthwise(value, Layer.Kernel.square(1), 1, Layer.Padding.NONE, false), factor, shift);
    }

    /**
     * Returns a value, and for the image the output of a convolution that copies it: only convolutions read the image.
     */
    int readable(int value) {
        if (value > 0) {
            return value;
        }
        if (image == 0) {
            double[] copy = new double[channels * channels];
            for (int c = 0; c < channels; c++) {
                copy[c * channels + c] = 1;
            }
            image = add(
                    new Layer.Convolution(0, channels, Layer.Kernel.square(1), 1, Layer.Padding.NONE, false),
                    copy,
                    new double[channels]);
        }
        return image;
    }

    /** Returns whether a value is the output of a convolution or sum without ReLU. */
    boolean isLinear(int value) {
        return value > 0
                && switch (layers.get(value - 1)) {
                    case Layer.Convolution c -> !c.rectified();
                    case Layer.Sum sum -> !sum.rectified();
                    case Layer.Depthwise d -> !d.rectified();
                    default -> false;
                };
    }

    /**
     * Replaces the sigmoid of a value, whose output must have no other use, by the product of both.
     *
     * @return the number of the product, −1 if {@code share} is not the sigmoid of {@code value}
     */
    int swish(int value, int share) {
        if (share > 0 && layers.get(share - 1).equals(new Layer.Activation(value, Layer.Curve.SIGMOID, 0))) {
            layers.set(share - 1, new Layer.Activation(value, Layer.Curve.SILU, 0));
            return share;
        }
        if (share == layers.size() && hardSigmoidOf.getOrDefault(share, -1) == value) {
            // Another layer gets this number.
            hardSigmoidOf.remove(share);
            for (int i = 0; i < 2; i++) {
                layers.removeLast();
                weights.removeLast();
                biases.removeLast();
            }
            return add(new Layer.Activation(value, Layer.Curve.HARD_SWISH, 0));
        }
        return -1;
    }

    /** Adds two layers that compute min(1, max(0, x / 6 + ½)). */
    int hardSigmoid(int value) {
        double[] factors = new double[planes(value).channels()];
        double[] shifts = new double[factors.length];
        Arrays.fill(factors, SWISH_FACTOR);
        Arrays.fill(shifts, CENTRE);
        int share = add(new Layer.Clamp(scale(value, factors, shifts), 0, 1));
        hardSigmoidOf.put(share, value);
        return share;
    }

    /** Adds layers that take planes of a value in some order, or returns the value if these are all in theirs. */
    int channels(int value, int[] planes) {
        int count = planes(value).channels();
        if (Arrays.equals(planes, IntStream.range(0, count).toArray())) {
            return value;
        }
        if (value == 0) {
            double[] chosen = new double[planes.length * count];
            for (int c = 0; c < planes.length; c++) {
                chosen[c * count + planes[c]] = 1;
            }
            Layer layer = new Layer.Convolution(0, planes.length, Layer.Kernel.square(1), 1, Layer.Padding.NONE, false);
            return add(layer, chosen, new double[planes.length]);
        }
        List<Integer> parts = new ArrayList<>();
        int first = 0;
        for (int c = 1; c <= planes.length; c++) {
            if (c == planes.length || planes[c] != planes[c - 1] + 1) {
                parts.add(add(new Layer.Slice(value, planes[first], c - first)));
                first = c;
            }
        }
        return parts.size() == 1 ? parts.getFirst() : add(new Layer.Concatenation(parts));
    }

    /** Adds a layer that puts pixels of one number around a value. */
    int pad(int value, Layer.Padding padding, double number) {
        return add(new Layer.Border(readable(value), padding, (float) number));
    }

    /** Adds ReLU to a layer without one, whose output must have no other use. */
    void rectify(int value) {
        Layer rectified =
                switch (layers.get(value - 1)) {
                    case Layer.Convolution c ->
                        new Layer.Convolution(c.input(), c.channels(), c.kernel(), c.stride(), c.padding(), true);
                    case Layer.Sum sum -> new Layer.Sum(sum.inputs(), true);
                    case Layer.Depthwise d -> new Layer.Depthwise(d.input(), d.kernel(), d.stride(), d.padding(), true);
                    default -> throw new IllegalStateException("layer %d has no ReLU".formatted(value - 1));
                };
        layers.set(value - 1, rectified);
    }

    /**
     * Returns whether a value is the output of a convolution without ReLU, so that scaling can be folded into its
     * weights.
     */
    boolean isFoldable(int value) {
        return isLinear(value) && weights.get(value - 1) != null;
    }

    /**
     * Multiplies each channel of a convolution's output and adds a constant to it. The output must have no other use.
     */
    void fold(int value, double[] factor, double[] shift) {
        double[] weight = weights.get(value - 1).clone();
        double[] bias = biases.get(value - 1).clone();
        int each = weight.length / bias.length;
        for (int c = 0; c < bias.length; c++) {
            for (int i = 0; i < each; i++) {
                weight[c * each + i] *= factor[c];
            }
            bias[c] = bias[c] * factor[c] + shift[c];
        }
        weights.set(value - 1, weight);
        biases.set(value - 1, bias);
    }

    /** A linear layer that was removed from the end of a network. */
    record Head(int input, double[] weights, double[] biases) {
        /** A layer that returns its inputs as scores. */
        static Head identity(int input, int classes) {
            double[] weights = new double[classes * classes];
            for (int c = 0; c < classes; c++) {
                weights[c * classes + c] = 1;
            }
            return new Head(input, weights, new double[classes]);
        }
    }

    /** Returns whether a value is the output of a convolution without ReLU over its whole input. */
    boolean isHead(int value) {
        return isLinear(value)
                && layers.get(value - 1) instanceof Layer.Convolution c
                && c.padding().equals(Layer.Padding.NONE)
                && c.kernel().covers(planes(c.input()).side());
    }

    /** Removes the last layer, a convolution over its whole input. */
    Head removeHead() {
        int last = layers.size() - 1;
        Layer.Convolution layer = (Layer.Convolution) layers.remove(last);
        return new Head(layer.input(), weights.remove(last), biases.remove(last));
    }

    /**
     * The encoder's file. Its features are the numbers of the last layer, plane by plane.
     *
     * @param shift subtracted from each channel of the image
     * @param factor factor of the differences
     * @throws InvalidInputException if a weight is out of the range of float
     */
    TensorSet file(String label, double[] shift, double[] factor, Map<String, String> about)
            throws DataFormatException {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("format", "heddle-encoder-2");
        metadata.put("inputChannels", Integer.toString(channels));
        metadata.put("inputSize", Integer.toString(side));
        metadata.put("layers", LayerText.of(layers));
        metadata.putAll(about);
        EncoderChecksum.reserve(metadata);
        Map<String, Object> header = new LinkedHashMap<>();
        header.put(TensorFile.METADATA, metadata);
        ByteArrayOutputStream numbers = new ByteArrayOutputStream();
        if (Arrays.stream(shift).anyMatch(v -> v != 0) || Arrays.stream(factor).anyMatch(v -> v != 1)) {
            put("input.shift", List.of((long) channels), shift, header, numbers);
            put("input.factor", List.of((long) channels), factor, header, numbers);
        }
        for (int i = 0; i < layers.size(); i++) {
            List<Long> shape = graph.weightShape(i);
            if (!shape.isEmpty()) {
                put("layers." + i + ".weight", shape, weights.get(i), header, numbers);
                put("layers." + i + ".bias", shape.subList(0, 1), biases.get(i), header, numbers);
            }
        }
        StringBuilder json = new StringBuilder();
        HeaderJson.write(header, json);
        byte[] head = json.toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(Math.addExact(Long.BYTES + head.length, numbers.size()))
                .order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(head.length).put(head).put(numbers.toByteArray());
        EncoderChecksum.fill(file.array(), header, head.length);
        return TensorSet.parse(file.array(), label);
    }

    private static void put(
            String name, List<Long> shape, double[] values, Map<String, Object> header, ByteArrayOutputStream to) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (double value : values) {
            InvalidInputException.require(
                    Math.abs(value) <= Float.MAX_VALUE, "%s has %s, which is out of the range of float", name, value);
            bytes.putFloat((float) value);
        }
        // In a fixed order, so that the file's checksum is the same each time.
        Map<String, Object> place = new LinkedHashMap<>();
        place.put("dtype", "F32");
        place.put("shape", shape);
        place.put("data_offsets", List.of((long) to.size(), (long) to.size() + bytes.capacity()));
        header.put(name, place);
        to.writeBytes(bytes.array());
    }
}
