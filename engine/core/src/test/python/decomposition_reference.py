"""Writes results of scikit-learn for small matrices, for the tests of io.heddle.decomposition and io.heddle.cluster.

    python engine/core/src/test/python/decomposition_reference.py

Needs numpy and scikit-learn; the first line of each file names the version that wrote it. Every table is a line with
its name, rows and columns, and then one line for each row.
"""

import pathlib

import numpy as np
import sklearn
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA

RESOURCES = pathlib.Path(__file__).parent.parent / "resources" / "io" / "heddle"


class Tables:
    def __init__(self):
        self.lines = [f"# scikit-learn {sklearn.__version__}"]

    def add(self, name, values):
        values = np.atleast_2d(np.asarray(values))
        self.lines.append(f"{name} {values.shape[0]} {values.shape[1]}")
        digits = 9 if values.dtype == np.float32 else 17
        self.lines += [" ".join(f"{v:.{digits}g}" for v in row) for row in values]

    def write(self, path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(self.lines) + "\n")


def correlated(rng, n, d, decay, offset):
    scales = decay ** np.arange(d)
    rotation = np.linalg.qr(rng.standard_normal((d, d)))[0]
    return (rng.standard_normal((n, d)) * scales @ rotation + offset * rng.standard_normal(d)).astype(np.float32)


def pca_tables(rng):
    tables = Tables()
    cases = {
        "tall": (correlated(rng, 90, 7, 0.8, 1), 4),
        "all": (correlated(rng, 60, 5, 0.6, 0), 5),
        "wide": (correlated(rng, 12, 33, 0.9, 2), 6),
        "every-row": (correlated(rng, 9, 17, 0.9, 2), 9),
        "far": (correlated(rng, 200, 16, 0.8, 300), 5),
        "two-rows": (correlated(rng, 2, 3, 1, 1), 1),
    }
    for name, (x, k) in cases.items():
        # In double, so that the reference is exact; the data are floats.
        plain = PCA(k, svd_solver="full").fit(x.astype(np.float64))
        whitened = PCA(k, svd_solver="full", whiten=True).fit(x.astype(np.float64))
        tables.add(f"{name}/x", x)
        tables.add(f"{name}/mean", plain.mean_)
        tables.add(f"{name}/components", plain.components_)
        tables.add(f"{name}/explainedVariance", plain.explained_variance_)
        tables.add(f"{name}/explainedVarianceRatio", plain.explained_variance_ratio_)
        tables.add(f"{name}/singularValues", plain.singular_values_)
        tables.add(f"{name}/noiseVariance", [plain.noise_variance_])
        tables.add(f"{name}/transformed", plain.transform(x[:5].astype(np.float64)))
        if name != "every-row":  # its last component has no variance to scale
            tables.add(f"{name}/whitened", whitened.transform(x[:5].astype(np.float64)))
    tables.write(RESOURCES / "decomposition" / "pca.txt")


def kmeans_tables(rng):
    tables = Tables()
    cases = {
        "blobs": (np.concatenate([rng.standard_normal((40, 3)) + 12 * rng.standard_normal(3) for _ in range(5)]), 5),
        "cloud": (rng.standard_normal((300, 9)), 7),
        "line": (rng.standard_normal((120, 1)) ** 3, 4),
        "far": (rng.standard_normal((150, 5)) + 4000, 6),
    }
    for name, (x, k) in cases.items():
        x = x.astype(np.float32)
        start = x[rng.choice(len(x), k, replace=False)]
        for tolerance in (0, 1e-3):
            found = KMeans(k, init=start.astype(np.float64), n_init=1, tol=tolerance).fit(x.astype(np.float64))
            case = f"{name}-{tolerance}"
            tables.add(f"{case}/x", x)
            tables.add(f"{case}/start", start)
            tables.add(f"{case}/centroids", found.cluster_centers_)
            tables.add(f"{case}/labels", found.labels_)
            tables.add(f"{case}/inertia", [found.inertia_])
            tables.add(f"{case}/iterations", [found.n_iter_])
            tables.add(f"{case}/tolerance", [tolerance])
    tables.write(RESOURCES / "cluster" / "kmeans.txt")


if __name__ == "__main__":
    pca_tables(np.random.default_rng(1))
    kmeans_tables(np.random.default_rng(2))
