package io.heddle.data;

import java.io.IOException;

/** The unchanged fields of a text file, row by row. */
@FunctionalInterface
public interface FieldRows {
    /**
     * Reads the rows in order until the action returns false.
     *
     * @param action receives the rows
     * @throws IOException if the file cannot be read again, or has changed
     */
    void forEach(Action action) throws IOException;

    /** Processes a row. */
    @FunctionalInterface
    interface Action {
        /**
         * Processes a row.
         *
         * @param row number of the row in the file, from 0, without names and comments
         * @param fields one per value, without surrounding blanks; overwritten by the next row
         * @return whether to continue
         * @throws IOException if the action fails
         */
        boolean accept(long row, String[] fields) throws IOException;
    }
}
