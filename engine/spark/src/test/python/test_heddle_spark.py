"""Tests of the wrappers for PySpark; docs/spark.md says how to run them."""

import os
import tempfile
import unittest

import numpy as np
import pyspark
from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml.classification import LogisticRegression
from pyspark.ml.clustering import KMeans
from pyspark.ml.evaluation import ClusteringEvaluator, MulticlassClassificationEvaluator
from pyspark.ml.feature import StandardScaler, StringIndexer, VectorAssembler
from pyspark.ml.functions import array_to_vector
from pyspark.ml.tuning import CrossValidator, ParamGridBuilder
from pyspark.sql import SparkSession
from pyspark.sql.types import ArrayType, DoubleType, FloatType, StructField, StructType


class WrapperTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.spark = (
            SparkSession.builder.master("local[2]")
            .config("spark.jars", os.environ["HEDDLE_JARS"])
            .config("spark.submit.pyFiles", os.environ["HEDDLE_JARS"].split(",")[-1])
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "2")
            .getOrCreate()
        )
        import heddle_spark

        cls.heddle = heddle_spark
        random = np.random.default_rng(1)
        centers = random.normal(0, 5, (3, 8))
        cls.labels = random.integers(0, 3, 600)
        cls.x = (centers[cls.labels] + random.normal(0, 1, (600, 8))).astype(np.float32)
        # Some labels are wrong, so that the classes cannot be separated.
        wrong = random.random(600) < 0.2
        cls.labels[wrong] = random.integers(0, 3, wrong.sum())
        schema = StructType([StructField("features", ArrayType(FloatType(), False)), StructField("label", DoubleType())])
        rows = [(row.tolist(), float(label)) for row, label in zip(cls.x, cls.labels)]
        cls.data = cls.spark.createDataFrame(rows, schema).repartition(3).cache()

    @classmethod
    def tearDownClass(cls):
        cls.spark.stop()

    def test_pca_equals_numpy(self):
        model = self.heddle.HeddlePca(k=2, inputCol="features", outputCol="z").fit(self.data)
        centred = self.x - self.x.mean(axis=0)
        _, values, rows = np.linalg.svd(centred.astype(float), full_matrices=False)
        np.testing.assert_allclose(
            model.explainedVariance.toArray(), (values**2 / (values**2).sum())[:2], rtol=1e-5
        )
        cosines = np.abs(np.sum(model.pc.toArray().T * rows[:2], axis=1))
        np.testing.assert_allclose(cosines, 1, atol=1e-6)
        z = model.transform(self.data).select("z").collect()
        self.assertEqual(len(z), 600)

    def test_kmeans_is_tuned_written_and_read(self):
        heddle = self.heddle
        estimator = heddle.HeddleKMeans(seed=1)
        grid = ParamGridBuilder().addGrid(estimator.k, [2, 3]).build()
        vectors = self.data.select(array_to_vector("features").alias("features"))
        best = CrossValidator(
            estimator=estimator, estimatorParamMaps=grid, evaluator=ClusteringEvaluator(), numFolds=2
        ).fit(vectors)
        self.assertGreater(best.avgMetrics[1], best.avgMetrics[0])
        pipeline = Pipeline(stages=[heddle.HeddleKMeans(k=3, seed=1)]).fit(vectors)
        model = pipeline.stages[0]
        distances = ((self.x[:, None] - np.array(model.clusterCenters())[None]) ** 2).sum(axis=2)
        self.assertAlmostEqual(model.trainingCost / distances.min(axis=1).sum(), 1, places=5)
        with tempfile.TemporaryDirectory() as folder:
            pipeline.write().save(folder + "/pipeline")
            read = PipelineModel.load(folder + "/pipeline")
            self.assertEqual(read.transform(vectors).collect(), pipeline.transform(vectors).collect())
            model.writeModelFile(folder + "/kmeans.heddle")
            same = heddle.HeddleKMeansModel.readModelFile(folder + "/kmeans.heddle")
            np.testing.assert_array_equal(same.clusterCenters(), model.clusterCenters())

    def objective(self, model, l1, l2):
        z = self.x @ model.coefficientMatrix.toArray().T + model.interceptVector.toArray()
        z -= z.max(axis=1, keepdims=True)
        w = model.coefficientMatrix.toArray()
        loss = np.log(np.exp(z).sum(axis=1)) - z[np.arange(600), self.labels]
        return loss.mean() + l1 * np.abs(w).sum() + l2 / 2 * (w * w).sum()

    def test_logistic_regression_reaches_the_objective_of_mllib(self):
        options = dict(regParam=0.02, elasticNetParam=0.5, standardization=False)
        vectors = self.data.select(array_to_vector("features").alias("features"), "label").cache()
        model = self.heddle.HeddleLogisticRegression(**options, tol=1e-6).fit(vectors)
        peer = LogisticRegression(**options, tol=1e-10, maxIter=300).fit(vectors)
        found = self.objective(model, 0.01, 0.01)
        self.assertAlmostEqual(found, self.objective(peer, 0.01, 0.01), delta=1e-6)
        self.assertAlmostEqual(found, model.objective, delta=1e-6)
        self.assertTrue(model.converged)
        self.assertEqual(model.certificateKind, "DUALITY_GAP")
        self.assertLessEqual(model.certificate, 1e-6)
        self.assertGreater(model.passes, 0)
        self.assertEqual((model.numClasses, model.numFeatures), (3, 8))
        row = vectors.first().features
        np.testing.assert_allclose(
            model.predictProbability(row).toArray(), peer.predictProbability(row).toArray(), atol=1e-3
        )

    def test_logistic_regression_of_two_classes_has_one_vector(self):
        two = self.data.where("label < 2")
        model = self.heddle.HeddleLogisticRegression(regParam=0.01).fit(two)
        self.assertEqual(model.coefficients.toArray().shape, (8,))
        self.assertIsInstance(model.intercept, float)

    def test_logistic_regression_is_tuned_written_and_read(self):
        heddle = self.heddle
        estimator = heddle.HeddleLogisticRegression()
        grid = ParamGridBuilder().addGrid(estimator.regParam, [0.001, 5.0]).build()
        best = CrossValidator(
            estimator=estimator,
            estimatorParamMaps=grid,
            evaluator=MulticlassClassificationEvaluator(metricName="logLoss"),
            numFolds=2,
        ).fit(self.data)
        self.assertLess(best.avgMetrics[0], best.avgMetrics[1])
        pipeline = Pipeline(stages=[heddle.HeddleLogisticRegression(regParam=0.001)]).fit(self.data)
        model = pipeline.stages[0]
        with tempfile.TemporaryDirectory() as folder:
            pipeline.write().save(folder + "/pipeline")
            read = PipelineModel.load(folder + "/pipeline")
            self.assertEqual(read.transform(self.data).collect(), pipeline.transform(self.data).collect())
            model.writeModelFile(folder + "/logistic.heddle")
            same = heddle.HeddleLogisticRegressionModel.readModelFile(folder + "/logistic.heddle")
            np.testing.assert_array_equal(same.coefficientMatrix.toArray(), model.coefficientMatrix.toArray())

    def sample(self, name):
        """Data of MLlib's own examples, as sparse vectors."""
        folder = os.path.join(os.path.dirname(pyspark.__file__), "data", "mllib")
        return self.spark.read.format("libsvm").load(os.path.join(folder, name)).cache()

    def test_sparse_vectors_of_mllib_give_the_predictions_of_mllib(self):
        data = self.sample("sample_libsvm_data.txt")
        for options in (
            dict(regParam=0.1),
            dict(regParam=0.3, elasticNetParam=0.8, family="multinomial"),
            dict(regParam=0.05, elasticNetParam=0.5, fitIntercept=False),
            dict(regParam=0.1, threshold=0.9),
        ):
            model = self.heddle.HeddleLogisticRegression(**options, tol=1e-6).fit(data)
            peer = LogisticRegression(**options, tol=1e-10, maxIter=500).fit(data)
            self.assertAlmostEqual(model.objective, peer.summary.objectiveHistory[-1], delta=1e-6)
            self.assertEqual(
                model.transform(data).select("prediction").collect(), peer.transform(data).select("prediction").collect()
            )
            if "threshold" in options:
                self.assertAlmostEqual(model.getThresholds()[1], 0.9)
                self.assertAlmostEqual(model.setThresholds([0.3, 0.7]).getThreshold(), 0.7)

    def test_defaults_fit_separable_rows_with_more_columns_than_rows(self):
        model = self.heddle.HeddleLogisticRegression().fit(self.sample("sample_libsvm_data.txt"))
        self.assertLess(model.objective, 1e-3)

    def test_kmeans_with_cosine_distance_costs_no_more_than_that_of_mllib(self):
        data = self.sample("sample_multiclass_classification_data.txt")
        model = self.heddle.HeddleKMeans(k=3, seed=1).setDistanceMeasure("cosine").fit(data)
        peer = KMeans(k=3, seed=1, distanceMeasure="cosine").fit(data)
        self.assertLess(model.trainingCost, peer.summary.trainingCost * 1.001)
        self.assertEqual(model.getDistanceMeasure(), "cosine")

    def test_a_pipeline_of_text_and_numbers_is_written_and_read(self):
        rows = [("red" if i % 3 else "blue", float(i % 7), "yes" if (i * 7) % 10 > 4 else "no") for i in range(90)]
        data = self.spark.createDataFrame(rows, ["colour", "a", "answer"]).repartition(3).cache()
        stages = [
            StringIndexer(inputCol="colour", outputCol="number"),
            StringIndexer(inputCol="answer", outputCol="label"),
            VectorAssembler(inputCols=["number", "a"], outputCol="raw"),
            StandardScaler(inputCol="raw", outputCol="features", withMean=True),
            self.heddle.HeddleLogisticRegression(regParam=0.01, threshold=0.4),
        ]
        model = Pipeline(stages=stages).fit(data)
        with tempfile.TemporaryDirectory() as folder:
            model.save(folder + "/model")
            read = PipelineModel.load(folder + "/model")
            self.assertEqual(read.transform(data).collect(), model.transform(data).collect())
            self.assertEqual(read.stages[-1].getThreshold(), 0.4)

    def test_bounds_are_refused(self):
        with self.assertRaisesRegex(ValueError, "lowerBoundsOnCoefficients is not supported"):
            self.heddle.HeddleLogisticRegression(lowerBoundsOnCoefficients=None)


if __name__ == "__main__":
    unittest.main()
