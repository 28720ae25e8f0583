"""A process of bench/compare for one peer, with the protocol of io.heddle.bench.compare.Worker.

usage: peer.py numpy|sklearn|onedal|faiss|superkmeans|mkl THREADS
"""

import json
import logging
import os
import pathlib
import sys
import time
import warnings

import numpy as np

# As in the Java worker: a product is repeated for this long, and its median counts.
PRODUCT_SECONDS = 0.3
MINIMUM_PRODUCTS = 3


def timed(call):
    start = time.perf_counter()
    result = call()
    return time.perf_counter() - start, result


class NumPy:
    """Products by numpy's BLAS, which is OpenBLAS in the wheels."""

    def __init__(self, threads):
        self.threads = threads

    def versions(self):
        return {"numpy": np.__version__}

    def gemm(self, request, data):
        a, b = data["a"], data["b"]
        if request.get("transposed"):
            a = a.T
        c = np.empty((a.shape[0], b.shape[1]), np.float32)
        seconds = []
        while len(seconds) < MINIMUM_PRODUCTS or sum(seconds) < PRODUCT_SECONDS:
            seconds.append(timed(lambda: np.matmul(a, b, out=c))[0])
        return sorted(seconds)[len(seconds) // 2], len(seconds), c


class ScikitLearn:
    def __init__(self, threads):
        from sklearn.cluster import KMeans, MiniBatchKMeans
        from sklearn.decomposition import PCA
        from sklearn.linear_model import LogisticRegression

        self.KMeans, self.MiniBatchKMeans, self.PCA = KMeans, MiniBatchKMeans, PCA
        self.LogisticRegression = LogisticRegression

    def versions(self):
        import sklearn

        return {"scikit-learn": sklearn.__version__}

    def logistic(self, request, data):
        x, y = data["x"], data["labels"]
        (lam,) = request["lambdas"]
        model = self.LogisticRegression(
            C=1 / (len(x) * lam),
            l1_ratio=request.get("l1Ratio", 0.0),
            solver=request["solver"],
            tol=request["tolerance"],
            max_iter=request["maxIterations"],
            random_state=request["seed"],
        )
        seconds, _ = timed(lambda: model.fit(x, y))
        return seconds, int(np.max(model.n_iter_)), np.c_[model.coef_, model.intercept_]

    def pca(self, request, data):
        model = self.PCA(
            request["components"], svd_solver=request["solver"], random_state=request["seed"]
        )
        seconds, _ = timed(lambda: model.fit(data["x"]))
        return seconds, 1, model.components_

    def kmeans(self, request, data):
        options = {"n_clusters": request["clusters"], "n_init": 1, "random_state": request["seed"]}
        if request["algorithm"] == "MINI_BATCH":
            model = self.MiniBatchKMeans(batch_size=request["batchSize"], max_iter=300, **options)
        else:
            model = self.KMeans(
                algorithm=request["algorithm"],
                max_iter=request.get("maxIterations", 300),
                tol=request.get("tolerance", 1e-4),
                **options,
            )
        seconds, _ = timed(lambda: model.fit(data["x"]))
        return seconds, int(model.n_iter_), model.cluster_centers_


class OneDal(ScikitLearn):
    """scikit-learn-intelex. If it delegates a fit to scikit-learn, that is an error, because scikit-learn is another
    peer."""

    def __init__(self, threads):
        import daal4py

        daal4py.daalinit(threads)
        from sklearnex.cluster import KMeans
        from sklearnex.decomposition import PCA
        from sklearnex.linear_model import LogisticRegression

        self.KMeans, self.PCA, self.LogisticRegression = KMeans, PCA, LogisticRegression
        self.messages = []
        handler = logging.Handler()
        handler.emit = lambda record: self.messages.append(record.getMessage())
        logger = logging.getLogger("sklearnex")
        logger.setLevel(logging.INFO)
        logger.handlers = [handler]
        logger.propagate = False

    def versions(self):
        from importlib.metadata import version

        return {"scikit-learn-intelex": version("scikit-learn-intelex"), "oneDAL": version("daal")}

    def accelerated(self, run, request, data):
        self.messages.clear()
        result = run(request, data)
        fits = [m for m in self.messages if ".fit" in m]
        if not fits or not all("accelerated" in m for m in fits):
            raise RuntimeError(f"oneDAL delegated this fit: {fits}")
        return result

    def logistic(self, request, data):
        return self.accelerated(super().logistic, request, data)

    def pca(self, request, data):
        return self.accelerated(super().pca, request, data)

    def kmeans(self, request, data):
        return self.accelerated(super().kmeans, request, data)


def widest_core(cpuinfo=pathlib.Path("/proc/cpuinfo")):
    """OpenBLAS's name for the widest kernels that an x86 processor can run."""
    flags = cpuinfo.read_text().split() if cpuinfo.exists() else []
    return next((core for flag, core in (("avx512dq", "SkylakeX"), ("avx2", "Haswell")) if flag in flags), None)


class Faiss:
    def __init__(self, threads):
        # The older OpenBLAS in faiss takes processors that it does not know for one without AVX, three times as slow.
        if "OPENBLAS_CORETYPE" not in os.environ and (core := widest_core()):
            os.environ["OPENBLAS_CORETYPE"] = core
        import faiss

        faiss.omp_set_num_threads(threads)
        self.faiss = faiss

    def versions(self):
        return {"faiss-cpu": self.faiss.__version__}

    def kmeans(self, request, data):
        x = data["x"]
        # By default faiss uses only 256 rows per cluster.
        model = self.faiss.Kmeans(
            x.shape[1],
            request["clusters"],
            niter=request["maxIterations"],
            seed=request["seed"] + 1,
            max_points_per_centroid=len(x),
        )
        seconds, _ = timed(lambda: model.train(x))
        return seconds, request["maxIterations"], model.centroids

    def knn(self, request, data):
        x = data["points"]

        def search():
            index = self.faiss.IndexFlatIP(x.shape[1])
            index.add(x)
            return index.search(x, request["neighbors"])

        seconds, (_, found) = timed(search)
        return seconds, 1, found


class SuperKMeans:
    """Uses all rows, all iterations and full precision, like the others. By default it samples and stops early."""

    def __init__(self, threads):
        import superkmeans

        self.superkmeans = superkmeans
        self.threads = threads

    def versions(self):
        return {"superkmeans": self.superkmeans.__version__}

    def kmeans(self, request, data):
        x = data["x"]
        model = self.superkmeans.SuperKMeans(
            n_clusters=request["clusters"],
            dimensionality=x.shape[1],
            hierarchical=False,
            iters=request["maxIterations"],
            sampling_fraction=1.0,
            max_points_per_cluster=len(x),
            n_threads=self.threads,
            seed=request["seed"] + 1,
            early_termination=False,
        )
        seconds, centres = timed(lambda: model.train(x))
        return seconds, request["maxIterations"], centres


class Mkl:
    """Products by MKL, and the best of each row by numpy: the k-th best of the first columns is a limit for all others,
    so that few products are sorted. Each thread has its own rows; numpy and MKL release Python's lock."""

    ROWS = 256
    COLUMNS = 4096
    ROW_MAJOR, AS_IS, TRANSPOSED = 101, 111, 112

    def __init__(self, threads):
        from ctypes import CDLL, c_float, c_int, c_void_p
        from importlib.metadata import files

        self.threads = threads
        library = CDLL(str(next(f.locate() for f in files("mkl") if f.name.startswith("libmkl_rt.so"))))
        library.MKL_Set_Num_Threads(1)
        self.sgemm = library.cblas_sgemm
        matrix = [c_void_p, c_int]
        self.sgemm.argtypes = [c_int] * 6 + [c_float] + matrix * 2 + [c_float] + matrix

    def versions(self):
        from importlib.metadata import version

        return {"mkl": version("mkl")}

    def products(self, a, b):
        out = np.empty((len(a), len(b)), np.float32)
        depth = a.shape[1]
        self.sgemm(
            self.ROW_MAJOR, self.AS_IS, self.TRANSPOSED, len(a), len(b), depth,
            1.0, a.ctypes.data, depth, b.ctypes.data, depth, 0.0, out.ctypes.data, len(b),
        )
        return out

    def best(self, queries, x, k):
        limit, pairs = None, []
        for first in range(0, len(x), self.COLUMNS):
            products = self.products(queries, x[first : first + self.COLUMNS])
            width = products.shape[1]
            if limit is None:
                limit = np.partition(products, width - k, axis=1)[:, width - k, None]
            at = np.flatnonzero(products >= limit)
            pairs.append((at // width, at % width + first, products.ravel()[at]))
        rows, columns, values = (np.concatenate(part) for part in zip(*pairs))
        order = np.lexsort((-values, rows))
        begin = np.searchsorted(rows[order], np.arange(len(queries)))
        return columns[order][begin[:, None] + np.arange(k)]

    def knn(self, request, data):
        from concurrent.futures import ThreadPoolExecutor

        x = data["points"]

        def search():
            with ThreadPoolExecutor(self.threads) as pool:
                blocks = (x[first : first + self.ROWS] for first in range(0, len(x), self.ROWS))
                return np.concatenate(list(pool.map(lambda rows: self.best(rows, x, request["neighbors"]), blocks)))

        seconds, found = timed(search)
        return seconds, 1, found


LIBRARIES = {
    "numpy": NumPy,
    "sklearn": ScikitLearn,
    "onedal": OneDal,
    "faiss": Faiss,
    "superkmeans": SuperKMeans,
    "mkl": Mkl,
}


class Worker:
    def __init__(self, library, threads):
        self.library = LIBRARIES[library](threads)
        self.data = {}

    def answer(self, request):
        return getattr(self, request["command"])(request)

    def describe(self, request):
        from threadpoolctl import threadpool_info

        np.ones((64, 64), np.float32) @ np.ones((64, 64), np.float32)
        pools = [
            {k: p.get(k) for k in ("internal_api", "version", "architecture", "num_threads")} for p in threadpool_info()
        ]
        return {"versions": self.library.versions(), "pools": pools}

    def open(self, request):
        self.data = {
            name: np.fromfile(m["path"], "<f4").reshape(m["rows"], m["columns"])
            for name, m in request["matrices"].items()
        }
        if request.get("labels"):
            self.data["labels"] = np.fromfile(request["labels"], "<i4")
        return {}

    def run(self, request):
        seconds, iterations, found = getattr(self.library, request["work"])(request, self.data)
        np.ascontiguousarray(found, "<f8").tofile(request["out"])
        return {"seconds": seconds, "iterations": iterations}


def main():
    answers = os.fdopen(os.dup(1), "w")
    # The output of libraries must not be mixed with the answers.
    os.dup2(2, 1)
    warnings.filterwarnings("ignore", message=".*(max_iter was reached|failed to converge).*")
    worker = Worker(sys.argv[1], int(sys.argv[2]))
    for line in sys.stdin:
        try:
            answer = worker.answer(json.loads(line))
        except Exception as e:  # any error is reported to the driver
            answer = {"error": f"{type(e).__name__}: {e}"}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
