"""Heddle's estimators for PySpark: thin wrappers of the classes in heddle-spark's jar.

The jar itself can be imported: start Spark with ``--jars heddle-core.jar,heddle-spark.jar --py-files heddle-spark.jar``. docs/spark.md
has an example. The parameters are those of MLlib's classes.
"""

import sys

from heddle_spark._base import _PACKAGE
from heddle_spark._kmeans import HeddleKMeans, HeddleKMeansModel
from heddle_spark._logistic import HeddleLogisticRegression, HeddleLogisticRegressionModel
from heddle_spark._pca import HeddlePca, HeddlePcaModel

__all__ = [
    "HeddleKMeans",
    "HeddleKMeansModel",
    "HeddleLogisticRegression",
    "HeddleLogisticRegressionModel",
    "HeddlePca",
    "HeddlePcaModel",
]

# Spark looks for the Python class of a Java class under the Java name, when it reads a pipeline.
sys.modules.setdefault(_PACKAGE, sys.modules[__name__])
