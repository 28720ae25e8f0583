package io.heddle.spark;

import io.heddle.matrix.FloatMatrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.ml.linalg.DenseMatrix;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Overlapping classes with weights, and the objective of MLlib's logistic regression on them.
 *
 * @param x the features; the last column is constant
 * @param labels one per row
 * @param weights one per row, some of them 0
 * @param classes number of classes
 */
record LabelledRows(float[][] x, int[] labels, double[] weights, int classes) {
    static LabelledRows of(int rows, int columns, int classes, long seed) {
        Random random = new Random(seed);
        float[][] x = new float[rows][columns];
        int[] labels = new int[rows];
        double[] weights = new double[rows];
        for (int i = 0; i < rows; i++) {
            labels[i] = i < classes ? i : random.nextInt(classes);
            weights[i] = i % 11 == 0 ? 0 : 0.5 + random.nextDouble();
            for (int j = 0; j < columns; j++) {
                double centre = j % classes == labels[i] ? 1 : 0;
                x[i][j] = (float) ((centre + random.nextGaussian()) * (1 + j % 4) + j % 3);
            }
            x[i][columns - 1] = 2;
        }
        return new LabelledRows(x, labels, weights, classes);
    }

    int columns() {
        return x[0].length;
    }

    Dataset<Row> vectors(int partitions) {
        StructType schema = new StructType()
                .add("label", DataTypes.DoubleType)
                .add("weight", DataTypes.DoubleType)
                .add("features", SQLDataTypes.VectorType());
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < x.length; i++) {
            double[] values = new double[columns()];
            for (int j = 0; j < values.length; j++) {
                values[j] = x[i][j];
            }
            rows.add(RowFactory.create((double) labels[i], weights[i], Vectors.dense(values)));
        }
        return LocalSpark.dataset(rows, schema, partitions);
    }

    Dataset<Row> arrays(int partitions) {
        StructType schema = new StructType()
                .add("label", DataTypes.IntegerType)
                .add("features", DataTypes.createArrayType(DataTypes.FloatType, false));
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < x.length; i++) {
            rows.add(RowFactory.create(labels[i], x[i]));
        }
        return LocalSpark.dataset(rows, schema, partitions);
    }

    FloatMatrix matrix() {
        return FloatMatrix.allocate(x.length, columns(), m -> {
            for (int i = 0; i < x.length; i++) {
                m.setRow(i, x[i]);
            }
        });
    }

    /** Returns the objective with MLlib's definition of the penalty. */
    record Penalty(double regParam, double elasticNetParam, boolean standardization) {}

    /**
     * The objective in double: the weighted mean loss, and the penalty of the weights, times the unbiased deviations of
     * the columns if these are standardized.
     *
     * @param coefficients of each class, or of the second of two
     */
    double objective(DenseMatrix coefficients, Vector intercepts, boolean weighted, Penalty penalty) {
        double total = 0;
        double loss = 0;
        for (int i = 0; i < x.length; i++) {
            double[] z = new double[classes];
            int first = classes - coefficients.numRows();
            double sum = 0;
            for (int c = first; c < classes; c++) {
                z[c] = intercepts.apply(c - first);
                for (int j = 0; j < columns(); j++) {
                    z[c] += coefficients.apply(c - first, j) * x[i][j];
                }
            }
            for (double v : z) {
                sum += Math.exp(v);
            }
            double weight = weighted ? weights[i] : 1;
            loss += weight * (Math.log(sum) - z[labels[i]]);
            total += weight;
        }
        double value = loss / total;
        for (int j = 0; j < columns(); j++) {
            double scale = penalty.standardization() ? deviation(j, weighted) : 1;
            for (int c = 0; c < coefficients.numRows(); c++) {
                double w = scale * coefficients.apply(c, j);
                value += penalty.regParam()
                        * (penalty.elasticNetParam() * Math.abs(w) + (1 - penalty.elasticNetParam()) / 2 * w * w);
            }
        }
        return value;
    }

    private double deviation(int column, boolean weighted) {
        double total = 0;
        double squaredWeights = 0;
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < x.length; i++) {
            double weight = weighted ? weights[i] : 1;
            total += weight;
            squaredWeights += weight * weight;
            sum += weight * x[i][column];
            squares += weight * x[i][column] * x[i][column];
        }
        return Math.sqrt(Math.max(0, squares - sum * sum / total) / (total - squaredWeights / total));
    }
}
