"""What the wrappers have in common."""

from __future__ import annotations

from typing import Any, Dict

from pyspark import SparkContext
from pyspark.ml.param import Param, Params, TypeConverters
from pyspark.ml.param.shared import HasAggregationDepth, HasMaxBlockSizeInMB
from pyspark.ml.util import JavaMLReadable, JavaMLReader

_PACKAGE = "io.heddle.spark"


class _Reader(JavaMLReader):
    """Reads what the Java class of the same name has written."""

    @classmethod
    def _java_loader_class(cls, clazz: Any) -> str:
        return f"{_PACKAGE}.{clazz.__name__}"


class _Readable(JavaMLReadable):
    @classmethod
    def read(cls) -> _Reader:
        return _Reader(cls)


def _java_class(name: str) -> Any:
    """The Java class, of which static methods can be called."""
    context = SparkContext._active_spark_context
    if context is None:
        raise RuntimeError("start a Spark session first")
    return getattr(context._jvm.io.heddle.spark, name)


def _java_path(path: str) -> Any:
    return SparkContext._active_spark_context._jvm.java.io.File(path).toPath()


class _BlockParams(HasAggregationDepth, HasMaxBlockSizeInMB):
    maxMemoryInMB: Param[int] = Param(
        Params._dummy(),
        "maxMemoryInMB",
        "maximum memory outside the heap, in MB, for the rows in each executor",
        typeConverter=TypeConverters.toInt,
    )

    def setMaxMemoryInMB(self, value: int):
        """Sets the maximum memory outside the heap, in MB, for the rows in each executor."""
        return self._set(maxMemoryInMB=value)

    def setMaxBlockSizeInMB(self, value: float):
        """Sets the maximum size of a block of rows, in MB; 0 for 64."""
        return self._set(maxBlockSizeInMB=value)

    def setAggregationDepth(self, value: int):
        """Sets the levels in which the sums of more than 32 partitions are merged."""
        return self._set(aggregationDepth=value)

    def getMaxMemoryInMB(self) -> int:
        """The maximum memory outside the heap, in MB, for the rows in each executor."""
        return self.getOrDefault(self.maxMemoryInMB)


def _refuse_bounds(options: Dict[str, Any]) -> None:
    for name in sorted(options):
        if name.endswith(("BoundsOnCoefficients", "BoundsOnIntercepts")):
            raise ValueError(f"{name} is not supported: Heddle has no bounds; use MLlib's LogisticRegression for this fit")
