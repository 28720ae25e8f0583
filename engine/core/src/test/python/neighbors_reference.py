"""Writes neighbours and silhouettes of scikit-learn, for the tests of io.heddle.neighbors and .metrics.

    python engine/core/src/test/python/neighbors_reference.py

Needs numpy and scikit-learn; the first line of each file names the version that wrote it. Every table is a line with
its name, rows and columns, and then one line for each row.
"""

import numpy as np
from sklearn.metrics import silhouette_score
from sklearn.neighbors import NearestNeighbors

from decomposition_reference import RESOURCES, Tables, correlated


def neighbor_tables(rng):
    tables = Tables()
    cases = {
        "small": (correlated(rng, 40, 5, 0.8, 1), correlated(rng, 7, 5, 0.8, 1), 4),
        "far": (correlated(rng, 60, 9, 0.9, 100), correlated(rng, 5, 9, 0.9, 100), 6),
        "many": (correlated(rng, 500, 3, 0.9, 0), correlated(rng, 60, 3, 0.9, 0), 3),
    }
    for name, (points, queries, k) in cases.items():
        tables.add(f"{name}/points", points)
        tables.add(f"{name}/queries", queries)
        for metric in ("cosine", "euclidean"):
            # In double, so that the reference is exact; the data are floats.
            model = NearestNeighbors(n_neighbors=k, metric=metric, algorithm="brute").fit(points.astype(np.float64))
            for kind, rows in (("within", None), ("find", queries.astype(np.float64))):
                distances, indices = model.kneighbors(rows)
                tables.add(f"{name}/{metric}/{kind}/distances", distances.astype(np.float32))
                tables.add(f"{name}/{metric}/{kind}/indices", indices)
    tables.write(RESOURCES / "neighbors" / "neighbors.txt")


def silhouette_tables(rng):
    tables = Tables()
    cases = {
        "three": (correlated(rng, 90, 4, 0.8, 1), rng.integers(0, 3, 90)),
        "blobs": None,
        "single": (correlated(rng, 30, 2, 0.8, 0), np.r_[np.arange(3), np.repeat([7, 9, 11], 9)]),
    }
    labels = rng.integers(0, 5, 300)
    cases["blobs"] = ((labels[:, None] * 4 + rng.standard_normal((300, 19))).astype(np.float32), labels * 3)
    for name, (x, clusters) in cases.items():
        tables.add(f"{name}/x", x)
        tables.add(f"{name}/clusters", clusters)
        tables.add(f"{name}/score", [silhouette_score(x.astype(np.float64), clusters)])
    tables.write(RESOURCES / "metrics" / "silhouette.txt")


if __name__ == "__main__":
    rng = np.random.default_rng(0)
    neighbor_tables(rng)
    silhouette_tables(rng)
