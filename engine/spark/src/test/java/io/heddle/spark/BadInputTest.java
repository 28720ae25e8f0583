package io.heddle.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.matrix.InvalidInputException;
import io.heddle.spark.partition.BlockStore;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests that each mistake is reported in one sentence and that no memory outside the heap remains. */
@Tag("slow")
class BadInputTest {
    private static final StructType SCHEMA = new StructType().add("features", SQLDataTypes.VectorType());

    @AfterEach
    void nothingIsLeftOutsideTheHeap() {
        assertThat(BlockStore.executor().bytes()).isZero();
        assertThat(BlockStore.executor().partitions()).isZero();
        assertThat(TaskModel.open()).isZero();
    }

    private static List<Row> rows(Vector... more) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            rows.add(RowFactory.create(Vectors.dense(i, 2, i * i)));
        }
        for (Vector vector : more) {
            rows.add(RowFactory.create(vector));
        }
        return rows;
    }

    private static void refused(List<Row> rows, String sentence) {
        Dataset<Row> data = LocalSpark.dataset(rows, SCHEMA, 2);
        assertThatThrownBy(() -> new HeddleKMeans().fit(data))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(sentence);
        assertThatThrownBy(() -> new HeddlePca().setK(1).setInputCol("features").fit(data))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(sentence);
    }

    @Test
    void nullIsRefused() {
        refused(
                rows((Vector) null),
                "column 'features' in row 5 of partition 1 is null; remove such rows, as with dataset.na().drop()");
    }

    @Test
    void notANumberIsRefused() {
        refused(
                rows(Vectors.dense(1, Double.NaN, 3)),
                "column 'features' in row 5 of partition 1 holds NaN at position 1; every value must be a finite number"
                        + " in the range of float");
        refused(
                rows(Vectors.sparse(3, new int[] {2}, new double[] {1e39})),
                "column 'features' in row 5 of partition 1 holds Infinity at position 2; every value must be a finite"
                        + " number in the range of float");
    }

    @Test
    void vectorsOfDifferentSizesAreRefused() {
        refused(
                rows(Vectors.dense(1, 2)),
                "column 'features' in row 5 of partition 1 has 2 values, but the rows before have 3; all rows must have the"
                        + " same number");
        List<Row> apart = List.of(RowFactory.create(Vectors.dense(1, 2)), RowFactory.create(Vectors.dense(1, 2, 3)));
        refused(
                apart,
                "column 'features' has 3 values in the rows of partition 1, but 2 in those of partition 0; all rows must"
                        + " have the same number");
    }

    @Test
    void noRowsAreRefused() {
        refused(List.of(), "the data set has no rows; a fit needs at least 1");
    }

    @Test
    void fewerRowsThanClustersAreRefused() {
        Dataset<Row> data = LocalSpark.dataset(rows(), SCHEMA, 2);
        assertThatThrownBy(() -> new HeddleKMeans().setK(11).fit(data))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("k-means cannot find 11 clusters in 10 rows; lower k or add rows");
    }

    @Test
    void rowsOfZerosHaveNoCosine() {
        Dataset<Row> data = LocalSpark.dataset(rows(Vectors.sparse(3, new int[0], new double[0])), SCHEMA, 2);
        assertThatThrownBy(() -> new HeddleKMeans().setDistanceMeasure("cosine").fit(data))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "column 'features' in row 5 of partition 1 holds zeros only, so it has no direction; remove such"
                                + " rows, or set distanceMeasure to euclidean");
    }

    /** Logistic regression reads its rows by other code than k-means and PCA. */
    @Test
    void logisticRegressionRefusesBadFeatures() {
        StructType schema = SCHEMA.add("label", DataTypes.DoubleType);
        for (Vector bad : new Vector[] {null, Vectors.dense(1, Double.NaN), Vectors.dense(1, 2, 3)}) {
            List<Row> rows = List.of(
                    RowFactory.create(Vectors.dense(1, 2), 0.0),
                    RowFactory.create(Vectors.dense(2, 1), 1.0),
                    RowFactory.create(bad, 1.0));
            assertThatThrownBy(() -> new HeddleLogisticRegression().fit(LocalSpark.dataset(rows, schema, 1)))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageStartingWith("column 'features' in row 2 of partition 0 ");
        }
    }

    @Test
    void moreComponentsThanColumnsAreRefused() {
        Dataset<Row> data = LocalSpark.dataset(rows(), SCHEMA, 2);
        assertThatThrownBy(() -> new HeddlePca().setK(4).setInputCol("features").fit(data))
                .hasMessage("PCA cannot find 4 components in data of 10 rows and 3 columns: at most 3");
    }

    @Test
    void negativeWeightsAreRefused() {
        StructType schema = SCHEMA.add("w", DataTypes.IntegerType);
        List<Row> rows = List.of(
                RowFactory.create(Vectors.dense(1, 2), 1),
                RowFactory.create(Vectors.dense(2, 2), -1),
                RowFactory.create(Vectors.dense(3, 2), 1));
        assertThatThrownBy(() -> new HeddleKMeans().setWeightCol("w").fit(LocalSpark.dataset(rows, schema, 1)))
                .hasMessage(
                        "column 'w' in row 1 of partition 0 has weight -1.0; weights must be finite numbers of at least 0");
    }

    @Test
    void columnsOfOtherTypesAreRefused() {
        StructType schema = new StructType().add("features", DataTypes.StringType);
        Dataset<Row> data = LocalSpark.dataset(List.of(RowFactory.create("1,2")), schema, 1);
        assertThatThrownBy(() -> new HeddleKMeans().fit(data))
                .hasMessage("column 'features' is of type string; features must be of type vector, array<float> or"
                        + " array<double>");
        assertThatThrownBy(() -> new HeddleKMeans().setFeaturesCol("x").fit(data))
                .hasMessage("there is no column 'x'; the data set has features");
    }

    @Test
    void nullInsideAnArrayIsRefused() {
        StructType schema = new StructType().add("features", DataTypes.createArrayType(DataTypes.FloatType, true));
        List<Row> rows = List.of(
                RowFactory.create((Object) new Float[] {1f, 2f}), RowFactory.create((Object) new Float[] {1f, null}));
        assertThatThrownBy(() -> new HeddleKMeans().fit(LocalSpark.dataset(rows, schema, 1)))
                .hasMessage(
                        "column 'features' in row 1 of partition 0 has null at position 1; every value must be a finite number");
    }

    /** A row of 300,000 columns takes 1.2 MB, and a block has 1,024 of them at least. */
    @Test
    void rowsThatAreWiderThanTheMemoryAreRefusedBeforeAnyAllocation() {
        List<Row> rows = List.of(
                RowFactory.create(Vectors.sparse(300_000, new int[0], new double[0])),
                RowFactory.create(Vectors.sparse(300_000, new int[0], new double[0])));
        assertThatThrownBy(() -> new HeddleKMeans().setMaxMemoryInMB(100).fit(LocalSpark.dataset(rows, SCHEMA, 1)))
                .hasMessageStartingWith(
                        "the rows of partition 0 need more memory than the 100 MB that maxMemoryInMB allows")
                .hasMessageEndingWith("raise maxMemoryInMB, or split the data into more partitions");
    }

    @Test
    void valuesWhoseSquaresLeaveTheRangeOfFloatAreRefused() {
        List<Row> rows = List.of(RowFactory.create(Vectors.dense(1e20, 2)), RowFactory.create(Vectors.dense(-1e20, 2)));
        assertThatThrownBy(() -> new HeddleKMeans().fit(LocalSpark.dataset(rows, SCHEMA, 1)))
                .hasMessageContaining("squares of the features leave the range of float")
                .hasMessageEndingWith("multiply the features by a constant before the fit");
    }

    @Test
    void predictionsOfBadRowsFailWithASentence() {
        HeddleKMeansModel model = new HeddleKMeans().fit(LocalSpark.dataset(rows(), SCHEMA, 2));
        assertThatThrownBy(() -> model.transform(LocalSpark.dataset(rows(Vectors.dense(1, 2)), SCHEMA, 2))
                        .collectAsList())
                .isInstanceOf(SparkException.class)
                .rootCause()
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("2");
        assertThatThrownBy(() -> model.transform(model.transform(LocalSpark.dataset(rows(), SCHEMA, 1))))
                .hasMessage(
                        "the data set already has a column 'prediction'; choose another name for the output column or"
                                + " drop that one");
    }

    @Test
    void acceptsAllRowsInOnePartition() {
        Dataset<Row> one = LocalSpark.dataset(rows(), SCHEMA, 1);
        SparkSession session = LocalSpark.session();
        JavaSparkContext context = JavaSparkContext.fromSparkContext(session.sparkContext());
        JavaRDD<Row> lopsided = context.<Row>parallelize(List.of(), 2)
                .union(context.parallelize(rows(), 1))
                .union(context.parallelize(List.of(), 1));
        assertThat(lopsided.getNumPartitions()).isEqualTo(4);
        assertThat(new HeddleKMeans()
                        .fit(session.createDataFrame(lopsided, SCHEMA))
                        .trainingCost())
                .isEqualTo(new HeddleKMeans().fit(one).trainingCost());
    }
}
