package io.heddle.cnn;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ModelException;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import io.heddle.files.DataFormatException;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * A TorchScript module in PyTorch's memory. Thread-safe.
 *
 * <p>Batches are passed without a copy: PyTorch reads the segment. The features are copied once, from PyTorch's memory
 * to the matrix.
 */
final class TorchModule implements EncoderNetwork {
    private static final int CHANNELS = 3;

    private final Model model;
    private final Block block;
    private final String label;

    private TorchModule(Model model, String label) {
        this.model = model;
        this.block = model.getBlock();
        this.label = label;
    }

    private interface Loading {
        void into(Model model) throws IOException, ModelException;
    }

    /**
     * @param label name of the file in messages
     * @throws DataFormatException if PyTorch cannot load the file as TorchScript
     */
    static TorchModule load(Path file, String label) throws IOException {
        return load(model -> model.load(file.toAbsolutePath()), label);
    }

    static TorchModule load(InputStream in, String label) throws IOException {
        return load(model -> model.load(in), label);
    }

    private static TorchModule load(Loading loading, String label) throws IOException {
        Model model = Model.newInstance("encoder", Device.cpu(), Torch.ENGINE);
        try {
            loading.into(model);
            return new TorchModule(model, label);
        } catch (ModelException | RuntimeException e) {
            model.close();
            throw new DataFormatException(
                    "%s cannot be loaded as TorchScript: %s".formatted(label, Torch.reason(e)), e);
        } catch (IOException | Error e) {
            model.close();
            throw e;
        }
    }

    @Override
    public int channels() {
        return CHANNELS;
    }

    /**
     * {@inheritDoc}
     *
     * <p>Runs the module twice: PyTorch profiles the first run and optimizes in the second. After that, all batches are
     * computed in the same way, independent of the order of threads.
     */
    @Override
    public int dimensions(int images, int size) throws IOException {
        try (NDManager manager = model.getNDManager().newSubManager()) {
            forward(manager.zeros(shape(images, size)), manager);
            NDList output = forward(manager.zeros(shape(images, size)), manager);
            if (output.size() != 1) {
                throw new DataFormatException("the encoder %s returns %d results for %d images, not one float32 [%d,D]"
                        .formatted(label, output.size(), images, images));
            }
            Shape shape = output.head().getShape();
            DataType type = output.head().getDataType();
            boolean matrix = type == DataType.FLOAT32
                    && shape.dimension() == 2
                    && shape.get(0) == images
                    && shape.get(1) >= 1
                    && shape.get(1) <= EncoderDescription.MAXIMUM_DIMENSIONS;
            if (!matrix) {
                throw new DataFormatException("the encoder %s returns %s %s for %d images, not float32 [%d,D]"
                        .formatted(label, type.name().toLowerCase(Locale.ROOT), dimensions(shape), images, images));
            }
            return Math.toIntExact(shape.get(1));
        } catch (RuntimeException e) {
            // DJL and PyTorch have no exception type for errors of a module's code.
            throw new DataFormatException(
                    "the encoder %s does not take a batch of float32 [%d,3,%d,%d]: %s"
                            .formatted(label, images, size, size, Torch.reason(e)),
                    e);
        }
    }

    private static String dimensions(Shape shape) {
        return Arrays.toString(shape.getShape()).replace(" ", "");
    }

    @Override
    public void encode(MemorySegment batch, int images, int size, FloatMatrix target, long first, int count) {
        try (NDManager manager = model.getNDManager().newSubManager()) {
            NDArray input = manager.create(
                    batch.asByteBuffer().order(ByteOrder.nativeOrder()), shape(images, size), DataType.FLOAT32);
            NDArray output = forward(input, manager).head();
            InvalidInputException.require(
                    output.getDataType() == DataType.FLOAT32
                            && output.getShape().equals(new Shape(images, target.columns())),
                    "the encoder %s returns %s for %d images, but before it returned %d features per image",
                    label,
                    dimensions(output.getShape()),
                    images,
                    target.columns());
            copy(MemorySegment.ofBuffer(output.toByteBuffer(true)), target, first, count);
        } catch (EngineException e) {
            throw new InvalidInputException("the encoder %s fails on the images %d to %d: %s"
                    .formatted(label, first, first + count - 1, Torch.reason(e)));
        }
    }

    private static void copy(MemorySegment features, FloatMatrix target, long first, int count) {
        long rowBytes = (long) target.columns() * Float.BYTES;
        MemorySegment to = target.segment();
        for (int i = 0; i < count; i++) {
            MemorySegment.copy(features, i * rowBytes, to, target.offset(first + i), rowBytes);
        }
    }

    private NDList forward(NDArray batch, NDManager manager) {
        NDList output = block.forward(new ParameterStore(manager, false), new NDList(batch), false);
        output.attach(manager);
        return output;
    }

    private static Shape shape(int images, int size) {
        return new Shape(images, CHANNELS, size, size);
    }

    @Override
    public void close() {
        model.close();
    }
}
