package io.heddle.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.linear.Certificate;
import io.heddle.linear.LogisticModel;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.model.ModelFile;
import io.heddle.model.Provenance;
import io.heddle.model.SavedModel;
import io.heddle.parallel.WorkerPool;
import io.heddle.spark.partition.BlockStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.classification.OneVsRest;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("slow")
class HeddleLogisticRegressionTest {
    private static final LabelledRows THREE = LabelledRows.of(600, 7, 3, 1);
    private static final LabelledRows TWO = LabelledRows.of(500, 6, 2, 2);

    @AfterEach
    void nothingIsLeftOutsideTheHeap() {
        assertThat(BlockStore.executor().bytes()).isZero();
        assertThat(BlockStore.executor().partitions()).isZero();
        assertThat(BlockStore.executor().scratches()).isZero();
        assertThat(TaskModel.open()).isZero();
    }

    private static HeddleLogisticRegression estimator(double regParam, double elasticNetParam) {
        return new HeddleLogisticRegression().setRegParam(regParam).setElasticNetParam(elasticNetParam);
    }

    /** The objective is that of MLlib: its solution with a low tolerance has the same value, and no lower one. */
    @ParameterizedTest
    @CsvSource({
        "3, 0.01, 0,   auto,        true,  true,  true",
        "3, 0.02, 0.5, auto,        false, false, true",
        "3, 0.02, 1,   auto,        true,  false, true",
        "3, 0.02, 0.5, auto,        true,  true,  false",
        "2, 0.01, 0,   auto,        true,  false, true",
        "2, 0.02, 0.7, auto,        false, true,  true",
        "2, 0.01, 0,   auto,        true,  false, false",
        "2, 0.01, 0,   multinomial, true,  false, true",
    })
    void reachesTheOptimumOfTheObjectiveOfMllib(
            int classes,
            double regParam,
            double elasticNetParam,
            String family,
            boolean standardization,
            boolean weighted,
            boolean fitIntercept) {
        LabelledRows rows = classes == 3 ? THREE : TWO;
        Dataset<Row> data = rows.vectors(2).cache();
        HeddleLogisticRegression own = estimator(regParam, elasticNetParam)
                .setFamily(family)
                .setStandardization(standardization)
                .setFitIntercept(fitIntercept)
                .setTol(1e-7);
        LogisticRegression peer = new LogisticRegression()
                .setRegParam(regParam)
                .setElasticNetParam(elasticNetParam)
                .setFamily(family)
                .setStandardization(standardization)
                .setFitIntercept(fitIntercept)
                .setMaxIter(500)
                .setTol(1e-11);
        if (weighted) {
            own.setWeightCol("weight");
            peer.setWeightCol("weight");
        }
        HeddleLogisticRegressionModel model = own.fit(data);
        LogisticRegressionModel expected = peer.fit(data);
        addsTheColumnsOfMllib(model, expected, data);
        data.unpersist();
        LabelledRows.Penalty penalty = new LabelledRows.Penalty(regParam, elasticNetParam, standardization);
        double objective = rows.objective(model.coefficientMatrix(), model.interceptVector(), weighted, penalty);
        double optimum =
                rows.objective(expected.coefficientMatrix().toDense(), expected.interceptVector(), weighted, penalty);
        assertThat(model.converged()).isTrue();
        assertThat(model.certificate().kind()).isEqualTo(Certificate.Kind.DUALITY_GAP);
        assertThat(model.certificate().relative()).isBetween(0.0, 1e-7);
        assertThat(objective).isCloseTo(model.objective(), within(1e-6));
        assertThat(objective).isCloseTo(optimum, within(1e-6));
        assertThat(optimum).isGreaterThan(model.objective() * (1 - 1e-6));
        assertThat(model.coefficientMatrix().numRows())
                .isEqualTo(expected.coefficientMatrix().numRows());
        for (int c = 0; c < expected.coefficientMatrix().numRows(); c++) {
            for (int j = 0; j < rows.columns(); j++) {
                assertThat(model.coefficientMatrix().apply(c, j))
                        .isCloseTo(expected.coefficientMatrix().apply(c, j), within(2e-3));
            }
            assertThat(model.interceptVector().apply(c))
                    .isCloseTo(expected.interceptVector().apply(c), within(fitIntercept ? 2e-3 : 0));
        }
    }

