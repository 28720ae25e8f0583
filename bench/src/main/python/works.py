"""The works of bench/compare for Heddle and, with separate options, for its peers."""

from collections.abc import Callable
from dataclasses import dataclass, field

N, D, CLASSES = 60_000, 784, 10
DATA = 4 * N * D


@dataclass
class Peer:
    name: str
    library: str
    options: dict
    # Takes minutes: --slow sets the number of measured runs.
    slow: bool = False
    # Options that make a run short enough for the warm-up, if the work itself is too long.
    warm: dict = field(default_factory=dict)
    per_iteration: bool = False


@dataclass
class Work:
    name: str
    kind: str  # logistic, pca, kmeans, gemm or knn, as the workers call it
    options: dict  # Heddle's
    quality: str
    peers: list
    higher_is_better: bool = False
    # Maximum relative amount by which Heddle's quality may be worse than a peer's.
    slack: float = 0.0
    threads: int = 0  # 0 for the requested number
    # Minimum number of measured runs without --quick: the median of five runs is unreliable if optima of different
    # seeds differ more than the programs do.
    repeats: int = 0
    shape: tuple = ()  # of a product: rows, depth, columns; of points or of synthetic rows: rows, columns
    transposed: bool = False
    # The known optimum on all rows, and the maximum relative distance of a result from it, whatever the peer's result is.
    optimum: float = None
    within: float = 0.0
    # The goals of the ratio by peer: with vectors of 512 bits, and with shorter ones.
    goals: dict = field(default_factory=dict)
    # Minimum floating-point operations and bytes of Heddle's method, from its iterations and passes over the data,
    # for the roof in docs/performance-machines.md.
    cost: Callable = None


def logistic(quick):
    common = {"lambdas": [1e-4], "seed": 0}
    l2 = {**common, "solver": "lbfgs", "tolerance": 1e-6, "maxIterations": 100 if quick else 5000}
    saga = {**common, "l1Ratio": 0.5, "solver": "saga", "tolerance": 1e-12, "maxIterations": 10 if quick else 100}
    path = {"lambdas": [0.1, 0.03, 0.01] if quick else [0.1, 0.03, 0.01, 0.003, 0.001, 0.0003, 0.0001], "l1Ratio": 0.5}
    end = ", 100 iterations" if quick else " to tol 1e-6"
    warm = {"maxIterations": 3}
    smile = {"lambdas": [1e-4], "maxIterations": 10 if quick else 100}
    heddle = {"lambdas": [1e-4], "l1Ratio": 0.0}

    def passes(_, passes):
        # A product with the weights and one with the residuals, in one read of the data.
        return passes * 4 * N * D * CLASSES, passes * DATA

    return [
        # Tolerances are certified gaps, far above the true distance from the optimum. Required is an objective within
        # 1e-5 of the optimum, and for the elastic net within saga's 1.6e-4.
        Work("logistic-l2", "logistic", {**heddle, "tolerance": 1e-3}, "objective", slack=1e-5, cost=passes,
             optimum=0.3794771, within=1e-5, goals={"oneDAL lbfgs" + end: (20, 15), "scikit-learn lbfgs" + end: (90, None)}, peers=[
            Peer("oneDAL lbfgs" + end, "onedal", l2, warm=warm),
            Peer("scikit-learn lbfgs" + end, "sklearn", l2, warm=warm, slow=True),
        ]),
        Work("elastic-net", "logistic", {**heddle, "l1Ratio": 0.5, "tolerance": 5e-3}, "objective", slack=1e-5, cost=passes,
             optimum=0.418429, within=1.6e-4, goals={f"scikit-learn saga, {saga['maxIterations']} epochs": (80, 60)}, peers=[
            Peer(f"scikit-learn saga, {saga['maxIterations']} epochs", "sklearn", saga,
                 warm={"maxIterations": 1}, slow=True),
        ]),
        # Smile has L2 only, on the weights of all classes but one, so the accuracy on test rows is compared.
        Work("logistic-l2-accuracy", "logistic", {**heddle, "tolerance": 5e-2}, "test accuracy", higher_is_better=True,
             cost=passes, goals={f"Smile, {smile['maxIterations']} iterations": (60, 50)}, peers=[
            Peer(f"Smile, {smile['maxIterations']} iterations", "smile", smile, warm=warm, slow=True),
        ]),
        # The time of the last digits: the goal is at most twice the time of the previous row.
        Work("elastic-net-1e-6", "logistic", {**heddle, "l1Ratio": 0.5, "tolerance": 1e-6}, "objective", cost=passes,
             optimum=0.418429, within=1e-6, peers=[]),
        Work("elastic-net-path", "logistic", {**path, "tolerance": 5e-3}, "objective", slack=1e-4, cost=passes,
             goals={"glmnet, one thread": (60, 40)}, peers=[
            Peer("glmnet, one thread", "glmnet", path, warm=None, slow=True),
        ]),
    ]


def pca():
    def peer(name, library, solver):
        return Peer(name, library, {"components": 50, "solver": solver})

    def from_samples(*_):
        # The Gram matrix of 4 rows per column, a pass of 64 directions over 16 rows per column, and one over all rows
        # after a read for the means.
        sampled = 4 * D * D * (D + 1) + 4 * 16 * D * D * 64
        return sampled + 4 * N * D * 64, 2 * DATA

    goals = {"scikit-learn covariance_eigh": (3, 2.5), "scikit-learn randomized": (20, 15), "Smile PCA.fit": (60, 40)}
    return [Work("pca-50", "pca", {"components": 50}, "captured variance", higher_is_better=True, slack=1e-4,
                 cost=from_samples, goals=goals, peers=[
        peer("scikit-learn covariance_eigh", "sklearn", "covariance_eigh"),
        peer("scikit-learn randomized", "sklearn", "randomized"),
        peer("oneDAL covariance_eigh", "onedal", "covariance_eigh"),
        Peer("Smile PCA.fit", "smile", {"components": 50}),
    ])]


