package io.heddle.bench.kernels;

import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.ScalarKernels;
import io.heddle.internal.kernels.Simd;

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
