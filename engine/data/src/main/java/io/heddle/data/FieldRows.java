package io.heddle.data;

import java.io.IOException;

/** The unchanged fields of a text file, row by row. */
@FunctionalInterface
public interface FieldRows {
    /**
     * Reads the rows from the first on, for as long as the action wants more.
     *
     * @throws IOException if the file cannot be read again, or is another one by now
     */
    void forEach(Action action) throws IOException;

    /** What is done with a row. */
    @FunctionalInterface
    interface Action {
        /**
         * @param row number of the row in the file, from 0, without names and comments
         * @param fields one for each value, without blanks around it; used again for the next row
         * @return whether to go on
         */
        boolean accept(long row, String[] fields) throws IOException;
    }
}
