"""Writes the NPZ and Parquet files that the tests of the readers read, with NumPy and PyArrow.

    python make_tables.py ../resources/io/heddle/cli/data
"""

import pathlib
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

out = pathlib.Path(sys.argv[1])
rows = 7
table = np.fromfunction(lambda i, j: 10 * i + j, (rows, 3))
labels = np.array([2, 5, 2, 9, 5, 2, 9])

np.savez(out / "plain.npz", x=table.astype("float64"), y=labels)
np.savez_compressed(out / "packed.npz", x=np.asfortranarray(table.astype("float32")), y=labels.astype("uint8"))
np.savez(out / "two.npz", left=table, right=table + 1)
np.savez(out / "objects.npz", x=np.array([[1, None]], dtype=object))

words = pa.array([["ash", "oak", "elm"][i % 3] for i in range(rows)])
columns = {
    "whole": pa.array([10 * i for i in range(rows)], pa.int32()),
    "long": pa.array([10 * i + 1 for i in range(rows)], pa.int64()),
    "single": pa.array([10 * i + 2 for i in range(rows)], pa.float32()),
    "double": pa.array([10 * i + 3 for i in range(rows)], pa.float64()),
    "flag": pa.array([i % 2 == 0 for i in range(rows)]),
    "tree": words,
}
for packing in ["none", "snappy", "zstd", "gzip"]:
    pq.write_table(pa.table(columns), out / f"{packing}.parquet", compression=packing, row_group_size=4)
pq.write_table(
    pa.table({"a": pa.array([1.0, None, 3.0]), "b": pa.array([1.0, 2.0, 3.0])}), out / "nulls.parquet", compression="none"
)
pq.write_table(pa.table({"v": pa.array([[1.0, 2.0], [3.0]])}), out / "lists.parquet", compression="none")

# Little to store but much to read: long runs of few values.
many = 1_000_000
wide = {f"c{j}": pa.array(np.repeat(np.arange(10, dtype="float32") + j, many // 10)) for j in range(16)}
wide["kind"] = pa.array(np.repeat([f"a kind with a long name, number {i}" for i in range(10)], many // 10))
pq.write_table(pa.table(wide), out / "runs.parquet", compression="zstd", row_group_size=many // 4)
