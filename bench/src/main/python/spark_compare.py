"""Runs Heddle and MLlib in one Spark session on the same partitions; started by bench/spark.

Both read the same cached data frame of vectors and are timed around fit(). What they find is judged here, by the same float64 code.
Heddle without Spark runs the same works in a process of its own. Rows of works that were not run stay in spark.json.
"""

import os
import time

import numpy as np

import spark_setup as setup
import spark_works

KEY = ("work", "rows", "columns", "partitions", "master", "cpu", "threads")


def timed(estimator, data):
    begun = time.perf_counter()
    model = estimator.fit(data)
    return time.perf_counter() - begun, model


def run_heddle(work, data, options):
    for repeat in range(options.warm_ups):
        timed(work.heddle(1000 + repeat), data)
    seconds, qualities, models = [], [], []
    for repeat in range(options.repeats):
        took, model = timed(work.heddle(repeat), data)
        seconds.append(took)
        models.append(model)
        qualities.append(work.judged(work.numbers(model)))
        more = work.more(model) if work.more else {}
        told = "".join(f", {name} {value:.3g}" for name, value in more.items())
        print(f"  Heddle on Spark: {took:.3f} s, {work.quality} {qualities[-1]:.7g}{told}", flush=True)
    row = {"heddleSeconds": setup.median(seconds), "heddleRuns": seconds, "heddleQuality": setup.median(qualities)}
    if work.more:
        found = [work.more(model) for model in models]
        row.update({name: max(f[name] for f in found) for name in found[0]})
    return row


def run_core(work, data, core, out, row, options):
    """The same work without Spark, and the difference of the results."""
    def run(request, seed):
        answer = core.ask(**request, seed=seed, command="run", out=str(out))
        return answer["seconds"], np.fromfile(out, "<f8")

    for repeat in range(options.warm_ups):
        run(work.core, 1000 + repeat)
    runs = [run(work.core, repeat) for repeat in range(options.repeats)]
    seconds = [took for took, _ in runs]
    qualities = [work.judged(found) for _, found in runs]
    row.update(
        coreSeconds=setup.median(seconds), coreRuns=seconds, coreQuality=setup.median(qualities),
        ofCore=setup.median(seconds) / row["heddleSeconds"],
    )
    if work.difference:
        model = (work.same_heddle or work.heddle)(0).fit(data)
        _, found = run(work.same_core or work.core, 0)
        row.update(difference=work.difference(work.numbers(model), found), differenceOf=work.difference_name)
    else:
        # The starts differ, so the medians over the seeds are compared.
        row.update(difference=row["heddleQuality"] / row["coreQuality"] - 1, differenceOf=f"median {work.quality}")
    print(f"  Heddle alone: {row['coreSeconds']:.3f} s, so {row['ofCore']:.2f} of its speed; {work.quality} "
          f"{row['coreQuality']:.7g}, difference of {row['differenceOf']} {row['difference']:.2g}", flush=True)


def run_peer(work, data, row, options):
    """MLlib; its tolerance is lowered until its quality is that of Heddle, or the iterations end."""
    limit = min(work.peer_limit, options.peer_iterations or work.peer_limit)
    if options.warm_peer:
        timed(work.peer(limit, 0.1), data)
    for tolerance in work.peer_tolerances or (0.0,):
        took, model = timed(work.peer(limit, tolerance), data)
        iterations = work.iterations(model) if work.iterations else None
        quality = work.judged(work.numbers(model))
        said = f" in {iterations} iterations" if iterations else ""
        print(f"  MLlib: {took:.2f} s{said}, {work.quality} {quality:.7g}", flush=True)
        reached = not work.peer_tolerances or quality <= row["heddleQuality"] * (1 + spark_works.SAME)
        if reached or iterations >= limit:
            break
    limited = bool(limit < work.peer_limit and iterations >= limit or not reached)
    row.update(
        peer=f"MLlib {setup.SPARK}", peerSeconds=took, peerQuality=quality, peerIterations=iterations,
        peerTolerance=tolerance, peerLimited=limited, peerDate=setup.where(options)["date"], peerCommit=options.commit,
    )


def keep_peer(row, before):
    """MLlib's figures of an earlier run, for a row without a new one."""
    row.update({name: value for name, value in before.items() if name.startswith("peer")})


def finish(row):
    if row.get("peer"):
        row["ratio"] = row["peerSeconds"] / row["heddleSeconds"]
        # MLlib stopped early, so it would have taken longer.
        bound = "at least " if row["peerLimited"] else ""
        print(f"  MLlib takes {bound}{row['ratio']:.1f} times as long", flush=True)


def arguments():
    parser = setup.parser("", __doc__)
    add = parser.add_argument
    add("--quick", action="store_true", help="6,000 rows, one run each, at most 20 iterations of MLlib: some minutes")
    add("--rows", type=int, metavar="N", default=0, help="only the first rows of Fashion-MNIST")
    add("--repeats", type=int, metavar="N", help="measured runs of Heddle (default 5, quick 1)")
    add("--warm-ups", type=int, metavar="N", help="warm-up runs of Heddle (default 3, quick 1)")
    add("--partitions", type=int, metavar="N", default=4, help="partitions of the data (default 4)")
    add("--master", metavar="URL", default=f"local[{os.cpu_count()}]", help="master of Spark (default local[N])")
    add("--driver-memory", metavar="SIZE", default="4g", help="heap of the driver (default 4g)")
    add("--no-peer", action="store_true", help="without MLlib; its figures of an earlier run are kept")
    add("--no-core", action="store_true", help="without Heddle alone")
    add("--warm-peer", action="store_true", help="run MLlib once before its measured run")
    add("--peer-iterations", type=int, metavar="N",
        help="limit of MLlib's iterations (default 1000 of logistic regression, 20 of k-means). A row of a run that ended "
        "there has peerLimited, and its ratio is a lower bound")
    options = parser.parse_args()
    if options.quick:
        options.rows = options.rows or 6_000
        options.peer_iterations = options.peer_iterations or 20
    options.repeats = options.repeats or (1 if options.quick else 5)
    options.warm_ups = options.warm_ups if options.warm_ups is not None else (1 if options.quick else 3)
    return options


def main():
    options = arguments()
    names = setup.chosen(spark_works.NAMES, options)
    with setup.alone() as folder:
        x, labels = setup.export(options, folder)
        setup.write_parquet(folder / "data", x, labels, options.partitions)
        spark = setup.session(options)
        data = setup.cached(spark, folder / "data", options.partitions)
        core = None
        if not options.no_core:
            core = setup.Core(options, os.cpu_count())
            core.open(folder, len(x), x.shape[1])
        results = setup.Results(options.out / ("spark-quick.json" if options.quick else "spark.json"), KEY)
        for name in names:
            print(f"{name}:", flush=True)
            work = spark_works.work(name, x, labels)
            row = {
                "work": name, "quality": work.quality, "rows": len(x), "columns": x.shape[1],
                "partitions": options.partitions, "master": options.master, **setup.where(options),
                **run_heddle(work, data, options),
            }
            if core is not None:
                run_core(work, data, core, folder / "found.f64", row, options)
            if options.no_peer:
                keep_peer(row, results.before(row))
            else:
                run_peer(work, data, row, options)
            finish(row)
            results.take(row)
        if core is not None:
            core.close()
        spark.stop()
        print(f"wrote {results.path}")


if __name__ == "__main__":
    main()
