package io.heddle.spark;

import io.heddle.matrix.FloatMatrix;
import java.io.Serializable;

/**
 * A model of the core in arrays on the heap, as Spark sends it to tasks.
 *
 * @param <M> the model of the core
 */
interface ModelParts<M extends AutoCloseable> extends Serializable {
    /** Makes the model, which the caller closes. */
    M open();

    /** The elements of a matrix, row by row. */
    static float[] floats(FloatMatrix matrix) {
        int d = matrix.columns();
        float[] all = new float[Math.toIntExact(matrix.rows() * d)];
        float[] row = new float[d];
        for (int i = 0; i < matrix.rows(); i++) {
            matrix.getRow(i, row);
            System.arraycopy(row, 0, all, i * d, d);
        }
        return all;
    }
}
