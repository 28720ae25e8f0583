"""Kills an executor at random moments of fits on a cluster and compares the bits; started by bench/spark kills.

The cluster is a master and two workers of one core each on the loopback interface, in processes of their own.
"""

import os
import random
import signal
import threading
import time

import numpy as np

import spark_cluster
import spark_setup as setup

NAMES = ("lloyd-k10", "pca-50", "logistic-l2", "elastic-net")
KEY = ("work", "rows", "cpu")
PARTITIONS = 8


def estimator(name):
    import heddle_spark

    if name == "lloyd-k10":
        return heddle_spark.HeddleKMeans(k=10, maxIter=20, tol=0.0, seed=1)
    if name == "pca-50":
        return heddle_spark.HeddlePca(k=50, inputCol="features", outputCol="z")
    l1_ratio = 0.0 if name == "logistic-l2" else 0.5
    return heddle_spark.HeddleLogisticRegression(regParam=1e-2, elasticNetParam=l1_ratio, standardization=False)


def bits(name, model):
    """The numbers of a model, as bytes."""
    if name == "pca-50":
        parts = [model.pc.toArray(), model.mean.toArray(), model.explainedVariance.toArray()]
    elif name == "lloyd-k10":
        parts = [np.array(model.clusterCenters()), np.array(model.trainingCost)]
    else:
        parts = [model.coefficientMatrix.toArray(), model.interceptVector.toArray(), np.array(model.certificate)]
    return b"".join(np.asarray(part, "<f8").tobytes() for part in parts)


def kill_during(fit, victim, moment):
    """Runs a fit and kills a process during it; returns whether the fit had not ended before."""
    ended = threading.Event()
    during = []

    def kill():
        during.append(not ended.is_set() and spark_cluster.alive(victim))
        if during[0]:
            os.kill(victim, signal.SIGKILL)

    timer = threading.Timer(moment, kill)
    timer.start()
    begun = time.perf_counter()
    model = fit()
    ended.set()
    took = time.perf_counter() - begun
    timer.join()
    return model, took, during[0]


def campaign(name, data, cluster, times, choose):
    found = estimator(name)
    expected = bits(name, found.fit(data))
    begun = time.perf_counter()
    again = bits(name, found.fit(data))
    took = time.perf_counter() - begun
    if again != expected:
        raise SystemExit(f"bench/spark kills: {name}: two fits without kills have different bits")
    same, moments, seconds = 0, [], []
    while len(moments) < times:
        alive = cluster.await_executors()
        moment = choose.uniform(0.02, 0.98) * took
        victim = choose.choice(alive)
        model, lasted, during = kill_during(lambda: found.fit(data), victim, moment)
        if not during:
            # The fit had ended before, so nothing was tested.
            continue
        equal = bits(name, model) == expected
        same += equal
        moments.append(moment)
        seconds.append(lasted)
        print(f"  {name}: executor {victim} killed after {moment:.2f} s of {took:.2f} s, ended after {lasted:.2f} s: "
              f"{'the same bits' if equal else 'OTHER BITS'}", flush=True)
    return {"work": name, "kills": times, "sameBits": same, "fitSeconds": took, "killSeconds": moments,
            "killedFitSeconds": seconds}


def main():
    parser = setup.parser(" kills", __doc__)
    parser.add_argument("--times", type=int, default=10, metavar="N", help="kills for each work (default 10)")
    parser.add_argument("--rows", type=int, default=0, metavar="N", help="only the first rows of Fashion-MNIST")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="seed of the moments (default 0)")
    options = parser.parse_args()
    options.driver_memory = "2g"
    names = setup.chosen(NAMES, options)
    failed = False
    with setup.alone() as folder:
        x, labels = setup.export(options, folder)
        setup.write_parquet(folder / "data", x, labels, PARTITIONS)
        cluster = spark_cluster.Cluster(setup.CHILDREN, options.java, folder, workers=2, cores=1, memory="2g")
        try:
            options.master = cluster.url
            spark = setup.session(options, {
                "spark.executor.memory": "1g", "spark.executor.cores": "1",
                # By default an application ends after ten lost executors.
                "spark.deploy.maxExecutorRetries": "-1",
            })
            data = spark.read.parquet(str(folder / "data"))
            results = setup.Results(options.out / "spark-kills.json", KEY)
            choose = random.Random(options.seed)
            for name in names:
                print(f"{name}:", flush=True)
                row = {**campaign(name, data, cluster, options.times, choose), "rows": len(x), "columns": x.shape[1],
                       "partitions": PARTITIONS, "executors": 2, **setup.where(options)}
                results.take(row)
                failed |= row["sameBits"] != row["kills"]
            spark.stop()
        finally:
            cluster.close()
        print(f"wrote {results.path}")
    if failed:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
