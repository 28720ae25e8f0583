"""Results of scikit-learn for batches: writes src/test/resources/io/heddle/cluster/streaming.txt and
.../decomposition/incremental.txt. Run in engine/core, with scikit-learn 1.9. The data are a formula that the tests repeat."""

import numpy as np
from sklearn.cluster import MiniBatchKMeans
from sklearn.decomposition import IncrementalPCA

ROWS, COLUMNS, BATCH, CLUSTERS, COMPONENTS = 240, 7, 40, 4, 3


def data():
    i, j = np.meshgrid(np.arange(ROWS), np.arange(COLUMNS), indexing="ij")
    x = np.sin(0.37 * i * (j + 1)) + 0.5 * np.cos(1.7 * i + j * j) * (j + 1) + (i % CLUSTERS) * (1 + j % 3)
    return x.astype(np.float32)


def write(path, *arrays):
    with open(path, "w") as out:
        for a in arrays:
            for row in np.atleast_2d(a):
                out.write(" ".join(repr(float(v)) for v in row) + "\n")


x = data()
batches = [x[at : at + BATCH].astype(np.float64) for at in range(0, ROWS, BATCH)]

start = x[:CLUSTERS].astype(np.float64)
kmeans = MiniBatchKMeans(CLUSTERS, init=start, n_init=1, reassignment_ratio=0)
for batch in batches:
    kmeans.partial_fit(batch)
write("src/test/resources/io/heddle/cluster/streaming.txt", kmeans.cluster_centers_, kmeans._counts)

pca = IncrementalPCA(COMPONENTS)
for batch in batches:
    pca.partial_fit(batch)
write(
    "src/test/resources/io/heddle/decomposition/incremental.txt",
    pca.components_,
    pca.explained_variance_,
    pca.explained_variance_ratio_,
    pca.mean_,
)
