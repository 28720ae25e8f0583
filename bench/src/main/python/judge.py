"""The quality of results, in float64 and by the same code for all programs."""

import numpy as np

BLOCK = 4096


def blocks(x):
    for start in range(0, len(x), BLOCK):
        yield start, x[start : start + BLOCK].astype(np.float64)


def logistic_objective(x, labels, found, classes, lambdas, l1_ratio):
    """Mean loss plus penalty, averaged over the lambdas if there are several."""
    models = found.reshape(len(lambdas), classes, x.shape[1] + 1)
    total = 0.0
    for model, lam in zip(models, lambdas):
        w, b = model[:, :-1], model[:, -1]
        loss = 0.0
        for start, rows in blocks(x):
            z = rows @ w.T + b
            z -= z.max(axis=1, keepdims=True)
            y = labels[start : start + len(rows)]
            loss += (np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(rows)), y]).sum()
        penalty = l1_ratio * np.abs(w).sum() + (1 - l1_ratio) / 2 * (w * w).sum()
        total += loss / len(x) + lam * penalty
    return float(total / len(lambdas))


def accuracy(x, labels, found, classes):
    """The share of the rows whose class has the largest score."""
    model = found.reshape(classes, x.shape[1] + 1)
    right = 0
    for start, rows in blocks(x):
        z = rows @ model[:, :-1].T + model[:, -1]
        right += (z.argmax(axis=1) == labels[start : start + len(rows)]).sum()
    return float(right / len(x))


def inertia(x, found):
    """Sum of squared distances to the nearest centre."""
    centres = found.reshape(-1, x.shape[1])
    norms = (centres * centres).sum(axis=1)
    total = 0.0
    for _, rows in blocks(x):
        distances = (rows * rows).sum(axis=1)[:, None] - 2 * rows @ centres.T + norms
        total += distances.min(axis=1).sum()
    return float(total)


def mean_cosine(points, found):
    """The mean cosine of each point with its found neighbours; maximal if all of them are the nearest."""
    neighbors = found.reshape(len(points), -1).astype(np.int64)
    total = 0.0
    for start, rows in blocks(points):
        near = points[neighbors[start : start + len(rows)]].astype(np.float64)
        total += np.einsum("nd,nkd->", rows, near)
    return float(total / neighbors.size)


class CapturedVariance:
    """The part of the variance within the span of the components, orthonormal or not."""

    def __init__(self, x):
        mean = sum(rows.sum(axis=0) for _, rows in blocks(x)) / len(x)
        self.scatter = np.zeros((x.shape[1], x.shape[1]))
        for _, rows in blocks(x):
            rows -= mean
            self.scatter += rows.T @ rows

    def __call__(self, found):
        q, _ = np.linalg.qr(found.reshape(-1, len(self.scatter)).T)
        return float(np.sum(q * (self.scatter @ q)) / np.trace(self.scatter))


def subspace_angle(found, other, columns):
    """The largest angle in radians between the spans of two sets of vectors, orthonormal or not."""
    q, _ = np.linalg.qr(found.reshape(-1, columns).T)
    p, _ = np.linalg.qr(other.reshape(-1, columns).T)
    # Computed from the sine, because the cosine of a small angle loses digits.
    sine = np.linalg.norm(p - q @ (q.T @ p), 2)
    return float(np.arcsin(min(1.0, sine)))


def product_error(a, b, found):
    """The largest error of an element as a part of Σ|aᵢbᵢ|, over 64 rows spread over the product."""
    product = found.reshape(len(a), b.shape[1])
    rows = np.unique(np.linspace(0, len(a) - 1, 64).astype(int))
    some, right = a[rows].astype(np.float64), b.astype(np.float64)
    return float(np.max(np.abs(product[rows] - some @ right) / (np.abs(some) @ np.abs(right))))
