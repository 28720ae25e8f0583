package io.heddle.cli.study;

import io.heddle.cnn.Engine;
import io.heddle.cnn.Pooling;
import io.heddle.cnn.Precision;
import io.heddle.matrix.InvalidInputException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The options of a study.
 *
 * @param data folder with the four IDX files; empty for the default places
 * @param sample number of training images, with the same share of each class; empty for all. The number of test images
 *     is a sixth of it, but at least {@value #MINIMUM_TEST_PER_CLASS} per class
 * @param seed seed of the sample, the solvers and the clusterings
 * @param seeds number of runs of each clustering, with seeds {@code seed}, {@code seed + 1} …; the first one is
 *     reported
 * @param threads number of worker threads; empty for one per processor
 * @param encoder name of an embedded encoder, or a TorchScript file
 * @param engine engine of the encoder
 * @param precision arithmetic of the encoder
 * @param inputSize side of the images of an encoder without a description
 * @param method clustering methods
 * @param featureClassifier pooling of the features for a linear classifier on them; empty for none
 */
public record StudyOptions(
        Optional<Path> data,
        OptionalInt sample,
        long seed,
        int seeds,
        OptionalInt threads,
        String encoder,
        Engine engine,
        Precision precision,
        OptionalInt inputSize,
        ClusteringMethod method,
        Optional<Pooling> featureClassifier) {
    /** Minimum number of test images per class in a sample. */
    public static final int MINIMUM_TEST_PER_CLASS = 10;

    /** Minimum number of training images per class in a sample. */
    public static final int MINIMUM_TRAIN_PER_CLASS = 10;

    private static final int MAXIMUM_SEEDS = 100;
    private static final int MAXIMUM_THREADS = 1024;

    public StudyOptions {
        InvalidInputException.require(
                seeds >= 1 && seeds <= MAXIMUM_SEEDS,
                "the number of seeds must be 1 to %d, not %d",
                MAXIMUM_SEEDS,
                seeds);
        InvalidInputException.require(
                threads.isEmpty() || threads.getAsInt() >= 1 && threads.getAsInt() <= MAXIMUM_THREADS,
                "the number of threads must be 1 to %d, not %d",
                MAXIMUM_THREADS,
                threads.orElse(0));
        InvalidInputException.require(seed >= 0, "a seed must be 0 or more, not %d", seed);
        if (sample.isPresent()) {
            InvalidInputException.require(
                    sample.getAsInt() >= 1, "a sample needs at least 1 image, not %d", sample.getAsInt());
        }
    }

    /** Returns the defaults: all images, seed 0, one run of each clustering, one thread per processor. */
    public static StudyOptions defaults() {
        return new StudyOptions(
                Optional.empty(),
                OptionalInt.empty(),
                0,
                1,
                OptionalInt.empty(),
                "fashion",
                Engine.AUTO,
                Precision.AUTO,
                OptionalInt.empty(),
                ClusteringMethod.NEIGHBORS,
                Optional.empty());
    }
}
