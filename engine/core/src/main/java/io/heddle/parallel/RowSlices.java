package io.heddle.parallel;

/**
 * Divides rows into slices, one task each. The division depends only on the number of rows. Sums per slice that are
 * merged in the order of the slices have the same bits for any number of threads.
 *
 * <p>For example: {@snippet file="ParallelExamplesTest.java" region="worker-pool"}
 *
 * @param rows number of rows, ≥ 0
 * @param height rows of every slice but the last
 */
public record RowSlices(long rows, long height) {
    /** Enough for several tasks on each of a few dozen threads; few enough that partial sums stay small. */
    private static final int MAXIMUM_SLICES = 128;

    /**
     * Divides rows into slices.
     *
     * @param rows number of rows, ≥ 0
     * @param block the height of a slice is a multiple of this number of rows
     * @return the slices
     */
    public static RowSlices of(long rows, int block) {
        return of(rows, block, MAXIMUM_SLICES);
    }

    /**
     * Divides rows into a limited number of slices.
     *
     * @param rows number of rows, ≥ 0
     * @param block the height of a slice is a multiple of this number of rows
     * @param maximum maximum number of slices, ≥ 1
     * @return the slices
     */
    public static RowSlices of(long rows, int block, int maximum) {
        long blocks = Math.max(1, (rows + block - 1) / block);
        return new RowSlices(rows, (blocks + maximum - 1) / maximum * block);
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
