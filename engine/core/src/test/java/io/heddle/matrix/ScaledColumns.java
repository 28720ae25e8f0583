package io.heddle.matrix;

import java.util.SplittableRandom;

/** Two clusters in two columns, with values of about a given magnitude. */
public final class ScaledColumns {
    /** Rows of each cluster. */
    public static final int HALF = 40;

    private ScaledColumns() {}

    /** {@return 80 × 2, closed by the caller; the first half of the rows is the first cluster} */
    public static FloatMatrix of(double magnitude) {
        SplittableRandom random = new SplittableRandom(1);
        FloatMatrix x = FloatMatrix.allocate(2 * HALF, 2);
        for (int i = 0; i < 2 * HALF; i++) {
            double center = i < HALF ? 1 : 5;
            x.set(i, 0, (float) (magnitude * (center + 0.5 * random.nextGaussian())));
            x.set(i, 1, (float) (magnitude * (2 - center / 5 + 0.2 * random.nextGaussian())));
        }
        return x;
    }

    /** {@return the values in double, row after row} */
    public static double[][] toDoubles(FloatMatrix x) {
        double[][] rows = new double[(int) x.rows()][x.columns()];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < x.columns(); j++) {
                rows[i][j] = x.get(i, j);
            }
        }
        return rows;
    }
}
