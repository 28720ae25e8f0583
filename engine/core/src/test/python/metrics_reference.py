"""Writes scores of scikit-learn for small labelings, for the tests of io.heddle.metrics.

    python engine/core/src/test/python/metrics_reference.py

Needs numpy, scipy and scikit-learn; the first line of each file names the version that wrote it. Each case takes three
lines: its name and scores, the true labels, the other labels.
"""

import pathlib

import numpy as np
import sklearn
from scipy.optimize import linear_sum_assignment
from sklearn import metrics
from sklearn.metrics.cluster import contingency_matrix

TARGET = pathlib.Path(__file__).parent.parent / "resources" / "io" / "heddle" / "metrics"


def clustering_scores(truth, clusters):
    table = contingency_matrix(truth, clusters)
    rows, columns = linear_sum_assignment(table, maximize=True)
    return {
        "ari": metrics.adjusted_rand_score(truth, clusters),
        "nmi": metrics.normalized_mutual_info_score(truth, clusters),
        "ami": metrics.adjusted_mutual_info_score(truth, clusters),
        "homogeneity": metrics.homogeneity_score(truth, clusters),
        "completeness": metrics.completeness_score(truth, clusters),
        "accuracy": table[rows, columns].sum() / len(truth),
        "purity": table.max(axis=0).sum() / len(truth),
    }


def clustering_cases(rng):
    def noisy(truth, share, k):
        return np.where(rng.random(len(truth)) < share, rng.integers(0, k, len(truth)), truth)

    yield "one point", [3], [7]
    yield "one class, one cluster", [0] * 9, [4] * 9
    yield "one class, many clusters", [1] * 8, [0, 1, 2, 3, 0, 1, 2, 3]
    yield "many classes, one cluster", [0, 1, 2, 0, 1, 2], [5] * 6
    yield "all singletons on both sides", list(range(12)), list(range(12))[::-1]
    yield "singletons against two classes", [0] * 6 + [1] * 6, list(range(12))
    yield "perfect, renamed", [0, 0, 1, 1, 2, 2, 2], [9, 9, 4, 4, 0, 0, 0]
    yield "worse than chance", [0, 0, 1, 1], [0, 1, 0, 1]
    yield "large labels", [2_000_000_000, 5, 5, 2_000_000_000, 17], [1_999_999_999, 3, 3, 4, 2_147_483_647]
    for n, classes, k in [(50, 2, 2), (200, 10, 10), (300, 10, 4), (300, 4, 25), (500, 30, 30), (1000, 10, 10)]:
        truth = rng.integers(0, classes, n)
        yield f"independent {n} {classes} {k}", truth, rng.integers(0, k, n)
        for share in (0.05, 0.4, 0.8):
            yield f"noisy {share} {n} {classes} {k}", truth, noisy(truth, share, k)
    truth = rng.choice(6, 800, p=[0.7, 0.15, 0.08, 0.04, 0.02, 0.01])
    yield "unbalanced", truth, noisy(truth, 0.3, 6)


def confusion_scores(truth, predicted, classes):
    scores = {"classes": classes, "accuracy": metrics.accuracy_score(truth, predicted)}
    for average in ("macro", "weighted"):
        p, r, f, _ = metrics.precision_recall_fscore_support(
            truth, predicted, labels=range(classes), average=average, zero_division=0
        )
        scores |= {f"{average}.precision": p, f"{average}.recall": r, f"{average}.f1": f}
    p, r, f, s = metrics.precision_recall_fscore_support(truth, predicted, labels=range(classes), zero_division=0)
    for c in range(classes):
        scores |= {f"{c}.precision": p[c], f"{c}.recall": r[c], f"{c}.f1": f[c], f"{c}.support": s[c]}
    return scores


def confusion_cases(rng):
    yield "one point right", [0], [0], 1
    yield "one point wrong", [0], [1], 2
    yield "a class never predicted", [0, 1, 2, 2], [0, 1, 1, 1], 3
    yield "a class that never occurs", [0, 0, 2, 2], [0, 1, 1, 2], 4
    for n, classes in [(40, 2), (300, 10), (500, 23)]:
        truth = rng.integers(0, classes, n)
        for share in (0.1, 0.5, 1.0):
            yield (
                f"random {share} {n} {classes}",
                truth,
                np.where(rng.random(n) < share, rng.integers(0, classes, n), truth),
                classes,
            )


def write(name, cases):
    lines = [f"# scikit-learn {sklearn.__version__}, numpy {np.__version__}"]
    for title, scores, truth, other in cases:
        lines.append("\t".join([title] + [f"{key}={float(value)!r}" for key, value in scores.items()]))
        lines.append(" ".join(map(str, truth)))
        lines.append(" ".join(map(str, other)))
    TARGET.mkdir(parents=True, exist_ok=True)
    (TARGET / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def main():
    rng = np.random.default_rng(20261123)
    write(
        "clustering.txt",
        [(title, clustering_scores(t, c), t, c) for title, t, c in clustering_cases(rng)],
    )
    write(
        "confusion.txt",
        [(title, confusion_scores(t, p, k), t, p) for title, t, p, k in confusion_cases(rng)],
    )


if __name__ == "__main__":
    main()