    /** The columns that MLlib's model computes from nearly the same coefficients. */
    private static void addsTheColumnsOfMllib(
            HeddleLogisticRegressionModel model, LogisticRegressionModel peer, Dataset<Row> data) {
        List<Row> expected = peer.transform(data)
                .select("rawPrediction", "probability", "prediction")
                .collectAsList();
        List<Row> actual = model.transform(data)
                .select("rawPrediction", "probability", "prediction")
                .collectAsList();
        int different = 0;
        for (int i = 0; i < actual.size(); i++) {
            assertThat(((Vector) actual.get(i).get(0)).toArray())
                    .containsExactly(((Vector) expected.get(i).get(0)).toArray(), within(0.05));
            assertThat(((Vector) actual.get(i).get(1)).toArray())
                    .containsExactly(((Vector) expected.get(i).get(1)).toArray(), within(5e-3));
            different += actual.get(i).getDouble(2) == expected.get(i).getDouble(2) ? 0 : 1;
        }
        assertThat(different).isLessThan(3);
        assertThat(model.numClasses()).isEqualTo(peer.numClasses());
        assertThat(model.numFeatures()).isEqualTo(peer.numFeatures());
    }

    @ParameterizedTest
    @CsvSource({"0, 1e-6", "0.5, 1e-4"})
    void reachesTheObjectiveOfTheCore(double elasticNetParam, double tolerance) {
        LabelledRows rows = LabelledRows.of(9_000, 16, 4, 5);
        HeddleLogisticRegressionModel model = estimator(1e-3, elasticNetParam)
                .setStandardization(false)
                .setFamily("multinomial")
                .setTol(tolerance)
                .fit(rows.arrays(3));
        var options = io.heddle.linear.LogisticRegression.Options.defaults()
                .withLambda(1e-3)
                .withL1Ratio(elasticNetParam)
                .withTolerance(tolerance);
        try (FloatMatrix x = rows.matrix();
                LogisticModel core =
                        io.heddle.linear.LogisticRegression.fit(x, rows.labels(), options, WorkerPool.shared())) {
            assertThat(model.certificate().relative()).isBetween(0.0, tolerance);
            assertThat(model.objective()).isCloseTo(core.objective(), within(Math.max(1e-6, tolerance)));
            assertThat(model.passes()).isPositive();
            assertThat(model.totalIterations()).isPositive();
        }
    }

    /** Partitions without rows, and one with all rows. */
    @Test
    void acceptsUnevenPartitions() {
        Dataset<Row> all = THREE.vectors(1);
        Dataset<Row> uneven = THREE.vectors(4).filter("label > 100").union(all);
        HeddleLogisticRegressionModel expected = estimator(0.01, 0.5).fit(all);
        HeddleLogisticRegressionModel actual = estimator(0.01, 0.5).fit(uneven);
        assertThat(uneven.rdd().getNumPartitions()).isEqualTo(5);
        assertThat(actual.coefficientMatrix()).isEqualTo(expected.coefficientMatrix());
        assertThat(actual.objective()).isEqualTo(expected.objective());
    }

    /** More partitions than the driver merges without other tasks. */
    @Test
    void theSamePartitionsGiveTheSameBits() {
        HeddleLogisticRegressionModel first = estimator(1e-3, 0.5).fit(THREE.vectors(34));
        HeddleLogisticRegressionModel again = estimator(1e-3, 0.5).fit(THREE.vectors(34));
        assertThat(again.coefficientMatrix()).isEqualTo(first.coefficientMatrix());
        assertThat(again.interceptVector()).isEqualTo(first.interceptVector());
        assertThat(again.certificate()).isEqualTo(first.certificate());
    }

