package io.heddle.cnn;

import io.heddle.encoder.ConvolutionLayer;
import io.heddle.matrix.InvalidInputException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The options of {@link EncoderTraining}.
 *
 * @param teaching options of the teacher
 * @param contrastWeight weight of the contrastive loss, 0 for none
 * @param temperature divides the similarities in the contrastive loss
 * @param layers the layers of the network: {@code channels@kernel/stride}, separated by blanks
 * @param schedule length and learning rate
 * @param seed seed of all random numbers
 * @param precision of the convolutions; sums and parameters are float32
 */
public record TrainingOptions(
        Teaching teaching,
        double contrastWeight,
        double temperature,
        String layers,
        Schedule schedule,
        long seed,
        Precision precision) {
    /** The layers of the network that Heddle ships: channels@kernel/stride. */
    public static final String DEFAULT_LAYERS = "32@5/2 64@3 128@3/2 128@3 256@1";

    static final int SMALLEST_BATCH = 8;

    private static final int MAXIMUM_SMOOTHING = 64;

    /**
     * The options of the teacher.
     *
     * @param teacher the teacher, by name or file, or none
     * @param weight weight of the distillation loss, ignored without a teacher
     * @param components number of principal components of the teacher's features in the targets
     * @param smoothing number of iterations that average the target of an image with those of its nearest neighbours in
     *     the teacher's features, 0 to 64; 0 for unchanged targets
     * @param augment whether to shift images by up to a fourteenth of their side and mirror them at random; the target
     *     is then the mean of the teacher's features of the image and its mirror image. With two losses, images are
     *     always shifted and mirrored
     */
    public record Teaching(Optional<String> teacher, double weight, int components, int smoothing, boolean augment) {
        /**
         * Checks the values.
         *
         * @throws InvalidInputException if a number is out of its range
         */
        public Teaching {
            Objects.requireNonNull(teacher, "teacher");
            TrainingRequirements.requireWeight(weight, "distillation");
            TrainingRequirements.requireBetween(components, 1, 4096, "components of the teacher");
            TrainingRequirements.requireBetween(smoothing, 0, MAXIMUM_SMOOTHING, "rounds of smoothing");
        }
    }

    /**
     * The length of a training and the learning rate.
     *
     * @param epochs number of epochs
     * @param batchSize images per step, 8 to 8192; at most the number of images
     * @param learningRate maximum learning rate; it is reached after a twentieth of the steps and then decreases as a
     *     cosine
     */
    public record Schedule(int epochs, int batchSize, double learningRate) {
        /**
         * Checks the values.
         *
         * @throws InvalidInputException if a number is out of its range
         */
        public Schedule {
            TrainingRequirements.requireBetween(epochs, 1, 10_000, "epochs");
            TrainingRequirements.requireBetween(batchSize, SMALLEST_BATCH, 8192, "images in a batch");
            TrainingRequirements.requirePositive(learningRate, 1, "learning rate");
        }
    }

    /**
     * Checks the values.
     *
     * @throws InvalidInputException if a number is out of its range
     */
    public TrainingOptions {
        Objects.requireNonNull(teaching, "teaching");
        Objects.requireNonNull(layers, "layers");
        Objects.requireNonNull(schedule, "schedule");
        Objects.requireNonNull(precision, "precision");
        ConvolutionLayer.parse(layers);
        TrainingRequirements.requirePositive(temperature, 100, "temperature");
        TrainingRequirements.requireWeight(contrastWeight, "contrast");
    }

    /** {@return the options of the training of the embedded encoder} */
    public static TrainingOptions defaults() {
        Teaching teaching = new Teaching(Optional.of("imagenet"), 1, 128, 0, false);
        return new TrainingOptions(teaching, 0, 0.3, DEFAULT_LAYERS, new Schedule(10, 512, 3e-3), 0, Precision.AUTO);
    }

    /**
     * {@return these options with other options of the teacher}
     *
     * @param teaching the new {@link #teaching()}
     */
    public TrainingOptions withTeaching(Teaching teaching) {
        return new TrainingOptions(teaching, contrastWeight, temperature, layers, schedule, seed, precision);
    }

    /**
     * {@return these options with another weight of the contrastive loss}
     *
     * @param contrastWeight the new {@link #contrastWeight()}
     */
    public TrainingOptions withContrastWeight(double contrastWeight) {
        return new TrainingOptions(teaching, contrastWeight, temperature, layers, schedule, seed, precision);
    }

    /**
     * {@return these options with another network}
     *
     * @param layers the new {@link #layers()}
     */
    public TrainingOptions withLayers(String layers) {
        return new TrainingOptions(teaching, contrastWeight, temperature, layers, schedule, seed, precision);
    }

    /**
     * {@return these options with another schedule}
     *
     * @param schedule the new {@link #schedule()}
     */
    public TrainingOptions withSchedule(Schedule schedule) {
        return new TrainingOptions(teaching, contrastWeight, temperature, layers, schedule, seed, precision);
    }

    /**
     * {@return these options with another seed}
     *
     * @param seed the new {@link #seed()}
     */
    public TrainingOptions withSeed(long seed) {
        return new TrainingOptions(teaching, contrastWeight, temperature, layers, schedule, seed, precision);
    }

    /**
     * {@return these options with another precision}
     *
     * @param precision the new {@link #precision()}
     */
    public TrainingOptions withPrecision(Precision precision) {
        return new TrainingOptions(teaching, contrastWeight, temperature, layers, schedule, seed, precision);
    }

    boolean distilling() {
        return teaching.teacher().isPresent() && teaching.weight() > 0;
    }

    boolean contrastive() {
        return contrastWeight > 0;
    }

    /** Returns the views of each image in a batch: the image, a similar one, or two for the contrastive loss. */
    List<ViewSampler.Kind> kinds() {
        if (contrastive()) {
            return List.of(ViewSampler.Kind.WEAK, ViewSampler.Kind.STRONG);
        }
        return List.of(teaching.augment() ? ViewSampler.Kind.WEAK : ViewSampler.Kind.PLAIN);
    }
}
