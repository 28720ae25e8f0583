package io.heddle.cnn;

import io.heddle.encoder.ConvolutionLayer;
import io.heddle.matrix.InvalidInputException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How {@link EncoderTraining} trains.
 *
 * @param teaching whom to learn from, and what of it
 * @param contrastWeight weight of the contrastive loss, 0 for none
 * @param temperature divides the similarities in the contrastive loss
 * @param layers the network: {@code channels@kernel/stride}, separated by blanks
 * @param schedule how long
 * @param seed of all that is drawn at random
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

    private static final int MOST_SMOOTHING = 64;

    /**
     * What is learnt from a teacher.
     *
     * @param teacher the encoder to learn from, by name or file, or none
     * @param weight of the loss towards the teacher, ignored without one
     * @param components principal components of the teacher's features that are learnt
     * @param smoothing rounds in which what is to be learnt of an image is averaged with what is to be learnt of the
     *     images that the teacher sees as its nearest, 0 to 64; 0 for the teacher's word as it is
     * @param augment whether the network learns from images shifted by up to a fourteenth of their side and perhaps
     *     mirrored; the teacher then sees each image and its mirror image, and the mean of its features counts. Two
     *     losses see such views anyhow
     */
    public record Teaching(Optional<String> teacher, double weight, int components, int smoothing, boolean augment) {
        /**
         * Checks the values.
         *
         * @throws InvalidInputException if a number is out of its range
         */
        public Teaching {
            TrainingRequirements.requireWeight(weight, "distillation");
            TrainingRequirements.requireBetween(components, 1, 4096, "components of the teacher");
            TrainingRequirements.requireBetween(smoothing, 0, MOST_SMOOTHING, "rounds of smoothing");
        }
    }

    /**
     * How long a training takes, in steps of which size.
     *
     * @param epochs times that every image is seen
     * @param batchSize images in a step, 8 to 8192; at most as many as there are
     * @param learningRate the largest, reached after a twentieth of the steps, from where it falls as a cosine
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
        Objects.requireNonNull(precision, "precision");
        ConvolutionLayer.parse(layers);
        TrainingRequirements.requirePositive(temperature, 100, "temperature");
        TrainingRequirements.requireWeight(contrastWeight, "contrast");
    }

    /** {@return how the encoder that Heddle ships was trained} */
    public static TrainingOptions defaults() {
        Teaching teaching = new Teaching(Optional.of("imagenet"), 1, 128, 0, false);
        return new TrainingOptions(teaching, 0, 0.3, DEFAULT_LAYERS, new Schedule(10, 512, 3e-3), 0, Precision.AUTO);
    }

    /**
     * {@return these options with another teacher, or another way to learn from it}
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
     * {@return these options with another length}
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

    /** The views of each image in a batch: its own self, one near it, or two to be compared. */
    List<ViewSampler.Kind> kinds() {
        if (contrastive()) {
            return List.of(ViewSampler.Kind.WEAK, ViewSampler.Kind.STRONG);
        }
        return List.of(teaching.augment() ? ViewSampler.Kind.WEAK : ViewSampler.Kind.PLAIN);
    }
}
