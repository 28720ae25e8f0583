package io.heddle.encoder;

import io.heddle.files.DataFormatException;
import io.heddle.internal.network.Layer;
import io.heddle.internal.network.LayerGraph;
import io.heddle.model.TensorSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Computes the features of an encoder's file with plain loops in double. */
final class ReferenceNetwork {
    private final EncoderWeights network;

    ReferenceNetwork(byte[] file) throws DataFormatException {
        network = EncoderWeights.read(TensorSet.parse(file, "reference"), "reference");
    }

    double[] encode(float[] image, FeaturePooling pooling) {
        List<double[][]> layers = planes(image);
        List<Double> features = new ArrayList<>();
        if (!network.isPooled()) {
            return Arrays.stream(layers.getLast())
                    .flatMapToDouble(Arrays::stream)
                    .toArray();
        }
        for (double[] plane : layers.getLast()) {
            features.add(mean(plane, 0, 1, 0, 1, 1));
        }
        if (pooling == FeaturePooling.GRID) {
            for (double[][] planes : layers.subList(Math.max(0, layers.size() - 3), layers.size())) {
                for (double[] plane : planes) {
                    for (int w = 0; w < 4; w++) {
                        features.add(mean(plane, w / 2, w / 2 + 1, w % 2, w % 2 + 1, 2));
                    }
                }
            }
        }
        return features.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static double mean(double[] plane, int top, int bottom, int left, int right, int grid) {
        int side = (int) Math.round(Math.sqrt(plane.length));
        double sum = 0;
        int pixels = 0;
        for (int y = (int) Math.floor((double) top * side / grid); y < Math.ceil((double) bottom * side / grid); y++) {
            for (int x = (int) Math.floor((double) left * side / grid);
                    x < Math.ceil((double) right * side / grid);
                    x++) {
                sum += plane[y * side + x];
                pixels++;
            }
        }
        return sum / pixels;
    }

    /** The outputs of the layers. */
    private List<double[][]> planes(float[] image) {
        int pixels = network.inputSize() * network.inputSize();
        double[][] input = new double[network.channels()][pixels];
        for (int i = 0; i < image.length; i++) {
            int c = i / pixels;
            input[c][i % pixels] = ((double) image[i] - network.scale().shift(c))
                    * network.scale().factor(c);
        }
        List<double[][]> values = new ArrayList<>();
        values.add(input);
        LayerGraph graph = network.graph();
        for (int l = 0; l < graph.layers().size(); l++) {
            values.add(
                    switch (graph.layers().get(l)) {
                        case Layer.Windowed layer -> windows(l, layer, values.get(layer.input()));
                        case Layer.Sum sum -> sum(sum, values);
                        case Layer.Clamp clamp -> clamp(clamp, values.get(clamp.input()));
                        case Layer.Activation activation -> curve(activation, values.get(activation.input()));
                        case Layer.Concatenation concatenation ->
                            concatenation.inputs().stream()
                                    .flatMap(number -> Arrays.stream(values.get(number)))
                                    .toArray(double[][]::new);
                        case Layer.Slice slice ->
                            Arrays.copyOfRange(
                                    values.get(slice.input()), slice.first(), slice.first() + slice.channels());
                        case Layer.Shuffle shuffle -> shuffle(shuffle, values.get(shuffle.input()));
                        case Layer.Border border ->
                            border(
                                    border,
                                    values.get(border.input()),
                                    graph.planes(border.input()).side());
                        case Layer.Product product ->
                            product(values.get(product.first()), values.get(product.second()));
                    });
        }
        return values.subList(1, values.size());
    }

    private static double[][] shuffle(Layer.Shuffle layer, double[][] planes) {
        double[][] result = new double[planes.length][];
        for (int c = 0; c < planes.length; c++) {
            result[c] = planes[c % layer.groups() * (planes.length / layer.groups()) + c / layer.groups()];
        }
        return result;
    }

    private static double[][] sum(Layer.Sum layer, List<double[][]> values) {
        double[][] first = values.get(layer.inputs().getFirst());
        double[][] result = new double[first.length][first[0].length];
        for (int c = 0; c < first.length; c++) {
            for (int p = 0; p < first[c].length; p++) {
                for (int input : layer.inputs()) {
                    result[c][p] += values.get(input)[c][p];
                }
                result[c][p] = Math.max(layer.floor(), result[c][p]);
            }
        }
        return result;
    }

    private static double[][] product(double[][] first, double[][] second) {
        double[][] result = new double[first.length][first[0].length];
        for (int c = 0; c < first.length; c++) {
            for (int p = 0; p < first[c].length; p++) {
                result[c][p] = first[c][p] * second[c][second[c].length == 1 ? 0 : p];
            }
        }
        return result;
    }

    private double[][] windows(int number, Layer.Windowed layer, double[][] planes) {
        int side = (int) Math.round(Math.sqrt(planes[0].length));
        int out = layer.rows(side);
        int channels = network.graph().planes(number + 1).channels();
        double[][] result = new double[channels][out * out];
        for (int c = 0; c < channels; c++) {
            for (int p = 0; p < out * out; p++) {
                int top = p / out * layer.stride() - layer.padding().top();
                int left = p % out * layer.stride() - layer.padding().left();
                result[c][p] = switch (layer) {
                    case Layer.Convolution convolution ->
                        convolve(number, layer, convolution.floor(), planes, c, side, top, left);
                    case Layer.Depthwise depthwise -> {
                        double[][] own = {planes[c]};
                        yield convolve(number, layer, depthwise.floor(), own, c, side, top, left);
                    }
                    case Layer.Pooling pooling -> pool(pooling, planes[c], side, top, left);
                };
            }
        }
        return result;
    }

    private double convolve(
            int number, Layer.Windowed layer, float floor, double[][] planes, int output, int side, int top, int left) {
        int height = layer.kernel().height();
        int width = layer.kernel().width();
        float[] weight = network.weights().get(number);
        double sum = network.biases().get(number)[output];
        for (int i = 0; i < planes.length; i++) {
            for (int w = 0; w < height * width; w++) {
                int v = top + w / width;
                int u = left + w % width;
                if (v >= 0 && v < side && u >= 0 && u < side) {
                    sum += weight[(output * planes.length + i) * height * width + w] * planes[i][v * side + u];
                }
            }
        }
        return Math.max(floor, sum);
    }

    private static double[][] clamp(Layer.Clamp layer, double[][] planes) {
        return Arrays.stream(planes)
                .map(plane -> Arrays.stream(plane)
                        .map(v -> Math.min(layer.maximum(), Math.max(layer.minimum(), v)))
                        .toArray())
                .toArray(double[][]::new);
    }

    private static double[][] curve(Layer.Activation layer, double[][] planes) {
        return Arrays.stream(planes)
                .map(plane -> Arrays.stream(plane)
                        .map(v -> switch (layer.curve()) {
                            case SIGMOID -> 1 / (1 + Math.exp(-v));
                            case SILU -> v / (1 + Math.exp(-v));
                            case HARD_SWISH -> v * Math.clamp(v / 6 + 0.5, 0, 1);
                            case LEAKY -> v < 0 ? layer.slope() * v : v;
                        })
                        .toArray())
                .toArray(double[][]::new);
    }

    private static double[][] border(Layer.Border layer, double[][] planes, int side) {
        int out = side + layer.padding().top() + layer.padding().bottom();
        double[][] result = new double[planes.length][out * out];
        for (int c = 0; c < planes.length; c++) {
            Arrays.fill(result[c], layer.value());
            for (int p = 0; p < side * side; p++) {
                int y = p / side + layer.padding().top();
                result[c][y * out + p % side + layer.padding().left()] = planes[c][p];
            }
        }
        return result;
    }

    private static double pool(Layer.Pooling layer, double[] plane, int side, int top, int left) {
        double sum = 0;
        double maximum = Double.NEGATIVE_INFINITY;
        int count = 0;
        for (int v = Math.max(0, top); v < Math.min(side, top + layer.kernel().height()); v++) {
            for (int u = Math.max(0, left);
                    u < Math.min(side, left + layer.kernel().width());
                    u++) {
                sum += plane[v * side + u];
                maximum = Math.max(maximum, plane[v * side + u]);
                count++;
            }
        }
        return switch (layer.kind()) {
            case MAX -> maximum;
            case MEAN -> sum / count;
            case PADDED_MEAN -> sum / layer.kernel().area();
        };
    }
}
