"""The results of bench/compare: stored rows, and the tables that are written from them.

A row belongs to a work and a peer and says of itself when, at which commit and on what it was measured; the next run of
the same work and peer takes its place. Each machine has a file of its own: its processor, the number of threads, the
width of the vectors and the options of Heddle's Java. Rows of sources that were changed since the commit are not kept.
"""

import datetime
import json
import os
import pathlib
import platform
import re
import statistics
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
# Keys with equal values in all rows of a table.
MACHINE = ("cpu", "threads", "bits", "jvm")
DIRTY = "-dirty"
BEGIN, END = "<!-- begin: {}, written by bench/compare --docs -->", "<!-- end -->"


def cpu(cpuinfo=pathlib.Path("/proc/cpuinfo")):
    """The name of the processor, with family and model if a hypervisor hides its number."""
    try:
        text = cpuinfo.read_text()
        family, model, name = (
            re.search(rf"^{key}\s*: (.*)$", text, re.MULTILINE).group(1) for key in ("cpu family", "model", "model name")
        )
    except (OSError, AttributeError):
        return platform.processor() or platform.machine()
    # A hidden number may leave the frequency: "Processor @ 2.80GHz".
    number = name.split("@")[0].strip()
    return name if re.search(r"\d", number) else f"{number} (family {family}, model {model})"


def commit():
    def git(*arguments):
        return subprocess.run(["git", "-C", str(HERE), *arguments], capture_output=True, text=True).stdout.strip()

    changed = git("status", "--porcelain", "--", ":/engine", ":/bench/src", ":/pom.xml")
    return (git("rev-parse", "HEAD") or "unknown") + (DIRTY if changed else "")


def file_name(machine, quick):
    """The name of a machine's results, such as compare-amd-epyc-2t-512.json."""
    cpu = re.sub(r"\(R\)|\(TM\)|@.*|\bCPU\b|\bProcessor\b", " ", machine["cpu"], flags=re.IGNORECASE)
    parts = [cpu, f"{machine['threads']}t", str(machine["bits"]), *machine["jvm"]]
    slug = re.sub(r"[^a-z0-9]+", "-", " ".join(parts).lower()).strip("-")
    return f"compare-{'quick-' if quick else ''}{slug}.json"


def machine_name(report):
    """A processor by its name. With options that narrow its vectors it is another machine with another name."""
    name = f"{report['cpu']}, {report['bits']}-bit vectors"
    return name + (f" (Heddle with {' '.join(report['jvm'])}, which is not another processor)" if report["jvm"] else "")


def now():
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")


def load():
    return round(os.getloadavg()[0], 2)


def row(work, heddle, peer, where, per_iteration=False):
    """The stored row of a work and one of its peers, or of a work without a peer."""

    def seconds(side):
        return [s / i for s, i in zip(side.seconds, side.iterations)] if per_iteration else side.seconds

    median = statistics.median
    result = {
        "work": work.name + ("-per-iteration" if per_iteration else ""),
        "heddleSeconds": median(seconds(heddle)),
        "peer": None,
        "peerSeconds": None,
        "ratio": None,
        "heddleQuality": median(heddle.qualities),
        "peerQuality": None,
        "quality": work.quality,
        "heddleRuns": seconds(heddle),
        "heddleIterations": median(heddle.iterations),
        "heddlePasses": median(heddle.passes),
        "heddleColdSeconds": heddle.cold,
        "heddleWarmUps": heddle.warm_ups,
        **where,
    }
    near = True
    if work.optimum is not None and not where.get("rowsOfData"):
        result["fromOptimum"] = result["heddleQuality"] / work.optimum - 1
        result["asGood"] = near = result["fromOptimum"] <= work.within
    if peer:
        ours, theirs = result["heddleQuality"], median(peer.qualities)
        worse = theirs - ours if work.higher_is_better else ours - theirs
        result.update({
            "peer": peer.name,
            "peerSeconds": median(seconds(peer)),
            "ratio": median(seconds(peer)) / result["heddleSeconds"],
            "peerQuality": theirs,
            "asGood": bool(near and worse <= work.slack * abs(theirs)),
            "peerRuns": seconds(peer),
            "peerIterations": median(peer.iterations),
            "peerColdSeconds": peer.cold,
            "peerWarmUps": peer.warm_ups,
        })
    return result


