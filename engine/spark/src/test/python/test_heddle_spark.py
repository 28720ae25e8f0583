"""Tests of the wrappers for PySpark; docs/spark.md says how to run them."""

import os
import tempfile
import unittest

import numpy as np
from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml.classification import LogisticRegression
from pyspark.ml.evaluation import ClusteringEvaluator, MulticlassClassificationEvaluator
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


if __name__ == "__main__":
    unittest.main()
