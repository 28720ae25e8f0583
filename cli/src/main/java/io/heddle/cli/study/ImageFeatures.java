package io.heddle.cli.study;

import io.heddle.cnn.Encoder;
import io.heddle.matrix.FloatMatrix;
import java.lang.foreign.MemorySegment;
import java.util.Locale;

/**
 * The encoder's features of all images, training images first.
 *
 * @param encoder name of the encoder
 * @param precision precision of the encoder
 * @param pooled means over the whole image, one row per image, for the clustering
 * @param all all features, one row per image, for the classifier; the same as {@code pooled} if there are no others
 * @param seconds time of the encoding in seconds
 */
record ImageFeatures(
        String encoder, String precision, int inputSize, FloatMatrix pooled, FloatMatrix all, double seconds)
        implements AutoCloseable {

    /** @param images gray pixels */
    static ImageFeatures of(Encoder encoder, FloatMatrix images, int width, int height, Clock clock) {
        clock.start(StudyStage.FEATURES);
        FloatMatrix all = encoder.encode(images, width, height, p -> clock.advance(p.done(), p.total(), ""));
        try {
            int means = encoder.meanDimensions();
            FloatMatrix pooled = means == all.columns() ? all : firstColumns(all, means);
            String precision = encoder.precision().name().toLowerCase(Locale.ROOT);
            double seconds = clock.stop(images.rows(), "images", all.columns() + " features each");
            return new ImageFeatures(encoder.name(), precision, encoder.inputSize(), pooled, all, seconds);
        } catch (RuntimeException | Error e) {
            all.close();
            throw e;
        }
    }

    private static FloatMatrix firstColumns(FloatMatrix x, int columns) {
        FloatMatrix first = FloatMatrix.allocate(x.rows(), columns);
        for (long i = 0; i < x.rows(); i++) {
            MemorySegment.copy(
                    x.segment(), x.offset(i), first.segment(), first.offset(i), (long) columns * Float.BYTES);
        }
        return first;
    }

    @Override
    public void close() {
        pooled.close();
        if (all != pooled) {
            all.close();
        }
    }
}
