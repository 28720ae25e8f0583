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
 * A network that turns gray images into rows of features.
 *
 * <p>Opened by name it is one embedded here: {@code "fashion"}, a small network of Heddle's own for 28×28 pixels,
 * trained by {@link EncoderTraining} without labels, or {@code "imagenet"}, EfficientNet-Lite0 at 96×96 without its
 * classifier, 1,280 pooled features. Opened by path it is a file of the caller's, in one of two formats.
 *
 * <p>What {@link EncoderTraining} writes is a file of numbers, which says itself what it takes, and so is
 * {@code "fashion"}. Such networks are run by Heddle's own convolutions, unless {@link Options#engine()} says
 * otherwise: PyTorch is neither unpacked nor loaded. All others are run by PyTorch. A TorchScript file takes float32
 * {@code [N,3,S,S]} with values from 0 to 1 and gives float32 {@code [N,D]}; whatever normalisation the network needs
 * is part of it; {@code model.json} beside {@code model.pt} says its {@code inputSize}, or {@link Options#inputSize()}
 * does. <b>TorchScript is code: open only files that you trust.</b>
 *
 * <p>Images are repeated in as many channels as the network takes, resized to S×S by bilinear interpolation (half-pixel
 * centres, as PyTorch's {@code interpolate}) and run in batches of one constant size, the last one padded. Each worker
 * runs batches of its own on one thread, so the features do not depend on the number of threads. An exception: where
 * the embedding program has started PyTorch with {@code ai.djl.pytorch.num_threads} above 1, one batch runs at a time
 * on that many threads.
 *
 * <p>Several threads may call {@link #encode} at once; they take turns.
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
     * How an encoder is to run.
     *
     * @param engine what computes the features
     * @param precision number format; for a file of the caller's, {@link Precision#AUTO} or what the file holds
     * @param threads workers, or 0 for the engine's shared pool, which has one per processor
     * @param batchSize images in a batch, 1 to 1024, or 0 for the size that measured fastest
     * @param inputSize side S of the images the network takes, 1 to 4096, for a file without a description
     * @param pooling of the network's planes; {@link Pooling#GRID} is for networks of Heddle's own alone
     * @param log told in one line what takes unexpectedly long, such as unpacking PyTorch on first use
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
        private static final int MOST_THREADS = 1024;
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
                    threads >= 0 && threads <= MOST_THREADS,
                    "an encoder needs 1 to %d threads, or 0 for the shared pool, not %d",
                    MOST_THREADS,
                    threads);
            InvalidInputException.require(
                    batchSize >= 0 && batchSize <= LARGEST_BATCH,
                    "a batch holds 1 to %d images, or 0 for the default, not %d",
                    LARGEST_BATCH,
                    batchSize);
            InvalidInputException.require(
                    inputSize.isEmpty()
                            || inputSize.getAsInt() >= 1 && inputSize.getAsInt() <= EncoderDescription.LARGEST_INPUT,
                    "the input size of an encoder lies between 1 and %d, not at %d",
                    EncoderDescription.LARGEST_INPUT,
                    inputSize.orElse(0));
        }

        /**
         * {@return Heddle's own engine where it can, precision by processor, the shared pool, the batch size that
         * measured fastest, means over the image, log to the system's logger}
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
     * How far an encoder has come.
     *
     * @param done images encoded
     * @param total images to encode
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

    /** {@return the names under which {@link #open} finds an embedded encoder} */
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
     * Opens an encoder and runs a blank batch through it, so that one that breaks the contract is met here.
     *
     * @param nameOrFile an embedded encoder's name, or else the path of a TorchScript file
     * @param options how to run it
     * @return the encoder, which the caller closes
     * @throws InvalidInputException if an option does not fit the encoder
     * @throws DataFormatException if there is no such encoder, or if the file is not TorchScript, does not match its
     *     description or breaks the contract
     * @throws IOException if the file cannot be read or PyTorch cannot be started
     */
    public static Encoder open(String nameOrFile, Options options) throws IOException {
        return open(EncoderFile.find(nameOrFile, options.precision(), options.engine()), options);
    }

    /**
     * As {@link #open(String, Options)}, of an encoder of Heddle's own that was read already, such as the one inside a
     * model file.
     *
     * @param file its tensors
     * @param options how to run it
     * @return the encoder, which the caller closes
     * @throws InvalidInputException if an option does not fit the encoder
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
                throw new DataFormatException("the encoder %s gives %d features, not %d as its description says"
                        .formatted(file.name(), dimensions, described.getAsInt()));
            }
            // Threads inside of PyTorch's operators and workers of our own would only get into each other's way.
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
                ("nothing says which image size the encoder %s takes: put {\"inputSize\": 96}, or whatever it is, in a "
                                + "%s beside it, or give it as an option")
                        .formatted(
                                file.name(),
                                EncoderFile.descriptionOf(Path.of(file.name())).getFileName())));
    }

    /** {@return the embedded encoder's name, or the file's path as it was given} */
    public String name() {
        return file.name();
    }

    /**
     * {@return the number format of the weights, never {@link Precision#AUTO}; FLOAT32 for a file that does not say}
     */
    public Precision precision() {
        return file.precision();
    }

    /** {@return what computes the features, never {@link Engine#AUTO}} */
    public Engine engine() {
        return file.engine();
    }

    /** {@return the SHA-256 of the encoder's file, in lower-case hexadecimal} */
    public String sha256() {
        return file.sha256();
    }

    /** {@return what an encoder of Heddle's own says about how it was made, by key; empty for a TorchScript file} */
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

    /**
     * {@return how many of the features, the first ones, {@link Pooling#MEAN} would give: D unless the pooling is
     * another}
     */
    public int meanDimensions() {
        return module.meanDimensions(dimensions);
    }

    /** {@return images in a batch} */
    public int batchSize() {
        return batchSize;
    }

    /**
     * Encodes gray images.
     *
     * @param images N × (width · height), a row per image, values from 0 to 1
     * @param width pixels in a row of an image
     * @param height rows of pixels of an image
     * @param progress called from this thread, now and then and at the end
     * @return N × D features, owned by the caller
     * @throws InvalidInputException if the columns are not width · height, if a pixel is NaN or outside of [0,1], or if
     *     the encoder gives a feature that is not finite
     * @throws IllegalStateException if this encoder is closed
     */
    public FloatMatrix encode(FloatMatrix images, int width, int height, Consumer<Progress> progress) {
        return encode(images, width, height, 1, progress);
    }

    /**
     * Encodes images, gray or in colour. A network that takes colours sees a gray image as three equal planes; one that
     * takes gray sees the luma (ITU-R BT.601) of an image in colour.
     *
     * @param images N × (width · height · channels), a row per image, the channels of a pixel together, values from 0
     *     to 1
     * @param width pixels in a row of an image
     * @param height rows of pixels of an image
     * @param channels 1 for gray, 3 for red, green and blue
     * @param progress called from this thread, now and then and at the end
     * @return N × D features, owned by the caller
     * @throws InvalidInputException if the columns are not width · height · channels, if a value is NaN or outside of
     *     [0,1], or if the encoder gives a feature that is not finite
     * @throws IllegalStateException if this encoder is closed
     */
    public FloatMatrix encode(FloatMatrix images, int width, int height, int channels, Consumer<Progress> progress) {
        Objects.requireNonNull(progress, "progress");
        InvalidInputException.require(
                channels == 1 || channels == ImageResizer.COLOURS, "an image has 1 or 3 channels, not %d", channels);
        InvalidInputException.require(
                width >= 1 && height >= 1 && (long) width * height * channels == images.columns(),
                "images of %d x %d pixels%s do not fit a matrix of %d columns",
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

    /** How a row of values makes an image. */
    private record ImageShape(int width, int height, int channels) {}

    /** A worker's own: its resizer and the batch that PyTorch reads. */
    private final class Lane {
        private final ImageResizer resizer;
        private final MemorySegment batch;
        private final long imageBytes = ImageResizer.bytesFor(inputSize, module.channels());

        Lane(Arena arena, ImageShape shape) {
            resizer = new ImageResizer(shape.width(), shape.height(), shape.channels(), inputSize, module.channels());
            batch = arena.allocate(imageBytes * batchSize, 64);
        }

        void encode(FloatMatrix images, long first, int count, FloatMatrix features) {
            // Loops in methods of their own: here they would have all of PyTorch's glue compiled with them.
            resizer.resize(images, first, count, batch);
            // Padding: PyTorch makes a new plan for every shape.
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
                throw new InvalidInputException("the encoder %s gives %s as feature %d of image %d"
                        .formatted(file.name(), features.get(i, j), j, i));
            }
        }
    }

    /** Frees the network; may be called again without effect. Waits for an {@link #encode} under way. */
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
