"""Tests that Heddle and its peers get the same threads and the same width of vectors."""

import pathlib
import sys
import unittest

MAIN = pathlib.Path(__file__).resolve().parents[2] / "main" / "python"
sys.path.insert(0, str(MAIN))
sys.dont_write_bytecode = True

import environment  # noqa: E402

GIVEN = {"PATH": "/bin", "OPENBLAS_CORETYPE": "Prescott", "OMP_NUM_THREADS": "7"}


class EnvironmentTest(unittest.TestCase):
    def test_a_wrong_kernel_is_not_passed_on(self):
        found = environment.of_workers(2, [], GIVEN)
        self.assertEqual(
            found, {"PATH": "/bin", "OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2", "MKL_NUM_THREADS": "2"}
        )

    def test_peers_use_avx2_if_heddle_does(self):
        found = environment.of_workers(1, ["-XX:UseAVX=2"], GIVEN)
        self.assertEqual(found["OPENBLAS_CORETYPE"], "Haswell")
        self.assertEqual(found["MKL_ENABLE_INSTRUCTIONS"], "AVX2")
        self.assertEqual(found["OMP_NUM_THREADS"], "1")


if __name__ == "__main__":
    unittest.main()
