package io.heddle.internal.gemm;

import java.lang.foreign.MemorySegment;
import java.nio.FloatBuffer;

/** Calls a step with rows in all kinds of memory until Java has compiled it. */
final class RowStepCalls {
    private static final int CALLS = 12_000;
    /** Only a part of a long row: the code does not depend on the length. */
    static final int INPUTS = 256;

    private RowStepCalls() {}

    /** @param inputs values of a row of the step */
    static void warmUp(RowStep step, int inputs) {
        float[] out = new float[step.outputs()];
        float[] floats = new float[inputs];
        byte[] bytes = new byte[inputs];
        for (int i = 0; i < CALLS; i++) {
            step.apply(floats, out);
            step.apply(MemorySegment.ofArray(floats), 0, out);
            step.apply(FloatBuffer.wrap(floats), out);
            step.applyToBytes(bytes, out);
        }
    }
}
