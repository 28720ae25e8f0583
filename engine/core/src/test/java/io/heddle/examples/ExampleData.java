package io.heddle.examples;

import io.heddle.matrix.FloatMatrix;
import java.util.Random;

/** Rows in three groups, for the examples to work on. */
final class ExampleData {
    static final int ROWS = 300;
    static final int COLUMNS = 20;
    static final int GROUPS = 3;

    private ExampleData() {}

    /** Values around 0.2, 0.5 or 0.8, which a third of the columns separate. */
    static FloatMatrix rows() {
        Random random = new Random(5);
        FloatMatrix x = FloatMatrix.allocate(ROWS, COLUMNS);
        for (int i = 0; i < ROWS; i++) {
            for (int j = 0; j < COLUMNS; j++) {
                double middle = j % GROUPS == i % GROUPS ? 0.8 : 0.2;
                x.set(i, j, (float) (middle + 0.05 * random.nextGaussian()));
            }
        }
        return x;
    }

    /** The group of each row. */
    static int[] labels() {
        int[] labels = new int[ROWS];
        for (int i = 0; i < ROWS; i++) {
            labels[i] = i % GROUPS;
        }
        return labels;
    }
}
