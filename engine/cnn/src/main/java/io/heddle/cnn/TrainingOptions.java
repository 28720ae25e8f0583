package io.heddle.cnn;

import io.heddle.matrix.InvalidInputException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How {@link EncoderTraining} trains.
 *
 * @param teacher the encoder to learn from, by name or file, or none
 * @param distillationWeight weight of the loss towards the teacher, ignored without one
 * @param contrastWeight weight of the contrastive loss, 0 for none
 * @param layers the network: {@code channels@kernel/stride}, separated by blanks
 * @param epochs times that every image is seen
 * @param batchSize images in a step, 8 to 8192; at most as many as there are
 * @param learningRate the largest, reached after a twentieth of the steps, from where it falls as a cosine
 * @param temperature divides the similarities in the contrastive loss
 * @param components principal components of the teacher's features that are learnt
 * @param smoothing rounds in which what is to be learnt of an image is averaged with what is to be learnt of the images
 *     that the teacher sees as its nearest, 0 to 64; 0 for the teacher's word as it is
 * @param augment whether the network learns from images shifted by up to a fourteenth of their side and perhaps
 *     mirrored; the teacher then sees each image and its mirror image, and the mean of its features counts. Two losses
 *     see such views anyhow
 * @param seed of all that is drawn at random
 * @param precision of the convolutions; sums and parameters are float32
 */
