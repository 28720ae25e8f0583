"""Logistic regression."""

from __future__ import annotations

from typing import Any, List, Optional

from pyspark import keyword_only
from pyspark.ml.classification import (
    _JavaProbabilisticClassificationModel,
    _JavaProbabilisticClassifier,
    _ProbabilisticClassifierParams,
)
from pyspark.ml.linalg import DenseMatrix, Vector
from pyspark.ml.param import Param, Params, TypeConverters
from pyspark.ml.param.shared import (
    HasElasticNetParam,
    HasFitIntercept,
    HasMaxIter,
    HasRegParam,
    HasSeed,
    HasStandardization,
    HasTol,
    HasWeightCol,
)
from pyspark.ml.util import JavaMLWritable

from heddle_spark._base import _PACKAGE, _BlockParams, _java_class, _java_path, _Readable, _refuse_bounds


class _LogisticParams(
    _ProbabilisticClassifierParams,
    HasRegParam,
    HasElasticNetParam,
    HasFitIntercept,
    HasStandardization,
    HasTol,
    HasMaxIter,
    HasWeightCol,
    HasSeed,
):
    family: Param[str] = Param(
        Params._dummy(),
        "family",
        "binomial for two classes with one vector of coefficients, multinomial, or auto",
        typeConverter=TypeConverters.toString,
    )

    threshold: Param[float] = Param(
        Params._dummy(),
        "threshold",
        "probability above which the second of two classes is predicted",
        typeConverter=TypeConverters.toFloat,
    )

    def setThreshold(self, value: float):
        """Sets the probability above which the second of two classes is predicted, and clears thresholds."""
        self._set(threshold=value)
        self.clear(self.thresholds)
        return self

    def getThreshold(self) -> float:
        """The threshold, or the one that two thresholds are the same as."""
        self._require_consistent_thresholds()
        if not self.isSet(self.thresholds):
            return self.getOrDefault(self.threshold)
        values = self.getOrDefault(self.thresholds)
        if len(values) != 2:
            raise ValueError(
                f"there is no single threshold, because thresholds has {len(values)} values; use getThresholds"
            )
        return 1.0 / (1.0 + values[0] / values[1])

    def setThresholds(self, value: List[float]):
        """Sets what the probability of each class is divided by, and clears threshold."""
        self._set(thresholds=value)
        self.clear(self.threshold)
        return self

    def getThresholds(self) -> List[float]:
        """What the probability of each class is divided by before the largest is predicted."""
        self._require_consistent_thresholds()
        if not self.isSet(self.thresholds) and self.isSet(self.threshold):
            second = self.getOrDefault(self.threshold)
            return [1.0 - second, second]
        return self.getOrDefault(self.thresholds)

    def _require_consistent_thresholds(self) -> None:
        if self.isSet(self.threshold) and self.isSet(self.thresholds):
            own, values = self.getOrDefault(self.threshold), self.getOrDefault(self.thresholds)
            if len(values) != 2 or abs(own - 1.0 / (1.0 + values[0] / values[1])) >= 1e-5:
                raise ValueError(f"threshold is {own}, but thresholds is {values}; set one of them only")

    def getFamily(self) -> str:
        """The family of the distribution of the labels: auto, binomial or multinomial."""
        return self.getOrDefault(self.family)


