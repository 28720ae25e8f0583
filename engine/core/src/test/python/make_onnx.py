"""Logistic regressions of scikit-learn as ONNX, and their probabilities, for OnnxReadTest and docs/commands/import.md.

    python make_onnx.py ../resources/io/heddle/model ../../../../../docs/examples

Needs numpy, scikit-learn 1.9, skl2onnx 1.20. Writes, for each model, NAME.onnx, and probabilities.csv: name, the four
values of a row, the probability of each class in scikit-learn. Writes flowers.onnx to the second folder.
"""
import csv, pathlib, sys
import numpy as np
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MaxAbsScaler, MinMaxScaler, StandardScaler
from sklearn.svm import LinearSVC
from skl2onnx import to_onnx

x, y = load_iris(return_X_y=True)
x = x.astype(np.float32)
names = np.array(["setosa", "versicolor", "virginica"])
two = y > 0
arrays = {"zipmap": False}
columns = {"zipmap": "columns"}
logistic = lambda: LogisticRegression(max_iter=10_000)
scaled = lambda by: make_pipeline(by, logistic())

READ = {
    "multinomial": (logistic(), x, y, None, np.float32),
    "binary": (logistic(), x[two], y[two] * 3 - 1, arrays, np.float32),
    "standardized": (scaled(StandardScaler()), x, names[y], None, np.float32),
    "standardized-binary": (scaled(StandardScaler()), x[two], names[y[two]], None, np.float32),
    "range": (scaled(MinMaxScaler()), x, y, arrays, np.float32),
    "largest": (scaled(MaxAbsScaler()), x, y, arrays, np.float32),
    "double": (scaled(StandardScaler()), x, y, arrays, np.float64),
    "double-binary": (scaled(StandardScaler()), x[two], y[two], arrays, np.float64),
    "double-names": (logistic(), x, names[y], None, np.float64),
    "columns": (scaled(StandardScaler()), x, names[y], columns, np.float32),
    "columns-binary": (scaled(StandardScaler()), x[two], y[two], columns, np.float64),
}
REFUSED = {
    "one-against-the-rest": (OneVsRestClassifier(logistic()), x, y, arrays, np.float32),
    "gradient-descent": (SGDClassifier(loss="log_loss", random_state=0), x, y, arrays, np.float32),
    "support-vectors": (LinearSVC(random_state=0), x, y, None, np.float32),
}


def export(model, x, y, options, dtype):
    model.fit(x.astype(dtype), y)
    return to_onnx(model, x[:1].astype(dtype), options=options).SerializeToString()


out, docs = map(pathlib.Path, sys.argv[1:])
with open(out / "probabilities.csv", "w", newline="") as file:
    table = csv.writer(file, lineterminator="\n")
    for name, (model, rows, labels, options, dtype) in READ.items():
        (out / f"{name}.onnx").write_bytes(export(model, rows, labels, options, dtype))
        some = rows[::10]
        for row, p in zip(some, model.predict_proba(some.astype(np.float64))):
            table.writerow([name, *map(str, row), *(f"{v:.9g}" for v in p)])
for name, parts in REFUSED.items():
    (out / f"{name}.onnx").write_bytes(export(*parts))
(docs / "flowers.onnx").write_bytes((out / "standardized.onnx").read_bytes())
