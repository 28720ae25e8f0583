package io.heddle.cnn;

import io.heddle.files.DataFormatException;
import io.heddle.internal.kernels.Simd;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.model.TensorSet;
import io.heddle.parallel.WorkerPool;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;

/**
 * A network that computes a row of features for each image.
 *
 * <p>There are two embedded encoders, opened by name: {@code "fashion"}, a small Heddle network for 28×28 pixels,
 * trained by {@link EncoderTraining} without labels, and {@code "imagenet"}, EfficientNet-Lite0 at 96×96 without its
 * classifier, with 1,280 pooled features. Other encoders are opened by the path of their file, in one of two formats.
 *
 * <p>{@link EncoderTraining} writes safetensors files with a description of the network; {@code "fashion"} is such a
 * file. By default, Heddle's convolutions run these networks and PyTorch is neither unpacked nor loaded; see
 * {@link Options#engine()}. PyTorch runs all other encoders. A TorchScript file takes float32 {@code [N,3,S,S]} with
 * values from 0 to 1 and returns float32 {@code [N,D]}. It includes the normalisation of its inputs. Its
 * {@code inputSize} is defined by {@code model.json} next to {@code model.pt}, or by {@link Options#inputSize()}.
 * <b>TorchScript is code: open only files that you trust.</b>
 *
 * <p>Images are repeated for each channel of the network, resized to S×S by bilinear interpolation (half-pixel centres,
 * as PyTorch's {@code interpolate}) and processed in batches of constant size; the last batch is padded. Each worker
 * processes its own batches on one thread, so the features do not depend on the number of threads. Exception: if the
 * program has started PyTorch with {@code ai.djl.pytorch.num_threads} above 1, one batch at a time runs on this number
 * of threads.
 *
 * <p>Thread-safe: concurrent calls of {@link #encode} run one after the other.
 *
 * <p>For example: {@snippet file="EncoderExampleTest.java" region="encoder"}
 */
public final class Encoder implements AutoCloseable {
    private final EncoderFile file;
    private final EncoderNetwork module;
    private final WorkerPool pool;
    private final boolean ownsPool;
    private final int inputSize;
    private final int dimensions;
    private final int batchSize;
    private final ReadWriteLock lifetime = new ReentrantReadWriteLock();
    private boolean closed;

