"""What the programs of bench/spark have in common: options, data, sessions and results."""

import argparse
import datetime
import json
import os
import pathlib
import subprocess
import sys
import tempfile
from contextlib import contextmanager

import numpy as np
import pyarrow
import pyarrow.parquet

import running

CHILDREN = running.Children()
SPARK = "4.2.0"


class Core:
    """Heddle without Spark: the worker of bench/compare."""

    def __init__(self, options, threads, heap="1g"):
        self.process = CHILDREN.start(
            [options.java, f"-Xmx{heap}", "-XX:+UseSerialGC", "--add-modules", "jdk.incubator.vector",
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

    def open(self, folder, rows, columns):
        """The files that export() has written."""
        matrix = {"path": str(folder / "x.f32"), "rows": rows, "columns": columns}
        self.ask(command="open", threads=self.threads, labels=str(folder / "labels.i32"), matrices={"x": matrix})

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


def write_file(path, rows, labels):
    """One file of Parquet, without compression: features as array<float>, label as double."""
    values = pyarrow.FixedSizeListArray.from_arrays(pyarrow.array(rows.ravel()), rows.shape[1])
    table = pyarrow.table({
        "features": values.cast(pyarrow.list_(pyarrow.float32())),
        "label": pyarrow.array(labels.astype(np.float64)),
    })
    pyarrow.parquet.write_table(table, path, compression="none", use_dictionary=False)


def write_parquet(path, x, labels, files):
    """In files of equal size, which become the partitions."""
    path.mkdir()
    for number, (rows, some) in enumerate(zip(np.array_split(x, files), np.array_split(labels, files))):
        write_file(path / f"part-{number:03}.parquet", rows, some)


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


def cached(spark, path, partitions):
    """Rows in files of Parquet in the form of MLlib: a cached column of vectors, and the labels."""
    from pyspark.ml.functions import array_to_vector

    data = spark.read.parquet(str(path)).select(array_to_vector("features").alias("features"), "label")
    data = data.repartition(partitions).cache()
    data.count()
    return data


def parser(name, text):
    """A parser of the options that all programs have."""
    found = argparse.ArgumentParser(prog=f"bench/spark{name}", description=text.split("\n")[0])
    add = found.add_argument
    add("--out", type=pathlib.Path, metavar="DIR", help="folder of the results (default bench/target)",
        default=pathlib.Path(__file__).resolve().parents[3] / "target")
    add("--only", metavar="NAME", action="append", help="works whose names contain this; repeatable")
    for hidden in ("--java", "--classpath", "--jars", "--commit"):
        add(hidden, help=argparse.SUPPRESS)
    return found


def chosen(names, options):
    """The names that --only selects; an unknown one ends the program."""
    found = [n for n in names if not options.only or any(o in n for o in options.only)]
    if not found:
        print(f"bench/spark: no work has {' or '.join(options.only)} in its name; there are {', '.join(names)}",
              file=sys.stderr)
        sys.exit(2)
    return found


@contextmanager
def alone():
    """A folder for the run, while no other run of the user is active."""
    CHILDREN.end_on_signals()
    try:
        with running.alone(running.lock_file()), tempfile.TemporaryDirectory(prefix="heddle-spark-") as folder:
            yield pathlib.Path(folder)
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


def where(options):
    """The date, machine and commit of a row."""
    return {
        "cpu": cpu(), "threads": os.cpu_count(), "spark": SPARK, "commit": options.commit,
        "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "load": round(os.getloadavg()[0], 2),
    }


def median(values):
    ordered = sorted(values)
    return ordered[len(ordered) // 2]


class Results:
    """Rows in a file. A new row replaces the one with the same key; the others are kept."""

    def __init__(self, path, key):
        self.path = path
        self.key = key
        self.rows = json.loads(path.read_text())["rows"] if path.exists() else []

    def before(self, row):
        """The row that a new one replaces, or an empty one."""
        same = [r for r in self.rows if all(r.get(k) == row.get(k) for k in self.key)]
        return same[0] if same else {}

    def take(self, row):
        before = self.before(row)
        if before:
            self.rows[self.rows.index(before)] = row
        else:
            self.rows.append(row)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # Written to another name and renamed, so that the file is always complete.
        beside = self.path.with_suffix(".json.new")
        beside.write_text(json.dumps({"rows": self.rows}, indent=1) + "\n")
        beside.replace(self.path)
