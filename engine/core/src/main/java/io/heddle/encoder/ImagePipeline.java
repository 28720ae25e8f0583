package io.heddle.encoder;

import io.heddle.files.DataFormatException;
import io.heddle.matrix.InvalidInputException;
import io.heddle.model.ModelFile;
import io.heddle.model.Pipeline;
import io.heddle.model.Provenance;
import io.heddle.model.SavedModel;
import io.heddle.model.TensorSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Predicts the class, the cluster or the nearest neighbours of an image from its pixels: an encoder, followed by a
 * {@link Pipeline} that was fitted to its features.
 *
 * <p>Immutable and thread-safe. An image is processed on the calling thread. After the first image of each thread, this
 * does not allocate.
 *
 * <p>For example: {@snippet file="EncoderExamplesTest.java" region="image-pipeline"}
 */
public final class ImagePipeline implements AutoCloseable {
    private static final ThreadLocal<float[]> FEATURES = ThreadLocal.withInitial(() -> new float[0]);

    private final ImageEncoder encoder;
    private final Pipeline pipeline;

    private ImagePipeline(ImageEncoder encoder, Pipeline pipeline) {
        this.encoder = encoder;
        this.pipeline = pipeline;
    }

    /**
     * Combines an encoder and a pipeline that was fitted to its features. The result owns both.
     *
     * @param encoder computes the features
     * @param pipeline its input is the features
     * @return the combination, which the caller closes
     * @throws InvalidInputException if the number of features is not the number of the pipeline's inputs; the caller
     *     then still owns both
     */
    public static ImagePipeline of(ImageEncoder encoder, Pipeline pipeline) {
        InvalidInputException.require(
                encoder.dimensions() == pipeline.inputs(),
                "the encoder gives %d features, but the pipeline takes %d values",
                encoder.dimensions(),
                pipeline.inputs());
        return new ImagePipeline(encoder, pipeline);
    }

    /**
     * Writes both into one model file. A program needs only this file to label images.
     *
     * @param file replaced if it exists
     * @param provenance origin of the pipeline; the encoder's name and checksum are added
     * @throws IOException if it cannot be written
     */
    public void write(Path file, Provenance provenance) throws IOException {
        ModelFile.write(file, pipeline, encoder.file(), provenance.withEncoder(encoder.name(), encoder.sha256()));
    }

    /**
     * Reads a file that {@link #write} has written.
     *
     * @param file a model file with an encoder
     * @return the pipeline, which the caller closes
     * @throws DataFormatException if the file is damaged, has no encoder, or has another encoder than the one of the
     *     model's features
     * @throws IOException if it cannot be read
     */
    public static ImagePipeline read(Path file) throws IOException {
        SavedModel saved = ModelFile.read(file);
        try {
            TensorSet inside = saved.encoder()
                    .orElseThrow(() -> new DataFormatException(
                            "%s holds no encoder: only models that were written with one label images"
                                    .formatted(file)));
            ImageEncoder encoder = fitting(inside, saved, file);
            try {
                return of(encoder, saved.pipeline());
            } catch (InvalidInputException e) {
                encoder.close();
                throw new DataFormatException("%s is damaged: %s".formatted(file, e.getMessage()), e);
            }
        } catch (IOException | RuntimeException | Error e) {
            saved.close();
            throw e;
        }
    }

    /** Opens the encoder with the pooling that fits the pipeline's inputs. */
    private static ImageEncoder fitting(TensorSet inside, SavedModel saved, Path file) throws DataFormatException {
        ImageEncoder encoder = ImageEncoder.of(inside, FeaturePooling.MEAN);
        boolean pooled = !encoder.layers().isEmpty();
        if (pooled && encoder.dimensions() != saved.pipeline().inputs()) {
            encoder.close();
            encoder = ImageEncoder.of(inside, FeaturePooling.GRID);
        }
        Optional<Provenance.EncoderReference> named = saved.provenance().encoder();
        if (named.isPresent() && !named.get().sha256().equals(encoder.sha256())) {
            encoder.close();
            throw new DataFormatException("%s is damaged: the encoder inside has the SHA-256 %s, not %s"
                    .formatted(file, encoder.sha256(), named.get().sha256()));
        }
        return encoder;
    }

    /** {@return the encoder, which belongs to this object} */
    public ImageEncoder encoder() {
        return encoder;
    }

    /** {@return the pipeline for the features, which belongs to this object} */
    public Pipeline features() {
        return pipeline;
    }

    /**
     * {@return the class or cluster of an image, or the label of its nearest neighbours}
     *
     * @param pixels bytes as {@link ImageEncoder#encode(byte[], float[])} takes them
     * @throws InvalidInputException if their number does not fit, a feature is not finite, or the pipeline ends in
     *     neither classes nor clusters
     */
    public int predict(byte[] pixels) {
        float[] features = scratch();
        encoder.encode(pixels, features);
        return pipeline.predict(features);
    }

    /**
     * {@return the class or cluster of an image, or the label of its nearest neighbours}
     *
     * @param pixels values as {@link ImageEncoder#encode(float[], float[])} takes them
     * @throws InvalidInputException as {@link #predict(byte[])}, and if a pixel is NaN or outside of [0,1]
     */
    public int predict(float[] pixels) {
        float[] features = scratch();
        encoder.encode(pixels, features);
        return pipeline.predict(features);
    }

    /**
     * Computes the probability of each class.
     *
     * @param pixels bytes as {@link ImageEncoder#encode(byte[], float[])} takes them
     * @param out receives a probability for each class
     * @throws InvalidInputException if a length does not fit, a feature is not finite, or the pipeline does not end in
     *     a classifier
     */
    public void probabilities(byte[] pixels, float[] out) {
        float[] features = scratch();
        encoder.encode(pixels, features);
        pipeline.probabilities(features, out);
    }

    /**
     * As {@link #probabilities(byte[], float[])}, for floats.
     *
     * @param pixels values as {@link ImageEncoder#encode(float[], float[])} takes them
     * @param out receives a probability for each class
     * @throws InvalidInputException as there, and if a pixel is NaN or outside of [0,1]
     */
    public void probabilities(float[] pixels, float[] out) {
        float[] features = scratch();
        encoder.encode(pixels, features);
        pipeline.probabilities(features, out);
    }

    /**
     * Finds the nearest rows of an index, nearest first.
     *
     * @param pixels bytes as {@link ImageEncoder#encode(byte[], float[])} takes them
     * @param ids receives the numbers of the rows, as many as the pipeline has outputs
     * @param distances receives their Euclidean distances, between components
     * @throws InvalidInputException if a length does not fit, a feature is not finite, or the pipeline does not end in
     *     nearest neighbours
     */
    public void neighbors(byte[] pixels, int[] ids, float[] distances) {
        float[] features = scratch();
        encoder.encode(pixels, features);
        pipeline.neighbors(features, ids, distances);
    }

    private float[] scratch() {
        float[] features = FEATURES.get();
        if (features.length != encoder.dimensions()) {
            features = new float[encoder.dimensions()];
            FEATURES.set(features);
        }
        return features;
    }

    /** Frees both; may be called again without effect. */
    @Override
    public void close() {
        encoder.close();
        pipeline.close();
    }
}
