package io.heddle.internal.network;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.matrix.InvalidInputException;
import java.util.ArrayList;
import java.util.List;

/**
 * A network: layers that read the image or the outputs of earlier layers. The output of the last layer is the network's
 * output.
 */
public final class LayerGraph {
    /** Channels of a pixel are padded to a multiple of this number. */
    private static final int GROUP = 16;

    private static final int MAXIMUM_LAYERS = 2048;
    private static final int MAXIMUM_CHANNELS = 1 << 16;
    private static final int LARGEST_SIDE = 4096;
    private static final int LARGEST_STRIDE = 64;
    /** Maximum of all outputs together: 1 GiB. */
    private static final long MAXIMUM_NUMBERS = 1L << 28;

    private final List<Layer> layers;
    private final List<Planes> values;

    /**
     * A value of the network.
     *
     * @param channels planes
     * @param side pixels in a row and in a column of each
     */
    public record Planes(int channels, int side) {
        /** The number of floats. */
        public long numbers() {
            return (long) channels * side * side;
        }
    }

    /**
     * Checks that layers fit together.
     *
     * @param channels planes of the image
     * @param side of the image
     * @param layers at least one, each after the layers that it reads
     * @throws InvalidInputException if a layer is not valid, or all layers need more than 1 GiB for an image
     */
    public LayerGraph(int channels, int side, List<Layer> layers) {
        require(
                channels >= 1 && channels <= MAXIMUM_CHANNELS && side >= 1 && side <= LARGEST_SIDE,
                "an image of %d channels and side %d is not between 1 and %d channels, or not between 1 and %d pixels",
                channels,
                side,
                MAXIMUM_CHANNELS,
                LARGEST_SIDE);
        require(!layers.isEmpty(), "a network needs at least one layer");
        require(
                layers.size() <= MAXIMUM_LAYERS,
                "a network has at most %d layers, not %d",
                MAXIMUM_LAYERS,
                layers.size());
        this.layers = List.copyOf(layers);
        values = new ArrayList<>();
        values.add(new Planes(channels, side));
        long numbers = 0;
        long weights = 0;
        for (int i = 0; i < layers.size(); i++) {
            Planes output = output(i);
            values.add(output);
            numbers += padded(output.channels) * output.side * output.side;
            require(
                    numbers <= MAXIMUM_NUMBERS,
                    "layer %d brings the outputs of all layers to %d numbers for an image, more than %d",
                    i,
                    numbers,
                    MAXIMUM_NUMBERS);
            weights += weights(i);
            require(
                    weights <= MAXIMUM_NUMBERS,
                    "layer %d brings the weights of all layers to %d numbers, more than %d",
                    i,
                    weights,
                    MAXIMUM_NUMBERS);
        }
    }

    private static long padded(int channels) {
        return (long) Math.ceilDiv(channels, GROUP) * GROUP;
    }

    /** The number of floats in memory, with padding. */
    private long weights(int number) {
        if (layers.get(number) instanceof Layer.Depthwise depthwise) {
            return depthwise.kernel().area() * padded(values.get(depthwise.input()).channels);
        }
        if (!(layers.get(number) instanceof Layer.Convolution layer)) {
            return 0;
        }
        int inputs = values.get(layer.input()).channels;
        long read = layer.input() == 0 ? inputs : padded(inputs);
        return layer.kernel().area() * read * padded(layer.channels());
    }

    private Planes output(int number) {
        Layer layer = layers.get(number);
        for (int input : layer.inputs()) {
            require(input >= 0 && input <= number, "layer %d reads value %d, which comes behind it", number, input);
            require(
                    input > 0 || layer instanceof Layer.Convolution,
                    "layer %d reads the image and is not a convolution",
                    number);
        }
        return switch (layer) {
            case Layer.Windowed windowed -> output(number, windowed);
            case Layer.Sum sum -> output(number, sum);
            case Layer.Product product -> output(number, product);
            case Layer.Clamp clamp -> {
                require(
                        clamp.minimum() <= clamp.maximum(),
                        "layer %d limits numbers to %s … %s",
                        number,
                        clamp.minimum(),
                        clamp.maximum());
                yield values.get(clamp.input());
            }
            case Layer.Activation activation -> {
                require(
                        Float.isFinite(activation.slope()),
                        "layer %d multiplies negative numbers by %s",
                        number,
                        activation.slope());
                yield values.get(activation.input());
            }
            case Layer.Concatenation concatenation -> output(number, concatenation);
            case Layer.Border border -> output(number, border);
            case Layer.Slice slice -> {
                Planes input = values.get(slice.input());
                require(
                        slice.first() >= 0
                                && slice.channels() >= 1
                                && slice.first() + (long) slice.channels() <= input.channels,
                        "layer %d takes %d planes from plane %d on of %d",
                        number,
                        slice.channels(),
                        slice.first(),
                        input.channels);
                yield new Planes(slice.channels(), input.side);
            }
            case Layer.Shuffle shuffle -> {
                Planes input = values.get(shuffle.input());
                require(
                        shuffle.groups() >= 1 && input.channels % shuffle.groups() == 0,
                        "layer %d has %d groups of %d planes",
                        number,
                        shuffle.groups(),
                        input.channels);
                yield input;
            }
        };
    }

