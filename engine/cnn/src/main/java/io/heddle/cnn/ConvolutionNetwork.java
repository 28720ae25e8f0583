package io.heddle.cnn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.heddle.encoder.ConvolutionLayer;
import io.heddle.files.DataFormatException;
import io.heddle.matrix.FloatMatrix;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A Heddle network: convolutions with ReLU, then the mean over the image. */
final class ConvolutionNetwork implements EncoderNetwork {
    private static final int GRID = 2;
    private static final int GRID_LAYERS = 3;

    private final List<ConvolutionLayer> layers;
    private final Pooling pooling;
    private final ConvolutionScript script;
    private final List<NDArray> weights;
    private final List<NDArray> biases;
    private final NDArray strides;
    private final NDArray grid;

    private ConvolutionNetwork(
            List<ConvolutionLayer> layers,
            Pooling pooling,
            ConvolutionScript script,
            List<NDArray> weights,
            List<NDArray> biases,
            NDManager manager) {
        this.layers = layers;
        this.pooling = pooling;
        this.script = script;
        this.weights = weights;
        this.biases = biases;
        strides = manager.create(
                layers.stream().mapToLong(ConvolutionLayer::stride).toArray());
        grid = manager.create(new long[] {GRID, firstOfGrid()});
    }

    private int firstOfGrid() {
        return Math.max(0, layers.size() - GRID_LAYERS);
    }

    /**
     * @param label name of the file in messages
     * @throws DataFormatException if the file is not of such a network, or a weight is not finite
     */
    static ConvolutionNetwork load(NamedTensors file, Precision precision, Pooling pooling, String label)
            throws IOException {
        List<ConvolutionLayer> layers = OwnFormat.layers(file.metadata(), label);
        ConvolutionScript script = ConvolutionScript.load();
        try {
            NDManager manager = script.newManager();
            List<NDArray> weights = new ArrayList<>();
            List<NDArray> biases = new ArrayList<>();
            int channels = 1;
            for (int i = 0; i < layers.size(); i++) {
                ConvolutionLayer layer = layers.get(i);
                int[] shape = {layer.channels(), channels, layer.kernel(), layer.kernel()};
                int[] channel = {layer.channels()};
                String name = "layers." + i + ".";
                weights.add(array(manager, values(file, name + "weight", shape, label), shape));
                biases.add(array(manager, values(file, name + "bias", channel, label), channel));
                channels = layer.channels();
            }
            boolean narrow = precision == Precision.BFLOAT16;
            return new ConvolutionNetwork(
                    layers,
                    pooling,
                    script,
                    narrow ? narrowed(script, manager, weights) : weights,
                    narrow ? narrowed(script, manager, biases) : biases,
                    manager);
        } catch (IOException | RuntimeException | Error e) {
            script.close();
            throw e;
        }
    }

    private static List<NDArray> narrowed(ConvolutionScript script, NDManager manager, List<NDArray> tensors) {
        return List.copyOf(
                script.call("narrowed", manager, false, new ConvolutionScript.Arguments().add("tensors", tensors)));
    }

    private static NDArray array(NDManager manager, float[] values, int[] shape) {
        return manager.create(
                FloatBuffer.wrap(values),
                new Shape(Arrays.stream(shape).asLongStream().toArray()),
                DataType.FLOAT32);
    }

    private static float[] values(NamedTensors file, String name, int[] shape, String label) throws IOException {
        NamedTensors.Tensor tensor = file.tensors().get(name);
        if (tensor == null || !Arrays.equals(tensor.shape(), shape)) {
            throw new DataFormatException("the encoder %s has %s of the shape %s, not %s"
                    .formatted(
                            label,
                            name,
                            tensor == null ? "none" : Arrays.toString(tensor.shape()),
                            Arrays.toString(shape)));
        }
        float[] values = tensor.values();
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new DataFormatException(
                        "the encoder %s holds %s as number %d of %s".formatted(label, values[i], i, name));
            }
        }
        return values;
    }

    @Override
    public int channels() {
        return 1;
    }

    @Override
    public int dimensions(int images, int size) throws IOException {
        int side = size;
        for (ConvolutionLayer layer : layers) {
            side = layer.output(side);
        }
        if (side < 1) {
            throw new DataFormatException("images of side %d are too small for the encoder".formatted(size));
        }
        int channels = layers.getLast().channels();
        if (pooling == Pooling.GRID) {
            for (ConvolutionLayer layer : layers.subList(firstOfGrid(), layers.size())) {
                channels += GRID * GRID * layer.channels();
            }
        }
        return channels;
    }

    @Override
    public int meanDimensions(int dimensions) {
        return layers.getLast().channels();
    }

    @Override
    public void encode(MemorySegment batch, int images, int size, FloatMatrix target, long first, int count) {
        try (NDManager scope = script.newManager()) {
            // With one channel, rows of pixels already have the channels-last layout. The view only declares it.
            NDArray x = scope.create(
                            batch.asByteBuffer().order(ByteOrder.nativeOrder()),
                            new Shape(images, size, size, 1),
                            DataType.FLOAT32)
                    .transpose(0, 3, 1, 2);
            ConvolutionScript.Arguments arguments = new ConvolutionScript.Arguments()
                    .add(x)
                    .add("weights", weights)
                    .add("biases", biases)
                    .add(strides);
            String method = "encode";
            if (pooling == Pooling.GRID) {
                method = "encode_grid";
                arguments.add(grid);
            }
            NDArray pooled = script.call(method, scope, false, arguments).head();
            MemorySegment features = MemorySegment.ofBuffer(pooled.toByteBuffer(true));
            copy(features, target, first, count);
        }
    }

    private static void copy(MemorySegment features, FloatMatrix target, long first, int count) {
        long rowBytes = (long) target.columns() * Float.BYTES;
        for (int i = 0; i < count; i++) {
            MemorySegment.copy(features, i * rowBytes, target.segment(), target.offset(first + i), rowBytes);
        }
    }

    @Override
    public void close() {
        script.close();
    }
}
