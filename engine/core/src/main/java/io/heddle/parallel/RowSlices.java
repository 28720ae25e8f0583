package io.heddle.parallel;

/**
 * A division of rows into slices, one task each, that depends on the number of rows alone: what is summed per slice and
 * merged in their order is the same bit for bit for any number of threads.
 *
 * <p>For example: {@snippet file="ParallelExamplesTest.java" region="worker-pool"}
 *
 * @param rows number of rows, ≥ 0
 * @param height rows of every slice but the last
 */
public record RowSlices(long rows, long height) {
    /** Enough for several tasks on each of a few dozen threads; few enough that partial sums stay small. */
    private static final int MOST = 128;

    /**
     * Cuts rows into slices.
     *
     * @param rows number of rows, ≥ 0
     * @param block rows that belong together; the height is a multiple of it
     * @return the slices
     */
    public static RowSlices of(long rows, int block) {
        return of(rows, block, MOST);
    }

    /**
     * Cuts rows into a limited number of slices.
     *
     * @param rows number of rows, ≥ 0
     * @param block rows that belong together; the height is a multiple of it
     * @param most slices at most, ≥ 1
     * @return the slices
     */
    public static RowSlices of(long rows, int block, int most) {
        long blocks = Math.max(1, (rows + block - 1) / block);
        return new RowSlices(rows, (blocks + most - 1) / most * block);
    }

    /** {@return the number of slices} */
    public int count() {
        return Math.toIntExact((rows + height - 1) / height);
    }

    /**
     * {@return the first row of a slice}
     *
     * @param slice number of the slice, 0 to {@link #count()} − 1
     */
    public long from(int slice) {
        return slice * height;
    }

    /**
     * {@return the row after the last of a slice}
     *
     * @param slice number of the slice, 0 to {@link #count()} − 1
     */
    public long to(int slice) {
        return Math.min(rows, (slice + 1L) * height);
    }
}
