package io.heddle.cnn;

import io.heddle.files.DataFormatException;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Validates the options, images and target file of {@link EncoderTraining}. */
final class TrainingRequirements {
    private TrainingRequirements() {}

    static void requireBetween(int value, int minimum, int maximum, String what) {
        InvalidInputException.require(
                value >= minimum && value <= maximum, "%s: %d to %d, not %d", what, minimum, maximum, value);
    }

    static void requirePositive(double value, double maximum, String what) {
        InvalidInputException.require(
                value > 0 && value <= maximum, "the %s must be above 0 and at most %s, not %s", what, maximum, value);
    }

    static void requireWeight(double value, String what) {
        InvalidInputException.require(
                value >= 0 && value <= 1000, "the weight of %s must be 0 to 1000, not %s", what, value);
    }

    static void requireImages(FloatMatrix images, int width, int height) {
        InvalidInputException.require(
                (long) width * height == images.columns(),
                "images of %d x %d pixels do not match a matrix of %d columns",
                width,
                height,
                images.columns());
        InvalidInputException.require(
                width == height, "an encoder is trained on square images, not on %d x %d pixels", width, height);
        InvalidInputException.require(
                images.rows() >= TrainingOptions.SMALLEST_BATCH,
                "an encoder is trained on at least %d images, not %d",
                TrainingOptions.SMALLEST_BATCH,
                images.rows());
        PixelCheck.require(images, WorkerPool.shared());
    }

    static void requireTarget(Path target) throws IOException {
        Path absolute = target.toAbsolutePath();
        if (Files.isDirectory(absolute)) {
            throw new DataFormatException("%s is a folder, not a file to write the encoder to".formatted(target));
        }
        Path folder = absolute.getParent();
        if (folder == null || !Files.isDirectory(folder) || !Files.isWritable(folder)) {
            throw new DataFormatException(
                    "the encoder cannot be written to %s: %s is not a writable folder".formatted(target, folder));
        }
    }
}
