package io.heddle.encoder;

import io.heddle.internal.kernels.Simd;
import io.heddle.internal.memory.OffHeap;
import io.heddle.internal.network.Layer;
import io.heddle.internal.network.LayerGraph;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/**
 * The execution plan of a network: the algorithm of each layer, memory offsets, and the packed weights. Immutable; used
 * by any number of threads, each with its own {@link Workspace}.
 */
final class NetworkPlan {
    private static final int GRID = 2;
    private static final int GRID_LAYERS = 3;

    // They stay in L2 together with weights of the same size.
    private static final long BLOCK_BYTES = 1L << 20;
    private static final int LARGEST_BLOCK = 32;

    private final EncoderWeights network;
    private final LayerGraph graph;
    private final FeaturePooling pooling;
    private final int block;
    private final int dimensions;
    private final List<Step> steps = new ArrayList<>();
    private final PackedWeights packed = new PackedWeights(Simd.convolutionKernels());
    private final List<Runnable> packing = new ArrayList<>();
    private final long inputAt;
    private final long featuresAt;
    /** The outputs of the layers. */
    private final List<PlacedPlane> outputs = new ArrayList<>();

    /** The padding of each value. */
    private final Layer.Padding[] zeros;
    /** The layer that writes its output over each value, −1 if there is none. */
    private final int[] overwriting;

    private long workspaceBytes;

    private NetworkPlan(EncoderWeights network, FeaturePooling pooling) {
        this.network = network;
        this.pooling = pooling;
        graph = network.graph();
        block = block(graph);
        dimensions = dimensions(network, pooling);
        inputAt = reserve((long) network.channels() * network.inputSize() * network.inputSize() * Float.BYTES);
        featuresAt = reserve(block * featureBytes());
        zeros = new Layer.Padding[graph.layers().size() + 1];
        overwriting = new int[zeros.length];
        place();
        addLayers();
    }

    /** @param arena owns the packed weights */
    static NetworkPlan of(EncoderWeights network, FeaturePooling pooling, Arena arena) {
        NetworkPlan plan = new NetworkPlan(network, pooling);
        plan.packed.allocate(arena);
        plan.packing.forEach(Runnable::run);
        plan.packing.clear();
        return plan;
    }

    /** Values that a later layer than the next one reads are stored for a single image, so only chains have blocks. */
    private static int block(LayerGraph graph) {
        if (!graph.isChain()) {
            return 1;
        }
        long bytes = 0;
        for (int i = 0; i < graph.layers().size(); i++) {
            if (graph.layers().get(i) instanceof Layer.Convolution layer && layer.input() > 0) {
                int inputs = graph.planes(layer.input()).channels();
                int side = graph.planes(i + 1).side();
                bytes = Math.max(bytes, WinogradConvolution.blockBytes(layer, inputs, side));
            }
        }
        return bytes == 0 ? 1 : Math.clamp(BLOCK_BYTES / bytes, 1, LARGEST_BLOCK);
    }

    private static int dimensions(EncoderWeights network, FeaturePooling pooling) {
        if (!network.isPooled()) {
            return (int) network.graph().output().numbers();
        }
        List<ConvolutionLayer> layers = network.layers();
        int dimensions = layers.getLast().channels();
        if (pooling == FeaturePooling.GRID) {
            for (ConvolutionLayer layer : layers.subList(firstOfGrid(layers.size()), layers.size())) {
                dimensions += GRID * GRID * layer.channels();
            }
        }
        return dimensions;
    }

    private static int firstOfGrid(int layers) {
        return Math.max(0, layers - GRID_LAYERS);
    }

    private long reserve(long bytes) {
        long at = workspaceBytes;
        workspaceBytes += Math.ceilDiv(bytes, OffHeap.ALIGNMENT) * OffHeap.ALIGNMENT;
        return at;
    }

    private void addLayers() {
        int last = graph.layers().size() - 1;
        int gridAt = graph.output().channels();
        for (int i = 0; i <= last; i++) {
            LayerGraph.Planes planes = graph.planes(i + 1);
            PlacedPlane output = overwritten(i);
            if (output == null) {
                Plane plane = Plane.of(planes.side(), planes.channels(), zeros[i + 1]);
                output = new PlacedPlane(plane, reserve(plane.bytes()));
            }
            addLayer(i, output);
            outputs.add(output);
            if (network.isPooled() && pooling == FeaturePooling.GRID && i >= firstOfGrid(last + 1)) {
                addPooling(output, planes.channels(), GRID, gridAt);
                gridAt += GRID * GRID * planes.channels();
            }
        }
        if (network.isPooled()) {
            addPooling(outputs.getLast(), graph.output().channels(), 1, 0);
        } else {
            steps.add(new FlattenedFeatures(
                    outputs.getLast().plane(),
                    graph.output().channels(),
                    outputs.getLast().at(),
                    featuresAt,
                    featureBytes()));
        }
    }