    /**
     * The options of an encoder.
     *
     * @param engine the engine that computes the features
     * @param precision number format; for a file of the caller, {@link Precision#AUTO} or that of the file
     * @param threads number of workers, or 0 for the shared pool, which has one per processor
     * @param batchSize images per batch, 1 to 1024, or 0 for the fastest measured size
     * @param inputSize side S of the network's images, 1 to 4096, for a file without a description
     * @param pooling pooling of the network's planes; {@link Pooling#GRID} needs a Heddle network
     * @param log receives one line per slow step, such as unpacking PyTorch on first use
     */
    public record Options(
            Engine engine,
            Precision precision,
            int threads,
            int batchSize,
            OptionalInt inputSize,
            Pooling pooling,
            Consumer<String> log) {
        private static final Logger LOGGER = System.getLogger("io.heddle.cnn");
        private static final Consumer<String> TO_LOGGER = line -> LOGGER.log(Logger.Level.INFO, line);
        private static final int MAXIMUM_THREADS = 1024;
        private static final int LARGEST_BATCH = 1024;

        /**
         * Checks the values.
         *
         * @throws InvalidInputException if a number is out of its range
         */
        public Options {
            Objects.requireNonNull(engine, "engine");
            Objects.requireNonNull(precision, "precision");
            Objects.requireNonNull(inputSize, "inputSize");
            Objects.requireNonNull(pooling, "pooling");
            Objects.requireNonNull(log, "log");
            InvalidInputException.require(
                    threads >= 0 && threads <= MAXIMUM_THREADS,
                    "an encoder needs 1 to %d threads, or 0 for the shared pool, not %d",
                    MAXIMUM_THREADS,
                    threads);
            InvalidInputException.require(
                    batchSize >= 0 && batchSize <= LARGEST_BATCH,
                    "a batch holds 1 to %d images, or 0 for the default, not %d",
                    LARGEST_BATCH,
                    batchSize);
            InvalidInputException.require(
                    inputSize.isEmpty()
                            || inputSize.getAsInt() >= 1 && inputSize.getAsInt() <= EncoderDescription.LARGEST_INPUT,
                    "the input size of an encoder must be 1 to %d, not %d",
                    EncoderDescription.LARGEST_INPUT,
                    inputSize.orElse(0));
        }

        /**
         * {@return the defaults: Heddle's engine if it supports the encoder, the precision for this processor, the
         * shared pool, the fastest measured batch size, mean pooling, log to the system's logger}
         */
        public static Options defaults() {
            return new Options(Engine.AUTO, Precision.AUTO, 0, 0, OptionalInt.empty(), Pooling.MEAN, TO_LOGGER);
        }

        /**
         * {@return these options with another {@link #engine()}}
         *
         * @param engine see the component
         */
        public Options withEngine(Engine engine) {
            return new Options(engine, precision, threads, batchSize, inputSize, pooling, log);
        }

        /**
         * {@return these options with another {@link #precision()}}
         *
         * @param precision see the component
         */
        public Options withPrecision(Precision precision) {
            return new Options(engine, precision, threads, batchSize, inputSize, pooling, log);
        }

        /**
         * {@return these options with another number of {@link #threads()}}
         *
         * @param threads see the component
         */
        public Options withThreads(int threads) {
            return new Options(engine, precision, threads, batchSize, inputSize, pooling, log);
        }

        /**
         * {@return these options with another {@link #batchSize()}}
         *
         * @param batchSize see the component
         */
        public Options withBatchSize(int batchSize) {
            return new Options(engine, precision, threads, batchSize, inputSize, pooling, log);
        }

        /**
         * {@return these options with an {@link #inputSize()}}
         *
         * @param inputSize see the component
         */
        public Options withInputSize(int inputSize) {
            return new Options(engine, precision, threads, batchSize, OptionalInt.of(inputSize), pooling, log);
        }

        /**
         * {@return these options with another {@link #pooling()}}
         *
         * @param pooling see the component
         */
        public Options withPooling(Pooling pooling) {
            return new Options(engine, precision, threads, batchSize, inputSize, pooling, log);
        }

        /**
         * {@return these options with another {@link #log()}}
         *
         * @param log see the component
         */
        public Options withLog(Consumer<String> log) {
            return new Options(engine, precision, threads, batchSize, inputSize, pooling, log);
        }
    }

    /**
     * The progress of an encoder.
     *
     * @param done number of encoded images
     * @param total number of images
     */
    public record Progress(long done, long total) {}

    private Encoder(
            EncoderFile file,
            EncoderNetwork module,
            WorkerPool pool,
            boolean ownsPool,
            int inputSize,
            int dimensions,
            int batchSize) {
        this.file = file;
        this.module = module;
        this.pool = pool;
        this.ownsPool = ownsPool;
        this.inputSize = inputSize;
        this.dimensions = dimensions;
        this.batchSize = batchSize;
    }

    /** {@return the names of the embedded encoders} */
    public static List<String> embeddedNames() {
        return EncoderFile.embeddedNames();
    }

    /**
     * Opens an encoder with {@link Options#defaults()}.
     *
     * @param nameOrFile see {@link #open(String, Options)}
     * @return the encoder, which the caller closes
     * @throws IOException if it cannot be read
     */
    public static Encoder open(String nameOrFile) throws IOException {
        return open(nameOrFile, Options.defaults());
    }

    /**
     * Opens an encoder and checks it with a blank batch.
     *
     * @param nameOrFile the name of an embedded encoder, or the path of a file
     * @param options the options
     * @return the encoder, which the caller closes
     * @throws InvalidInputException if an option is not valid for the encoder
     * @throws DataFormatException if there is no such encoder, or if the file is damaged, does not match its
     *     description or does not have the required inputs and outputs
     * @throws IOException if the file cannot be read or PyTorch cannot be started
     */
    public static Encoder open(String nameOrFile, Options options) throws IOException {
        return open(EncoderFile.find(nameOrFile, options.precision(), options.engine()), options);
    }

