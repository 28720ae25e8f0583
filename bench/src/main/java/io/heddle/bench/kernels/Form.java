package io.heddle.bench.kernels;

import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.ScalarKernels;
import io.heddle.internal.kernels.Simd;

/** The measured form of the kernels. */
public enum Form {
    /** The form that the engine uses on this machine. */
    VECTOR,
    /** The scalar twin. */
    SCALAR;

    Kernels kernels() {
        return this == VECTOR ? Simd.kernels() : new ScalarKernels();
    }
}
