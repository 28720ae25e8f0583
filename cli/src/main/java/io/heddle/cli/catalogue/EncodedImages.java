package io.heddle.cli.catalogue;

import io.heddle.cnn.Encoder;
import io.heddle.cnn.Pooling;
import io.heddle.data.DataSource;
import io.heddle.data.ImageShape;
import io.heddle.data.ImageSize;
import io.heddle.data.Memory;
import io.heddle.data.Resize;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/** Encodes images in blocks, so that the data may be larger than the memory. */
public final class EncodedImages {
    /** Maximum number of pixels in memory, as floats. */
    private static final long BLOCK_BYTES = 128L << 20;

    private static final int COLOURS = 3;

    private EncodedImages() {}

    /**
     * Encodes all images.
     *
     * @param data images with values from 0 to 1
     * @param progress receives the number of encoded images
     * @return a row of features for each image, owned by the caller
     * @throws InvalidInputException if the rows are not images, or a value is not between 0 and 1
     */
    public static FloatMatrix of(DataSource data, Encoder encoder, Consumer<Encoder.Progress> progress)
            throws IOException {
        return of(data, encoder, Optional.empty(), Pooling.MEAN, progress);
    }

    /**
     * Encodes all images whose features are not known yet.
     *
     * @param cache cache of features
     * @param pooling pooling of the opened encoder
     */
    static FloatMatrix of(
            DataSource data,
            Encoder encoder,
            Optional<FeatureCache> cache,
            Pooling pooling,
            Consumer<Encoder.Progress> progress)
            throws IOException {
        ImageShape shape = requireImages(data);
        Memory.requireRoom(data.name() + " as features", data.rows(), encoder.dimensions());
        ImageSize seen = seen(shape, encoder);
        ImageShape small = new ImageShape(seen.width(), seen.height(), channels(shape));
        long block = block(small.values(), encoder);
        FloatMatrix features = FloatMatrix.allocate(data.rows(), encoder.dimensions());
        try {
            for (long from = 0; from < data.rows(); from += block) {
                long to = Math.min(data.rows(), from + block);
                long done = from;
                try (FloatMatrix images = small.equals(shape) ? data.read(from, to) : data.readAt(from, to, seen);
                        FloatMatrix target = features.rows(from, to)) {
                    String key = cache.map(c ->
                                    c.key(images, small.width(), small.height(), small.channels(), encoder, pooling))
                            .orElse("");
                    if (cache.isPresent() && cache.get().read(key, target)) {
                        progress.accept(new Encoder.Progress(to, data.rows()));
                        continue;
                    }
                    try (FloatMatrix part = encoder.encode(
                            checked(images, from, data),
                            small.width(),
                            small.height(),
                            small.channels(),
                            p -> progress.accept(new Encoder.Progress(done + p.done(), data.rows())))) {
                        target.segment().copyFrom(part.segment());
                    }
                    cache.ifPresent(c -> c.write(key, target));
                }
            }
            return features;
        } catch (IOException | RuntimeException | Error e) {
            features.close();
            throw e;
        }
    }

    /** Replaces the number of the image in the block by the row of the data. */
    private static FloatMatrix checked(FloatMatrix images, long from, DataSource data) {
        if (from > 0 && !data.dtype().equals("uint8")) {
            float[] row = new float[images.columns()];
            for (long i = 0; i < images.rows(); i++) {
                images.getRow(i, row);
                for (int j = 0; j < row.length; j++) {
                    InvalidInputException.require(
                            row[j] >= 0 && row[j] <= 1,
                            "pixel %d of image %d is %s, not between 0 and 1",
                            j,
                            from + i,
                            row[j]);
                }
            }
        }
        return images;
    }

    /** Returns the number of images per block: whole batches, so that only the last one is padded. */
    public static long block(DataSource data, Encoder encoder) {
        return block(data.columns(), encoder);
    }

    private static long block(int values, Encoder encoder) {
        long fitting = Math.max(1, BLOCK_BYTES / FloatMatrix.bytesFor(1, values));
        return Math.max(1, fitting / encoder.batchSize()) * encoder.batchSize();
    }

    /**
     * Returns the shape of the images.
     *
     * @throws InvalidInputException if the rows are not images
     */
    public static ImageShape requireImages(DataSource data) {
        return data.images()
                .orElseThrow(() -> new InvalidInputException(
                        "%s has rows of values, not images; set their size with --image-size".formatted(data.name())));
    }

    /**
     * Encodes some images, in colour if the encoder supports it. Larger images are first reduced with a filter over all
     * pixels, because the encoder's resizer would use only a few of them.
     *
     * @param images rows of {@link DataSource#read}, with values from 0 to 1
     * @param progress receives the number of encoded images
     * @return a row of features for each image, owned by the caller
     * @throws InvalidInputException if a value is not between 0 and 1
     */
    public static FloatMatrix of(
            FloatMatrix images, ImageShape shape, Encoder encoder, Consumer<Encoder.Progress> progress) {
        int channels = channels(shape);
        ImageSize seen = seen(shape, encoder);
        if (seen.width() == shape.width() && seen.height() == shape.height() && channels == shape.channels()) {
            return encoder.encode(images, shape.width(), shape.height(), channels, progress);
        }
        try (FloatMatrix small = Resize.shrunk(images, shape, seen)) {
            return encoder.encode(small, seen.width(), seen.height(), channels, progress);
        }
    }

    /** Returns the size of images for an encoder. */
    private static ImageSize seen(ImageShape shape, Encoder encoder) {
        return new ImageSize(
                Math.min(shape.width(), encoder.inputSize()), Math.min(shape.height(), encoder.inputSize()));
    }

    private static int channels(ImageShape shape) {
        return shape.channels() == COLOURS ? COLOURS : 1;
    }
}
