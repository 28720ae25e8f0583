"""What the wrappers have in common."""

from __future__ import annotations

from typing import Any

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

    def getMaxMemoryInMB(self) -> int:
        """The maximum memory outside the heap, in MB, for the rows in each executor."""
        return self.getOrDefault(self.maxMemoryInMB)
