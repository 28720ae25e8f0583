package io.heddle.cli.data;

import io.heddle.cnn.Encoder;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import java.io.IOException;
import java.util.function.Consumer;

/** What an encoder sees in images: they are read a few at a time, so a folder may hold more than fits into memory. */
public final class Features {
    /** Pixels held at a time, as floats. */
    private static final long BLOCK_BYTES = 128L << 20;

    /** Weights of red, green and blue in gray: luma of ITU-R BT.601. */
    private static final float[] LUMA = {0.299f, 0.587f, 0.114f};

    private static final int COLOURS = 3;

    private Features() {}

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
        long block = block(data, encoder);
        FloatMatrix features = FloatMatrix.allocate(data.rows(), encoder.dimensions());
        try {
            for (long from = 0; from < data.rows(); from += block) {
                long to = Math.min(data.rows(), from + block);
                long done = from;
                try (FloatMatrix images = data.read(from, to);
                        FloatMatrix part = of(
                                images,
                                shape,
                                encoder,
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

    /** Images to read at a time: whole batches, so that only the last one is padded. */
    public static long block(DataSource data, Encoder encoder) {
        long fitting = Math.max(1, BLOCK_BYTES / FloatMatrix.bytesFor(1, data.columns()));
        return Math.max(1, fitting / encoder.batchSize()) * encoder.batchSize();
    }

    /**
     * Encodes some images.
     *
     * @param images values from 0 to 1
     * @param progress told how many of these are done
     * @return a row of features for each image, owned by the caller
     * @throws InvalidInputException if a value does not lie between 0 and 1
     */
    public static FloatMatrix of(
            FloatMatrix images, ImageShape shape, Encoder encoder, Consumer<Encoder.Progress> progress) {
        try (FloatMatrix gray = gray(images, shape)) {
            return encoder.encode(gray, shape.width(), shape.height(), progress);
        }
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

    /** The images themselves as a view, or what they are in gray. */
    private static FloatMatrix gray(FloatMatrix images, ImageShape shape) {
        if (shape.channels() != COLOURS) {
            return images.rows(0, images.rows());
        }
        int pixels = shape.width() * shape.height();
        FloatMatrix gray = FloatMatrix.allocate(images.rows(), pixels);
        float[] row = new float[images.columns()];
        float[] out = new float[pixels];
        for (long i = 0; i < images.rows(); i++) {
            images.getRow(i, row);
            for (int p = 0; p < pixels; p++) {
                float sum = 0;
                for (int c = 0; c < COLOURS; c++) {
                    sum += LUMA[c] * row[COLOURS * p + c];
                }
                out[p] = Math.min(1, sum);
            }
            gray.setRow(i, out);
        }
        return gray;
    }
}
