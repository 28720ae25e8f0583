package io.heddle.bench;

import io.heddle.matrix.FloatMatrix;

/** Converts the rows of a matrix for Smile. */
public final class SmileRows {
    private SmileRows() {}

    /** Copies a matrix of fewer than 2³¹ rows. */
    public static double[][] of(FloatMatrix m) {
        double[][] rows = new double[Math.toIntExact(m.rows())][m.columns()];
        float[] row = new float[m.columns()];
        for (int i = 0; i < rows.length; i++) {
            m.getRow(i, row);
            for (int j = 0; j < row.length; j++) {
                rows[i][j] = row[j];
            }
        }
        return rows;
    }
}
