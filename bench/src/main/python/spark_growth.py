"""Shows how the time of fits grows with the rows; started by bench/spark growth.

The rows are those of Fashion-MNIST, repeated, in files of Parquet that --make writes: the pixels in a random order of rows, each
multiplied by a random factor near 1. Fits read the files, without a cache of Spark, with a bounded heap of the driver (which is the executor
too, with a master local[N]) and a bounded memory for blocks. Where the rows do not fit this memory, each pass reads the files again.
"""

import os
import pathlib
import shutil
import sys
import threading
import time

import numpy as np

import spark_setup as setup

NAMES = ("lloyd-k10", "pca-50", "logistic-l2")
KEY = ("work", "rows", "columns", "partitions", "maxMemoryInMB", "iterations", "master", "cpu")
FILE_ROWS = 30_000
SIZES = "60000,600000"


def folder_of(data, rows, columns):
    return data / f"{rows}x{columns}"


def make(folder, x, labels, rows):
    """Files of at most FILE_ROWS rows. An unfinished folder has another name."""
    unfinished = folder.with_name(folder.name + ".new")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    for number, begin in enumerate(range(0, rows, FILE_ROWS)):
        random = np.random.default_rng(number)
        count = min(FILE_ROWS, rows - begin)
        chosen = random.permutation(len(x))[:count] if count <= len(x) else random.integers(0, len(x), count)
        factors = random.uniform(0.98, 1.0, count).astype(np.float32)
        setup.write_file(unfinished / f"part-{number:05}.parquet", x[chosen] * factors[:, None], labels[chosen])
    unfinished.rename(folder)


class Peak:
    """The maximum resident memory of a process."""

    def __init__(self, process):
        self.status = pathlib.Path(f"/proc/{process}/status")
        self.largest = 0
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.watch, daemon=True)

    def watch(self):
        while not self.ended.wait(0.1):
            self.largest = max(self.largest, self.now())

    def now(self):
        for line in self.status.read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        return 0

    def __enter__(self):
        self.largest = self.now()
        self.thread.start()
        return self

    def __exit__(self, *failure):
        self.ended.set()
        self.thread.join()


def estimator(name, options, seed):
    import heddle_spark

    common = {"maxMemoryInMB": options.memory, "seed": seed}
    if name == "lloyd-k10":
        return heddle_spark.HeddleKMeans(k=10, maxIter=options.iterations, tol=0.0, **common)
    if name == "pca-50":
        return heddle_spark.HeddlePca(k=50, inputCol="features", outputCol="z", **common)
    return heddle_spark.HeddleLogisticRegression(regParam=1e-4, standardization=False, tol=1e-3, **common)


def numbers(name, model):
    if name == "lloyd-k10":
        return {"inertia": model.trainingCost, "passes": model.numIter + 1}
    if name == "pca-50":
        return {"explained": float(model.explainedVariance.toArray().sum())}
    return {"objective": model.objective, "gap": model.certificate, "passes": model.passes}


def arguments():
    parser = setup.parser(" growth", __doc__)
    add = parser.add_argument
    add("--make", action="store_true", help="write the files and end")
    add("--data", type=pathlib.Path, metavar="DIR", help="folder of the files (default bench/target/spark-growth)")
    add("--sizes", metavar="N,...", default=SIZES, help=f"numbers of rows (default {SIZES})")
    add("--columns", type=int, metavar="N", default=784, help="only the first pixels of the middle (default 784: all)")
    add("--iterations", type=int, metavar="N", default=10, help="iterations of k-means (default 10)")
    add("--memory", type=int, metavar="MB", default=2048, help="memory for blocks in the executor (default 2048)")
    add("--master", metavar="URL", default=f"local[{os.cpu_count()}]", help="master of Spark (default local[N])")
    add("--driver-memory", metavar="SIZE", default="1g", help="heap of the driver (default 1g)")
    options = parser.parse_args()
    options.data = options.data or options.out / "spark-growth"
    options.sizes = [int(size) for size in options.sizes.split(",")]
    options.rows = 0
    return options


def middle(x, columns):
    """Pixels around the middle of the images, which are not constant."""
    begin = (x.shape[1] - columns) // 2
    return x[:, begin : begin + columns]


def make_missing(options, folder):
    missing = [size for size in options.sizes if not folder_of(options.data, size, options.columns).exists()]
    if not missing:
        return
    needed = sum(size * options.columns * 4 for size in missing)
    options.data.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(options.data).free
    if needed * 1.05 > free:
        print(f"bench/spark growth: the files need {needed >> 20:,} MB, but {options.data} has {free >> 20:,} MB free; "
              "choose another folder with --data, or fewer rows or columns", file=sys.stderr)
        sys.exit(2)
    x, labels = setup.export(options, folder)
    x = middle(x, options.columns)
    for size in missing:
        begun = time.perf_counter()
        make(folder_of(options.data, size, options.columns), x, labels, size)
        print(f"wrote {size:,} rows in {time.perf_counter() - begun:.1f} s", flush=True)


def main():
    options = arguments()
    names = setup.chosen(NAMES, options)
    with setup.alone() as folder:
        make_missing(options, folder)
        if options.make:
            return
        spark = setup.session(options, {"spark.sql.files.maxPartitionBytes": str(FILE_ROWS * options.columns * 5)})
        java = spark._jvm.java.lang.ProcessHandle.current().pid()
        results = setup.Results(options.out / "spark-growth.json", KEY)
        for name in names:
            print(f"{name}:", flush=True)
            seconds = None
            for size in options.sizes:
                data = spark.read.parquet(str(folder_of(options.data, size, options.columns)))
                if seconds is None:
                    estimator(name, options, 1000).fit(data)
                with Peak(java) as peak:
                    begun = time.perf_counter()
                    model = estimator(name, options, 0).fit(data)
                    took = time.perf_counter() - begun
                row = {
                    "work": name, "rows": size, "columns": options.columns, "seconds": took, "peakBytes": peak.largest,
                    "partitions": data.rdd.getNumPartitions(), "maxMemoryInMB": options.memory, "heap": options.driver_memory,
                    "iterations": options.iterations, "master": options.master, **numbers(name, model), **setup.where(options),
                }
                results.take(row)
                per_row = "" if seconds is None else f", {took / size / seconds:.2f} times as long for each row"
                seconds = seconds or took / size
                print(f"  {size:,} rows: {took:.2f} s, {peak.largest >> 20:,} MB resident{per_row}", flush=True)
        spark.stop()
        print(f"wrote {results.path}")


if __name__ == "__main__":
    main()
