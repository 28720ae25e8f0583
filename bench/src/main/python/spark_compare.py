"""Runs Heddle and MLlib in one Spark session on the same partitions; started by bench/spark.

Both read the same cached data frame, warm up once and are timed around fit(). What they find is judged here, by the same float64 code.
Heddle without Spark runs the same works in a process of its own.
"""

import argparse
import datetime
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import numpy as np
import pyarrow
import pyarrow.parquet

import judge
import running

CHILDREN = running.Children()
LAMBDA = 1e-4


class Core:
    """Heddle without Spark: the worker of bench/compare."""

    def __init__(self, options, threads):
        self.process = CHILDREN.start(
            [options.java, "-Xmx1g", "-XX:+UseSerialGC", "--add-modules", "jdk.incubator.vector",
             "--enable-native-access=ALL-UNNAMED", "-cp", options.classpath, "io.heddle.bench.compare.Worker"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )
        self.threads = threads

    def ask(self, **request):
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        answer = json.loads(line) if line else {"error": "it ended"}
        if "error" in answer:
            raise SystemExit(f"bench/spark: Heddle without Spark: {answer['error']}")
        return answer

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        CHILDREN.ended(self.process)


def export(options, folder):
    """Fashion-MNIST as raw files."""
    core = Core(options, 1)
    shape = core.ask(command="export", folder=str(folder), rows=options.rows)
    core.close()
    x = np.fromfile(folder / "x.f32", "<f4").reshape(shape["rows"], shape["columns"])
    return x, np.fromfile(folder / "labels.i32", "<i4")


def write_parquet(path, x, labels, files):
    """As array<float>, in files of equal size, which become the partitions."""
    path.mkdir()
    for number, (rows, some) in enumerate(zip(np.array_split(x, files), np.array_split(labels, files))):
        values = pyarrow.FixedSizeListArray.from_arrays(pyarrow.array(rows.ravel()), x.shape[1])
        table = pyarrow.table({
            "features": values.cast(pyarrow.list_(pyarrow.float32())),
            "label": pyarrow.array(some.astype(np.float64)),
        })
        pyarrow.parquet.write_table(table, path / f"part-{number:03}.parquet", compression="none", use_dictionary=False)


def session(options, more=None):
    from pyspark.sql import SparkSession

    builder = (
        SparkSession.builder.master(options.master)
        .config("spark.driver.memory", options.driver_memory)
        .config("spark.jars", options.jars)
        .config("spark.submit.pyFiles", options.jars.split(",")[-1])
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.log.level", "ERROR")
    )
    for name, value in (more or {}).items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    return spark


class Work:
    def __init__(self, name, quality, heddle, peer, core=None, higher=False):
        self.name, self.quality, self.heddle, self.peer, self.core, self.higher = name, quality, heddle, peer, core, higher


def works(options, x, labels):
    import heddle_spark
    from pyspark.ml.clustering import KMeans
    from pyspark.ml.feature import PCA

    captured = judge.CapturedVariance(x)

    def components(model):
        return captured(model.pc.toArray().T.ravel())

    def centres(model):
        return judge.inertia(x, np.array(model.clusterCenters(), float).ravel())

    found = [Work(
        "pca-50", ("captured variance", components),
        lambda seed: heddle_spark.HeddlePca(k=50, inputCol="features", outputCol="z", seed=seed),
        lambda seed: PCA(k=50, inputCol="features", outputCol="z"),
        {"work": "pca", "components": 50}, higher=True,
    )]
    for k in (10, 100):
        def heddle(seed, k=k):
            return heddle_spark.HeddleKMeans(k=k, maxIter=20, tol=0.0, seed=seed)

        def peer(seed, k=k):
            return KMeans(k=k, maxIter=20, tol=0.0, seed=seed)

        core = {"work": "kmeans", "clusters": k, "algorithm": "LLOYD", "maxIterations": 20, "tolerance": 0.0}
        found.append(Work(f"lloyd-20-k{k}", ("inertia", centres), heddle, peer, core))
    return [w for w in found if not options.only or any(o in w.name for o in options.only)]


def timed(estimator, data):
    begun = time.perf_counter()
    model = estimator.fit(data)
    return time.perf_counter() - begun, model


def median(values):
    ordered = sorted(values)
    return ordered[len(ordered) // 2]


def compare(work, data, core, options, quality_of):
    name, judged = work.quality
    timed(work.heddle(1000), data)
    seconds, qualities = [], []
    for repeat in range(options.repeats):
        took, model = timed(work.heddle(repeat), data)
        seconds.append(took)
        qualities.append(judged(model))
        print(f"  Heddle on Spark: {took:.3f} s, {name} {qualities[-1]:.7g}", flush=True)
    row = {
        "work": work.name, "quality": name, "heddleSeconds": median(seconds), "heddleRuns": seconds,
        "heddleQuality": median(qualities), "rows": quality_of["rows"], "columns": quality_of["columns"],
        "partitions": data.rdd.getNumPartitions(), "master": options.master, "commit": options.commit,
        "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "load": round(os.getloadavg()[0], 2),
    }
    if core is not None:
        runs = []
        for repeat in range(options.repeats + 3):
            request = {**work.core, "seed": repeat, "command": "run", "out": str(quality_of["out"])}
            runs.append(core.ask(**request)["seconds"])
        row["coreSeconds"] = median(runs[3:])
        row["ofCore"] = row["coreSeconds"] / row["heddleSeconds"]
        print(f"  Heddle alone: {row['coreSeconds']:.3f} s, so {row['ofCore']:.2f} of its speed", flush=True)
    if not options.no_peer:
        if options.warm_peer:
            timed(work.peer(1000), data)
        took, model = timed(work.peer(0), data)
        row.update(peer="MLlib 4.2.0", peerSeconds=took, peerQuality=judged(model), ratio=took / row["heddleSeconds"])
        print(f"  MLlib: {took:.2f} s, {name} {row['peerQuality']:.7g}: {row['ratio']:.1f} times as long", flush=True)
    return row


def arguments():
    parser = argparse.ArgumentParser(prog="bench/spark", description=__doc__.split("\n")[0])
    add = parser.add_argument
    add("--quick", action="store_true", help="6,000 rows, one run each: about two minutes")
    add("--out", type=pathlib.Path, metavar="DIR", help="for spark.json (default bench/target)")
    add("--rows", type=int, metavar="N", default=0, help="only the first rows of Fashion-MNIST")
    add("--only", metavar="NAME", action="append", help="works with this in their names; repeatable")
    add("--repeats", type=int, metavar="N", help="runs of Heddle that count (default 5, quick 1)")
    add("--partitions", type=int, metavar="N", default=4, help="of the data (default 4)")
    add("--master", metavar="URL", default=f"local[{os.cpu_count()}]", help="of Spark (default local[N])")
    add("--driver-memory", metavar="SIZE", default="4g", help="heap of the driver (default 4g)")
    add("--no-peer", action="store_true", help="without MLlib")
    add("--warm-peer", action="store_true", help="run MLlib once before its run that counts")
    for hidden in ("--java", "--classpath", "--jars", "--commit"):
        add(hidden, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.quick:
        options.rows = options.rows or 6_000
    options.repeats = options.repeats or (1 if options.quick else 5)
    options.out = options.out or pathlib.Path(__file__).resolve().parents[3] / "target"
    return options


def main():
    options = arguments()
    CHILDREN.end_on_signals()
    try:
        with running.alone(running.lock_file()), tempfile.TemporaryDirectory(prefix="heddle-spark-") as temporary:
            folder = pathlib.Path(temporary)
            x, labels = export(options, folder)
            write_parquet(folder / "data", x, labels, options.partitions)
            spark = session(options)
            from pyspark.ml.functions import array_to_vector

            data = spark.read.parquet(str(folder / "data")).select(array_to_vector("features").alias("features"), "label")
            data = data.repartition(options.partitions).cache()
            data.count()
            core = Core(options, os.cpu_count())
            core.ask(command="open", threads=os.cpu_count(), labels=str(folder / "labels.i32"), matrices={
                "x": {"path": str(folder / "x.f32"), "rows": len(x), "columns": x.shape[1]}
            })
            shape = {"rows": len(x), "columns": x.shape[1], "out": folder / "found.f64"}
            rows = []
            for work in works(options, x, labels):
                print(f"{work.name}:", flush=True)
                rows.append(compare(work, data, core, options, shape))
            core.close()
            spark.stop()
            options.out.mkdir(parents=True, exist_ok=True)
            report = {"cpu": cpu(), "threads": os.cpu_count(), "spark": "4.2.0", "rows": rows}
            path = options.out / ("spark-quick.json" if options.quick else "spark.json")
            path.write_text(json.dumps(report, indent=1) + "\n")
            print(f"wrote {path}")
    except running.Busy as e:
        print(f"bench/spark: {e}", file=sys.stderr)
        sys.exit(2)
    except running.Stopped as e:
        CHILDREN.reap()
        sys.exit(e.exit_code)


def cpu():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return "unknown"


if __name__ == "__main__":
    main()
