package io.heddle.audit;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Deals rows to folds so that each fold has the same share of each class, give or take one row. */
final class Folds {
    private Folds() {}

    /**
     * @param labels the class of each row, each in [0, classes)
     * @param folds 2 or more
     * @return the fold of each row
     */
    static int[] stratified(int[] labels, int classes, int folds, long seed) {
        int[] order = new int[labels.length];
        Arrays.setAll(order, i -> i);
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
        // Each class goes on where it is, so the folds of a rare one are not always the first.
        int[] next = new int[classes];
        Arrays.setAll(next, c -> c % folds);
        int[] fold = new int[labels.length];
        for (int row : order) {
            int c = labels[row];
            fold[row] = next[c];
            next[c] = (next[c] + 1) % folds;
        }
        return fold;
    }

    /** The rows that are in a fold or, otherwise, that are not, as far as they are to be taken. */
    static int[] rows(int[] fold, int number, boolean within, boolean[] taken) {
        int[] rows = new int[fold.length];
        int count = 0;
        for (int i = 0; i < fold.length; i++) {
            if ((fold[i] == number) == within && taken[i]) {
                rows[count++] = i;
            }
        }
        return Arrays.copyOf(rows, count);
    }
}