    @Test
    void thresholdsMovePredictions() {
        Dataset<Row> data = THREE.vectors(2);
        HeddleLogisticRegressionModel model = estimator(0.01, 0).fit(data);
        model.setThresholds(new double[] {1e-6, 1, 1});
        assertThat(model.transform(data).filter("prediction <> 0").count()).isZero();
        assertThat(model.setRawPredictionCol("")
                        .setProbabilityCol("")
                        .transform(data)
                        .columns())
                .containsExactly("label", "weight", "features", "prediction");
    }

    /** In MLlib the weight of a constant column is zero, which is not the optimum. */
    @Test
    void withoutInterceptsAConstantColumnHasAWeight() {
        Dataset<Row> data = TWO.vectors(2);
        HeddleLogisticRegressionModel model = estimator(0.01, 0)
                .setFitIntercept(false)
                .setStandardization(false)
                .setTol(1e-6)
                .fit(data);
        LogisticRegressionModel peer = new LogisticRegression()
                .setRegParam(0.01)
                .setFitIntercept(false)
                .setStandardization(false)
                .setTol(1e-11)
                .fit(data);
        LabelledRows.Penalty penalty = new LabelledRows.Penalty(0.01, 0, false);
        assertThat(model.certificate().relative()).isBetween(0.0, 1e-6);
        assertThat(model.objective())
                .isLessThan(TWO.objective(peer.coefficientMatrix().toDense(), peer.interceptVector(), false, penalty));
        assertThat(model.coefficients().apply(TWO.columns() - 1)).isNotZero();
        assertThat(peer.coefficients().apply(TWO.columns() - 1)).isZero();
    }

    private static List<Row> predictions(org.apache.spark.ml.Transformer model, Dataset<Row> data) {
        return model.transform(data).select("prediction").collectAsList();
    }

    /** Predictions with a threshold are those of MLlib's model of nearly the same coefficients. */
    @Test
    void theThresholdOfTwoClassesMovesPredictions(@TempDir Path folder) throws Exception {
        Dataset<Row> data = TWO.vectors(2);
        HeddleLogisticRegressionModel model =
                estimator(0.01, 0).setThreshold(0.3).setTol(1e-7).fit(data);
        LogisticRegressionModel peer = new LogisticRegression()
                .setRegParam(0.01)
                .setThreshold(0.3)
                .setTol(1e-11)
                .setMaxIter(500)
                .fit(data);
        sameThresholdAndPredictions(model, peer, data);
        List<Row> found = predictions(model, data);
        assertThat(predictions(model.copy(ParamMap.empty()).setRawPredictionCol(""), data))
                .isEqualTo(found);
        model.write().save(folder.resolve("model").toString());
        HeddleLogisticRegressionModel read =
                HeddleLogisticRegressionModel.load(folder.resolve("model").toString());
        assertThat(read.getThreshold()).isEqualTo(0.3);
        assertThat(predictions(read, data)).isEqualTo(found);
        for (double threshold : new double[] {0, 1}) {
            sameThresholdAndPredictions(model.setThreshold(threshold), peer.setThreshold(threshold), data);
        }
        model.setThresholds(new double[] {0.7, 0.3});
        assertThat(model.isSet(model.threshold())).isFalse();
        assertThat(model.getThreshold()).isCloseTo(0.3, within(1e-12));
        assertThat(predictions(model, data)).isEqualTo(found);
    }

    private static void sameThresholdAndPredictions(
            HeddleLogisticRegressionModel model, LogisticRegressionModel peer, Dataset<Row> data) {
        assertThat(model.getThreshold()).isEqualTo(peer.getThreshold());
        assertThat(model.getThresholds()).containsExactly(peer.getThresholds());
        List<Row> found = predictions(model, data);
        List<Row> expected = predictions(peer, data);
        int different = 0;
        for (int i = 0; i < found.size(); i++) {
            different += found.get(i).equals(expected.get(i)) ? 0 : 1;
        }
        assertThat(different).isLessThan(3);
    }

