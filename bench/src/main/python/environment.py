"""The environment variables of the processes that are compared."""

import os

# Some environments set these variables, which select the wrong kernel or blocking of OpenBLAS.
UNSET = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
# The same width for the peers if Heddle uses AVX2 only. oneDAL has no such variable.
AVX2 = {
    "OPENBLAS_CORETYPE": "Haswell",
    "MKL_ENABLE_INSTRUCTIONS": "AVX2",
    "FAISS_OPT_LEVEL": "AVX2",
    "FAISS_SIMD_LEVEL": "AVX2",
}


def of_workers(threads, jvm, given=os.environ):
    """The environment of all sides for these options of Heddle's Java."""
    environment = {k: v for k, v in given.items() if k not in UNSET}
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        environment[name] = str(threads)
    return environment | (AVX2 if "-XX:UseAVX=2" in jvm else {})
