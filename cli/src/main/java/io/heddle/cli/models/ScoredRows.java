package io.heddle.cli.models;

import io.heddle.data.DataOptions;
import io.heddle.data.Labels;
import io.heddle.matrix.DataMatrix;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The rows on which a classifier is scored: the test data or, without them, the training data. Test data are opened and
 * checked before the training, so that errors are found early.
 *
 * @param rows the rows
 * @param labels labels in the order of the classifier's classes
 * @param weights weight of each row in the score, or null for equal weights
 * @param name {@code test} or {@code training}
 * @param owned data to close, or null
 */
public record ScoredRows(DataMatrix rows, Labels labels, double[] weights, String name, Optional<LabelledData> owned)
        implements AutoCloseable {
    /** Returns the training rows. */
    public static ScoredRows training(LabelledData train, Labels labels, double[] weights) {
        return new ScoredRows(train.rows(), labels, weights, "training", Optional.empty());
    }

    /**
     * Returns the rows of test data.
     *
     * @param train data of the same kind
     * @param classes classes of the training data
     * @param reading options of reading the training data
     * @param labelFile file of the labels of the test data, or null
     */
    public static ScoredRows test(
            String test, LabelledData train, Labels classes, DataOptions reading, Path labelFile, PrintStream err)
            throws IOException {
        DataOptions options = labelFile != null ? reading.withLabels(labelFile) : reading;
        if (labelFile == null && reading.labels().isPresent()) {
            // The label file of the training data has a different length.
            options = reading.withoutLabels();
        }
        LabelledData held = train.readLike(test, options, err);
        try {
            Labels labels = held.alignedLabels(classes.classNames());
            double[] weights = held.source().weights().orElse(null);
            if (weights == null && reading.roles().weights().isPresent()) {
                err.printf(
                        "%s has no column '%s': its rows have equal weights in the accuracy%n",
                        held.source().name(), reading.roles().weights().get());
            }
            Accuracy.requireWeight(weights, held.source().name());
            return new ScoredRows(held.rows(), labels, weights, "test", Optional.of(held));
        } catch (IOException | RuntimeException | Error e) {
            held.close();
            throw e;
        }
    }

    /** Returns the share of rows, or of their weight, that is predicted correctly. */
    public double accuracy(int[] predicted) {
        return Accuracy.of(predicted, labels.values(), weights);
    }

    /** Returns the accuracy as text. */
    public String accuracyText(double accuracy) {
        return "%.4f on the %s data%s".formatted(accuracy, name, weighted(weights));
    }

    /** Returns a suffix for weighted scores. */
    public static String weighted(double[] weights) {
        return weights == null ? "" : ", weighted";
    }

    @Override
    public void close() {
        owned.ifPresent(LabelledData::close);
    }
}
