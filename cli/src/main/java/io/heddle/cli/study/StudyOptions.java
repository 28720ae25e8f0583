package io.heddle.cli.study;

import io.heddle.cnn.Engine;
import io.heddle.cnn.Pooling;
import io.heddle.cnn.Precision;
import io.heddle.matrix.InvalidInputException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a study is to do.
 *
 * @param data folder with the four IDX files; empty to look in the usual places
 * @param sample training images to take, the same share of each class; empty for all. A sixth as many test images come
 *     along, but at least {@value #LEAST_TEST_PER_CLASS} of each class
 * @param seed of the sample, the solvers and the clusterings
 * @param seeds runs of each clustering, with seeds {@code seed}, {@code seed + 1} …; the first one is reported
 * @param threads worker threads; empty for one a processor
 * @param encoder name of an embedded encoder, or a TorchScript file
 * @param engine what runs the encoder
 * @param precision arithmetic of the encoder
 * @param inputSize side of the square images that an encoder without a description takes
 * @param method how images are clustered
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
    /** Test images of each class that a sample holds at least. */
    public static final int LEAST_TEST_PER_CLASS = 10;

    /** Training images of each class that a sample needs at least. */
    public static final int LEAST_TRAIN_PER_CLASS = 10;

    private static final int MOST_SEEDS = 100;
    private static final int MOST_THREADS = 1024;

    public StudyOptions {
        InvalidInputException.require(
                seeds >= 1 && seeds <= MOST_SEEDS, "k-means takes 1 to %d seeds, not %d", MOST_SEEDS, seeds);
        InvalidInputException.require(
                threads.isEmpty() || threads.getAsInt() >= 1 && threads.getAsInt() <= MOST_THREADS,
                "a study takes 1 to %d threads, not %d",
                MOST_THREADS,
                threads.orElse(0));
        InvalidInputException.require(seed >= 0, "a seed is 0 or more, not %d", seed);
        if (sample.isPresent()) {
            InvalidInputException.require(
                    sample.getAsInt() >= 1, "a sample needs at least 1 image, not %d", sample.getAsInt());
        }
    }

    /** All images, seed 0, one run of each clustering, one thread a processor. */
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
