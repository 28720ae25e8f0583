"""Compares Heddle with its peers; started by bench/compare, whose help says more.

Each work has fresh processes, one for Heddle and one for each library. All warm up, then they take turns, so that all run under the same load and temperature. What they return is judged here, by the same float64 code.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import numpy as np

import environment
import judge
import results
import running
from works import all_works

HERE = pathlib.Path(__file__).resolve().parent
MAXIMUM_WARM_UPS = 20
# Minimum number of warm-ups of Heddle, because its code is compiled while it runs.
MINIMUM_WARM_UPS = 3


CHILDREN = running.Children()


class Failed(Exception):
    """A worker that cannot start or has stopped; the message is for the user."""


class Worker:
    """A process that answers a line of JSON with a line of JSON."""

    def __init__(self, name, command, variables, log_folder):
        self.name = name
        self.log = log_folder / f"{name}.log"
        with self.log.open("w") as log:
            self.process = CHILDREN.start(
                command, env=variables, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
            )

    def ask(self, **request):
        try:
            self.process.stdin.write(json.dumps(request) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            last = self.log.read_text().strip().splitlines()[-1:] or ["no message"]
            raise Failed(f"{self.name} ended: {last[0]}")
        answer = json.loads(line)
        if "error" in answer:
            raise Failed(f"{self.name}: {answer['error']}")
        return answer

    def close(self):
        try:
            self.process.stdin.close()
            self.process.wait(timeout=30)
        except BrokenPipeError:
            self.process.wait()
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        finally:
            CHILDREN.ended(self.process)


class Glmnet:
    """R has no JSON library, so each run is a separate process; only the fit is timed."""

    def __init__(self, log_folder):
        self.log = log_folder / "glmnet.log"
        code, versions = CHILDREN.run(
            ["Rscript", "-e", "cat(format(getRversion()), as.character(packageVersion('glmnet')), sep='|')"],
            stderr=subprocess.DEVNULL, text=True,
        )
        if code:
            raise Failed("R has no package glmnet (Debian: r-cran-glmnet)")
        self.versions = dict(zip(("R", "glmnet"), versions.split("|")))

    def ask(self, command, **request):
        if command == "describe":
            return {"versions": self.versions, "pools": []}
        if command == "open":
            self.opened = request
            return {}
        x = self.opened["matrices"]["x"]
        lambdas = ",".join(map(str, request["lambdas"]))
        arguments = [x["path"], x["rows"], x["columns"], self.opened["labels"], request["l1Ratio"], lambdas]
        with self.log.open("w") as log:
            code, output = CHILDREN.run(
                ["Rscript", str(HERE / "glmnet.R"), *map(str, arguments), request["out"]], stderr=log, text=True
            )
        if code:
            raise Failed(f"glmnet: {self.log.read_text().strip().splitlines()[-1]}")
        seconds, iterations = output.split()
        return {"seconds": float(seconds), "iterations": int(iterations)}

    def close(self):
        pass


class Comparison:
    def __init__(self, options, folder):
        self.options = options
        self.folder = folder
        self.versions = {}
        self.kernels = []
        self.jdk = None
        self.missing = {}
        self.captured_variance = None
        self.data = None

    def start(self, library, threads):
        variables = environment.of_workers(threads, self.options.jvm)
        if library == "heddle":
            command = [
                self.options.java, "-Xmx1g", "-XX:+UseSerialGC", "--add-modules", "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED", *self.options.jvm,
                "-cp", self.options.classpath, "io.heddle.bench.compare.Worker",
            ]
        elif library == "smile":
            # The requested number of threads; the variable above sets the same for the system's OpenBLAS.
            # Large pages, which numpy and Heddle request too.
            command = [
                self.options.java, "-Xmx5g", "-XX:+UseTransparentHugePages",
                f"-Djava.util.concurrent.ForkJoinPool.common.parallelism={threads}",
                "--enable-native-access=ALL-UNNAMED", "-cp", self.options.classpath, "io.heddle.bench.compare.Worker",
                "smile",
            ]
        elif library == "glmnet":
            try:
                worker = Glmnet(self.folder)
            except FileNotFoundError:
                raise Failed("R is not installed (Debian: r-cran-glmnet)") from None
            self.versions.update(worker.versions)
            return worker
        else:
            command = [sys.executable, str(HERE / "peer.py"), library, str(threads)]
        worker = Worker(library, command, variables, self.folder)
        try:
            description = worker.ask(command="describe")
        except Failed:
            worker.close()
            raise
        if library == "heddle":
            self.jdk = description["jdk"]
        else:
            self.versions.update(description["versions"])
            kernel = f"{library}: " + ", ".join(sorted({
                " ".join(filter(None, (p["internal_api"], p["version"], p["architecture"], f"x{p['num_threads']}")))
                for p in description.get("pools", [])
            }))
            if kernel not in self.kernels:
                self.kernels.append(kernel)
                print(f"  {kernel}", flush=True)
        return worker

    def fashion_mnist(self):
        """The images for all programs, exported once by Heddle."""
        if self.data is None:
            worker = self.start("heddle", 1)
            try:
                shape = worker.ask(command="export", folder=str(self.folder), rows=self.options.rows)
            finally:
                worker.close()
            path, labels = self.folder / "x.f32", self.folder / "labels.i32"
            self.data = {
                "matrices": {"x": {"path": str(path), "rows": shape["rows"], "columns": shape["columns"]}},
                "labels": str(labels),
            }
            self.x = np.fromfile(path, "<f4").reshape(shape["rows"], shape["columns"])
            self.labels = np.fromfile(labels, "<i4")
            self.classes = shape["classes"]
            self.test_labels = np.fromfile(self.folder / "test-labels.i32", "<i4")
            self.test = np.fromfile(self.folder / "test.f32", "<f4").reshape(len(self.test_labels), -1)
        return self.data

    def random_product(self, work):
        rows, depth, columns = work.shape
        random = np.random.default_rng(0)
        matrices = {}
        for name, shape in (("a", (depth, rows) if work.transposed else (rows, depth)), ("b", (depth, columns))):
            values = random.uniform(-1, 1, shape).astype("<f4")
            path = self.folder / f"{name}.f32"
            values.tofile(path)
            matrices[name] = {"path": str(path), "rows": shape[0], "columns": shape[1]}
            setattr(self, name, values)
        return {"matrices": matrices}

    def unit_points(self, work):
        """Points of a few broad clusters at unit length, like features."""
        random = np.random.default_rng(0)
        rows, columns = work.shape
        centers = random.standard_normal((10, columns))
        points = centers[random.integers(0, 10, rows)] + random.standard_normal((rows, columns))
        points /= np.linalg.norm(points, axis=1, keepdims=True)
        self.points = points.astype("<f4")
        path = self.folder / "points.f32"
        self.points.tofile(path)
        return {"matrices": {"points": {"path": str(path), "rows": rows, "columns": columns}}}

    def embeddings(self, work):
        """Unit-length rows near 2,000 topics of unequal size that share 64 directions, with noise in all, in random
        order."""
        random = np.random.default_rng(0)
        rows, columns = work.shape
        topics = random.standard_normal((2000, 64)) @ random.standard_normal((64, columns)) / 8
        sizes = random.exponential(1, len(topics))
        values = topics[random.choice(len(topics), rows, p=sizes / sizes.sum())]
        values += 0.7 * random.standard_normal((rows, columns))
        values /= np.linalg.norm(values, axis=1, keepdims=True)
        self.rows = values.astype("<f4")
        path = self.folder / "embeddings.f32"
        self.rows.tofile(path)
        return {"matrices": {"x": {"path": str(path), "rows": rows, "columns": columns}}}

    def data_for(self, work):
        if work.kind == "kmeans" and work.shape:
            return self.embeddings(work)
        made = {"gemm": self.random_product, "knn": self.unit_points}
        return made[work.kind](work) if work.kind in made else self.fashion_mnist()

    def quality(self, work, out):
        found = np.fromfile(out, "<f8")
        if work.kind == "knn":
            return judge.mean_cosine(self.points, found)
        if work.kind == "gemm":
            return judge.product_error(self.a.T if work.transposed else self.a, self.b, found)
        if work.kind == "kmeans":
            return judge.inertia(self.rows if work.shape else self.x, found)
        if work.kind == "pca":
            if self.captured_variance is None:
                self.captured_variance = judge.CapturedVariance(self.x)
            return self.captured_variance(found)
        if work.quality == "test accuracy":
            return judge.accuracy(self.test, self.test_labels, found, self.classes)
        return judge.logistic_objective(
            self.x, self.labels, found, self.classes, work.options["lambdas"], work.options["l1Ratio"]
        )

    def warm_up(self, side, work):
        """Runs until the time is over, at least once. Java compiles code that runs often."""
        if side.warm is None:
            return
        minimum = MINIMUM_WARM_UPS if side.library == "heddle" else 1
        begun = time.perf_counter()
        while side.warm_ups < MAXIMUM_WARM_UPS:
            seconds = self.run(side, work, seed=1000, **side.warm)[0]
            # The first run of a new process, if it is a complete run.
            if side.warm_ups == 0 and not side.warm:
                side.cold = seconds
            side.warm_ups += 1
            if side.warm_ups >= minimum and time.perf_counter() - begun > self.options.warm_up:
                break

    def run(self, side, work, **more):
        out = self.folder / f"{side.library}.f64"
        request = {"command": "run", "work": work.kind, "out": str(out), **side.options, **more}
        answer = side.worker.ask(**request)
        return answer["seconds"], answer["iterations"], answer.get("passes", 0), out

    def compare(self, work):
        """The rows of a work: one for each available peer, or one without a peer if there is none."""
        where = {"commit": results.commit(), "date": results.now(), "load": results.load()}
        threads = work.threads or self.options.threads
        data = self.data_for(work)
        sides, workers = [], {}
        try:
            for side in [Side("Heddle", "heddle", work.options)] + [Side.of(p) for p in work.peers]:
                if side.library in self.missing:
                    continue
                try:
                    # One process per library: two peers of a work may share it.
                    if side.library not in workers:
                        workers[side.library] = self.start(side.library, threads)
                        workers[side.library].ask(command="open", threads=threads, **data)
                    side.worker = workers[side.library]
                except Failed as e:
                    if side.library == "heddle":
                        raise
                    self.missing[side.library] = str(e)
                    print(f"  without {side.library}: {e}", flush=True)
                    continue
                sides.append(side)
            if len(sides) == 1 and work.peers:
                print("  none of its peers is available: left out", flush=True)
                return []
            for side in list(sides):
                self.attempt(side, sides, work, lambda s: self.warm_up(s, work))
            repeats = self.options.repeats if self.options.quick else max(self.options.repeats, work.repeats)
            for repeat in range(repeats):
                for side in list(sides if repeat % 2 == 0 else reversed(sides)):
                    if repeat < (self.options.slow if side.slow else repeats):
                        self.attempt(side, sides, work, lambda s: self.count(s, work, repeat))
        finally:
            for worker in workers.values():
                worker.close()
        heddle, peers = sides[0], sides[1:]
        where.update(jdk=self.jdk, rowsOfData=self.options.rows or None)
        if not work.peers:
            return [results.row(work, heddle, None, where)]
        rows = [results.row(work, heddle, p, where) for p in peers]
        return rows + [results.row(work, heddle, p, where, per_iteration=True) for p in peers if p.per_iteration]

    def roof(self):
        """The maximum rates of this machine: operations and read bytes per second, on one thread and on all."""
        worker = self.start("heddle", self.options.threads)
        try:
            return worker.ask(command="roof", threads=self.options.threads)
        finally:
            worker.close()

    def attempt(self, side, sides, work, action):
        try:
            action(side)
        except Failed as e:
            if side.library == "heddle":
                raise
            print(f"  {side.name} fails and is left out: {e}", flush=True)
            self.missing[f"{side.name} ({work.name})"] = str(e)
            sides.remove(side)

    def count(self, side, work, repeat):
        # Waits until threads that spin for work, in this process or others, sleep.
        time.sleep(0.1)
        seconds, iterations, passes, out = self.run(side, work, seed=repeat)
        quality = self.quality(work, out)
        side.seconds.append(seconds)
        side.iterations.append(iterations)
        side.passes.append(passes)
        side.qualities.append(quality)
        print(f"  {side.name}: {seconds:.4g} s, {work.quality} {quality:.7g}", flush=True)


class Side:
    def __init__(self, name, library, options, slow=False, warm=(), per_iteration=False):
        self.name, self.library, self.options, self.slow = name, library, options, slow
        self.warm = None if warm is None else dict(warm)
        self.per_iteration = per_iteration
        self.worker = None
        self.warm_ups, self.cold = 0, None
        self.seconds, self.iterations, self.passes, self.qualities = [], [], [], []

    @staticmethod
    def of(peer):
        return Side(peer.name, peer.library, peer.options, peer.slow, peer.warm, peer.per_iteration)


def arguments():
    parser = argparse.ArgumentParser(prog="bench/compare", description=__doc__.split("\n")[0])
    add = parser.add_argument
    add("--quick", action="store_true", help="3 repeats, and slow peers stop early: about ten minutes; stored separately")
    add("--only", metavar="NAME", action="append", help="this work, or all works whose names contain this; repeatable")
    add("--peer", metavar="NAME", action="append", help="only peers whose names contain this; repeatable")
    add("--resume", action="store_true", help="leave out works that have results of this commit")
    add("--list", action="store_true", help="name the works and their peers, run nothing")
    add("--repeats", type=int, metavar="N", help="measured runs of each (default 5, quick 3)")
    add("--slow", type=int, metavar="N", default=1, help="measured runs of peers that take minutes (default 1)")
    add("--threads", type=int, metavar="N", default=os.cpu_count(), help="threads of each side (default all)")
    add("--warm-up", type=float, metavar="S", help="seconds of the warm-up (default 8, quick 3)")
    add("--rows", type=int, metavar="N", default=0, help="only the first rows of Fashion-MNIST; stored separately")
    add("--jvm", metavar="OPTION", action="append", default=[],
        help="option of Heddle's Java, such as --jvm=-XX:UseAVX=2; the results have a separate file; repeatable")
    add("--out", type=pathlib.Path, metavar="FOLDER", help="folder of the results (default bench/results)")
    add("--docs", action="store_true", help="afterwards update the tables of docs/performance.md and docs/performance-machines.md")
    add("--markdown", action="store_true", help="run nothing: print the table of the stored results; with --docs write it")
    add("--java", help=argparse.SUPPRESS)
    add("--classpath", help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.repeats = options.repeats or (3 if options.quick else 5)
    if options.warm_up is None:
        options.warm_up = 3 if options.quick else 8
    options.out = options.out or HERE.parents[2] / "results"
    return parser, options


def chosen(parser, options):
    works = all_works(options.threads, options.quick)
    if options.only:
        names = {w.name for w in works}
        # A complete name selects that work only: lloyd-k10 is not lloyd-k100.
        works = [w for w in works if any(o == w.name or o not in names and o in w.name for o in options.only)]
    if options.peer:
        for work in works:
            work.peers = [p for p in work.peers if any(o in p.name for o in options.peer)]
        works = [w for w in works if w.peers]
    if not works:
        parser.error("no work and peer fit; --list names them")
    return works


def main():
    parser, options = arguments()
    every = all_works(options.threads, options.quick)
    docs = HERE.parents[3] / "docs"
    if options.markdown:
        reports = results.kept_reports(options.out)
        print("\n".join(results.markdown(report) for report in reports))
        if options.docs:
            results.write_docs(docs, reports, every, options.out / "growth.json")
        return
    works = chosen(parser, options)
    if options.list:
        for work in works:
            print(f"{work.name:28} {'; '.join(p.name for p in work.peers) or 'Heddle alone'}")
        return
    # Figures of quick runs or of fewer rows must not replace the others.
    quick = options.quick or bool(options.rows)
    if not quick and results.commit().endswith(results.DIRTY):
        parser.error("the sources were changed since the last commit, and a row names its commit: commit them first,"
                     " or measure with --quick, whose rows are kept apart")
    machine = {"cpu": results.cpu(), "threads": options.threads, "bits": vector_bits(options), "jvm": options.jvm}
    kept = results.Results(options.out / results.file_name(machine, quick), machine, [w.name for w in every])
    if options.resume:
        works = [w for w in works if not all(
            kept.has(w.name, peer, results.commit()) for peer in ([p.name for p in w.peers] or [None])
        )]
    try:
        CHILDREN.end_on_signals()
        with running.alone(running.lock_file()):
            measure(works, options, kept, machine, quick)
    except running.Busy as e:
        print(f"bench/compare: {e}", file=sys.stderr)
        sys.exit(2)
    except running.Stopped as e:
        CHILDREN.reap()
        print(f"bench/compare: {e}; the finished works are in {kept.path}", file=sys.stderr)
        sys.exit(e.exit_code)
    print("\n" + results.markdown(kept.report))
    print(f"written to {kept.path} and {kept.path.with_suffix('.md').name}")
    if options.docs:
        results.write_docs(docs, results.kept_reports(options.out), every, options.out / "growth.json")
        print(f"and to {page}")


def vector_bits(options):
    """The width of Heddle's vectors, which the JVM chooses."""
    with tempfile.TemporaryDirectory(prefix="heddle-compare-") as folder:
        worker = Comparison(options, pathlib.Path(folder)).start("heddle", 1)
        try:
            return 32 * worker.ask(command="describe")["lanes"]
        except Failed as e:
            sys.exit(f"bench/compare: {e}")
        finally:
            worker.close()


def measure(works, options, kept, machine, quick):
    """Runs the works and stores their results."""
    load = results.load()
    if load > 0.5:
        print(f"other programs use this machine (load {load:.2g}): the figures are not reliable", flush=True)
    begun = {"commit": results.commit(), "date": results.now(), "load": load}
    measured = []
    with tempfile.TemporaryDirectory(prefix="heddle-compare-") as folder:
        comparison = Comparison(options, pathlib.Path(folder))
        roof = None
        try:
            if works and (not options.only or not kept.report["roof"]):
                roof = comparison.roof()
            for work in works:
                print(work.name, flush=True)
                rows = comparison.compare(work)
                measured += rows
                # Written after each work, so that an interruption does not lose results.
                kept.take(
                    rows, comparison.missing, versions=comparison.versions, kernels=comparison.kernels, roof=roof
                )
        except Failed as e:
            sys.exit(f"bench/compare: {e}")
        finally:
            if not quick:
                results.keep(options.out / "runs", measured, begun, comparison.jdk, machine)


if __name__ == "__main__":
    main()
