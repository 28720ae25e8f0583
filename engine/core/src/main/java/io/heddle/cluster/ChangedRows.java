package io.heddle.cluster;

import io.heddle.parallel.RowSlices;

/** The rows whose centre changed in an assignment, in order. Each slice of rows is filled by one thread. */
final class ChangedRows {
    /** Two threads that write to the same 128 bytes would slow each other down. */
    private static final int APART = 32;

    private final RowSlices slices;
    private final int[] rows;
    private final int[] previous;
    /** One for each slice, {@link #APART} ints apart. */
    private final int[] counts;

    private int count;

    ChangedRows(RowSlices slices, int n) {
        this.slices = slices;
        rows = new int[n];
        previous = new int[n];
        counts = new int[slices.count() * APART];
    }

    /** Forgets the rows of a slice. */
    void clear(int slice) {
        counts[slice * APART] = 0;
    }

    /** Adds a row of a slice; rows of a slice are added in order. */
    void add(int slice, int row, int previousCenter) {
        int at = (int) slices.from(slice) + counts[slice * APART]++;
        rows[at] = row;
        previous[at] = previousCenter;
    }

    /** Moves the rows of all slices to the front. */
    ChangedRows join() {
        count = 0;
        for (int slice = 0; slice < slices.count(); slice++) {
            int from = (int) slices.from(slice);
            System.arraycopy(rows, from, rows, count, counts[slice * APART]);
            System.arraycopy(previous, from, previous, count, counts[slice * APART]);
            count += counts[slice * APART];
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
