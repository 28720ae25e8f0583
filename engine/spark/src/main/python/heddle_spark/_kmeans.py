"""K-means clustering."""

from __future__ import annotations

from typing import Any, List, Optional

import numpy as np
from pyspark import keyword_only
from pyspark.ml.param import Param, Params, TypeConverters
from pyspark.ml.param.shared import HasFeaturesCol, HasMaxIter, HasPredictionCol, HasSeed, HasTol, HasWeightCol
from pyspark.ml.util import JavaMLWritable
from pyspark.ml.wrapper import JavaEstimator, JavaModel

from heddle_spark._base import _PACKAGE, _BlockParams, _java_class, _java_path, _Readable


class _KMeansParams(HasFeaturesCol, HasPredictionCol, HasWeightCol, HasMaxIter, HasTol, HasSeed):
    k: Param[int] = Param(Params._dummy(), "k", "number of clusters", typeConverter=TypeConverters.toInt)
    initMode: Param[str] = Param(
        Params._dummy(),
        "initMode",
        "how the first centres are chosen: sampled, k-means|| or random",
        typeConverter=TypeConverters.toString,
    )
    initSteps: Param[int] = Param(
        Params._dummy(), "initSteps", "rounds of k-means||", typeConverter=TypeConverters.toInt
    )

    distanceMeasure: Param[str] = Param(
        Params._dummy(), "distanceMeasure", "euclidean or cosine", typeConverter=TypeConverters.toString
    )

    def getDistanceMeasure(self) -> str:
        """The distance: euclidean or cosine."""
        return self.getOrDefault(self.distanceMeasure)

    def getK(self) -> int:
        """The number of clusters."""
        return self.getOrDefault(self.k)

    def getInitMode(self) -> str:
        """How the first centres are chosen."""
        return self.getOrDefault(self.initMode)

    def getInitSteps(self) -> int:
        """The rounds of k-means||."""
        return self.getOrDefault(self.initSteps)


