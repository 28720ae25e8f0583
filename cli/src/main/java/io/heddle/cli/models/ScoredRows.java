package io.heddle.cli.models;

import io.heddle.data.DataOptions;
import io.heddle.data.Labels;
import io.heddle.matrix.FloatMatrix;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Rows on which a classifier is scored: those of the test data, or else those it was trained on. Test data are opened
 * and checked before the training, so that a wrong file costs neither the work nor an older model.
 *
 * @param rows of values
 * @param labels in the order of the classifier's classes
 * @param weights how much each row counts in the score, or null where all count alike
 * @param name {@code test} or {@code training}
 * @param owned what is closed in the end, if anything is
 */
public record ScoredRows(FloatMatrix rows, Labels labels, double[] weights, String name, Optional<LabelledData> owned)
        implements AutoCloseable {
    /** The training rows. */
    public static ScoredRows training(LabelledData train, Labels labels, double[] weights) {
        return new ScoredRows(train.rows(), labels, weights, "training", Optional.empty());
    }

    /**
     * The rows of test data.
     *
     * @param train data of the same kind
     * @param classes those of the training data
     * @param reading how the training data are read
     * @param labelFile labels of the test data, or null
     */
    public static ScoredRows test(
            String test, LabelledData train, Labels classes, DataOptions reading, Path labelFile, PrintStream err)
            throws IOException {
        DataOptions options = labelFile != null ? reading.withLabels(labelFile) : reading;
        if (labelFile == null && reading.labels().isPresent()) {
            // The file beside the training data is of another length.
            options = reading.withoutLabels();
        }
        LabelledData held = train.readLike(test, options, err);
        try {
            Labels labels = held.alignedLabels(classes.classNames());
            double[] weights = held.source().weights().orElse(null);
            if (weights == null && reading.roles().weights().isPresent()) {
                err.printf(
                        "%s has no column '%s': in the accuracy all of its rows count alike%n",
                        held.source().name(), reading.roles().weights().get());
            }
            Accuracy.requireWeight(weights, held.source().name());
            return new ScoredRows(held.rows(), labels, weights, "test", Optional.of(held));
        } catch (IOException | RuntimeException | Error e) {
            held.close();
            throw e;
        }
    }

    /** The share of rows, or of their weight, that is predicted right. */
    public double accuracy(int[] predicted) {
        return Accuracy.of(predicted, labels.values(), weights);
    }

    /** The accuracy in words. */
    public String told(double accuracy) {
        return "%.4f on the %s data%s".formatted(accuracy, name, weighted(weights));
    }

    /** What to add to a score of rows that count by their weights. */
    public static String weighted(double[] weights) {
        return weights == null ? "" : ", rows counted by their weights";
    }

    @Override
    public void close() {
        owned.ifPresent(LabelledData::close);
    }
}
