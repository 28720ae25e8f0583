package io.heddle.cli.catalogue;

import io.heddle.cnn.Encoder;
import io.heddle.data.DataSource;
import io.heddle.data.ImageShape;
import io.heddle.data.ImageSize;
import io.heddle.data.Memory;
import io.heddle.data.Resize;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import java.io.IOException;
import java.util.function.Consumer;

/** What an encoder sees in images: they are read a few at a time, so a folder may hold more than fits into memory. */
public final class EncodedImages {
    /** Pixels held at a time, as floats. */
    private static final long BLOCK_BYTES = 128L << 20;

    private static final int COLOURS = 3;

    private EncodedImages() {}

    /**
     * Encodes all images.
     *
     * @param data images with values from 0 to 1
     * @param progress told how many images are done
     * @return a row of features for each image, owned by the caller
     * @throws InvalidInputException if the rows are no images, or a value does not lie between 0 and 1
     */
    public static FloatMatrix of(DataSource data, Encoder encoder, Consumer<Encoder.Progress> progress)
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
                        FloatMatrix part = encoder.encode(
                                checked(images, from, data),
                                small.width(),
                                small.height(),
                                small.channels(),
                                p -> progress.accept(new Encoder.Progress(done + p.done(), data.rows())));
                        FloatMatrix target = features.rows(from, to)) {
                    target.segment().copyFrom(part.segment());
                }
            }
            return features;
        } catch (IOException | RuntimeException | Error e) {
            features.close();
            throw e;
        }
    }

    /** The encoder tells of a pixel by the image of the block; here it is the row of the data. */
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

    /** Images to read at a time: whole batches, so that only the last one is padded. */
    public static long block(DataSource data, Encoder encoder) {
        return block(data.columns(), encoder);
    }

    private static long block(int values, Encoder encoder) {
        long fitting = Math.max(1, BLOCK_BYTES / FloatMatrix.bytesFor(1, values));
        return Math.max(1, fitting / encoder.batchSize()) * encoder.batchSize();
    }

    /**
     * How the rows make images.
     *
     * @throws InvalidInputException if they do not
     */
    public static ImageShape requireImages(DataSource data) {
        return data.images()
                .orElseThrow(() -> new InvalidInputException(
                        "%s holds rows of values, not images; --image-size says what images they are"
                                .formatted(data.name())));
    }

    /**
     * Encodes some images: gray ones or, by an encoder that sees colours, in colour. What is larger than the encoder
     * looks at is brought to its size first, every pixel counting, for the encoder's own resizer would look at few.
     *
     * @param images rows as {@link DataSource#read} gives them, with values from 0 to 1
     * @param progress told how many of these are done
     * @return a row of features for each image, owned by the caller
     * @throws InvalidInputException if a value does not lie between 0 and 1
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

    /** The size at which an encoder is shown images. */
    private static ImageSize seen(ImageShape shape, Encoder encoder) {
        return new ImageSize(
                Math.min(shape.width(), encoder.inputSize()), Math.min(shape.height(), encoder.inputSize()));
    }

    private static int channels(ImageShape shape) {
        return shape.channels() == COLOURS ? COLOURS : 1;
    }
}