class Results:
    """The file of results. It is read if it exists and is of this machine, and written after each work."""

    def __init__(self, path, machine, order):
        self.path = path
        self.order = order
        self.report = {**machine, "roof": None, "versions": {}, "kernels": [], "missing": {}, "rows": []}
        if path.exists():
            kept = json.loads(path.read_text())
            if all(kept.get(key) == machine[key] for key in MACHINE):
                self.report = {**self.report, **kept}
                self.report["rows"] = [r for r in kept["rows"] if not r["commit"].endswith(DIRTY)]
            else:
                print(f"{path.name} has figures of another machine or number of threads: replaced", flush=True)

    def take(self, rows, missing, **more):
        """Replaces the rows of the same work and peer, and keeps the order of the works."""
        fresh = {(r["work"], r["peer"]) for r in rows}
        kept = [r for r in self.report["rows"] if (r["work"], r["peer"]) not in fresh]
        self.report["rows"] = sorted(kept + rows, key=lambda r: self.place(r["work"]))
        for library in [name for name in self.report["missing"] if name not in missing and name in more["versions"]]:
            del self.report["missing"][library]
        self.report["missing"].update(missing)
        self.report["versions"].update(more["versions"])
        self.report["kernels"] = sorted({*self.report["kernels"], *more["kernels"]})
        if more.get("roof"):
            self.report["roof"] = more["roof"]
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(json.dumps(self.report, indent=1) + "\n")
        self.path.with_suffix(".md").write_text(markdown(self.report))

    def place(self, work):
        names = [n for n in self.order if work == n or work.startswith(n + "-per-iteration")]
        return (self.order.index(names[0]) if names else len(self.order), work)

    def has(self, work, peer, commit):
        return any(r["work"] == work and r["peer"] == peer and r["commit"] == commit for r in self.report["rows"])


def keep(folder, rows, where, jdk, machine):
    """One file per run for bench/track, with Heddle's times only, because the peers do not change."""
    measurements = {r["work"]: {"name": r["work"], "unit": "s", "higherIsBetter": False, "samples": r["heddleRuns"]}
                    for r in rows}
    if not measurements:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    stamp = where["date"].replace(":", "").replace("+0000", "Z")
    file = folder / f"{stamp}-{where['commit'][:7]}-compare.json"
    record = {
        "suite": "compare", "commit": where["commit"], "date": where["date"], "cpu": machine_name(machine),
        "threads": machine["threads"], "jdk": jdk, "load": where["load"], "measurements": list(measurements.values()),
    }
    file.write_text(json.dumps(record, indent=1) + "\n")
    return file


def figure(seconds):
    if seconds is None:
        return "–"
    return f"{seconds * 1e3:.3g} ms" if seconds < 1 else f"{seconds:.3g} s"


def short(commit):
    return commit[:7] + (DIRTY if commit.endswith(DIRTY) else "")


def ratio(r):
    if r["ratio"] is None:
        return "–"
    return f"**{r['ratio']:.3g}**" if r["asGood"] else f"({r['ratio']:.3g})"


def mark(goal, r):
    """Whether the goal of the ratio is reached with equal quality."""
    return "✓" if r["ratio"] >= goal and r["asGood"] else "✗"


def reached(goal, r):
    """The goal of the ratio and its mark."""
    return "" if goal is None else f"{goal:g} {mark(goal, r)}"


def heading(report):
    rows = report["rows"]
    jdks = sorted({r["jdk"] for r in rows if r["jdk"]})
    lines = [
        f"{machine_name(report)}, {report['threads']} threads, Java {', '.join(jdks)}. "
        + ", ".join(f"{name} {version}" for name, version in sorted(report["versions"].items())) + "."
    ]
    if any(r["ratio"] is not None and not r["asGood"] for r in rows):
        lines += [
            "",
            "A ratio in brackets: Heddle's result is worse than the peer's, "
            "or it did not reach the requested distance to the optimum.",
        ]
    for name, reason in report["missing"].items():
        lines += ["", f"Without {name}: {reason}."]
    return lines