public record TrainingOptions(
        Optional<String> teacher,
        double distillationWeight,
        double contrastWeight,
        String layers,
        int epochs,
        int batchSize,
        double learningRate,
        double temperature,
        int components,
        int smoothing,
        boolean augment,
        long seed,
        Precision precision) {
    /** The layers of the network that Heddle ships: channels@kernel/stride. */
    public static final String DEFAULT_LAYERS = "32@5/2 64@3 128@3/2 128@3 256@1";

    static final int SMALLEST_BATCH = 8;

    private static final int MOST_SMOOTHING = 64;

    /**
     * Checks the values.
     *
     * @throws InvalidInputException if a number is out of its range
     */
    public TrainingOptions {
        Objects.requireNonNull(precision, "precision");
        ConvolutionLayer.parse(layers);
        TrainingRequirements.requireBetween(epochs, 1, 10_000, "epochs");
        TrainingRequirements.requireBetween(batchSize, SMALLEST_BATCH, 8192, "images in a batch");
        TrainingRequirements.requireBetween(components, 1, 4096, "components of the teacher");
        TrainingRequirements.requireBetween(smoothing, 0, MOST_SMOOTHING, "rounds of smoothing");
        TrainingRequirements.requirePositive(learningRate, 1, "learning rate");
        TrainingRequirements.requirePositive(temperature, 100, "temperature");
        TrainingRequirements.requireWeight(distillationWeight, "distillation");
        TrainingRequirements.requireWeight(contrastWeight, "contrast");
    }

    /** {@return how the encoder that Heddle ships was trained} */
    public static TrainingOptions defaults() {
        return new TrainingOptions(
                Optional.of("imagenet"), 1, 0, DEFAULT_LAYERS, 10, 512, 3e-3, 0.3, 128, 0, false, 0, Precision.AUTO);
    }

    // One place that names all of them.
    private TrainingOptions with(
            Optional<String> teacher,
            double distillation,
            double contrast,
            String layers,
            int epochs,
            int batchSize,
            double rate,
            int components,
            int smoothing,
            boolean augment,
            long seed,
            Precision precision) {
        return new TrainingOptions(
                teacher,
                distillation,
                contrast,
                layers,
                epochs,
                batchSize,
                rate,
                temperature,
                components,
                smoothing,
                augment,
                seed,
                precision);
    }

    /**
     * {@return these options with another teacher, or none}
     *
     * @param teacher the new {@link #teacher()}
     */
    public TrainingOptions withTeacher(Optional<String> teacher) {
        return with(
                teacher,
                distillationWeight,
                contrastWeight,
                layers,
                epochs,
                batchSize,
                learningRate,
                components,
                smoothing,
                augment,
                seed,
                precision);
    }

    /**
     * {@return these options with other weights of the two losses}
     *
     * @param distillation the new {@link #distillationWeight()}
     * @param contrast the new {@link #contrastWeight()}
     */
    public TrainingOptions withWeights(double distillation, double contrast) {
        return with(
                teacher,
                distillation,
                contrast,
                layers,
                epochs,
                batchSize,
                learningRate,
                components,
                smoothing,
                augment,
                seed,
                precision);
    }

    /**
     * {@return these options with another network}
     *
     * @param layers the new {@link #layers()}
     */
    public TrainingOptions withLayers(String layers) {
        return with(
                teacher,
                distillationWeight,
                contrastWeight,
                layers,
                epochs,
                batchSize,
                learningRate,
                components,
                smoothing,
                augment,
                seed,
                precision);
    }

    /**
     * {@return these options with another length}
     *
     * @param epochs the new {@link #epochs()}
     * @param batchSize the new {@link #batchSize()}
     * @param learningRate the new {@link #learningRate()}
     */
    public TrainingOptions withSchedule(int epochs, int batchSize, double learningRate) {
        return with(
                teacher,
                distillationWeight,
                contrastWeight,
                layers,
                epochs,
                batchSize,
                learningRate,
                components,
                smoothing,
                augment,
                seed,
                precision);
    }

    /**
     * {@return these options with another number of components}
     *
     * @param components the new {@link #components()}
     */
    public TrainingOptions withComponents(int components) {
        return with(
                teacher,
                distillationWeight,
                contrastWeight,
                layers,
                epochs,
                batchSize,
                learningRate,
                components,
                smoothing,
                augment,
                seed,
                precision);
    }

    /**
     * {@return these options with another number of rounds of smoothing}
     *
     * @param smoothing the new {@link #smoothing()}
     */
    public TrainingOptions withSmoothing(int smoothing) {
        return with(
                teacher,
                distillationWeight,
                contrastWeight,
                layers,
                epochs,
                batchSize,
                learningRate,
                components,
                smoothing,
                augment,
                seed,
                precision);
    }

    /**
     * {@return these options with other views for the network to learn from}
     *
     * @param augment the new {@link #augment()}
     */
    public TrainingOptions withAugment(boolean augment) {
        return with(
                teacher,
                distillationWeight,
                contrastWeight,
                layers,
                epochs,
                batchSize,
                learningRate,
                components,
                smoothing,
                augment,
                seed,
                precision);
    }

    /**
     * {@return these options with another seed}
     *
     * @param seed the new {@link #seed()}
     */
    public TrainingOptions withSeed(long seed) {
        return with(
                teacher,
                distillationWeight,
                contrastWeight,
                layers,
                epochs,
                batchSize,
                learningRate,
                components,
                smoothing,
                augment,
                seed,
                precision);
    }

    /**
     * {@return these options with another precision}
     *
     * @param precision the new {@link #precision()}
     */
    public TrainingOptions withPrecision(Precision precision) {
        return with(
                teacher,
                distillationWeight,
                contrastWeight,
                layers,
                epochs,
                batchSize,
                learningRate,
                components,
                smoothing,
                augment,
                seed,
                precision);
    }

    boolean distilling() {
        return teacher.isPresent() && distillationWeight > 0;
    }

    boolean contrastive() {
        return contrastWeight > 0;
    }

    /** The views of each image in a batch: its own self, one near it, or two to be compared. */
    List<ViewSampler.Kind> kinds() {
        if (contrastive()) {
            return List.of(ViewSampler.Kind.WEAK, ViewSampler.Kind.STRONG);
        }
        return List.of(augment ? ViewSampler.Kind.WEAK : ViewSampler.Kind.PLAIN);
    }
}
