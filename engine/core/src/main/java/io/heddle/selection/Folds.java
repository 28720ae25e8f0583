package io.heddle.selection;

import static io.heddle.matrix.InvalidInputException.require;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * A stratified split of rows into folds. Sizes differ by at most one row. The same labels, count and seed give the same
 * folds. Immutable.
 *
 * <p>For example: {@snippet file="SelectionExamplesTest.java" region="folds"}
 */
public final class Folds {
    private final int[] fold;
    private final int count;

    private Folds(int[] fold, int count) {
        this.fold = fold;
        this.count = count;
    }

    /**
     * Splits rows at random. O(n).
     *
     * @param labels the class of each row, each ≥ 0
     * @param count number of folds, from 2 to the number of rows
     * @param seed of the random order
     * @return the folds
     * @throws io.heddle.matrix.InvalidInputException if {@code count} is out of range, or a label is negative
     */
    public static Folds stratified(int[] labels, int count, long seed) {
        require(
                count >= 2 && count <= labels.length,
                "%d rows cannot be split into %d folds: the number of folds is from 2 to the number of rows",
                labels.length,
                count);
        int classes = 0;
        for (int i = 0; i < labels.length; i++) {
            require(labels[i] >= 0, "the label of row %d is %d; labels start at 0", i, labels[i]);
            classes = Math.max(classes, labels[i] + 1);
        }
        int[] order = shuffled(labels.length, new SplittableRandom(seed));
        int[] start = new int[classes + 1];
        for (int label : labels) {
            start[label + 1]++;
        }
        Arrays.parallelPrefix(start, Integer::sum);
        int[] grouped = new int[labels.length];
        for (int row : order) {
            grouped[start[labels[row]]++] = row;
        }
        // One class after another without a gap: each fold gets its share of each class, and the folds stay equal.
        int[] fold = new int[labels.length];
        for (int i = 0; i < grouped.length; i++) {
            fold[grouped[i]] = i % count;
        }
        return new Folds(fold, count);
    }

    private static int[] shuffled(int n, SplittableRandom random) {
        int[] order = IntStream.range(0, n).toArray();
        for (int i = n - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
        return order;
    }

    /** {@return the number of folds} */
    public int count() {
        return count;
    }

    /**
     * {@return the fold of a row, 0 to {@link #count()} − 1}
     *
     * @param row 0 to the number of rows − 1
     */
    public int of(int row) {
        return fold[row];
    }

    /**
     * {@return the rows of a fold, ascending}
     *
     * @param number 0 to {@link #count()} − 1
     */
    public int[] heldOut(int number) {
        return rows(row -> fold[row] == number);
    }

    /**
     * {@return the rows of all other folds, ascending}
     *
     * @param number 0 to {@link #count()} − 1
     */
    public int[] others(int number) {
        return rows(row -> fold[row] != number);
    }

    private int[] rows(IntPredicate taken) {
        return IntStream.range(0, fold.length).filter(taken).toArray();
    }
}