    @Test
    void refusesThresholdsOfOtherModels() {
        Dataset<Row> data = THREE.vectors(1);
        assertThatThrownBy(() -> estimator(0.01, 0).setThreshold(0.3).fit(data))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(
                        "threshold is set, which is for two classes of the binomial family, but there are 3 classes and"
                                + " the family is multinomial; set thresholds, one for each class");
        assertThatThrownBy(() -> estimator(0.01, 0)
                        .setThresholds(new double[] {0.3, 0.7})
                        .fit(data))
                .hasMessage("thresholds has 2 values, but there are 3 classes; set one for each class");
        HeddleLogisticRegression both = estimator(0.01, 0).setThreshold(0.3);
        both.set(both.thresholds(), new double[] {0.5, 0.5});
        assertThatThrownBy(() -> both.fit(TWO.vectors(1)))
                .hasMessage("threshold is 0.3, but thresholds is [0.5, 0.5]; set one of them only");
        assertThatThrownBy(() -> estimator(0.01, 0).setThreshold(1.5)).hasMessageContaining("threshold");
    }

    @Test
    void isTunedWrittenAndReadAsAStageOfAPipeline(@TempDir Path folder) throws Exception {
        Dataset<Row> data = THREE.vectors(2);
        HeddleLogisticRegression estimator = estimator(0.01, 0).setTol(1e-3);
        PipelineModel fitted =
                new Pipeline().setStages(new PipelineStage[] {estimator}).fit(data);
        fitted.write().save(folder.resolve("pipeline").toString());
        PipelineModel read = PipelineModel.load(folder.resolve("pipeline").toString());
        assertThat(read.transform(data).select("probability").collectAsList())
                .isEqualTo(fitted.transform(data).select("probability").collectAsList());
        estimator
                .setFamily("multinomial")
                .write()
                .save(folder.resolve("estimator").toString());
        HeddleLogisticRegression same =
                HeddleLogisticRegression.load(folder.resolve("estimator").toString());
        assertThat(same.getRegParam()).isEqualTo(0.01);
        assertThat(same.getFamily()).isEqualTo("multinomial");
        assertThat(same.uid()).isEqualTo(estimator.uid());
        ParamMap[] grid = new ParamGridBuilder()
                .addGrid(estimator.regParam(), new double[] {0.01, 10})
                .build();
        CrossValidatorModel tuned = new CrossValidator()
                .setEstimator(estimator)
                .setEstimatorParamMaps(grid)
                .setEvaluator(new MulticlassClassificationEvaluator().setMetricName("logLoss"))
                .setNumFolds(2)
                .fit(data);
        assertThat(tuned.avgMetrics()[0]).isLessThan(tuned.avgMetrics()[1]);
        assertThat(((HeddleLogisticRegressionModel) tuned.bestModel()).getRegParam())
                .isEqualTo(0.01);
    }

    @Test
    void isTheClassifierOfOneVsRest() {
        Dataset<Row> data = THREE.vectors(2);
        Dataset<Row> predicted = new OneVsRest()
                .setClassifier(estimator(0.01, 0).setTol(1e-3))
                .fit(data)
                .transform(data);
        double accuracy = new MulticlassClassificationEvaluator()
                .setMetricName("accuracy")
                .evaluate(predicted);
        assertThat(accuracy).isGreaterThan(0.6);
    }

