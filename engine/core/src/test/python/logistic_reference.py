"""Optima of small logistic regressions in float64, for LogisticReferenceTest.

    python logistic_reference.py ../resources/io/heddle/linear

Needs numpy, scipy, scikit-learn 1.9. Writes, for each problem, the data (NAME.csv: label, features) and optima.csv:
problem, lambda, l1Ratio, standardize, objective, nonZeros (of the weights, |w| > 1e-7). optima_without_intercepts.csv has
the same columns for fits without intercepts; with standardize their columns are divided by their deviations, but not
centred, and constant columns are left out. Those with ratio 0 are compared with scikit-learn's LogisticRegression.

The elastic net is solved as a smooth problem in the positive and negative parts of the weights (L-BFGS-B), twice, the
second time from the end of the first, so that the objective is exact to about 1e-10.
"""
import csv, sys
import numpy as np
from scipy.optimize import minimize
from scipy.special import logsumexp
from sklearn.datasets import load_iris, load_digits, make_classification
from sklearn.linear_model import LogisticRegression


def solve(x, y, lam, ratio, intercepts=True):
    n, d = x.shape
    k = y.max() + 1
    one = np.eye(k)[y]
    l1, l2 = lam * ratio, lam * (1 - ratio)

    def objective(v):
        p, m = v[: k * d].reshape(k, d), v[k * d : 2 * k * d].reshape(k, d)
        b = v[2 * k * d :]
        w = p - m
        z = x @ w.T + b
        lse = logsumexp(z, axis=1)
        f = np.mean(lse - z[np.arange(n), y]) + l1 * (p.sum() + m.sum()) + 0.5 * l2 * (w**2).sum()
        r = (np.exp(z - lse[:, None]) - one) / n
        g = r.T @ x + l2 * w
        return f, np.concatenate([(g + l1).ravel(), (-g + l1).ravel(), r.sum(0)])

    v = np.zeros(2 * k * d + k)
    bounds = [(0, None)] * (2 * k * d) + [(None, None) if intercepts else (0, 0)] * k
    for _ in range(3):
        result = minimize(objective, v, jac=True, bounds=bounds, method="L-BFGS-B",
                          options=dict(maxiter=50000, maxfun=100000, ftol=0, gtol=1e-12, maxcor=50))
        v = result.x
    w = (v[: k * d] - v[k * d : 2 * k * d])
    return result.fun, int((np.abs(w) > 1e-7).sum())


def main(folder):
    digits = load_digits()
    hard = make_classification(n_samples=20, n_features=20, n_informative=10, n_redundant=0, n_classes=3, random_state=0)
    problems = {
        "iris": (load_iris().data, load_iris().target),
        "digits": (digits.data[:300] / 16.0, digits.target[:300]),
        "hard": hard,
    }
    settings = {
        "iris": [(1e-2, 0, 0), (1e-2, 0.5, 0), (1e-2, 1, 0), (1e-3, 0.5, 1), (1e-4, 0, 1)],
        "digits": [(1e-3, 0, 0), (1e-3, 0.5, 0), (1e-3, 1, 0), (1e-2, 0.9, 0), (1e-4, 0.5, 0)],
        "hard": [(1 / 20, 0, 0), (1 / 20, 0.5, 0), (1 / 20, 1, 0), (1e-3, 0.5, 0)],
    }
    with open(f"{folder}/optima.csv", "w", newline="") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(["problem", "lambda", "l1Ratio", "standardize", "objective", "nonZeros"])
        for name, (x, y) in problems.items():
            x = x.astype(np.float32).astype(np.float64)
            with open(f"{folder}/{name}.csv", "w", newline="") as data:
                rows = csv.writer(data, lineterminator="\n")
                for label, row in zip(y, x):
                    rows.writerow([label] + ["%.9g" % v for v in row])
            for lam, ratio, standardize in settings[name]:
                z = x
                if standardize:
                    s = x.std(0)
                    z = (x - x.mean(0)) / np.where(s > 0, s, 1)
                table.writerow([name, lam, ratio, standardize, *("%.12g" % v for v in solve(z, y, lam, ratio))])
    with open(f"{folder}/optima_without_intercepts.csv", "w", newline="") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(["problem", "lambda", "l1Ratio", "standardize", "objective", "nonZeros"])
        for name, (x, y) in problems.items():
            x = x.astype(np.float32).astype(np.float64)
            for lam, ratio, standardize in settings[name]:
                z = x[:, x.std(0) > 0] / x.std(0)[x.std(0) > 0] if standardize else x
                optimum, count = solve(z, y, lam, ratio, intercepts=False)
                if ratio == 0:
                    peer = LogisticRegression(C=1 / (lam * len(y)), fit_intercept=False, tol=1e-10, max_iter=100000).fit(z, y)
                    p = peer.predict_proba(z)[np.arange(len(y)), y]
                    found = -np.log(p).mean() + 0.5 * lam * (peer.coef_**2).sum()
                    assert abs(found - optimum) < 1e-8, (name, lam, found, optimum)
                table.writerow([name, lam, ratio, standardize, "%.12g" % optimum, count])


main(sys.argv[1])
