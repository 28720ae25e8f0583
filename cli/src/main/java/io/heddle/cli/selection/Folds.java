package io.heddle.cli.selection;

import io.heddle.matrix.InvalidInputException;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** A split of rows into parts of equal size, in each of which every class keeps its share. */
final class Folds {
    private final int[] fold;
    private final int count;

    /**
     * @param labels the class of each row
     * @param count parts, from 2 to the number of rows
     * @param seed of the split
     */
    Folds(int[] labels, int count, long seed) {
        InvalidInputException.require(
                count >= 2 && count <= labels.length,
                "%d rows cannot be split into %d folds: there are from 2 to as many as rows",
                labels.length,
                count);
        this.count = count;
        this.fold = new int[labels.length];
        int[] order = IntStream.range(0, labels.length).toArray();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
        int classes = Arrays.stream(labels).max().orElse(0) + 1;
        int[][] members = new int[classes][];
        int[] sizes = new int[classes];
        for (int label : labels) {
            sizes[label]++;
        }
        Arrays.setAll(members, c -> new int[sizes[c]]);
        int[] filled = new int[classes];
        for (int i : order) {
            members[labels[i]][filled[labels[i]]++] = i;
        }
        // Dealt out class by class without a break, so that the parts differ by one row at most.
        int next = 0;
        for (int[] rows : members) {
            for (int i : rows) {
                fold[i] = next++ % count;
            }
        }
    }

    int count() {
        return count;
    }

    /** Rows of a part, ascending. */
    int[] heldOut(int part) {
        return IntStream.range(0, fold.length).filter(i -> fold[i] == part).toArray();
    }

    /** Rows of all other parts, ascending. */
    int[] others(int part) {
        return IntStream.range(0, fold.length).filter(i -> fold[i] != part).toArray();
    }
}