    /**
     * As {@link #open(String, Options)}, for a Heddle encoder in memory, such as the one inside a model file.
     *
     * @param file the tensors of the encoder
     * @param options the options
     * @return the encoder, which the caller closes
     * @throws InvalidInputException if an option is not valid for the encoder
     * @throws DataFormatException if the tensors are not those of such an encoder
     * @throws IOException if PyTorch cannot be started
     */
    public static Encoder of(TensorSet file, Options options) throws IOException {
        return open(EncoderFile.of(file, options.precision(), options.engine()), options);
    }

    private static Encoder open(EncoderFile file, Options options) throws IOException {
        int inputSize = inputSize(file, options.inputSize());
        int torchThreads = file.engine() == Engine.PYTORCH ? Torch.start(options.log()) : 1;
        EncoderNetwork module = file.source().load(options.pooling());
        try {
            int batchSize = BatchSize.of(file, options.batchSize(), inputSize, module);
            int dimensions = module.dimensions(batchSize, inputSize);
            OptionalInt described = file.description().dimensions();
            if (described.isPresent() && described.getAsInt() != dimensions) {
                throw new DataFormatException("the encoder %s has %d features, not %d as its description states"
                        .formatted(file.name(), dimensions, described.getAsInt()));
            }
            // Threads inside PyTorch's operators would compete with Heddle's workers.
            int threads = torchThreads == 1 ? options.threads() : 1;
            WorkerPool pool = threads == 0 ? WorkerPool.shared() : WorkerPool.of(threads);
            return new Encoder(file, module, pool, threads != 0, inputSize, dimensions, batchSize);
        } catch (IOException | RuntimeException | Error e) {
            module.close();
            throw e;
        }
    }

    private static int inputSize(EncoderFile file, OptionalInt asked) throws IOException {
        OptionalInt described = file.description().inputSize();
        InvalidInputException.require(
                asked.isEmpty() || described.isEmpty() || asked.equals(described),
                "the encoder %s takes images of side %d, not %d",
                file.name(),
                described.orElse(0),
                asked.orElse(0));
        if (described.isPresent()) {
            return described.getAsInt();
        }
        return asked.orElseThrow(() -> new InvalidInputException(
                ("the image size of the encoder %s is not known: put {\"inputSize\": 96}, or its size, in a "
                                + "%s next to it, or set the option for it")
                        .formatted(
                                file.name(),
                                EncoderFile.descriptionOf(Path.of(file.name())).getFileName())));
    }

    /** {@return the name of the embedded encoder, or the path of the file as passed} */
    public String name() {
        return file.name();
    }

    /**
     * {@return the number format of the weights, never {@link Precision#AUTO}; FLOAT32 if the file does not define it}
     */
    public Precision precision() {
        return file.precision();
    }

    /** {@return the engine that computes the features, never {@link Engine#AUTO}} */
    public Engine engine() {
        return file.engine();
    }

    /** {@return the SHA-256 of the encoder's file, in lower-case hexadecimal} */
    public String sha256() {
        return file.sha256();
    }

    /** {@return the metadata of a Heddle encoder; empty for a TorchScript file} */
    public Map<String, String> provenance() {
        return file.about();
    }

    /** {@return side S of the square that images are resized to} */
    public int inputSize() {
        return inputSize;
    }

    /** {@return number D of features} */
    public int dimensions() {
        return dimensions;
    }

    /** {@return the number of leading features that {@link Pooling#MEAN} would compute; D if this is the pooling} */
    public int meanDimensions() {
        return module.meanDimensions(dimensions);
    }

    /** {@return the number of images per batch} */
    public int batchSize() {
        return batchSize;
    }

    /**
     * Encodes gray images.
     *
     * @param images N × (width · height), a row per image, values from 0 to 1
     * @param width width of an image in pixels
     * @param height height of an image in pixels
     * @param progress called on this thread during the work and at the end
     * @return N × D features, owned by the caller
     * @throws InvalidInputException if the columns are not width · height, if a pixel is NaN or outside of [0,1], or if
     *     the encoder returns a feature that is not finite
     * @throws IllegalStateException if this encoder is closed
     */
    public FloatMatrix encode(FloatMatrix images, int width, int height, Consumer<Progress> progress) {
        return encode(images, width, height, 1, progress);
    }