def markdown(report):
    lines = heading(report) + [
        "",
        "Medians; ratio = peer's median / Heddle's. *Runs* are those that counted, Heddle's and the peer's; *cold* is"
        " Heddle's first run of a fresh process, before any warm-up. Each quality is computed in float64 by the same"
        " code for both.",
        "",
        "| work | Heddle | cold | peer | its time | ratio | quality | Heddle | peer | runs | commit, date |",
        "|---|---:|---:|---|---:|---:|---|---:|---:|---:|---|",
    ]
    for r in report["rows"]:
        theirs = "–" if r["peerQuality"] is None else f"{r['peerQuality']:.7g}"
        lines.append(
            f"| {r['work']} | {figure(r['heddleSeconds'])} | {figure(r['heddleColdSeconds'])} | {r['peer'] or '–'} "
            f"| {figure(r['peerSeconds'])} | {ratio(r)} | {r['quality']} | {r['heddleQuality']:.7g} | {theirs} "
            f"| {len(r['heddleRuns'])}, {len(r.get('peerRuns', []))} | {short(r['commit'])}, {r['date'][:10]} |"
        )
    return "\n".join(lines) + "\n"


def amount(value, unit):
    for prefix, size in (("T", 1e12), ("G", 1e9), ("M", 1e6)):
        if value >= size:
            return f"{value / size:.3g} {prefix}{unit}"
    return f"{value:.3g} {unit}"


def side_by_side(reports, works):
    """The ratios of all machines in one table, with a column for each machine, and the machines by their letters."""
    by_name = {w.name: w for w in works}
    letters = [chr(ord("A") + number) for number in range(len(reports))]
    lines = [f"- **{letter}**: {machine_name(report)}, {days(report)}" for letter, report in zip(letters, reports)]
    ratios, goals = {}, {}
    for letter, report in zip(letters, reports):
        for r in report["rows"]:
            if r["peer"] is None:
                continue
            key = (r["work"], r["peer"])
            goal = goal_of(r, by_name, report["bits"])
            known = f"{r['ratio']:.3g}" if r["asGood"] else f"({r['ratio']:.3g})"
            ratios.setdefault(key, {})[letter] = known if goal is None else f"{known} {mark(goal, r)}"
            goals[key] = goals_of(r, by_name)
    lines += ["", "| work | peer | goal, 512 bits | shorter | " + " | ".join(letters) + " |",
              "|---|---|---:|---:|" + "---:|" * len(letters)]
    for (work, peer), row in ratios.items():
        wide, narrow = ("" if goal is None else f"{goal:g}" for goal in goals[work, peer])
        cells = " | ".join(row.get(letter, "–") for letter in letters)
        lines.append(f"| {work} | {peer} | {wide} | {narrow} | {cells} |")
    return "\n".join(lines) + "\n"


def days(report):
    """The first and the last day of the rows of a machine."""
    found = sorted(r["date"][:10] for r in report["rows"]) or ["no row"]
    return found[0] if found[0] == found[-1] else f"{found[0]} to {found[-1]}"


def goals_of(r, by_name):
    """The goals of a ratio: with vectors of 512 bits, and with shorter ones."""
    per_iteration = r["work"].endswith("-per-iteration")
    work = by_name.get(r["work"].removesuffix("-per-iteration"))
    peer = f"{r['peer']}, per iteration" if per_iteration else r["peer"]
    return work.goals.get(peer, (None, None)) if work else (None, None)


def goal_of(r, by_name, bits):
    wide, narrow = goals_of(r, by_name)
    return wide if bits >= 512 else narrow


def checked(roof):
    """The check of the roof against the clock, if there is one."""
    if "hertz" not in roof:
        return ""
    return (f" At {roof['hertz'] / 1e9:.2f} GHz, measured in turns with it, that is {roof['multiplyAddsPerCycle']:.2f}"
            " multiply-adds of a vector a cycle on one thread.")


