package io.heddle.parallel;

/**
 * A division of rows into slices, one task each, that depends on the number of rows alone: what is summed per slice and
 * merged in their order is the same bit for bit for any number of threads.
 *
 * @param rows number of rows, ≥ 0
 * @param height rows of every slice but the last
 */
public record RowSlices(long rows, long height) {
    /** Enough for several tasks on each of a few dozen threads; few enough that partial sums stay small. */
    private static final int MOST = 128;

    /**
     * @param rows number of rows, ≥ 0
     * @param block rows that belong together; the height is a multiple of it
     */
    public static RowSlices of(long rows, int block) {
        return of(rows, block, MOST);
    }

    /**
     * @param rows number of rows, ≥ 0
     * @param block rows that belong together; the height is a multiple of it
     * @param most slices at most, ≥ 1
     */
    public static RowSlices of(long rows, int block, int most) {
        long blocks = Math.max(1, (rows + block - 1) / block);
        return new RowSlices(rows, (blocks + most - 1) / most * block);
    }

    /** Number of slices. */
    public int count() {
        return Math.toIntExact((rows + height - 1) / height);
    }

    /** First row of a slice. */
    public long from(int slice) {
        return slice * height;
    }

    /** Row after the last of a slice. */
    public long to(int slice) {
        return Math.min(rows, (slice + 1L) * height);
    }
}
