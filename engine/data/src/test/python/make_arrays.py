"""Writes the NPY files of NpyArrayTest with NumPy.

    python make_arrays.py ../resources/io/heddle/data/array

Element (i, j) of every array of 5 x 3 is 10 i + j, of every 2 x 3 x 2 one 100 i + 10 j + k.
"""

import pathlib
import sys

import numpy as np

out = pathlib.Path(sys.argv[1])
table = np.fromfunction(lambda i, j: 10 * i + j, (5, 3))
cube = np.fromfunction(lambda i, j, k: 100 * i + 10 * j + k, (2, 3, 2))

for name in ["uint8", "int8", "uint16", "int16", "uint32", "int32", "uint64", "int64", "float16", "float32", "float64"]:
    np.save(out / f"{name}-c.npy", table.astype(name))
    np.save(out / f"{name}-fortran.npy", np.asfortranarray(table.astype(name)))
np.save(out / "float64-big-endian.npy", table.astype(">f8"))
np.save(out / "int16-big-endian.npy", table.astype(">i2"))
np.save(out / "bool-c.npy", table % 2 == 0)
np.save(out / "cube-c.npy", cube.astype("float32"))
np.save(out / "cube-fortran.npy", np.asfortranarray(cube.astype("float32")))
for version in [(2, 0), (3, 0)]:
    with open(out / f"version-{version[0]}.npy", "wb") as file:
        np.lib.format.write_array(file, table.astype("float32"), version=version)
np.save(out / "labels-int64.npy", np.array([3, -1, 1 << 40]))
np.save(out / "labels-uint8.npy", np.array([0, 255, 7], dtype="uint8"))
np.save(out / "labels-uint64.npy", np.array([1, (1 << 64) - 1], dtype="uint64"))
np.save(out / "labels-column.npy", np.array([[3], [1], [3]]))
np.save(out / "labels-float64.npy", np.array([2.0, -1.0, 9007199254740992.0]))
np.save(out / "labels-fractions.npy", np.array([2.0, 0.5]))
np.save(out / "labels-nan.npy", np.array([2.0, np.nan], dtype="float32"))
np.save(out / "labels-bytes.npy", np.array([b"ash", "\u00e4sp".encode(), b"oak tree"]))
np.save(out / "labels-unicode.npy", np.array(["ash", "\u00e4sp", "oak \U0001f333"]))
np.save(out / "labels-unicode-big-endian.npy", np.array(["ash", "\u00e4sp", "oak \U0001f333"], dtype=">U5"))
np.save(out / "labels-empty.npy", np.array(["ash", ""]))
np.save(out / "labels-latin.npy", np.array(["\u00e4sp".encode("latin-1")]))
# As Python 2 wrote them: long integers end with an L.
data = (out / "float32-c.npy").read_bytes()
(out / "python-2.npy").write_bytes(data.replace(b"(5, 3), }  ", b"(5L, 3L), }"))
# Neighbours beyond the 24 bits of a float.
np.save(out / "wide-c.npy", 1.7e9 + np.arange(600.0).reshape(300, 2) / 4)
np.save(out / "wide-fortran.npy", np.asfortranarray(1.7e9 + np.arange(600.0).reshape(300, 2) / 4))
np.save(out / "wide-int64.npy", (1 << 53) - np.arange(6).reshape(3, 2))
np.save(out / "scalar.npy", np.float64(4.5))
np.save(out / "empty.npy", np.zeros((0, 3)))
np.save(out / "objects.npy", np.array([[1, "one"], [2, None]], dtype=object), allow_pickle=True)
np.save(out / "records.npy", np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")]))
np.save(out / "text.npy", np.array([["a", "b"]]))
np.save(out / "complex.npy", np.array([[1 + 2j]]))