def performance(report, works):
    """A table of docs/performance-machines.md: for each work its roof and the share that Heddle reaches."""
    lines = heading(report)
    roof = report["roof"]
    if not roof:
        return "\n".join(lines + ["", "The roof of this machine has not been measured."]) + "\n"
    one, all_ = roof["1"], roof[str(report["threads"])]
    source = ("multiply-adds of independent sums in registers reach" if roof.get("source") == "registers"
              else "the register tile with its operands in the nearest cache reaches")
    lines += [
        "",
        f"Roof, measured by the same program: {source}"
        f" {one['flops'] / 1e9:.0f} GFLOP/s on one thread and {all_['flops'] / 1e9:.0f} on {report['threads']}; reading"
        f" {roof['readBytes'] / 1e6:.0f} MB from memory goes at {one['bytes'] / 1e9:.1f} and {all_['bytes'] / 1e9:.1f}"
        " GB/s." + checked(one),
        "",
        "| work | FLOPs | bytes | limit, 1 thread | limit, all | Heddle | of the limit | peer | its time | ratio | goal | commit, date |",
        "|---|---:|---:|---:|---:|---:|---:|---|---:|---:|---:|---|",
    ]
    by_name = {w.name: w for w in works}
    for r in report["rows"]:
        work = by_name.get(r["work"].removesuffix("-per-iteration"))
        per = r["heddleIterations"] if r["work"].endswith("-per-iteration") else 1
        cells = ["", "", "", "", ""]
        if work and work.cost:
            flops, bytes_ = (v / per for v in work.cost(r["heddleIterations"], r["heddlePasses"]))
            single, double = (max(flops / t["flops"], bytes_ / t["bytes"]) for t in (one, all_))
            limit = single if work.threads == 1 else double
            cells = [amount(flops, "FLOP"), amount(bytes_, "B"), figure(single),
                     "–" if work.threads == 1 else figure(double), f"{limit / r['heddleSeconds']:.0%}"]
        goal = goal_of(r, by_name, report["bits"])
        lines.append(
            f"| {r['work']} | {cells[0]} | {cells[1]} | {cells[2]} | {cells[3]} | {figure(r['heddleSeconds'])} | {cells[4]} "
            f"| {r['peer'] or '–'} | {figure(r['peerSeconds'])} | {ratio(r)} | {reached(goal, r)} "
            f"| {short(r['commit'])}, {r['date'][:10]} |"
        )
    return "\n".join(lines) + "\n"


def growth(report):
    """The table of bench/growth: seconds and memory by the number of rows, and both compared with proportional
    growth."""
    place = report["place"]
    lines = [
        f"{place['cpu']}, {place['threads']} threads, Java {place['jdk']}, heap {report['heap']} at most, commit"
        f" {short(place['commit'])}, {place['date'][:10]}.",
        "",
        "| work | rows | file | seconds | first run | seconds per million rows | own memory | of the file in memory | iterations | quality |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for r in report["rows"]:
        lines.append(
            f"| {r['work']} | {r['rows']:,} | {r['fileSize'] / 1e6:,.0f} MB | {r['seconds']:.3g} | {r['firstSeconds']:.3g} "
            f"| {1e6 * r['seconds'] / r['rows']:.3g} | {r['ownBytes'] / 1e6:,.0f} MB | {r['fileBytes'] / 1e6:,.0f} MB "
            f"| {r['iterations']} | {r['quality']:.6g} |"
        )
    return "\n".join(lines) + "\n"


def put(text, name, table):
    """Replaces the table between its two marks."""
    begin = BEGIN.format(name)
    if begin not in text or END not in text.split(begin, 1)[1]:
        raise ValueError(f"no place for the table: the lines '{begin}' and '{END}'")
    before, rest = text.split(begin, 1)
    return f"{before}{begin}\n{table}{END}{rest.split(END, 1)[1]}"


def kept_reports(folder):
    """The tables of each machine, the widest vectors first."""
    reports = [json.loads(path.read_text()) for path in sorted(folder.glob("compare-*.json"))
               if not path.name.startswith("compare-quick-")]
    for report in reports:
        report["rows"] = [r for r in report["rows"] if not r["commit"].endswith(DIRTY)]
    return sorted(reports, key=lambda r: (bool(r["jvm"]), -r["bits"], r["cpu"]))


def write_docs(folder, reports, works, grown):
    """Writes the tables of the docs: all machines side by side and bench/growth, if it has run, into performance.md, and
    the table of each machine into performance-machines.md."""
    each = "\n".join(f"## {machine_name(report)}\n\n{performance(report, works)}" for report in reports)
    tables = [("performance.md", "compare", side_by_side(reports, works)), ("performance-machines.md", "machines", each)]
    if grown.exists():
        tables.append(("performance.md", "growth", growth(json.loads(grown.read_text()))))
    for name, mark_of_table, table in tables:
        page = folder / name
        try:
            page.write_text(put(page.read_text(), mark_of_table, table))
        except ValueError as e:
            raise SystemExit(f"bench/compare: {page} has {e}") from None
