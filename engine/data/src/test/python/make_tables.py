"""Writes the NPZ and Parquet files for the tests of the readers, with NumPy, pandas and PyArrow.

    python make_tables.py ../resources/io/heddle/cli/data
"""

import datetime
import decimal
import pathlib
import sys

import numpy as np
import pandas as pd
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

# A small file with large contents: long runs of few values.
many = 1_000_000
wide = {f"c{j}": pa.array(np.repeat(np.arange(10, dtype="float32") + j, many // 10)) for j in range(16)}
wide["kind"] = pa.array(np.repeat([f"a kind with a long name, number {i}" for i in range(10)], many // 10))
pq.write_table(pa.table(wide), out / "runs.parquet", compression="zstd", row_group_size=many // 4)

# Logical types. ParquetTableTest has the value of each column in row i.
n = 6
few = range(n)
types = {
    "u32": pa.array([3_000_000_000 + i for i in few], pa.uint32()),
    "u64": pa.array([2**64 - 2048 * (i + 1) for i in few], pa.uint64()),
    "small": pa.array([None if i == 2 else -i for i in few], pa.int8()),
    "price": pa.array([decimal.Decimal(125 + i).scaleb(-2) for i in few], pa.decimal128(5, 2)),
    "long_price": pa.array([decimal.Decimal(-125 - i).scaleb(-2) for i in few], pa.decimal128(15, 2)),
    "huge": pa.array([decimal.Decimal(10**30 + i).scaleb(-30) for i in few], pa.decimal128(38, 30)),
    "half": pa.array(np.array([i + 0.5 for i in few], "float16")),
    "day": pa.array([datetime.date(1969, 12, 31 - i) for i in few]),
    "ms": pa.array([1_700_000_000_250 + 60_000 * i for i in few], pa.timestamp("ms")),
    "us": pa.array([1_700_000_000_000_001 + i for i in few], pa.timestamp("us", "UTC")),
    "ns": pa.array([-(10**9) * i - 1 for i in few], pa.timestamp("ns")),
    "clock": pa.array([3_600_000 * i for i in few], pa.time32("ms")),
    "flag": pa.array([None if i == 4 else i % 2 == 0 for i in few]),
    "text": pa.array([None if i == 1 else "é" * i for i in few]),
    "kind": pa.array(["b", "a", "b", "a", "a", "b"]).cast(pa.dictionary(pa.int8(), pa.string())),
    "sepal.length": pa.array([i / 3 for i in few]),
    "embedding": pa.array([None if i == 3 else [i, i + 0.25, -i] for i in few], pa.list_(pa.float32())),
    "pair": pa.array([[i, None] for i in few], pa.list_(pa.int16(), 2)),
    "place": pa.array([{"x": i, "y": -i} for i in few]),
    "empty": pa.nulls(n, pa.float64()),
}
pq.write_table(pa.table(types), out / "types.parquet", compression="zstd", row_group_size=4, write_page_checksum=True)
other = {"u32": "DELTA_BINARY_PACKED", "ms": "DELTA_BINARY_PACKED", "text": "DELTA_BYTE_ARRAY", "sepal.length": "BYTE_STREAM_SPLIT"}
pq.write_table(
    pa.table({name: types[name] for name in [*other, "flag", "embedding"]}),
    out / "encodings.parquet",
    compression="lz4",
    data_page_version="2.0",
    use_dictionary=False,
    column_encoding={**other, "flag": "RLE"},
)
pq.write_table(pa.table({"ns": types["ns"]}), out / "int96.parquet", use_deprecated_int96_timestamps=True)
end = pa.array([253402300799999999, -1], pa.timestamp("us"))
pq.write_table(pa.table({"time": end}), out / "last-microsecond.parquet")
pd.DataFrame({"x": [1.5, 2.5]}, index=pd.Index(["p", "q"], name="key")).to_parquet(out / "pandas.parquet")
pq.write_table(pa.table({"x": [1.0]}), out / "brotli.parquet", compression="brotli")

# A page compressed by Snappy that declares 64 bytes and has 16,007: in its header 8e fa 01 becomes 80 81 00. In
# hang.parquet, which a fuzzer found, three bytes of a file of three columns are changed, so that another reader looped
# endlessly.
pq.write_table(pa.table({"a": [0.0] * 2000}), out / "evil.parquet", compression="snappy", use_dictionary=False)
evil = (out / "evil.parquet").read_bytes()
assert evil[7:10] == bytes([0x8E, 0xFA, 0x01]), evil[4:10].hex()
(out / "evil.parquet").write_bytes(evil[:7] + bytes([0x80, 0x81, 0x00]) + evil[10:])
