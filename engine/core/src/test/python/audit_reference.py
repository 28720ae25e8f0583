"""Writes small cases of confident learning, for the tests of io.heddle.audit.

    python engine/core/src/test/python/audit_reference.py

Needs numpy alone. Thresholds, confident joint and calibrated joint are written here from equations (1) to (3) of
C. Northcutt, L. Jiang and I. Chuang, Confident Learning, JAIR 70, 2021, with sets instead of loops over rows. A case is
a line "name n classes", a line of given labels, n lines of probabilities, and a line each of thresholds, of the
confident joint (given by likely) and of the calibrated joint.
"""

import pathlib

import numpy as np

TARGET = pathlib.Path(__file__).parent.parent / "resources" / "io" / "heddle" / "audit" / "confident_joint.txt"


def cases():
    rng = np.random.default_rng(20)
    for name, n, classes, sharp in [("two", 40, 2, 2.0), ("five", 120, 5, 3.0), ("vague", 60, 4, 0.5)]:
        true = np.arange(n) % classes
        logits = rng.normal(size=(n, classes))
        logits[np.arange(n), true] += sharp
        p = np.exp(logits)
        p = np.round(p / p.sum(axis=1, keepdims=True), 4).astype(np.float32)
        flip = rng.random(n) < 0.15
        given = np.where(flip, (true + rng.integers(1, classes, n)) % classes, true)
        yield name, given, p
    # A class without rows, and one whose rows reach no threshold of another class.
    yield "unused", np.array([0, 0, 2, 2]), np.float32([[0.5, 0.375, 0.125], [0.25, 0.5, 0.25], [0, 0.25, 0.75], [0.75, 0, 0.25]])


def confident_joint(given, p):
    n, classes = p.shape
    p = p.astype(np.float64)
    rows = [set(np.flatnonzero(given == k)) for k in range(classes)]
    thresholds = [np.mean([p[i, k] for i in rows[k]]) if rows[k] else 1.0 for k in range(classes)]
    reaching = [{i for i in range(n) if p[i, k] >= thresholds[k]} for k in range(classes)]
    best = {i: max((k for k in range(classes) if i in reaching[k]), key=lambda k: p[i, k], default=None) for i in range(n)}
    likely = [{i for i in reaching[k] if best[i] == k} for k in range(classes)]
    counts = np.array([[len(rows[g] & likely[k]) for k in range(classes)] for g in range(classes)])
    joint = np.zeros((classes, classes))
    for g in range(classes):
        total = counts[g].sum()
        joint[g] = counts[g] / total * len(rows[g]) if total else np.eye(classes)[g] * len(rows[g])
    return thresholds, counts, joint / joint.sum()


def words(values):
    return " ".join(repr(v) for v in np.asarray(values).ravel().tolist())


if __name__ == "__main__":
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    with open(TARGET, "w") as out:
        for name, given, p in cases():
            thresholds, counts, joint = confident_joint(given, p)
            out.write(f"{name} {p.shape[0]} {p.shape[1]}\n{words(given)}\n")
            for row in p:
                out.write(words(row) + "\n")
            for values in (thresholds, counts, joint):
                out.write(words(values) + "\n")
