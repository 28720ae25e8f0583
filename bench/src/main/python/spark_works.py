"""The works of bench/spark for Heddle on Spark, MLlib and Heddle without Spark, and their measures of quality."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

import judge

LAMBDA = 1e-4
# Tolerance of an objective: the gap of Heddle.
SAME = 1e-4


@dataclass
class Work:
    name: str
    quality: str
    judged: Callable  # from the numbers of a result
    numbers: Callable  # from a model
    heddle: Callable  # estimator of a seed
    peer: Callable  # estimator of a limit of iterations and a tolerance
    core: dict  # request of the worker of Heddle without Spark
    # Maximum relative amount by which Heddle's quality may be worse than the peer's.
    higher_is_better: bool = False
    peer_limit: int = 0  # maximum iterations of MLlib, unless --peer-iterations is lower
    # Tolerances of the peer, if they are lowered until its quality is that of Heddle.
    peer_tolerances: tuple = ()
    iterations: Callable = None  # of MLlib's model
    more: Callable = None  # further numbers of Heddle's model
    # Compares with Heddle without Spark: the estimator and the request where they differ from those that are timed, and
    # what is computed from both results, as numbers.
    same_heddle: Callable = None
    same_core: dict = field(default_factory=dict)
    difference: Callable = None
    difference_name: str = ""


def logistic(x, labels, classes, name, l1_ratio):
    import heddle_spark
    from pyspark.ml.classification import LogisticRegression

    # The objective of the core and of the judge, which penalize all columns equally.
    common = {"regParam": LAMBDA, "elasticNetParam": l1_ratio, "standardization": False, "family": "multinomial"}

    def numbers(model):
        return np.column_stack([model.coefficientMatrix.toArray(), model.interceptVector.toArray()]).ravel()

    def judged(found):
        return judge.logistic_objective(x, labels, found, classes, [LAMBDA], l1_ratio)

    core = {"work": "logistic", "lambdas": [LAMBDA], "l1Ratio": l1_ratio, "tolerance": 1e-4}
    return Work(
        name, "objective", judged, numbers,
        heddle=lambda seed: heddle_spark.HeddleLogisticRegression(**common, tol=1e-4, seed=seed),
        peer=lambda limit, tolerance: LogisticRegression(**common, tol=tolerance, maxIter=limit),
        core=core, peer_limit=1000, peer_tolerances=(1e-6, 1e-8, 1e-10, 1e-12),
        iterations=lambda model: model.summary.totalIterations,
        more=lambda model: {"gap": model.certificate, "iterations": model.totalIterations, "passes": model.passes},
        same_heddle=lambda seed: heddle_spark.HeddleLogisticRegression(**common, tol=1e-6, seed=seed),
        same_core={**core, "tolerance": 1e-6},
        difference=lambda ours, core: abs(judged(ours) / judged(core) - 1), difference_name="objective",
    )


def pca(x):
    import heddle_spark
    from pyspark.ml.feature import PCA

    captured = judge.CapturedVariance(x)
    d = x.shape[1]
    core = {"work": "pca", "components": 50}
    return Work(
        "pca-50", "captured variance", captured, numbers=lambda model: model.pc.toArray().T.ravel(),
        heddle=lambda seed: heddle_spark.HeddlePca(k=50, inputCol="features", outputCol="z", seed=seed),
        peer=lambda limit, tolerance: PCA(k=50, inputCol="features", outputCol="z"),
        core=core, higher_is_better=True,
        # The randomized solver is not exact, so its subspace differs.
        same_core={**core, "solver": "COVARIANCE"},
        difference=lambda ours, core: judge.subspace_angle(ours, core, d), difference_name="subspace angle",
    )


def lloyd(x, k):
    import heddle_spark
    from pyspark.ml.clustering import KMeans

    return Work(
        f"lloyd-20-k{k}", "inertia", judged=lambda found: judge.inertia(x, found),
        numbers=lambda model: np.array(model.clusterCenters(), float).ravel(),
        heddle=lambda seed: heddle_spark.HeddleKMeans(k=k, maxIter=20, tol=0.0, seed=seed),
        peer=lambda limit, tolerance: KMeans(k=k, maxIter=limit, tol=0.0, seed=0),
        core={"work": "kmeans", "clusters": k, "algorithm": "LLOYD", "maxIterations": 20, "tolerance": 0.0},
        peer_limit=20, iterations=lambda model: model.summary.numIter,
        more=lambda model: {"iterations": model.numIter},
    )


NAMES = ("pca-50", "lloyd-20-k10", "lloyd-20-k100", "logistic-l2", "elastic-net")


def work(name, x, labels):
    if name == "pca-50":
        return pca(x)
    if name.startswith("lloyd"):
        return lloyd(x, int(name.rsplit("k", 1)[1]))
    return logistic(x, labels, int(labels.max()) + 1, name, 0.0 if name == "logistic-l2" else 0.5)