class HeddleKMeans(JavaEstimator["HeddleKMeansModel"], _KMeansParams, _BlockParams, _Readable, JavaMLWritable):
    """K-means clustering; see io.heddle.spark.HeddleKMeans."""

    algorithm: Param[str] = Param(
        Params._dummy(), "algorithm", "lloyd or mini-batch", typeConverter=TypeConverters.toString
    )
    solver: Param[str] = Param(
        Params._dummy(), "solver", "auto, row or block, which have no effect", typeConverter=TypeConverters.toString
    )
    batchSize: Param[int] = Param(
        Params._dummy(), "batchSize", "rows in a batch of mini-batch", typeConverter=TypeConverters.toInt
    )

    @keyword_only
    def __init__(
        self,
        *,
        featuresCol: str = "features",
        predictionCol: str = "prediction",
        k: int = 2,
        initMode: str = "sampled",
        initSteps: int = 2,
        tol: float = 1e-4,
        maxIter: int = 20,
        seed: int = 0,
        distanceMeasure: str = "euclidean",
        weightCol: Optional[str] = None,
        solver: str = "auto",
        algorithm: str = "lloyd",
        batchSize: int = 10240,
        maxMemoryInMB: int = 2048,
        maxBlockSizeInMB: float = 0.0,
        aggregationDepth: int = 2,
    ) -> None:
        super().__init__()
        self._java_obj = self._new_java_obj(f"{_PACKAGE}.HeddleKMeans", self.uid)
        self._setDefault(
            k=2,
            initMode="sampled",
            initSteps=2,
            tol=1e-4,
            maxIter=20,
            distanceMeasure="euclidean",
            solver="auto",
            algorithm="lloyd",
            batchSize=10240,
            seed=0,
            maxMemoryInMB=2048,
            maxBlockSizeInMB=0.0,
            aggregationDepth=2,
        )
        self.setParams(**self._input_kwargs)

    @keyword_only
    def setParams(
        self,
        *,
        featuresCol: str = "features",
        predictionCol: str = "prediction",
        k: int = 2,
        initMode: str = "sampled",
        initSteps: int = 2,
        tol: float = 1e-4,
        maxIter: int = 20,
        seed: int = 0,
        distanceMeasure: str = "euclidean",
        weightCol: Optional[str] = None,
        solver: str = "auto",
        algorithm: str = "lloyd",
        batchSize: int = 10240,
        maxMemoryInMB: int = 2048,
        maxBlockSizeInMB: float = 0.0,
        aggregationDepth: int = 2,
    ) -> "HeddleKMeans":
        """Sets several parameters."""
        return self._set(**self._input_kwargs)

    def setK(self, value: int) -> "HeddleKMeans":
        """Sets the number of clusters."""
        return self._set(k=value)

    def setFeaturesCol(self, value: str) -> "HeddleKMeans":
        """Sets the name of the column of rows."""
        return self._set(featuresCol=value)

    def setMaxIter(self, value: int) -> "HeddleKMeans":
        """Sets the maximum number of iterations."""
        return self._set(maxIter=value)

    def setSeed(self, value: int) -> "HeddleKMeans":
        """Sets the seed of all random choices."""
        return self._set(seed=value)

    def setWeightCol(self, value: str) -> "HeddleKMeans":
        """Sets the name of the column of weights."""
        return self._set(weightCol=value)

    def setPredictionCol(self, value: str) -> "HeddleKMeans":
        """Sets the name of the column that the model adds."""
        return self._set(predictionCol=value)

    def setTol(self, value: float) -> "HeddleKMeans":
        """Sets the distance within which all centres must stay for the fit to end."""
        return self._set(tol=value)

    def setInitMode(self, value: str) -> "HeddleKMeans":
        """Sets how the first centres are chosen: sampled, k-means|| or random."""
        return self._set(initMode=value)

    def setInitSteps(self, value: int) -> "HeddleKMeans":
        """Sets the rounds of k-means||."""
        return self._set(initSteps=value)

    def setDistanceMeasure(self, value: str) -> "HeddleKMeans":
        """Sets the distance: euclidean or cosine."""
        return self._set(distanceMeasure=value)

    def setSolver(self, value: str) -> "HeddleKMeans":
        """Sets the solver of MLlib, which has no effect."""
        return self._set(solver=value)

    def getSolver(self) -> str:
        """The solver of MLlib, which has no effect."""
        return self.getOrDefault(self.solver)

    def _create_model(self, java_model: Any) -> "HeddleKMeansModel":
        return HeddleKMeansModel(java_model)


class HeddleKMeansModel(JavaModel, _KMeansParams, _Readable, JavaMLWritable):
    """Centres of clusters; see io.heddle.spark.HeddleKMeansModel."""

    def clusterCenters(self) -> List[np.ndarray]:
        """The centres, one array each."""
        return [center.toArray() for center in self._call_java("clusterCenters")]

    @property
    def trainingCost(self) -> float:
        """The inertia of the training data."""
        return self._call_java("trainingCost")

    @property
    def numIter(self) -> int:
        """The number of iterations of the fit."""
        return self._call_java("numIter")

    def setFeaturesCol(self, value: str) -> "HeddleKMeansModel":
        """Sets the name of the column of rows."""
        return self._set(featuresCol=value)

    def setPredictionCol(self, value: str) -> "HeddleKMeansModel":
        """Sets the name of the column that the model adds."""
        return self._set(predictionCol=value)

    def writeModelFile(self, path: str) -> None:
        """Writes a model file of Heddle on the machine of the driver."""
        self._java_obj.writeModelFile(_java_path(path))

    @staticmethod
    def readModelFile(path: str) -> "HeddleKMeansModel":
        """The model in a file of Heddle on the machine of the driver."""
        return HeddleKMeansModel._from_java(_java_class("HeddleKMeansModel").readModelFile(_java_path(path)))
