package io.heddle.bench.kernels;

import io.heddle.simd.Kernels;
import io.heddle.simd.ScalarKernels;
import io.heddle.simd.Simd;

/** Which form of the kernels is measured. */
public enum Form {
    /** The one the engine uses on this machine. */
    VECTOR,
    /** Its plain twin. */
    SCALAR;

    Kernels kernels() {
        return this == VECTOR ? Simd.kernels() : new ScalarKernels();
    }
}
