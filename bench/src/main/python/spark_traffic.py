"""Counts the jobs of a fit and the bytes that each sends; started by bench/spark traffic.

The figures are those of Spark's event log: the results of tasks as they are serialized, and the compressed pieces of broadcast values, in
which Spark sends a task and what it needs. docs/spark.md has the formulas that they are compared with.
"""

import os
import statistics

import spark_events
import spark_setup as setup
import spark_works

KEY = ("work", "rows", "columns", "partitions", "cpu")
WORKS = ("pca-50", "lloyd-20-k10", "lloyd-20-k100", "logistic-l2", "elastic-net")
SHOWN = ("milliseconds", "run_milliseconds", "deserialize_milliseconds", "delay_milliseconds", "result_bytes",
         "shuffle_bytes", "broadcast_bytes")


def numbers(work, columns, classes):
    """The numbers that a partition sends in the most frequent pass."""
    if work == "pca-50":
        return columns * (columns + 1) // 2
    if work.startswith("lloyd"):
        k = int(work.rsplit("k", 1)[1])
        return k * columns + k + 1
    return classes * (columns + 1) + 1


def report(work, found, shape, partitions, classes):
    """A row of the results: all jobs, and the most frequent pass with its formula."""
    formula = 8 * numbers(work, shape[1], classes) * partitions
    passes = [job for job in found if 0.5 < job.result_bytes / formula < 2]
    row = {
        "jobs": len(found), "seconds": sum(job.milliseconds for job in found) / 1000,
        "formulaBytes": formula, "passes": len(passes),
        "resultBytes": statistics.median(job.result_bytes for job in passes),
        "broadcastBytes": statistics.median(job.broadcast_bytes for job in passes),
        "passMilliseconds": statistics.median(job.milliseconds for job in passes),
        "allResultBytes": sum(job.result_bytes for job in found),
        "allBroadcastBytes": sum(job.broadcast_bytes for job in found),
        "ofJobs": [{name: getattr(job, name) for name in SHOWN} for job in found],
    }
    print(f"  {row['jobs']} jobs, {row['seconds']:.2f} s; {row['passes']} passes of {row['passMilliseconds']:.0f} ms: "
          f"{row['resultBytes']:,.0f} bytes of results, formula {formula:,}; {row['broadcastBytes']:,.0f} bytes of tasks")
    return row


def main():
    parser = setup.parser(" traffic", __doc__)
    add = parser.add_argument
    add("--rows", type=int, metavar="N", default=0, help="only the first rows of Fashion-MNIST")
    add("--partitions", type=int, metavar="N", default=4, help="partitions of the data (default 4)")
    add("--master", metavar="URL", default=f"local[{os.cpu_count()}]", help="master of Spark (default local[N])")
    add("--warm-ups", type=int, metavar="N", default=2, help="fits before the one that is reported (default 2)")
    add("--jobs", action="store_true", help="print every job")
    options = parser.parse_args()
    options.driver_memory = "4g"
    names = setup.chosen(WORKS, options)
    with setup.alone() as folder:
        x, labels = setup.export(options, folder)
        setup.write_parquet(folder / "data", x, labels, options.partitions)
        log = folder / "log"
        log.mkdir()
        spark = setup.session(options, {**spark_events.SETTINGS, "spark.eventLog.dir": log.as_uri()})
        data = setup.cached(spark, folder / "data", options.partitions)
        context = spark.sparkContext
        for name in names:
            work = spark_works.work(name, x, labels)
            for repeat in range(options.warm_ups):
                context.setJobDescription(f"warm-up of {name}")
                work.heddle(1000 + repeat).fit(data)
            context.setJobDescription(name)
            work.heddle(0).fit(data)
        spark.stop()
        found = spark_events.jobs(log)
        results = setup.Results(options.out / "spark-traffic.json", KEY)
        for name in names:
            own = [job for job in found if job.description == name]
            print(f"{name}:")
            if options.jobs:
                for job in own:
                    print("   ", ", ".join(f"{shown} {getattr(job, shown):,}" for shown in SHOWN))
            results.take({
                "work": name, "rows": len(x), "columns": x.shape[1], "partitions": options.partitions,
                "master": options.master, **setup.where(options),
                **report(name, own, x.shape, options.partitions, int(labels.max()) + 1),
            })
        print(f"wrote {results.path}")


if __name__ == "__main__":
    main()
