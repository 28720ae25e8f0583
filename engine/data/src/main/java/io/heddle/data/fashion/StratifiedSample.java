package io.heddle.data.fashion;

import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Draws indices with the same shares of the classes. */
final class StratifiedSample {
    private StratifiedSample() {}

    /**
     * @param labels the class of each element, each in [0, classes)
     * @param count number of indices to draw, from 0 to all
     * @return the drawn indices, ascending, without duplicates
     */
    static int[] draw(int[] labels, int classes, int count, long seed) {
        int[][] members = members(labels, classes);
        int[] quota = quotas(members, labels.length, count);
        SplittableRandom random = new SplittableRandom(seed);
        int[] drawn = new int[count];
        int next = 0;
        for (int c = 0; c < classes; c++) {
            int[] pool = members[c];
            for (int i = 0; i < quota[c]; i++) {
                int other = random.nextInt(i, pool.length);
                int index = pool[other];
                pool[other] = pool[i];
                drawn[next++] = index;
            }
        }
        Arrays.sort(drawn);
        return drawn;
    }

    private static int[][] members(int[] labels, int classes) {
        int[] sizes = new int[classes];
        for (int label : labels) {
            sizes[label]++;
        }
        int[][] members = new int[classes][];
        Arrays.setAll(members, c -> new int[sizes[c]]);
        int[] filled = new int[classes];
        for (int i = 0; i < labels.length; i++) {
            members[labels[i]][filled[labels[i]]++] = i;
        }
        return members;
    }

    /**
     * Assigns the whole parts first, then one more to the classes with the largest remainders. Ties go to the smaller
     * label.
     */
    private static int[] quotas(int[][] members, int total, int count) {
        int[] quota = new int[members.length];
        long[] remainder = new long[members.length];
        int left = count;
        for (int c = 0; c < members.length; c++) {
            long share = (long) members[c].length * count;
            quota[c] = (int) (share / total);
            remainder[c] = share % total;
            left -= quota[c];
        }
        IntStream.range(0, members.length)
                .boxed()
                .sorted(Comparator.comparingLong((Integer c) -> -remainder[c]))
                .limit(left)
                .forEach(c -> quota[c]++);
        return quota;
    }

    /** Returns the values at the selected indices. */
    static int[] pick(int[] values, int[] indices) {
        int[] picked = new int[indices.length];
        Arrays.setAll(picked, i -> values[indices[i]]);
        return picked;
    }
}