    @Test
    void modelFilesAreExchangedWithTheCore(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("logistic.heddle");
        HeddleLogisticRegressionModel found = estimator(0.01, 0).fit(THREE.vectors(2));
        found.writeModelFile(file);
        float[] p = new float[3];
        try (SavedModel saved = ModelFile.read(file);
                LogisticModel model = found.toLogisticModel()) {
            model.probabilities(THREE.x()[0], p);
            float[] served = new float[3];
            saved.pipeline().probabilities(THREE.x()[0], served);
            assertThat(served).containsExactly(p, within(1e-6f));
        }
        try (FloatMatrix x = TWO.matrix();
                LogisticModel core = io.heddle.linear.LogisticRegression.fit(
                        x,
                        TWO.labels(),
                        io.heddle.linear.LogisticRegression.Options.defaults().withClassWeights(Map.of(1, 2.0)))) {
            ModelFile.write(file, core, Provenance.now());
            HeddleLogisticRegressionModel read = HeddleLogisticRegressionModel.readModelFile(file);
            List<Row> rows = read.transform(TWO.arrays(2))
                    .select("probability", "prediction")
                    .collectAsList();
            float[] expected = new float[2];
            for (int i = 0; i < rows.size(); i++) {
                core.probabilities(TWO.x()[i], expected);
                assertThat(((Vector) rows.get(i).get(0)).apply(1)).isCloseTo(expected[1], within(1e-6));
                assertThat(rows.get(i).getDouble(1)).isEqualTo(core.predict(TWO.x()[i]));
            }
            assertThat(read.coefficients().size()).isEqualTo(TWO.columns());
            assertThat(read.intercept()).isEqualTo((double) core.intercepts()[1] - core.intercepts()[0]);
        }
    }

    @Test
    void modelFilesWithoutInterceptsAreExchangedWithTheCore(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("logistic.heddle");
        HeddleLogisticRegressionModel found =
                estimator(0.01, 0.5).setFitIntercept(false).fit(THREE.vectors(2));
        found.writeModelFile(file);
        HeddleLogisticRegressionModel read = HeddleLogisticRegressionModel.readModelFile(file);
        assertThat(read.interceptVector().toArray()).containsOnly(0);
        assertThat(read.coefficientMatrix()).isEqualTo(found.coefficientMatrix());
        assertThat(read.certificate()).isEqualTo(found.certificate());
    }

    @Test
    void withoutAPenaltyTheViolationIsReported() {
        HeddleLogisticRegressionModel model =
                new HeddleLogisticRegression().setTol(1e-3).fit(THREE.vectors(2));
        assertThat(model.certificate().kind()).isEqualTo(Certificate.Kind.KKT_VIOLATION);
        assertThat(model.certificate().relative()).isBetween(0.0, 1e-3);
    }

    private static void refused(Dataset<Row> data, String message) {
        assertThatThrownBy(() -> estimator(0.01, 0).fit(data))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(message);
    }

    @Test
    void refusesInvalidLabels() {
        Dataset<Row> data = THREE.vectors(1);
        refused(
                data.withColumn("label", org.apache.spark.sql.functions.expr("label + 0.5")),
                "column 'label' in row 0 of partition 0 has label 0.5; labels must be whole numbers from 0 to 99999");
        refused(
                data.withColumn("label", org.apache.spark.sql.functions.expr("label - 1")),
                "column 'label' in row 0 of partition 0 has label -1.0; labels must be whole numbers from 0 to 99999");
        refused(
                data.withColumn("label", org.apache.spark.sql.functions.expr("CAST(NULL AS DOUBLE)")),
                "column 'label' in row 0 of partition 0 is null; every row needs a number there");
        refused(
                data.filter("label = 1"),
                "all %d labels are 1; a classifier needs at least two classes"
                        .formatted(data.filter("label = 1").count()));
        assertThatThrownBy(() -> estimator(0.01, 0).setFamily("binomial").fit(data))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("family is binomial, which is for two classes, but the largest label is 2; set family to"
                        + " multinomial or auto");
        HeddleLogisticRegressionModel model = estimator(0.01, 0).fit(data);
        assertThatThrownBy(model::coefficients)
                .hasMessage("a model with 3 vectors of coefficients has no coefficients; use coefficientMatrix");
    }
}
