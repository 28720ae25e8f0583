"""Tests the stored results: python3 -m unittest discover bench/src/test/python, run by CompareScriptsTest too."""

import json
import pathlib
import sys
import tempfile
import unittest

MAIN = pathlib.Path(__file__).resolve().parents[2] / "main" / "python"
sys.path.insert(0, str(MAIN))
sys.dont_write_bytecode = True

import results  # noqa: E402
from works import Peer, Work, all_works  # noqa: E402

MACHINE = {"cpu": "a processor", "threads": 2, "bits": 512, "jvm": []}
MORE = {"versions": {"sklearn": "1"}, "kernels": ["sklearn: openblas"]}


class Side:
    def __init__(self, seconds, name="Heddle", iterations=None, quality=1.0):
        self.name, self.seconds = name, seconds
        self.iterations = iterations or [10] * len(seconds)
        self.passes = [4] * len(seconds)
        self.qualities = [quality] * len(seconds)
        self.cold, self.warm_ups = 9.0, 3


def place(commit):
    return {"commit": commit, "date": "2026-01-02T03:04:05+00:00", "load": 0.1, "jdk": "25.0.3", "rowsOfData": None}


WORK = Work("sort", "sort", {}, "inertia", [Peer("them", "sklearn", {})], slack=0.01,
            cost=lambda iterations, passes: (passes * 1e9, iterations * 1e6), goals={"them": (2, 3.5)})


class ResultsTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = pathlib.Path(self.folder.name) / "compare.json"

    def results(self, **machine):
        return results.Results(self.path, {**MACHINE, **machine}, ["add", "sort"])

    def row(self, ours, theirs, commit="a" * 40, **more):
        return results.row(WORK, Side(ours), Side(theirs, "them", **more), place(commit))

    def test_a_row_has_the_medians_of_both_and_their_ratio(self):
        row = self.row([2.0, 1.0, 5.0], [9.0, 6.0, 8.0])
        keys = "work heddleSeconds peer peerSeconds ratio heddleQuality peerQuality".split()
        self.assertEqual([row[k] for k in keys], ["sort", 2.0, "them", 8.0, 4.0, 1.0, 1.0])
        self.assertEqual((row["heddleColdSeconds"], row["heddleWarmUps"]), (9.0, 3))
        self.assertTrue(row["asGood"])
        self.assertFalse(self.row([1.0], [1.0], quality=0.9)["asGood"])
        self.assertTrue(self.row([1.0], [1.0], quality=0.995)["asGood"])

    def test_a_result_far_from_the_optimum_does_not_count(self):
        work = Work("fit", "fit", {}, "objective", [], optimum=0.5, within=1e-3)

        def row(ours, rows=None):
            where = {**place("a"), "rowsOfData": rows}
            return results.row(work, Side([1.0], quality=ours), Side([3.0], "them", quality=0.6), where)

        self.assertTrue(row(0.5004)["asGood"])
        self.assertAlmostEqual(row(0.5004)["fromOptimum"], 8e-4)
        self.assertFalse(row(0.5006)["asGood"])
        # The optimum of fewer rows differs.
        self.assertTrue(row(0.5006, rows=1000)["asGood"])
        alone = results.row(work, Side([1.0], quality=0.5006), None, place("a"))
        self.assertEqual((alone["asGood"], alone["peer"]), (False, None))

    def test_seconds_per_iteration_are_of_each_side(self):
        row = results.row(WORK, Side([2.0], iterations=[20]), Side([6.0], "them", [30]), place("b"), per_iteration=True)
        self.assertEqual((row["work"], row["heddleSeconds"], row["peerSeconds"]), ("sort-per-iteration", 0.1, 0.2))

    def test_a_row_replaces_only_that_of_the_same_work_and_peer(self):
        first = self.results()
        first.take([self.row([1.0], [2.0])], {"faiss": "no wheel"}, **MORE)
        other = {**self.row([3.0], [3.0]), "work": "add"}
        third = {**self.row([3.0], [3.0]), "peer": "others"}
        again = self.results()
        again.take([other, third, self.row([1.0], [5.0], "b" * 40)], {}, **MORE)
        rows = json.loads(self.path.read_text())["rows"]
        self.assertEqual([(r["work"], r["peer"], r["ratio"]) for r in rows],
                         [("add", "them", 1.0), ("sort", "others", 1.0), ("sort", "them", 5.0)])
        self.assertEqual(rows[2]["commit"], "b" * 40)
        self.assertEqual(self.results().report["missing"], {"faiss": "no wheel"})
        self.assertTrue(again.has("sort", "them", "b" * 40))
        self.assertFalse(again.has("sort", "them", "a" * 40))
        self.assertIn("| sort | 1 s | 9 s | them | 5 s | **5** |", self.path.with_suffix(".md").read_text())

    def test_another_machine_replaces_the_file(self):
        self.results().take([self.row([1.0], [2.0])], {}, **MORE)
        self.assertEqual(len(self.results().report["rows"]), 1)
        self.assertEqual(self.results(cpu="another").report["rows"], [])

    def test_each_machine_has_a_separate_file(self):
        machine = {"cpu": "Intel(R) Xeon(R) CPU E5 @ 2.2GHz", "threads": 8, "bits": 256, "jvm": []}
        self.assertEqual(results.file_name(machine, False), "compare-intel-xeon-e5-8t-256.json")
        narrowed = {**machine, "jvm": ["-XX:UseAVX=2"]}
        self.assertEqual(results.file_name(narrowed, True), "compare-quick-intel-xeon-e5-8t-256-xx-useavx-2.json")
        self.assertIn("-XX:UseAVX=2, which is not another processor", results.machine_name(narrowed))

    def test_a_processor_whose_number_is_hidden_has_its_family_and_model(self):
        cpuinfo = pathlib.Path(self.folder.name) / "cpuinfo"
        lines = "processor\t: 0\ncpu family\t: 6\nmodel\t\t: 207\nmodel name\t: {}\nstepping\t: 2\n"
        cpuinfo.write_text(lines.format("Intel(R) Xeon(R) Processor"))
        name = results.cpu(cpuinfo)
        self.assertEqual(name, "Intel(R) Xeon(R) Processor (family 6, model 207)")
        machine = {"cpu": name, "threads": 2, "bits": 512, "jvm": []}
        self.assertEqual(results.file_name(machine, False), "compare-intel-xeon-family-6-model-207-2t-512.json")
        cpuinfo.write_text(lines.format("Intel(R) Xeon(R) Processor @ 2.80GHz"))
        self.assertEqual(results.cpu(cpuinfo), name)
        cpuinfo.write_text(lines.format("AMD Ryzen 9 5950X"))
        self.assertEqual(results.cpu(cpuinfo), "AMD Ryzen 9 5950X")

    def test_rows_of_changed_sources_are_dropped(self):
        self.results().take([self.row([1.0], [2.0], "a" * 40 + "-dirty")], {}, **MORE)
        self.assertEqual(self.results().report["rows"], [])
        folder = pathlib.Path(self.folder.name)
        self.path.rename(folder / "compare-one.json")
        self.assertEqual([r["rows"] for r in results.kept_reports(folder)], [[]])

    def test_machines_are_columns_of_one_table(self):
        wide = {**MACHINE, "rows": [self.row([1.0], [2.0])]}
        narrow = {**MACHINE, "bits": 256, "rows": [self.row([1.0], [3.0]), {**self.row([1.0], [9.0]), "work": "add"}]}
        table = results.side_by_side([wide, narrow], [WORK])
        self.assertIn("- **A**: a processor, 512-bit vectors, 2026-01-02\n- **B**: a processor, 256-bit vectors, ", table)
        self.assertIn("| sort | them | 2 | 3.5 | 2 ✓ | 3 ✗ |", table)
        self.assertIn("| add | them |  |  | – | 9 |", table)

    def test_a_worse_result_reaches_no_goal(self):
        report = {**MACHINE, "rows": [self.row([1.0], [9.0], quality=0.9)]}
        self.assertIn("| sort | them | 2 | 3.5 | (9) ✗ |", results.side_by_side([report], [WORK]))

    def test_the_docs_have_the_roof_and_its_share(self):
        kept = self.results()
        roof = {"1": {"flops": 1e9, "bytes": 1e9}, "2": {"flops": 2e9, "bytes": 1e9}, "readBytes": 1e8}
        kept.take([self.row([4.0], [20.0])], {}, roof=roof, **MORE)
        folder = pathlib.Path(self.folder.name)
        pages = {name: folder / f"{name}.md" for name in ("performance", "performance-machines")}
        for name, mark in (("performance", "compare"), ("performance-machines", "machines")):
            pages[name].write_text(f"before\n{results.BEGIN.format(mark)}\nold\n{results.END}\nafter\n")
        for _ in range(2):
            results.write_docs(folder, [kept.report], [WORK], folder / "none.json")
        for page in pages.values():
            text = page.read_text()
            self.assertTrue(text.startswith("before\n") and text.endswith("after\n"))
            self.assertNotIn("old", text)
        self.assertIn("| sort | them | 2 | 3.5 | 5 ✓ |", pages["performance"].read_text())
        # 4 passes of a GFLOP at 2 GFLOP/s are half of the 4 seconds.
        text = pages["performance-machines"].read_text()
        self.assertEqual(text.count("| sort | 4 GFLOP | 10 MB | 4 s | 2 s | 4 s | 50% | them | 20 s | **5** | 2 ✓ |"), 1)
        self.assertEqual(results.reached(6, kept.report["rows"][0]), "6 ✗")
        self.assertEqual(results.reached(2, self.row([1.0], [9.0], quality=0.9)), "2 ✗")
        pages["performance"].write_text("no marks")
        with self.assertRaises(SystemExit):
            results.write_docs(folder, [kept.report], [WORK], folder / "none.json")

    def test_runs_are_stored_for_track(self):
        file = results.keep(pathlib.Path(self.folder.name) / "runs", [self.row([1.0, 1.1], [2.0])], place("c" * 40),
                            "25.0.3", MACHINE)
        self.assertEqual(file.name, "2026-01-02T030405Z-ccccccc-compare.json")
        kept = json.loads(file.read_text())
        self.assertEqual(kept["measurements"],
                         [{"name": "sort", "unit": "s", "higherIsBetter": False, "samples": [1.0, 1.1]}])
        self.assertIsNone(results.keep(pathlib.Path(self.folder.name), [], place("c"), "25", MACHINE))

    def test_every_goal_is_of_a_peer_and_every_work_has_a_roof(self):
        for work in all_works(2, False):
            self.assertIsNotNone(work.cost, work.name)
            peers = {p.name for p in work.peers} | {p.name + ", per iteration" for p in work.peers if p.per_iteration}
            self.assertLessEqual(set(work.goals), peers, work.name)
            flops, bytes_ = work.cost(10, 10)
            self.assertGreater(flops, 1e8)
            self.assertGreater(bytes_, 1e6)


if __name__ == "__main__":
    unittest.main()