    /**
     * Finds the values over which a later layer writes its output, so that it stays in the cache, and the padding of
     * all values.
     */
    private void place() {
        int count = graph.layers().size();
        for (int value = count; value > 0; value--) {
            zeros[value] = required(value);
            overwriting[value] = -1;
            int last = count - 1;
            while (last >= value && !graph.layers().get(last).inputs().contains(value)) {
                last--;
            }
            if (last >= value && canOverwrite(last, value)) {
                overwriting[value] = last;
                zeros[value] = zeros[last + 1];
            }
        }
    }

    private boolean canOverwrite(int number, int value) {
        Layer layer = graph.layers().get(number);
        boolean each =
                switch (layer) {
                    case Layer.Activation a -> true;
                    case Layer.Clamp c -> true;
                    case Layer.Product p -> true;
                    case Layer.Sum s -> true;
                    default -> false;
                };
        boolean first = layer.inputs().getFirst() == value
                && !layer.inputs().subList(1, layer.inputs().size()).contains(value);
        // Copies do not write the channels that are padding, which must not grow from image to image.
        boolean copy =
                switch (graph.layers().get(value - 1)) {
                    case Layer.Concatenation c -> true;
                    case Layer.Border b -> true;
                    case Layer.Slice s -> true;
                    case Layer.Shuffle s -> true;
                    default -> false;
                };
        boolean single = graph.layers().subList(value, number).stream()
                .noneMatch(other -> other.inputs().contains(value));
        return each
                && first
                && !copy
                && (single || zeros[value].equals(zeros[number + 1]) && zeros[value].equals(Layer.Padding.NONE));
    }

    /** The padding that the layers after a value require. */
    private Layer.Padding required(int value) {
        Layer.Padding zeros = Layer.Padding.NONE;
        for (int i = value; i < graph.layers().size(); i++) {
            if (graph.layers().get(i) instanceof Layer.Convolution layer && layer.input() == value) {
                Layer.Padding read = readPadding(i, layer);
                zeros = new Layer.Padding(
                        Math.max(zeros.top(), read.top()),
                        Math.max(zeros.left(), read.left()),
                        Math.max(zeros.bottom(), read.bottom()),
                        Math.max(zeros.right(), read.right()));
            }
        }
        return zeros;
    }

    /** The padding of its input that a convolution reads. */
    private Layer.Padding readPadding(int number, Layer.Convolution layer) {
        LayerGraph.Planes planes = graph.planes(layer.input());
        if (byWinograd(number, layer)) {
            return Plane.tiled(planes.side());
        }
        return DirectConvolution.packsPixels(layer, Plane.padded(planes.channels()))
                ? layer.padding()
                : Plane.beside(layer.padding());
    }

    private boolean byWinograd(int number, Layer.Convolution layer) {
        return WinogradConvolution.pays(
                layer,
                graph.planes(layer.input()).channels(),
                graph.planes(number + 1).side());
    }

    private void addLayer(int number, PlacedPlane output) {
        switch (graph.layers().get(number)) {
            case Layer.Convolution layer -> {
                if (layer.input() == 0) {
                    addFirst(number, layer, output);
                } else {
                    addConvolution(number, layer, output);
                }
            }
            case Layer.Pooling layer -> {
                PlacedPlane input = value(layer.input());
                steps.add(new PoolingLayer(layer, input.plane(), output.plane(), input.at(), output.at()));
            }
            case Layer.Depthwise layer ->
                steps.add(new DepthwiseConvolution(
                        layer,
                        value(layer.input()),
                        output,
                        network.weights().get(number),
                        network.biases().get(number)));
            case Layer.Clamp layer -> steps.add(ElementwiseLayer.of(layer, value(layer.input()), output));
            case Layer.Activation layer -> steps.add(ElementwiseLayer.of(layer, value(layer.input()), output));
            case Layer.Concatenation layer -> {
                int first = 0;
                for (int input : layer.inputs()) {
                    int channels = graph.planes(input).channels();
                    steps.add(CopyLayer.ofChannels(value(input), 0, channels, output, first));
                    first += channels;
                }
            }
            case Layer.Border layer ->
                steps.add(CopyLayer.intoLarger(
                        value(layer.input()),
                        graph.planes(layer.input()).channels(),
                        output,
                        layer.padding().top(),
                        layer.padding().left(),
                        layer.value()));
            case Layer.Slice layer ->
                steps.add(CopyLayer.ofChannels(value(layer.input()), layer.first(), layer.channels(), output, 0));
            case Layer.Shuffle layer ->
                steps.add(new ShuffleLayer(
                        value(layer.input()), graph.planes(layer.input()).channels(), layer.groups(), output));
            case Layer.Product layer ->
                steps.add(new ProductLayer(value(layer.first()), value(layer.second()), output));
            case Layer.Sum layer -> {
                boolean two = layer.inputs().size() > 1;
                steps.add(new SumLayer(
                        layer,
                        value(layer.inputs().getFirst()),
                        two ? value(layer.inputs().getLast()) : null,
                        two ? -1 : reserve(output.plane().rowBytes()),
                        output));
            }
        }
    }