    private Planes output(int number, Layer.Windowed layer) {
        Planes input = values.get(layer.input());
        Layer.Padding padding = layer.padding();
        Layer.Kernel kernel = layer.kernel();
        require(
                Math.min(kernel.height(), kernel.width()) >= 1
                        && Math.max(kernel.height(), kernel.width()) <= LARGEST_SIDE
                        && layer.stride() >= 1
                        && layer.stride() <= LARGEST_STRIDE,
                "layer %d has a kernel of %s pixels and a stride of %d",
                number,
                kernel,
                layer.stride());
        int minimum = Math.min(Math.min(padding.top(), padding.left()), Math.min(padding.bottom(), padding.right()));
        // A convolution of one pixel may have a padding of one, whose output is its bias.
        Layer.Kernel limit = layer instanceof Layer.Pooling
                ? kernel
                : new Layer.Kernel(Math.max(kernel.height(), 2), Math.max(kernel.width(), 2));
        require(
                minimum >= 0 && limit.exceeds(padding),
                "layer %d has a padding of %d, %d, %d and %d pixels for a kernel of %s",
                number,
                padding.top(),
                padding.left(),
                padding.bottom(),
                padding.right(),
                kernel);
        require(
                input.side + padding.top() + padding.bottom() >= kernel.height()
                        && input.side + padding.left() + padding.right() >= kernel.width(),
                "layer %d has a kernel of %s pixels for an image of %d",
                number,
                kernel,
                input.side);
        int side = layer.rows(input.side);
        require(
                layer.columns(input.side) == side,
                "layer %d gives planes of %d x %d pixels, not squares",
                number,
                layer.columns(input.side),
                side);
        int channels = layer instanceof Layer.Convolution convolution ? convolution.channels() : input.channels;
        require(
                channels >= 1 && channels <= MAXIMUM_CHANNELS,
                "layer %d has %d channels, not 1 to %d",
                number,
                channels,
                MAXIMUM_CHANNELS);
        return new Planes(channels, side);
    }

    private Planes output(int number, Layer.Sum sum) {
        require(
                sum.inputs().size() == 1 || sum.inputs().size() == 2,
                "layer %d adds %d values",
                number,
                sum.inputs().size());
        Planes first = values.get(sum.inputs().getFirst());
        Planes last = values.get(sum.inputs().getLast());
        require(
                first.equals(last),
                "layer %d adds %d planes of side %d and %d of side %d",
                number,
                first.channels,
                first.side,
                last.channels,
                last.side);
        return first;
    }

    private Planes output(int number, Layer.Product product) {
        Planes first = values.get(product.first());
        Planes second = values.get(product.second());
        require(
                first.equals(second) || second.side == 1 && first.channels == second.channels,
                "layer %d multiplies %d planes of side %d by %d of side %d",
                number,
                first.channels,
                first.side,
                second.channels,
                second.side);
        return first;
    }

    private Planes output(int number, Layer.Concatenation layer) {
        require(!layer.inputs().isEmpty(), "layer %d joins no values", number);
        Planes first = values.get(layer.inputs().getFirst());
        int channels = 0;
        for (int input : layer.inputs()) {
            Planes planes = values.get(input);
            require(
                    planes.side == first.side,
                    "layer %d joins planes of side %d and of side %d",
                    number,
                    first.side,
                    planes.side);
            channels += planes.channels;
            require(
                    channels <= MAXIMUM_CHANNELS,
                    "layer %d has %d channels, not 1 to %d",
                    number,
                    channels,
                    MAXIMUM_CHANNELS);
        }
        return new Planes(channels, first.side);
    }

    private Planes output(int number, Layer.Border layer) {
        Planes input = values.get(layer.input());
        Layer.Padding padding = layer.padding();
        int minimum = Math.min(Math.min(padding.top(), padding.left()), Math.min(padding.bottom(), padding.right()));
        int side = input.side + padding.top() + padding.bottom();
        require(
                minimum >= 0
                        && padding.top() + padding.bottom() == padding.left() + padding.right()
                        && side <= LARGEST_SIDE
                        && !Float.isNaN(layer.value()),
                "layer %d adds %d, %d, %d and %d pixels of %s",
                number,
                padding.top(),
                padding.left(),
                padding.bottom(),
                padding.right(),
                layer.value());
        return new Planes(input.channels, side);
    }

    /** The layers in order. */
    public List<Layer> layers() {
        return layers;
    }

    /** The size of a value: 0 is the image, i + 1 the output of layer i. */
    public Planes planes(int value) {
        return values.get(value);
    }

    /** The shape of a layer's weights: output channel, input channel, row, column; empty if it has none. */
    public List<Long> weightShape(int number) {
        return switch (layers.get(number)) {
            case Layer.Convolution layer ->
                List.of(
                        (long) layer.channels(),
                        (long) values.get(layer.input()).channels,
                        (long) layer.kernel().height(),
                        (long) layer.kernel().width());
            case Layer.Depthwise layer ->
                List.of(
                        (long) values.get(layer.input()).channels,
                        1L,
                        (long) layer.kernel().height(),
                        (long) layer.kernel().width());
            case Layer.Pooling p -> List.of();
            case Layer.Sum s -> List.of();
            case Layer.Clamp c -> List.of();
            case Layer.Product p -> List.of();
            case Layer.Activation a -> List.of();
            case Layer.Concatenation c -> List.of();
            case Layer.Slice s -> List.of();
            case Layer.Shuffle s -> List.of();
            case Layer.Border b -> List.of();
        };
    }

    /** The network's output. */
    public Planes output() {
        return values.getLast();
    }

    /** Whether each layer reads only the layer before it. */
    public boolean isChain() {
        for (int i = 0; i < layers.size(); i++) {
            if (!layers.get(i).inputs().equals(List.of(i))) {
                return false;
            }
        }
        return true;
    }
}
