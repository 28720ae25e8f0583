package io.heddle.cluster;

import io.heddle.parallel.RowSlices;

/** The rows whose centre changed in an assignment, in order. Each slice of rows is filled by one thread. */
final class ChangedRows {
    private final RowSlices slices;
    private final int[] rows;
    private final int[] previous;
    private final int[] counts;
    private int count;

    ChangedRows(RowSlices slices, int n) {
        this.slices = slices;
        rows = new int[n];
        previous = new int[n];
        counts = new int[slices.count()];
    }

    /** Forgets the rows of a slice. */
    void clear(int slice) {
        counts[slice] = 0;
    }

    /** Adds a row of a slice; rows of a slice are added in order. */
    void add(int slice, int row, int previousCenter) {
        int at = (int) slices.from(slice) + counts[slice]++;
        rows[at] = row;
        previous[at] = previousCenter;
    }

    /** Moves the rows of all slices to the front. */
    ChangedRows join() {
        count = 0;
        for (int slice = 0; slice < counts.length; slice++) {
            int from = (int) slices.from(slice);
            System.arraycopy(rows, from, rows, count, counts[slice]);
            System.arraycopy(previous, from, previous, count, counts[slice]);
            count += counts[slice];
        }
        return this;
    }

    /** The number of rows, after {@link #join}. */
    int count() {
        return count;
    }

    /** The rows; the first {@link #count()} elements count. */
    int[] rows() {
        return rows;
    }

    /** The previous centre of each row; −1 for none. */
    int[] previous() {
        return previous;
    }
}