    /** The value over which a layer writes its output; null if it has memory of its own. */
    private PlacedPlane overwritten(int number) {
        int first = graph.layers().get(number).inputs().getFirst();
        return first > 0 && overwriting[first] == number ? value(first) : null;
    }

    private PlacedPlane value(int number) {
        return outputs.get(number - 1);
    }

    private void addFirst(int number, Layer.Convolution layer, PlacedPlane output) {
        long scratch = reserve(FirstConvolution.scratchBytes(layer, network.channels(), network.inputSize()));
        FirstConvolution step = new FirstConvolution(
                layer, network.inputSize(), network.scale(), output.plane(), scratch, output.at(), packed);
        packing.add(
                () -> step.pack(network.weights().get(number), network.biases().get(number)));
        steps.add(step);
    }

    private void addConvolution(int number, Layer.Convolution layer, PlacedPlane output) {
        PlacedPlane input = value(layer.input());
        int inputs = graph.planes(layer.input()).channels();
        float[] weight = network.weights().get(number);
        float[] bias = network.biases().get(number);
        if (byWinograd(number, layer)) {
            WinogradConvolution convolution = new WinogradConvolution(
                    layer,
                    inputs,
                    input.plane(),
                    output.plane(),
                    input.at(),
                    output.at(),
                    block,
                    packed,
                    this::reserve);
            packing.add(() -> convolution.pack(weight, bias));
            steps.add(convolution.transformInput());
            steps.add(convolution.multiply());
            steps.add(convolution.transformOutput());
        } else {
            DirectConvolution step = new DirectConvolution(
                    layer, inputs, input.plane(), output.plane(), input.at(), output.at(), packed);
            packing.add(() -> step.pack(weight, bias));
            steps.add(step);
        }
    }

    private void addPooling(PlacedPlane planes, int channels, int grid, int feature) {
        steps.add(new WindowPooling(
                planes.plane(),
                channels,
                grid,
                planes.at(),
                featuresAt + (long) feature * Float.BYTES,
                featureBytes()));
    }

    /** The number of features of an image. */
    int dimensions() {
        return dimensions;
    }

    /** The number of images that are encoded together. */
    int block() {
        return block;
    }

    long workspaceBytes() {
        return workspaceBytes;
    }

    int maximumChannels() {
        int maximum = 0;
        for (int i = 1; i <= graph.layers().size(); i++) {
            maximum = Math.max(maximum, Plane.padded(graph.planes(i).channels()));
        }
        return maximum;
    }

    /** Byte of the workspace where a single image begins. */
    long inputAt() {
        return inputAt;
    }

    /** Byte of the workspace where the features of an image of the block begin. */
    long featuresAt(int image) {
        return featuresAt + image * featureBytes();
    }

    private long featureBytes() {
        return (long) Plane.padded(dimensions) * Float.BYTES;
    }

    /** Encodes the first {@code count} images of the workspace's block. */
    void run(Workspace workspace, int count) {
        workspace.count = count;
        int from = 0;
        while (from < steps.size()) {
            if (steps.get(from).ofWholeBlock()) {
                steps.get(from).run(workspace, count);
                from++;
            } else {
                int to = from + 1;
                while (to < steps.size() && !steps.get(to).ofWholeBlock()) {
                    to++;
                }
                // All steps that run image by image: each step reads the output of the step before from the cache.
                for (int image = 0; image < count; image++) {
                    for (int s = from; s < to; s++) {
                        steps.get(s).run(workspace, image);
                    }
                }
                from = to;
            }
        }
    }
}