class HeddleLogisticRegression(
    _LogisticParams,
    _JavaProbabilisticClassifier["HeddleLogisticRegressionModel"],
    _BlockParams,
    _Readable,
    JavaMLWritable,
):
    """Logistic regression with an L2, L1 or elastic-net penalty; see io.heddle.spark.HeddleLogisticRegression.

    ``tol`` is the relative duality gap at which the fit ends.
    """

    @keyword_only
    def __init__(
        self,
        *,
        featuresCol: str = "features",
        labelCol: str = "label",
        predictionCol: str = "prediction",
        maxIter: int = 100,
        regParam: float = 0.0,
        elasticNetParam: float = 0.0,
        tol: float = 1e-4,
        fitIntercept: bool = True,
        threshold: float = 0.5,
        thresholds: Optional[List[float]] = None,
        probabilityCol: str = "probability",
        rawPredictionCol: str = "rawPrediction",
        standardization: bool = True,
        weightCol: Optional[str] = None,
        family: str = "auto",
        seed: int = 0,
        maxMemoryInMB: int = 2048,
        maxBlockSizeInMB: float = 0.0,
        aggregationDepth: int = 2,
        **bounds: Any,
    ) -> None:
        _refuse_bounds(self._input_kwargs)
        super().__init__()
        self._java_obj = self._new_java_obj(f"{_PACKAGE}.HeddleLogisticRegression", self.uid)
        self._setDefault(
            maxIter=100,
            regParam=0.0,
            elasticNetParam=0.0,
            tol=1e-4,
            fitIntercept=True,
            standardization=True,
            family="auto",
            threshold=0.5,
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
        labelCol: str = "label",
        predictionCol: str = "prediction",
        maxIter: int = 100,
        regParam: float = 0.0,
        elasticNetParam: float = 0.0,
        tol: float = 1e-4,
        fitIntercept: bool = True,
        threshold: float = 0.5,
        thresholds: Optional[List[float]] = None,
        probabilityCol: str = "probability",
        rawPredictionCol: str = "rawPrediction",
        standardization: bool = True,
        weightCol: Optional[str] = None,
        family: str = "auto",
        seed: int = 0,
        maxMemoryInMB: int = 2048,
        maxBlockSizeInMB: float = 0.0,
        aggregationDepth: int = 2,
        **bounds: Any,
    ) -> "HeddleLogisticRegression":
        """Sets several parameters."""
        _refuse_bounds(self._input_kwargs)
        return self._set(**self._input_kwargs)

    def setRegParam(self, value: float) -> "HeddleLogisticRegression":
        """Sets the weight of the penalty."""
        return self._set(regParam=value)

    def setElasticNetParam(self, value: float) -> "HeddleLogisticRegression":
        """Sets the share of the L1 norm in the penalty."""
        return self._set(elasticNetParam=value)

    def setStandardization(self, value: bool) -> "HeddleLogisticRegression":
        """Sets whether the penalty counts the weights of columns of unit deviation."""
        return self._set(standardization=value)

    def setFitIntercept(self, value: bool) -> "HeddleLogisticRegression":
        """Sets whether there are intercepts."""
        return self._set(fitIntercept=value)

    def setTol(self, value: float) -> "HeddleLogisticRegression":
        """Sets the relative duality gap at which the fit ends."""
        return self._set(tol=value)

    def setMaxIter(self, value: int) -> "HeddleLogisticRegression":
        """Sets the maximum number of iterations."""
        return self._set(maxIter=value)

    def setFamily(self, value: str) -> "HeddleLogisticRegression":
        """Sets the family: auto, binomial or multinomial."""
        return self._set(family=value)

    def setWeightCol(self, value: str) -> "HeddleLogisticRegression":
        """Sets the name of the column of weights."""
        return self._set(weightCol=value)

    def setSeed(self, value: int) -> "HeddleLogisticRegression":
        """Sets the seed of the sample that the solver starts from."""
        return self._set(seed=value)

    def _create_model(self, java_model: Any) -> "HeddleLogisticRegressionModel":
        return HeddleLogisticRegressionModel(java_model)


class HeddleLogisticRegressionModel(
    _LogisticParams, _JavaProbabilisticClassificationModel[Vector], _Readable, JavaMLWritable
):
    """A logistic regression; see io.heddle.spark.HeddleLogisticRegressionModel."""

    @property
    def coefficientMatrix(self) -> DenseMatrix:
        """The coefficients: a row for each class, or a single row for two classes of the binomial family."""
        return self._call_java("coefficientMatrix")

    @property
    def interceptVector(self) -> Vector:
        """The intercepts: one for each class, or one for two classes of the binomial family."""
        return self._call_java("interceptVector")

    @property
    def coefficients(self) -> Vector:
        """The coefficients of the binomial family."""
        return self._call_java("coefficients")

    @property
    def intercept(self) -> float:
        """The intercept of the binomial family."""
        return self._call_java("intercept")

    @property
    def objective(self) -> float:
        """The mean loss plus the penalty on the training data."""
        return self._call_java("objective")

    @property
    def certificate(self) -> float:
        """An upper bound of the relative distance between the objective and its minimum, over all partitions.

        With a penalty it is the relative duality gap.
        """
        return self._java_obj.certificate().relative()

    @property
    def certificateKind(self) -> str:
        """The kind of the certificate, such as DUALITY_GAP."""
        return self._java_obj.certificate().kind().toString()

    @property
    def converged(self) -> bool:
        """Whether the certificate is within ``tol``."""
        return self._call_java("converged")

    @property
    def totalIterations(self) -> int:
        """The iterations of the solver."""
        return self._call_java("totalIterations")

    @property
    def passes(self) -> int:
        """The passes over the rows."""
        return self._call_java("passes")

    def writeModelFile(self, path: str) -> None:
        """Writes a model file of Heddle on the machine of the driver."""
        self._java_obj.writeModelFile(_java_path(path))

    @staticmethod
    def readModelFile(path: str) -> "HeddleLogisticRegressionModel":
        """The model in a file of Heddle on the machine of the driver."""
        java_class = _java_class("HeddleLogisticRegressionModel")
        return HeddleLogisticRegressionModel._from_java(java_class.readModelFile(_java_path(path)))
