package io.heddle.metrics;

import io.heddle.matrix.InvalidInputException;
import java.util.Objects;

/**
 * Counts of true against predicted classes, and the scores that follow from them.
 *
 * <p>A score whose denominator is zero is 0, as in scikit-learn with {@code zero_division=0}. The averages include all
 * classes from 0 to {@link #classes()} − 1, also those that do not occur, as in scikit-learn with
 * {@code labels=range(classes)}.
 *
 * <p>For example: {@snippet file="MetricsExamplesTest.java" region="confusion-matrix"}
 */
public final class ConfusionMatrix {
    private static final int MAXIMUM_CLASSES = 10_000;

    private final int classes;
    private final long[] counts;
    private final long[] trueTotals;
    private final long[] predictedTotals;
    private final long total;

    /**
     * Precision, recall and F1, averaged over the classes.
     *
     * @param precision mean of {@link ConfusionMatrix#precision(int)}, in [0, 1]
     * @param recall mean of {@link ConfusionMatrix#recall(int)}, in [0, 1]
     * @param f1 mean of {@link ConfusionMatrix#f1(int)}, in [0, 1]; not the harmonic mean of the other two
     */
    public record Scores(double precision, double recall, double f1) {}

    private ConfusionMatrix(int classes, long[] counts, long total) {
        this.classes = classes;
        this.counts = counts;
        this.total = total;
        trueTotals = new long[classes];
        predictedTotals = new long[classes];
        for (int t = 0; t < classes; t++) {
            for (int p = 0; p < classes; p++) {
                long n = counts[t * classes + p];
                trueTotals[t] += n;
                predictedTotals[p] += n;
            }
        }
    }

    /**
     * Counts how often each class was predicted for each true class, in O(n + classes²).
     *
     * @param truth the true labels, each in [0, classes)
     * @param predicted the predicted labels, one for each true label, each in [0, classes)
     * @param classes number of classes, 1 to 10 000
     * @return the matrix
     * @throws InvalidInputException if there is no label, the lengths differ or a label lies outside [0, classes)
     */
    public static ConfusionMatrix of(int[] truth, int[] predicted, int classes) {
        InvalidInputException.require(
                classes >= 1 && classes <= MAXIMUM_CLASSES,
                "a confusion matrix takes 1 to %d classes, not %d",
                MAXIMUM_CLASSES,
                classes);
        IndexedLabels.requirePaired(truth, predicted, "predicted labels");
        long[] counts = new long[classes * classes];
        for (int i = 0; i < truth.length; i++) {
            counts[inRange(truth[i], classes, "true", i) * classes + inRange(predicted[i], classes, "predicted", i)]++;
        }
        return new ConfusionMatrix(classes, counts, truth.length);
    }

    private static int inRange(int label, int classes, String kind, int index) {
        if (label < 0 || label >= classes) {
            throw new InvalidInputException(
                    "the %s label at index %d is %d, outside 0 to %d".formatted(kind, index, label, classes - 1));
        }
        return label;
    }

    /** {@return the number of classes} */
    public int classes() {
        return classes;
    }

    /** {@return the number of labelled points} */
    public long total() {
        return total;
    }

    /**
     * {@return the number of points of one class that were predicted as another}
     *
     * @param trueClass the true class
     * @param predictedClass the predicted class
     * @throws IndexOutOfBoundsException if a class does not exist
     */
    public long count(int trueClass, int predictedClass) {
        return counts[checked(trueClass) * classes + checked(predictedClass)];
    }

    /** {@return the accuracy: the share of correct predictions, in [0, 1]} */
    public double accuracy() {
        long right = 0;
        for (int c = 0; c < classes; c++) {
            right += count(c, c);
        }
        return (double) right / total;
    }

    /**
     * {@return the precision of a class: the share of correct predictions among the predictions of this class; 0 if it
     * was never predicted}
     *
     * @param c number of the class
     * @throws IndexOutOfBoundsException if the class does not exist
     */
    public double precision(int c) {
        return ratio(count(c, c), predictedTotals[c]);
    }

    /**
     * {@return the recall of a class: the share of its points that were predicted correctly; 0 if it has no points}
     *
     * @param c number of the class
     * @throws IndexOutOfBoundsException if the class does not exist
     */
    public double recall(int c) {
        return ratio(count(c, c), trueTotals[c]);
    }

    /**
     * {@return the harmonic mean of precision and recall; 0 if the class neither occurs nor is predicted}
     *
     * @param c number of the class
     * @throws IndexOutOfBoundsException if the class does not exist
     */
    public double f1(int c) {
        return ratio(2 * count(c, c), trueTotals[c] + predictedTotals[c]);
    }

    /**
     * {@return the number of points whose true class this is}
     *
     * @param c number of the class
     * @throws IndexOutOfBoundsException if the class does not exist
     */
    public long support(int c) {
        return trueTotals[checked(c)];
    }

    /** {@return the macro average: the mean over the classes} */
    public Scores macro() {
        double precision = 0;
        double recall = 0;
        double f1 = 0;
        for (int c = 0; c < classes; c++) {
            precision += precision(c);
            recall += recall(c);
            f1 += f1(c);
        }
        return new Scores(precision / classes, recall / classes, f1 / classes);
    }

    /** {@return the mean over the classes, weighted by their {@link #support(int) support}} */
    public Scores weighted() {
        double precision = 0;
        double recall = 0;
        double f1 = 0;
        for (int c = 0; c < classes; c++) {
            precision += precision(c) * trueTotals[c];
            recall += recall(c) * trueTotals[c];
            f1 += f1(c) * trueTotals[c];
        }
        return new Scores(precision / total, recall / total, f1 / total);
    }

    private int checked(int c) {
        return Objects.checkIndex(c, classes);
    }

    private static double ratio(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }
}
