package io.heddle.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heddle.cluster.KMeans;
import io.heddle.cluster.KMeansModel;
import io.heddle.matrix.FloatMatrix;
import io.heddle.spark.partition.BlockStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.ClusteringEvaluator;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class HeddleKMeansTest {
    private static final int D = 12;
    private static final int K = 6;
    private static final float[][] X = LocalSpark.clusters(1500, D, K, 3);

    private static HeddleKMeans estimator() {
        return new HeddleKMeans().setK(K).setSeed(1).setMaxIter(50);
    }

    @AfterEach
    void nothingIsLeftOutsideTheHeap() {
        assertThat(BlockStore.executor().bytes()).isZero();
        assertThat(BlockStore.executor().scratches()).isZero();
        assertThat(TaskModel.open()).isZero();
    }

    private static double inertia(Vector[] centers) {
        double total = 0;
        for (float[] row : X) {
            total += squaredDistance(centers[nearest(centers, row)], row);
        }
        return total;
    }

    @ParameterizedTest
    @ValueSource(strings = {"sampled", "k-means||"})
    void findsTheClustersOfTheCore(String initMode) {
        HeddleKMeansModel found = estimator().setInitMode(initMode).fit(LocalSpark.vectors(X, 3));
        try (FloatMatrix x = FloatMatrix.allocate(X.length, D);
                KMeansModel expected = fit(x)) {
            assertThat(found.trainingCost()).isCloseTo(expected.inertia(), within(1e-4 * expected.inertia()));
        }
        assertThat(found.trainingCost())
                .isCloseTo(inertia(found.clusterCenters()), within(1e-6 * found.trainingCost()));
        assertThat(found.converged()).isTrue();
    }

    private static KMeansModel fit(FloatMatrix x) {
        for (int i = 0; i < X.length; i++) {
            x.setRow(i, X[i]);
        }
        return KMeans.fit(
                x,
                KMeans.Options.defaults()
                        .withClusters(K)
                        .withAlgorithm(KMeans.Algorithm.LLOYD)
                        .withInitializations(4));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sampled", "k-means||", "mini-batch"})
    void theCosineDistanceIsThatOfTheCoreAndOfMllib(String way, @TempDir Path folder) throws Exception {
        HeddleKMeans estimator = estimator().setDistanceMeasure("cosine");
        HeddleKMeansModel found = (way.equals("mini-batch")
                        ? estimator.setAlgorithm(way).setBatchSize(X.length)
                        : estimator.setInitMode(way))
                .fit(LocalSpark.vectors(X, 3));
        try (FloatMatrix x = FloatMatrix.allocate(X.length, D);
                KMeansModel model = found.toKMeansModel()) {
            for (int i = 0; i < X.length; i++) {
                x.setRow(i, X[i]);
            }
            try (KMeansModel expected = KMeans.fit(
                    x,
                    KMeans.Options.defaults()
                            .withClusters(K)
                            .withDistance(KMeans.Distance.COSINE)
                            .withAlgorithm(KMeans.Algorithm.LLOYD)
                            .withInitializations(4))) {
                assertThat(2 * found.trainingCost()).isCloseTo(expected.inertia(), within(1e-4 * expected.inertia()));
            }
            List<Row> rows = found.transform(LocalSpark.arrays(X, 3))
                    .select("prediction")
                    .collectAsList();
            double cost = 0;
            for (int i = 0; i < X.length; i++) {
                assertThat(rows.get(i).getInt(0)).isEqualTo(model.predict(X[i]));
                double inner = 0;
                double squares = 0;
                Vector center = found.clusterCenters()[rows.get(i).getInt(0)];
                for (int j = 0; j < D; j++) {
                    inner += X[i][j] * center.apply(j);
                    squares += (double) X[i][j] * X[i][j];
                }
                cost += 1 - inner / Math.sqrt(squares);
            }
            assertThat(found.trainingCost()).isCloseTo(cost, within(1e-5 * cost));
        }
        found.write().save(folder.resolve("model").toString());
        assertThat(HeddleKMeansModel.load(folder.resolve("model").toString()).getDistanceMeasure())
                .isEqualTo("cosine");
    }

    @Test
    void predictsTheNearestCenterAsTheCoreDoes() {
        HeddleKMeansModel found = estimator().fit(LocalSpark.vectors(X, 2));
        List<Row> rows =
                found.transform(LocalSpark.arrays(X, 3)).select("prediction").collectAsList();
        try (KMeansModel model = found.toKMeansModel()) {
            for (int i = 0; i < X.length; i++) {
                assertThat(rows.get(i).getInt(0)).isEqualTo(model.predict(X[i]));
            }
        }
    }

    /** With all iterations done, each centre is the weighted mean of its rows. */
    @Test
    void aRowOfWeightTwoCountsAsTwoRows() {
        StructType schema =
                new StructType().add("features", SQLDataTypes.VectorType()).add("w", DataTypes.IntegerType);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            double[] values = new double[D];
            for (int j = 0; j < D; j++) {
                values[j] = X[i][j];
            }
            rows.add(RowFactory.create(Vectors.dense(values), i % 3));
        }
        Vector[] centers = estimator()
                .setTol(0)
                .setMaxIter(100)
                .setWeightCol("w")
                .fit(LocalSpark.dataset(rows, schema, 2))
                .clusterCenters();
        double[][] means = new double[K][D];
        double[] weights = new double[K];
        for (int i = 0; i < 1000; i++) {
            int nearest = nearest(centers, X[i]);
            weights[nearest] += i % 3;
            for (int j = 0; j < D; j++) {
                means[nearest][j] += i % 3 * (double) X[i][j];
            }
        }
        for (int c = 0; c < K; c++) {
            for (int j = 0; j < D; j++) {
                assertThat(centers[c].apply(j)).isCloseTo(means[c][j] / weights[c], within(1e-5));
            }
        }
    }

    private static int nearest(Vector[] centers, float[] row) {
        int best = 0;
        double minimum = Double.POSITIVE_INFINITY;
        for (int c = 0; c < centers.length; c++) {
            double squares = squaredDistance(centers[c], row);
            if (squares < minimum) {
                minimum = squares;
                best = c;
            }
        }
        return best;
    }

    private static double squaredDistance(Vector center, float[] row) {
        double squares = 0;
        for (int j = 0; j < D; j++) {
            squares += Math.pow(row[j] - center.apply(j), 2);
        }
        return squares;
    }

    @Test
    void miniBatchesFindTheClusters() {
        HeddleKMeansModel all = estimator().fit(LocalSpark.vectors(X, 3));
        HeddleKMeansModel some = estimator()
                .setAlgorithm(HeddleKMeans.MINI_BATCH)
                .setBatchSize(500)
                .fit(LocalSpark.vectors(X, 3));
        assertThat(some.trainingCost()).isCloseTo(all.trainingCost(), within(0.02 * all.trainingCost()));
        assertThat(some.trainingCost()).isCloseTo(inertia(some.clusterCenters()), within(1e-6 * all.trainingCost()));
    }

    @Test
    void startsFromRandomRows() {
        HeddleKMeansModel found = estimator().setInitMode("random").fit(LocalSpark.vectors(X, 3));
        assertThat(found.clusterCenters()).hasSize(K);
        assertThat(found.trainingCost())
                .isCloseTo(inertia(found.clusterCenters()), within(1e-6 * found.trainingCost()));
    }

    /** Equal rows: empty clusters do not move. */
    @Test
    void fewDistinctRowsLeaveClustersEmpty() {
        float[][] x = new float[40][D];
        for (int i = 0; i < x.length; i++) {
            x[i][0] = i % 2;
        }
        HeddleKMeansModel found = new HeddleKMeans().setK(4).fit(LocalSpark.vectors(x, 3));
        assertThat(found.trainingCost()).isZero();
    }

    @Test
    void centersFollowRowsFarFromZero() {
        float[][] x = new float[2000][3];
        java.util.Random random = new java.util.Random(4);
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < 3; j++) {
                x[i][j] = (float) (10_000 + (i % 2) * 4 + random.nextGaussian());
            }
        }
        HeddleKMeansModel found = new HeddleKMeans().setK(2).fit(LocalSpark.vectors(x, 3));
        assertThat(found.clusterCenters())
                .extracting(center -> Math.round(center.apply(1)))
                .containsExactlyInAnyOrder(10_000L, 10_004L);
    }

    @Test
    void sameBitsForAnyNumberOfCores() {
        double[][] centers = new double[2][];
        for (int cores = 1; cores <= 2; cores++) {
            LocalSpark.session().stop();
            LocalSpark.session("local[" + cores + "]");
            HeddleKMeansModel found = estimator().setMaxIter(2).setTol(0).fit(LocalSpark.vectors(X, 34));
            centers[cores - 1] = java.util.Arrays.stream(found.clusterCenters())
                    .flatMapToDouble(center -> java.util.Arrays.stream(center.toArray()))
                    .toArray();
        }
        assertThat(centers[1]).containsExactly(centers[0]);
    }

    @Test
    void isTunedByACrossValidator() {
        HeddleKMeans estimator = new HeddleKMeans().setSeed(1);
        ParamMap[] grid =
                new ParamGridBuilder().addGrid(estimator.k(), new int[] {2, K}).build();
        CrossValidatorModel best = new CrossValidator()
                .setEstimator(new Pipeline().setStages(new PipelineStage[] {estimator}))
                .setEvaluator(new ClusteringEvaluator())
                .setEstimatorParamMaps(grid)
                .setNumFolds(2)
                .fit(LocalSpark.vectors(java.util.Arrays.copyOf(X, 300), 2));
        assertThat(best.avgMetrics()).hasSize(2);
        assertThat(best.avgMetrics()[1]).isGreaterThan(best.avgMetrics()[0]);
    }

    @Test
    void isWrittenAndRead(@TempDir Path folder) throws Exception {
        Dataset<Row> data = LocalSpark.vectors(X, 2);
        HeddleKMeansModel found = estimator().fit(data);
        found.write().overwrite().save(folder.resolve("model").toString());
        HeddleKMeansModel read = HeddleKMeansModel.load(folder.resolve("model").toString());
        assertThat(read.clusterCenters()).containsExactly(found.clusterCenters());
        assertThat(read.trainingCost()).isEqualTo(found.trainingCost());
        assertThat(read.getMaxIter()).isEqualTo(50);
        Path file = folder.resolve("kmeans.heddle");
        found.writeModelFile(file);
        assertThat(HeddleKMeansModel.readModelFile(file).clusterCenters()).containsExactly(found.clusterCenters());
    }
}
