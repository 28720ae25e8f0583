"""Tests of the wrappers for PySpark; docs/spark.md says how to run them."""

import os
import tempfile
import unittest

import numpy as np
from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml.evaluation import ClusteringEvaluator
from pyspark.ml.functions import array_to_vector
from pyspark.ml.tuning import CrossValidator, ParamGridBuilder
from pyspark.sql import SparkSession
from pyspark.sql.types import ArrayType, FloatType, StructField, StructType


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
        cls.x = (centers[random.integers(0, 3, 600)] + random.normal(0, 1, (600, 8))).astype(np.float32)
        schema = StructType([StructField("features", ArrayType(FloatType(), False))])
        cls.data = cls.spark.createDataFrame([(row.tolist(),) for row in cls.x], schema).repartition(3).cache()

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


if __name__ == "__main__":
    unittest.main()