    /**
     * Encodes gray or colour images. For a colour network, a gray image becomes three equal planes. For a gray network,
     * a colour image is converted to luma (ITU-R BT.601).
     *
     * @param images N × (width · height · channels), a row per image, with interleaved channels, values from 0 to 1
     * @param width width of an image in pixels
     * @param height height of an image in pixels
     * @param channels 1 for gray, 3 for red, green and blue
     * @param progress called on this thread during the work and at the end
     * @return N × D features, owned by the caller
     * @throws InvalidInputException if the columns are not width · height · channels, if a value is NaN or outside of
     *     [0,1], or if the encoder returns a feature that is not finite
     * @throws IllegalStateException if this encoder is closed
     */
    public FloatMatrix encode(FloatMatrix images, int width, int height, int channels, Consumer<Progress> progress) {
        Objects.requireNonNull(progress, "progress");
        InvalidInputException.require(
                channels == 1 || channels == ImageResizer.COLOURS, "an image has 1 or 3 channels, not %d", channels);
        InvalidInputException.require(
                width >= 1 && height >= 1 && (long) width * height * channels == images.columns(),
                "images of %d x %d pixels%s do not match a matrix of %d columns",
                width,
                height,
                channels == 1 ? "" : " and 3 channels",
                images.columns());
        lifetime.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("the encoder %s is closed".formatted(file.name()));
            }
            PixelCheck.require(images, pool);
            FloatMatrix features = FloatMatrix.allocate(images.rows(), dimensions);
            try {
                encode(images, new ImageShape(width, height, channels), features, progress);
                return features;
            } catch (RuntimeException | Error e) {
                features.close();
                throw e;
            }
        } finally {
            lifetime.readLock().unlock();
        }
    }

    private void encode(FloatMatrix images, ImageShape shape, FloatMatrix features, Consumer<Progress> progress) {
        long total = images.rows();
        int batches = Math.toIntExact(Math.ceilDiv(total, batchSize));
        Thread caller = Thread.currentThread();
        AtomicLong done = new AtomicLong();
        Lane[] lanes = new Lane[pool.threads()];
        try (Arena arena = Arena.ofShared()) {
            pool.run(batches, (batch, worker) -> {
                if (lanes[worker] == null) {
                    lanes[worker] = new Lane(arena, shape);
                }
                long first = (long) batch * batchSize;
                int count = (int) Math.min(batchSize, total - first);
                lanes[worker].encode(images, first, count, features);
                done.addAndGet(count);
                if (Thread.currentThread() == caller) {
                    progress.accept(new Progress(done.get(), total));
                }
            });
        }
        progress.accept(new Progress(total, total));
    }

    /** The shape of an image in a row of values. */
    private record ImageShape(int width, int height, int channels) {}

    /** The state of a worker: its resizer and the batch that PyTorch reads. */
    private final class Lane {
        private final ImageResizer resizer;
        private final MemorySegment batch;
        private final long imageBytes = ImageResizer.bytesFor(inputSize, module.channels());

        Lane(Arena arena, ImageShape shape) {
            resizer = new ImageResizer(shape.width(), shape.height(), shape.channels(), inputSize, module.channels());
            batch = arena.allocate(imageBytes * batchSize, 64);
        }

        void encode(FloatMatrix images, long first, int count, FloatMatrix features) {
            // The loops are in separate methods, because here they would be compiled together with the PyTorch
            // bindings.
            resizer.resize(images, first, count, batch);
            // Padded, because PyTorch creates a new plan for every shape.
            batch.asSlice(count * imageBytes).fill((byte) 0);
            module.encode(batch, batchSize, inputSize, features, first, count);
            requireFinite(features, first, count);
        }
    }

    private void requireFinite(FloatMatrix features, long first, int count) {
        for (long i = first; i < first + count; i++) {
            if (!Simd.kernels().allFinite(features.segment(), features.offset(i), dimensions)) {
                int j = 0;
                while (Float.isFinite(features.get(i, j))) {
                    j++;
                }
                throw new InvalidInputException("the encoder %s returns %s as feature %d of image %d"
                        .formatted(file.name(), features.get(i, j), j, i));
            }
        }
    }

    /** Frees the network; may be called again without effect. Waits for a running {@link #encode}. */
    @Override
    public void close() {
        lifetime.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                module.close();
                if (ownsPool) {
                    pool.close();
                }
            }
        } finally {
            lifetime.writeLock().unlock();
        }
    }
}
