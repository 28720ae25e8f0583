package io.heddle.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** A Spark session with two threads in this JVM, and data for it. */
final class LocalSpark {
    private LocalSpark() {}

    static SparkSession session() {
        return session("local[2]");
    }

    /** The running session. A session with another master must be stopped first. */
    static SparkSession session(String master) {
        return SparkSession.builder()
                .master(master)
                .appName("heddle")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.sql.shuffle.partitions", "2")
                .getOrCreate();
    }

    /** Some round clusters of unequal spread, far from each other. */
    static float[][] clusters(int rows, int columns, int clusters, long seed) {
        Random random = new Random(seed);
        float[][] centers = new float[clusters][columns];
        for (float[] center : centers) {
            for (int j = 0; j < columns; j++) {
                center[j] = (float) (4 * random.nextGaussian());
            }
        }
        float[][] x = new float[rows][columns];
        for (int i = 0; i < rows; i++) {
            float[] center = centers[random.nextInt(clusters)];
            for (int j = 0; j < columns; j++) {
                x[i][j] = (float) (center[j] + random.nextGaussian() * (1 + j % 5));
            }
        }
        return x;
    }

    /** As a column {@code features} of vectors. */
    static Dataset<Row> vectors(float[][] x, int partitions) {
        List<Row> rows = new ArrayList<>();
        for (float[] row : x) {
            double[] values = new double[row.length];
            for (int j = 0; j < values.length; j++) {
                values[j] = row[j];
            }
            rows.add(RowFactory.create(Vectors.dense(values)));
        }
        return dataset(rows, new StructType().add("features", SQLDataTypes.VectorType()), partitions);
    }

    /** As a column {@code features} of arrays of floats. */
    static Dataset<Row> arrays(float[][] x, int partitions) {
        List<Row> rows = new ArrayList<>();
        for (float[] row : x) {
            rows.add(RowFactory.create((Object) row));
        }
        StructType schema = new StructType().add("features", DataTypes.createArrayType(DataTypes.FloatType, false));
        return dataset(rows, schema, partitions);
    }

    /** With the rows divided evenly among the partitions, in their order. */
    static Dataset<Row> dataset(List<Row> rows, StructType schema, int partitions) {
        SparkSession session = session();
        JavaSparkContext context = JavaSparkContext.fromSparkContext(session.sparkContext());
        return session.createDataFrame(context.parallelize(rows, partitions), schema);
    }
}