def k_means(k):
    def options(algorithm, **more):
        return {"clusters": k, "algorithm": algorithm, **more}

    batches = options("MINI_BATCH", batchSize=1024)
    limited = {"maxIterations": 25, "tolerance": 0.0}
    hundred = {"maxIterations": 100, "tolerance": 0.0}

    def in_batches(iterations, _):
        # The batches, and at the end all rows once.
        return 2 * D * k * (1024 * iterations + N), 4 * D * 1024 * iterations + DATA

    def full(iterations, _):
        # Every row with every centre; bounds can save most of it.
        return 2 * N * D * k * iterations, DATA * iterations

    return [
        Work(f"mini-batch-k{k}", "kmeans", batches, "inertia", cost=in_batches, repeats=21,
             goals={"scikit-learn MiniBatchKMeans": (6, 4) if k < 50 else (5, 4)}, peers=[
            Peer("scikit-learn MiniBatchKMeans", "sklearn", batches),
        ]),
        Work(f"lloyd-k{k}", "kmeans", options("LLOYD"), "inertia", slack=1e-3, cost=full, repeats=11 if k < 50 else 0,
             goals={"scikit-learn elkan": (5, 5) if k < 50 else (8, 8), "oneDAL, per iteration": (3, 2.5)}, peers=[
            Peer("scikit-learn elkan", "sklearn", options("elkan")),
            Peer("scikit-learn lloyd", "sklearn", options("lloyd")),
            Peer("oneDAL", "onedal", options("lloyd"), per_iteration=True),
        ]),
        Work(f"lloyd-100-k{k}", "kmeans", options("LLOYD", **hundred), "inertia", slack=1e-3, cost=full,
             goals={"Smile lloyd": (15, None)}, peers=[
            Peer("Smile lloyd", "smile", options("", **hundred), warm={"maxIterations": 3}, slow=True),
        ]),
        Work(f"lloyd-25-k{k}", "kmeans", options("LLOYD", **limited), "inertia", slack=1e-3, cost=full,
             goals={"faiss": (2.5, 2.5)}, peers=[
            Peer("faiss", "faiss", options("", **limited)),
        ]),
    ]


def embeddings():
    """Many clusters of unit-length vectors, as in an index of embeddings: 25 iterations on all rows."""
    clusters, rows, columns = 1000, 200_000, 256
    limited = {"clusters": clusters, "maxIterations": 25, "tolerance": 0.0}

    def full(iterations, _):
        return 2 * rows * columns * clusters * iterations, 4 * rows * columns * iterations

    return [
        Work("lloyd-25-k1000", "kmeans", {**limited, "algorithm": "LLOYD"}, "inertia", slack=1e-3, cost=full,
             shape=(rows, columns), goals={"faiss": (1.5, 1.5), "superkmeans": (1.5, 1.5)}, peers=[
            Peer("faiss", "faiss", limited, warm={"maxIterations": 1}),
            Peer("superkmeans", "superkmeans", limited, warm={"maxIterations": 1}),
        ]),
    ]


def products(threads):
    works = []
    for t in sorted({1, threads}):
        def product(name, goals, rows, depth, columns, transposed=False):
            def cost(*_):
                return 2 * rows * depth * columns, 4 * (rows * depth + depth * columns + rows * columns)

            works.append(Work(
                f"{name}-{t}t", "gemm", {"transposed": transposed}, "error", threads=t, slack=1.0,
                shape=(rows, depth, columns), transposed=transposed, cost=cost, goals={"numpy (OpenBLAS)": goals},
                peers=[Peer("numpy (OpenBLAS)", "numpy", {"transposed": transposed})],
            ))

        product("sgemm-1024", (1, 1), 1024, 1024, 1024)
        product("sgemm-2048", (1, 1), 2048, 2048, 2048)
        for columns in (10, 60):
            product(f"skinny-60000x784x{columns}", (1.3, 1.2), 60000, 784, columns)
            product(f"skinny-784x60000x{columns}", (1.3, 1.2), 784, 60000, columns, transposed=True)
    return works


def neighbors(threads):
    options = {"neighbors": 15}

    def symmetric(iterations, passes):
        # Each product of two points once.
        return 70000 * 70000 * 64, 70000 * 64 * 4

    return [
        Work(f"knn-70000x64-{t}t", "knn", options, "mean cosine", higher_is_better=True, slack=1e-6, threads=t,
             shape=(70000, 64), cost=symmetric, goals={"faiss IndexFlatIP": (3, 2), "MKL and numpy": (1.5, 1.2)}, peers=[
                 Peer("faiss IndexFlatIP", "faiss", options),
                 Peer("MKL and numpy", "mkl", options),
             ])
        for t in sorted({1, threads})
    ]


def all_works(threads, quick):
    """The works, the quick ones first, so that an interrupted comparison has results."""
    return products(threads) + neighbors(threads) + pca() + k_means(10) + k_means(100) + embeddings() + logistic(quick)
