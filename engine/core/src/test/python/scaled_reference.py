"""Writes results in float64 for badly scaled columns, with row weights and in scaled columns, for the tests of
io.heddle.cluster, io.heddle.decomposition, io.heddle.neighbors and io.heddle.metrics.

    python engine/core/src/test/python/scaled_reference.py

Needs numpy, scipy and scikit-learn. The tables are those of decomposition_reference.py. The data is float32, and all
results are computed from it in float64.
"""

import numpy as np
from decomposition_reference import RESOURCES, Tables
from scipy.spatial.distance import cdist
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.metrics import silhouette_score
from sklearn.preprocessing import StandardScaler


def data(rng):
    n = 240
    group = np.arange(n) % 4
    near = rng.standard_normal((n, 3)) + 6 * np.eye(4)[group][:, :3]
    wide = np.where(group % 2 == 0, 0.0, 1e9)
    hours = 1.7e9 + 3600 * rng.integers(0, 24 * 60, n)
    return {
        # Mean 1e6 and deviation about 1.
        "offset": near + 1e6,
        # Seconds of two months and small counts.
        "unix": np.column_stack([hours, rng.poisson(3, n), group]),
        # One column 1e9 times as wide as the others, which separate two clusters within each of its values.
        "wide": np.column_stack([wide, near[:, 1] * 0.1 + 5 * (group >= 2), near[:, 2] * 0.1]),
        # Tiny and ordinary columns.
        "tiny": np.column_stack([near[:, 0] * 1e-4, near[:, 1], near[:, 2] * 1e4]),
    }


def lloyd(x, centers):
    """Computes distances from differences, because scikit-learn's float64 products find 2 of the 4 clusters of "wide"."""
    labels = None
    while True:
        nearest = cdist(x, centers, "sqeuclidean").argmin(axis=1)
        if labels is not None and (nearest == labels).all():
            return labels, ((x - centers[labels]) ** 2).sum()
        labels = nearest
        centers = np.array([x[labels == j].mean(axis=0) for j in range(len(centers))])


def clustering(rng, cases):
    tables = Tables()
    for name, x in cases.items():
        start = x[rng.choice(len(x), 4, replace=False)]
        if name == "wide":
            start = x[:4]
        wide = x.astype(np.float64)
        labels, inertia = lloyd(wide, start.astype(np.float64))
        tables.add(f"{name}/x", x)
        tables.add(f"{name}/start", start)
        tables.add(f"{name}/labels", labels)
        tables.add(f"{name}/inertia", [inertia])
        distances = cdist(wide, wide)
        tables.add(f"{name}/silhouette", [silhouette_score(distances, labels, metric="precomputed")])
        np.fill_diagonal(distances, np.inf)
        tables.add(f"{name}/euclidean", np.sort(distances, axis=1)[:, :5])
        unit = wide / np.linalg.norm(wide, axis=1, keepdims=True)
        cosine = cdist(unit, unit, "sqeuclidean") / 2
        np.fill_diagonal(cosine, np.inf)
        tables.add(f"{name}/cosine", np.sort(cosine, axis=1)[:, :5])
    tables.write(RESOURCES / "cluster" / "scaled.txt")


def weighted(rng):
    tables = Tables()
    cases = {
        "whole": (rng.standard_normal((150, 4)), rng.integers(0, 5, 150).astype(float), 5),
        "fractions": (rng.standard_normal((200, 3)) + 300, rng.random(200) ** 3, 6),
        "one-heavy": (rng.standard_normal((60, 2)), np.where(np.arange(60) == 7, 1000.0, 1.0), 4),
    }
    for name, (x, weights, k) in cases.items():
        x = x.astype(np.float32)
        start = x[np.flatnonzero(weights)[:k]]
        found = KMeans(k, init=start.astype(np.float64), n_init=1, tol=0).fit(
            x.astype(np.float64), sample_weight=weights
        )
        tables.add(f"{name}/x", x)
        tables.add(f"{name}/weights", weights)
        tables.add(f"{name}/start", start)
        tables.add(f"{name}/centroids", found.cluster_centers_)
        tables.add(f"{name}/labels", found.labels_)
        tables.add(f"{name}/inertia", [found.inertia_])
        tables.add(f"{name}/iterations", [found.n_iter_])
    tables.write(RESOURCES / "cluster" / "weighted.txt")


def components(rng, cases):
    tables = Tables()
    wide = {"latent": rng.standard_normal((300, 5)) @ rng.standard_normal((5, 40)) + rng.standard_normal((300, 40))}
    for name, x in (cases | wide).items():
        x = x.astype(np.float32)
        exact = x.astype(np.float64)
        tables.add(f"{name}/x", x)
        plain = PCA(svd_solver="full").fit(exact)
        tables.add(f"{name}/explainedVariance", plain.explained_variance_)
        tables.add(f"{name}/transformed", plain.transform(exact[:5]))
        scaler = StandardScaler().fit(exact)
        standard = PCA(svd_solver="full").fit(scaler.transform(exact))
        tables.add(f"{name}/standardizedVariance", standard.explained_variance_)
        tables.add(f"{name}/standardized", standard.transform(scaler.transform(exact[:5])))
        for share in (0.5, 0.9, 0.95, 0.999):
            tables.add(f"{name}/components-{share}", [PCA(share, svd_solver="full").fit(exact).n_components_])
            tables.add(
                f"{name}/standardized-components-{share}",
                [PCA(share, svd_solver="full").fit(scaler.transform(exact)).n_components_],
            )
    tables.write(RESOURCES / "decomposition" / "scaled.txt")


if __name__ == "__main__":
    scaled = {name: x.astype(np.float32) for name, x in data(np.random.default_rng(3)).items()}
    clustering(np.random.default_rng(4), scaled)
    weighted(np.random.default_rng(5))
    components(np.random.default_rng(6), scaled)
