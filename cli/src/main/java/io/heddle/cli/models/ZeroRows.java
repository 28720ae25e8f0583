package io.heddle.cli.models;

import io.heddle.data.DataSource;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;

/** Rows of zeros, which have no direction and so no cosine. */
public final class ZeroRows {
    private ZeroRows() {}

    /**
     * Refuses them.
     *
     * @param rows some rows of the source
     * @param from the first of them
     * @throws InvalidInputException if there is one, with its number in the file
     */
    public static void refuse(DataSource source, FloatMatrix rows, long from) {
        float[] row = new float[rows.columns()];
        for (long i = 0; i < rows.rows(); i++) {
            rows.getRow(i, row);
            boolean zero = true;
            for (float value : row) {
                zero &= value == 0;
            }
            InvalidInputException.require(
                    !zero,
                    "%s, row %d holds zeros only, so it has no direction and no cluster by the cosine: leave it out",
                    source.name(),
                    source.fileRow(from + i));
        }
    }
}
