package io.heddle.encoder;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.files.DataFormatException;
import io.heddle.internal.kernels.Simd;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.model.TensorSet;
import io.heddle.parallel.WorkerPool;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Computes features of images by a convolutional network, in float32 and without a native library. The network is from
 * {@code heddle encoder train} or {@code heddle import onnx}.
 *
 * <p>An image has {@link #channels()} planes of S × S pixels, stored one after the other, each in rows: one plane for
 * gray images, else red, green and blue.
 *
 * <p>The features of an image have the same bits for any number of threads, any other images in the call, and any
 * vector width.
 *
 * <p>Thread-safe. A single image is encoded on the calling thread. After the first image of each thread, this does not
 * allocate.
 *
 * <p>For example: {@snippet file="EncoderExamplesTest.java" region="image-encoder"}
 */
public final class ImageEncoder implements AutoCloseable {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;
    private static final float LARGEST_PIXEL = 255f;

    // Encoders are small; a larger file is not one.
    private static final long LARGEST_FILE = 1L << 30;

    private static final int START_BYTES = Long.BYTES + 1;

    private final String name;
    private final EncoderWeights network;
    private final TensorSet file;
    /** Null until its first use: it takes 20 ms of a new process. */
    private volatile String sha256;

    private final Arena arena;
    private final NetworkPlan plan;
    private final WorkspacePool workspaces;

    private ImageEncoder(TensorSet file, FeaturePooling pooling) throws DataFormatException {
        this.name = file.label();
        this.file = file;
        network = EncoderWeights.read(file, name);
        if (pooling == FeaturePooling.GRID && !network.isPooled()) {
            throw new DataFormatException(
                    "the encoder %s is an imported network, whose features are not pooled over a grid of windows"
                            .formatted(name));
        }
        arena = Arena.ofShared();
        try {
            plan = NetworkPlan.of(network, pooling, arena);
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
        workspaces = new WorkspacePool(plan);
    }

    /**
     * Opens an encoder that is part of this library.
     *
     * @param encoder the encoder
     * @param pooling of the network's planes
     * @return the encoder, which the caller closes
     * @throws IOException if this build does not contain it
     */
    public static ImageEncoder open(EmbeddedEncoder encoder, FeaturePooling pooling) throws IOException {
        return parse(encoder.file(), encoder.label(), pooling);
    }

    /**
     * Opens an encoder's file.
     *
     * @param file written by {@code heddle encoder train} or {@code heddle import onnx}
     * @param pooling of the network's planes
     * @return the encoder, which the caller closes
     * @throws DataFormatException if the file is not such an encoder, is truncated or has a weight that is not finite
     * @throws IOException if it cannot be read
     */
    public static ImageEncoder open(Path file, FeaturePooling pooling) throws IOException {
        byte[] start;
        try (InputStream in = Files.newInputStream(file)) {
            start = in.readNBytes(START_BYTES);
        }
        if (!TensorSet.looksLike(start)) {
            throw new DataFormatException("%s is not a safetensors file".formatted(file));
        }
        if (Files.size(file) > LARGEST_FILE) {
            throw new DataFormatException("%s has %d bytes, more than the %d that an encoder may have"
                    .formatted(file, Files.size(file), LARGEST_FILE));
        }
        return parse(Files.readAllBytes(file), file.toString(), pooling);
    }

    /**
     * As {@link #open(Path, FeaturePooling)}, for a file in memory.
     *
     * @param file content of the file
     * @param label name in messages
     * @param pooling of the network's planes
     * @return the encoder, which the caller closes
     * @throws DataFormatException as there
     */
    public static ImageEncoder parse(byte[] file, String label, FeaturePooling pooling) throws DataFormatException {
        return of(TensorSet.parse(file, label), pooling);
    }

    /**
     * As {@link #open(Path, FeaturePooling)}, for a file that was read before.
     *
     * @param file its tensors
     * @param pooling of the network's planes
     * @return the encoder, which the caller closes
     * @throws DataFormatException as there
     */
    public static ImageEncoder of(TensorSet file, FeaturePooling pooling) throws DataFormatException {
        return new ImageEncoder(file, pooling);
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** {@return side S of the square images} */
    public int inputSize() {
        return network.inputSize();
    }

    /** {@return planes C of an image: 1 for gray, 3 for red, green and blue} */
    public int channels() {
        return network.channels();
    }

    /** {@return number D of features} */
    public int dimensions() {
        return plan.dimensions();
    }

    /** {@return number of the first features that are those of {@link FeaturePooling#MEAN}} */
    public int meanDimensions() {
        return network.isPooled() ? network.layers().getLast().channels() : plan.dimensions();
    }

    /** {@return the layers, first to last; empty for an imported network, which may have other layers} */
    public List<ConvolutionLayer> layers() {
        return network.layers();
    }

    /** {@return the name in messages: its own or that of its file} */
    public String name() {
        return name;
    }

    /** {@return the encoder's file} */
    public TensorSet file() {
        return file;
    }

    /** {@return the SHA-256 of the encoder's file, in lower-case hexadecimal} */
    public String sha256() {
        String hash = sha256;
        if (hash == null) {
            hash = HexFormat.of().formatHex(newSha256().digest(file.file()));
            sha256 = hash;
        }
        return hash;
    }

    /** {@return the metadata in the file, by key} */
    public Map<String, String> provenance() {
        return network.metadata();
    }

    /** {@return number of images that are encoded together; calls with a multiple of it are most efficient} */
    public int blockSize() {
        return plan.block();
    }

    /**
     * Encodes images with the shared pool.
     *
     * @param images N × C·S², a row per image, values from 0 to 1
     * @return N × D features, owned by the caller
     * @throws InvalidInputException if the columns are not C·S², if a pixel is NaN or outside of [0,1], or if a feature
     *     is not finite
     * @throws IllegalStateException if this encoder is closed
     */
    public FloatMatrix encode(FloatMatrix images) {
        return encode(images, WorkerPool.shared());
    }

    /**
     * As {@link #encode(FloatMatrix)}, with a given pool.
     *
     * @param images see there
     * @param pool runs the blocks of images
     * @return as there
     */
    public FloatMatrix encode(FloatMatrix images, WorkerPool pool) {
        require(
                images.columns() == pixels(),
                "the encoder %s takes images of %s, which are %d columns, not %d",
                name,
                size(),
                pixels(),
                images.columns());
        FloatMatrix features = FloatMatrix.allocate(images.rows(), dimensions());
        try {
            int block = plan.block();
            pool.run(Math.toIntExact(Math.ceilDiv(images.rows(), block)), (task, worker) -> {
                long first = (long) task * block;
                int count = (int) Math.min(block, images.rows() - first);
                for (int i = 0; i < count; i++) {
                    requirePixels(images.segment(), images.offset(first + i), first + i);
                }
                encode(images.segment(), images.offset(first), images.stride() * Float.BYTES, count, features, first);
            });
            return features;
        } catch (RuntimeException | Error e) {
            features.close();
            throw e;
        }
    }

    private String size() {
        String size = "%d x %d pixels".formatted(inputSize(), inputSize());
        return channels() == 1 ? size : "%s in %d channels".formatted(size, channels());
    }

    private int pixels() {
        return channels() * inputSize() * inputSize();
    }

    /**
     * Encodes images on the calling thread, for callers that check pixels and use a pool themselves.
     *
     * @param images float32, C·S² values per image
     * @param offset byte of the first image
     * @param imageBytes from one image to the next
     * @param count number of images
     * @param features receives the features of the images
     * @param first row of the first image there
     * @throws InvalidInputException if a feature is not finite
     * @throws IllegalStateException if this encoder is closed
     */
    public void encode(
            MemorySegment images, long offset, long imageBytes, int count, FloatMatrix features, long first) {
        Workspace workspace = workspaces.take();
        try {
            for (int done = 0; done < count; done += plan.block()) {
                int some = Math.min(plan.block(), count - done);
                workspace.images = images;
                workspace.imagesOffset = offset + done * imageBytes;
                workspace.imageBytes = imageBytes;
                plan.run(workspace, some);
                for (int i = 0; i < some; i++) {
                    requireFinite(workspace, i, first + done + i);
                    MemorySegment.copy(
                            workspace.memory,
                            plan.featuresAt(i),
                            features.segment(),
                            features.offset(first + done + i),
                            (long) dimensions() * Float.BYTES);
                }
            }
        } finally {
            workspaces.release(workspace);
        }
    }

    /**
     * Encodes one image on the calling thread, without allocation.
     *
     * @param image C·S² values from 0 to 1, plane by plane, in rows
     * @param features receives D features
     * @throws InvalidInputException if a length does not fit, a pixel is NaN or outside of [0,1], or a feature is not
     *     finite
     * @throws IllegalStateException if this encoder is closed
     */
    public void encode(float[] image, float[] features) {
        requireLengths(image.length, features.length);
        Workspace workspace = workspaces.take();
        try {
            MemorySegment.copy(image, 0, workspace.memory, FLOAT, plan.inputAt(), image.length);
            requirePixels(workspace.memory, plan.inputAt(), 0);
            encodeOne(workspace, features);
        } finally {
            workspaces.release(workspace);
        }
    }

    /**
     * Encodes one image on the calling thread, without allocation.
     *
     * @param image C·S² bytes, plane by plane, in rows, unsigned: 0 is black, 255 white
     * @param features receives D features
     * @throws InvalidInputException if a length does not fit or a feature is not finite
     * @throws IllegalStateException if this encoder is closed
     */
    public void encode(byte[] image, float[] features) {
        requireLengths(image.length, features.length);
        Workspace workspace = workspaces.take();
        try {
            for (int i = 0; i < image.length; i++) {
                workspace.memory.set(
                        FLOAT, plan.inputAt() + (long) i * Float.BYTES, Byte.toUnsignedInt(image[i]) / LARGEST_PIXEL);
            }
            encodeOne(workspace, features);
        } finally {
            workspaces.release(workspace);
        }
    }

    private void requireLengths(int image, int features) {
        if (image != pixels()) {
            throw new InvalidInputException(
                    "the encoder %s takes images of %s, not %d values".formatted(name, size(), image));
        }
        if (features != dimensions()) {
            throw new InvalidInputException("the encoder %s gives %d features, which do not fit into %d"
                    .formatted(name, dimensions(), features));
        }
    }

    private void encodeOne(Workspace workspace, float[] features) {
        workspace.images = workspace.memory;
        workspace.imagesOffset = plan.inputAt();
        plan.run(workspace, 1);
        requireFinite(workspace, 0, 0);
        MemorySegment.copy(workspace.memory, FLOAT, plan.featuresAt(0), features, 0, features.length);
    }

    private void requirePixels(MemorySegment images, long offset, long image) {
        int pixels = pixels();
        for (int i = 0; i < pixels; i++) {
            float pixel = images.get(FLOAT, offset + (long) i * Float.BYTES);
            if (!(pixel >= 0 && pixel <= 1)) {
                throw new InvalidInputException(
                        "pixel %d of image %d is %s, not between 0 and 1".formatted(i, image, pixel));
            }
        }
    }

    private void requireFinite(Workspace workspace, int ofBlock, long image) {
        if (!Simd.kernels().allFinite(workspace.memory, plan.featuresAt(ofBlock), dimensions())) {
            for (int j = 0; j < dimensions(); j++) {
                float feature = workspace.memory.get(FLOAT, plan.featuresAt(ofBlock) + (long) j * Float.BYTES);
                if (!Float.isFinite(feature)) {
                    throw new InvalidInputException(
                            "the encoder %s gives %s as feature %d of image %d".formatted(name, feature, j, image));
                }
            }
        }
    }

    /** Frees the weights; may be called again without effect. Running calls throw an exception or finish. */
    @Override
    public synchronized void close() {
        if (arena.scope().isAlive()) {
            arena.close();
            workspaces.close();
        }
    }
}
