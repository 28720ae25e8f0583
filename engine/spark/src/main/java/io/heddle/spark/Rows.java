package io.heddle.spark;

import static io.heddle.matrix.InvalidInputException.require;

import java.util.Arrays;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;

/** Converts rows between Spark's vectors and the row kernels. */
final class Rows {
    private Rows() {}

    /** The values of a vector as floats. */
    static float[] floats(Vector row) {
        require(
                row != null,
                "a row has no features: its vector is null; remove such rows, as with dataset.na().drop()");
        float[] floats = new float[row.size()];
        if (row instanceof DenseVector dense) {
            double[] values = dense.values();
            for (int j = 0; j < floats.length; j++) {
                floats[j] = (float) values[j];
            }
        } else {
            SparseVector sparse = (SparseVector) row;
            Arrays.fill(floats, 0);
            for (int i = 0; i < sparse.indices().length; i++) {
                floats[sparse.indices()[i]] = (float) sparse.values()[i];
            }
        }
        return floats;
    }

    static Vector vector(float[] row) {
        double[] values = new double[row.length];
        for (int j = 0; j < values.length; j++) {
            values[j] = row[j];
        }
        return Vectors.dense(values);
    }

    /** Sends the parts of a model to the executors once. */
    static <P> Broadcast<P> broadcast(Dataset<?> dataset, P parts) {
        var session = ((org.apache.spark.sql.classic.Dataset<?>) dataset).sparkSession();
        return JavaSparkContext.fromSparkContext(session.sparkContext()).broadcast(parts);
    }
}
