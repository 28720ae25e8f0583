package io.heddle.encoder;

import io.heddle.internal.kernels.Simd;
import io.heddle.internal.memory.OffHeap;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/**
 * How a network is run: which way each layer goes, where everything lies, and the packed weights. Made once, then
 * immutable and used by any number of threads, each with a {@link Workspace} of its own.
 */
final class NetworkPlan {
    private static final int GRID = 2;
    private static final int GRID_LAYERS = 3;

    // Together with as much of the weights they stay in L2.
    private static final long BLOCK_BYTES = 1L << 20;
    private static final int LARGEST_BLOCK = 32;

    private final EncoderWeights network;
    private final FeaturePooling pooling;
    private final int block;
    private final int dimensions;
    private final List<Step> steps = new ArrayList<>();
    private final PackedWeights packed = new PackedWeights(Simd.convolutionKernels());
    private final List<Runnable> packing = new ArrayList<>();
    private final long inputAt;
    private final long featuresAt;
    private long workspaceBytes;

    private NetworkPlan(EncoderWeights network, FeaturePooling pooling) {
        this.network = network;
        this.pooling = pooling;
        block = block(network);
        dimensions = dimensions(network, pooling);
        inputAt = reserve((long) network.inputSize() * network.inputSize() * Float.BYTES);
        featuresAt = reserve(block * featureBytes());
        addLayers();
    }

    /** @param arena holds the packed weights */
    static NetworkPlan of(EncoderWeights network, FeaturePooling pooling, Arena arena) {
        NetworkPlan plan = new NetworkPlan(network, pooling);
        plan.packed.allocate(arena);
        plan.packing.forEach(Runnable::run);
        plan.packing.clear();
        return plan;
    }

    private static int block(EncoderWeights network) {
        long bytes = 0;
        int side = network.inputSize();
        for (int i = 0; i < network.layers().size(); i++) {
            side = network.layers().get(i).output(side);
            bytes = Math.max(
                    bytes, WinogradConvolution.blockBytes(network.layers().get(i), network.inputs(i), side));
        }
        return bytes == 0 ? 1 : Math.clamp(BLOCK_BYTES / bytes, 1, LARGEST_BLOCK);
    }

    private static int dimensions(EncoderWeights network, FeaturePooling pooling) {
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
        List<ConvolutionLayer> layers = network.layers();
        int last = layers.size() - 1;
        int gridAt = layers.getLast().channels();
        int side = network.inputSize();
        Plane input = null;
        long from = 0;
        for (int i = 0; i <= last; i++) {
            ConvolutionLayer layer = layers.get(i);
            side = layer.output(side);
            Plane output = i == last ? Plane.beside(side, layer.channels(), 0) : plane(i + 1, side);
            long to = reserve(output.bytes());
            addLayer(i, input, from, output, to);
            if (pooling == FeaturePooling.GRID && i >= firstOfGrid(layers.size())) {
                addPooling(output, layer.channels(), GRID, to, gridAt);
                gridAt += GRID * GRID * layer.channels();
            }
            input = output;
            from = to;
        }
        addPooling(input, layers.getLast().channels(), 1, from, 0);
    }

    /** How a layer reads what the one before gives. */
    private Plane plane(int layer, int side) {
        ConvolutionLayer reader = network.layers().get(layer);
        int channels = network.inputs(layer);
        return WinogradConvolution.pays(reader, channels, reader.output(side))
                ? Plane.tiled(side, channels)
                : Plane.beside(side, channels, reader.padding());
    }

    private void addLayer(int number, Plane input, long from, Plane output, long to) {
        ConvolutionLayer layer = network.layers().get(number);
        float[] weight = network.weights().get(number);
        float[] bias = network.biases().get(number);
        int inputs = network.inputs(number);
        if (number == 0) {
            long scratch = reserve(FirstConvolution.scratchBytes(layer, network.inputSize()));
            FirstConvolution step = new FirstConvolution(layer, network.inputSize(), output, scratch, to, packed);
            packing.add(() -> step.pack(weight, bias));
            steps.add(step);
        } else if (WinogradConvolution.pays(layer, inputs, output.side())) {
            WinogradConvolution convolution =
                    new WinogradConvolution(layer, inputs, input, output, from, to, block, packed, this::reserve);
            packing.add(() -> convolution.pack(weight, bias));
            steps.add(convolution.transformInput());
            steps.add(convolution.multiply());
            steps.add(convolution.transformOutput());
        } else {
            DirectConvolution step = new DirectConvolution(layer, inputs, input, output, from, to, packed);
            packing.add(() -> step.pack(weight, bias));
            steps.add(step);
        }
    }

    private void addPooling(Plane plane, int channels, int grid, long planeAt, int feature) {
        steps.add(new WindowPooling(
                plane, channels, grid, planeAt, featuresAt + (long) feature * Float.BYTES, featureBytes()));
    }

    /** Features of an image. */
    int dimensions() {
        return dimensions;
    }

    /** Images that are encoded together. */
    int block() {
        return block;
    }

    long workspaceBytes() {
        return workspaceBytes;
    }

    int mostChannels() {
        return network.layers().stream()
                .mapToInt(layer -> Plane.padded(layer.channels()))
                .max()
                .orElseThrow();
    }

    /** Byte of the workspace where one image may lie. */
    long inputAt() {
        return inputAt;
    }

    /** Byte of the workspace where the features of an image of the block are found. */
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
                // All that can be done for an image at once: what one step writes, the next finds in cache.
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
