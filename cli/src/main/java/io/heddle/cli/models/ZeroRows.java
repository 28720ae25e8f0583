package io.heddle.cli.models;

import io.heddle.data.DataSource;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.InvalidInputException;

/** Checks for rows of zeros, which have no direction and no cosine. */
public final class ZeroRows {
    private ZeroRows() {}

    /**
     * Refuses rows of zeros.
     *
     * @param rows some rows of the source
     * @param from number of the first row
     * @throws InvalidInputException if there is one; the message has its number in the file
     */
    public static void refuse(DataSource source, DataMatrix rows, long from) {
        for (long i = 0; i < rows.rows(); i++) {
            boolean zero = true;
            for (int j = 0; zero && j < rows.columns(); j++) {
                zero = rows.get(i, j) == 0;
            }
            InvalidInputException.require(
                    !zero,
                    "%s, row %d has only zeros, so it has no direction for the cosine distance: leave it out",
                    source.name(),
                    source.fileRow(from + i));
        }
    }
}
