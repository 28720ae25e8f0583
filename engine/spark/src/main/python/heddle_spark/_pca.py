"""Principal component analysis."""

from __future__ import annotations

from typing import Any, Optional

from pyspark import keyword_only
from pyspark.ml.linalg import DenseMatrix, DenseVector
from pyspark.ml.param import Param, Params, TypeConverters
from pyspark.ml.param.shared import HasInputCol, HasOutputCol, HasSeed
from pyspark.ml.util import JavaMLWritable
from pyspark.ml.wrapper import JavaEstimator, JavaModel

from heddle_spark._base import _PACKAGE, _BlockParams, _java_class, _java_path, _Readable


class _PcaParams(HasInputCol, HasOutputCol):
    k: Param[int] = Param(
        Params._dummy(), "k", "number of principal components", typeConverter=TypeConverters.toInt
    )

    def getK(self) -> int:
        """The number of principal components."""
        return self.getOrDefault(self.k)


class HeddlePca(JavaEstimator["HeddlePcaModel"], _PcaParams, _BlockParams, HasSeed, _Readable, JavaMLWritable):
    """Principal component analysis; see io.heddle.spark.HeddlePca."""

    @keyword_only
    def __init__(
        self,
        *,
        k: Optional[int] = None,
        inputCol: Optional[str] = None,
        outputCol: Optional[str] = None,
        seed: int = 0,
        maxMemoryInMB: int = 2048,
        maxBlockSizeInMB: float = 0.0,
        aggregationDepth: int = 2,
    ) -> None:
        super().__init__()
        self._java_obj = self._new_java_obj(f"{_PACKAGE}.HeddlePca", self.uid)
        self._setDefault(seed=0, maxMemoryInMB=2048, maxBlockSizeInMB=0.0, aggregationDepth=2)
        self.setParams(**self._input_kwargs)

    @keyword_only
    def setParams(
        self,
        *,
        k: Optional[int] = None,
        inputCol: Optional[str] = None,
        outputCol: Optional[str] = None,
        seed: int = 0,
        maxMemoryInMB: int = 2048,
        maxBlockSizeInMB: float = 0.0,
        aggregationDepth: int = 2,
    ) -> "HeddlePca":
        """Sets several parameters."""
        return self._set(**self._input_kwargs)

    def setK(self, value: int) -> "HeddlePca":
        """Sets the number of principal components."""
        return self._set(k=value)

    def setInputCol(self, value: str) -> "HeddlePca":
        """Sets the name of the column of rows."""
        return self._set(inputCol=value)

    def setOutputCol(self, value: str) -> "HeddlePca":
        """Sets the name of the column that the model adds."""
        return self._set(outputCol=value)

    def _create_model(self, java_model: Any) -> "HeddlePcaModel":
        return HeddlePcaModel(java_model)


class HeddlePcaModel(JavaModel, _PcaParams, _Readable, JavaMLWritable):
    """Principal components; see io.heddle.spark.HeddlePcaModel."""

    @property
    def pc(self) -> DenseMatrix:
        """The components as columns, d x k."""
        return self._call_java("pc")

    @property
    def explainedVariance(self) -> DenseVector:
        """The share of the total variance of each component."""
        return self._call_java("explainedVariance")

    @property
    def mean(self) -> DenseVector:
        """The mean of each column, which is subtracted from rows."""
        return self._call_java("mean")

    def setInputCol(self, value: str) -> "HeddlePcaModel":
        """Sets the name of the column of rows."""
        return self._set(inputCol=value)

    def setOutputCol(self, value: str) -> "HeddlePcaModel":
        """Sets the name of the column that the model adds."""
        return self._set(outputCol=value)

    def writeModelFile(self, path: str) -> None:
        """Writes a model file of Heddle on the machine of the driver."""
        self._java_obj.writeModelFile(_java_path(path))

    @staticmethod
    def readModelFile(path: str) -> "HeddlePcaModel":
        """The model in a file of Heddle on the machine of the driver."""
        return HeddlePcaModel._from_java(_java_class("HeddlePcaModel").readModelFile(_java_path(path)))
